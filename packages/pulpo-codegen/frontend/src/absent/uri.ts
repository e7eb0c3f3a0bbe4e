/** In the place of `fast-uri`: browsers know how addresses are resolved. */
export default {
  equal: (a: string, b: string) => a === b,
  resolve: (base: string, reference: string) => new URL(reference, base).href,
};
