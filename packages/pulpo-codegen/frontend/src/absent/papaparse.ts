const absent = (): never => {
  throw new Error("Refine's import and export are no part of this UI; the API has :export and :bulk_create.");
};

/** In the place of `papaparse`, which only `useImport` and `useExport` of Refine call. */
export default { parse: absent, unparse: absent };
