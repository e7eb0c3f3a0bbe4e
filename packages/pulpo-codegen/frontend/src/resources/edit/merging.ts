import type { Values } from "@/api/documents";

/** A field that two people changed in different ways. `path` leads to it: ["address", "city"]. */
export interface Conflict {
  path: string[];
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

export interface Merged {
  /** Both changes; mine where they conflict. */
  values: Values;
  conflicts: Conflict[];
  /** The fields that they changed and I did not. */
  taken: string[][];
}

const isObject = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether two JSON values are the same. */
export function isSame(x: unknown, y: unknown): boolean {
  if (Array.isArray(x) && Array.isArray(y)) {
    return x.length === y.length && x.every((item, index) => isSame(item, y[index]));
  }
  if (isObject(x) && isObject(y)) return keysOf(x, y).every((key) => isSame(x[key], y[key]));
  return x === y;
}

const keysOf = (...objects: Values[]) => [...new Set(objects.flatMap(Object.keys))];

/** Put what two people made of the same document together, field by field. */
export function merge(base: Values, mine: Values, theirs: Values): Merged {
  const conflicts: Conflict[] = [];
  const taken: string[][] = [];
  const merged = (b: Values, m: Values, t: Values, above: string[]): Values => {
    const found: Values = {};
    for (const key of keysOf(b, m, t)) {
      const path = [...above, key];
      const [was, own, other] = [b[key], m[key], t[key]];
      if (isSame(own, was)) {
        found[key] = other;
        if (!isSame(other, was)) taken.push(path);
      } else if (isSame(other, was) || isSame(own, other)) {
        found[key] = own;
      } else if (isObject(was) && isObject(own) && isObject(other)) {
        found[key] = merged(was, own, other, path);
      } else {
        found[key] = own;
        conflicts.push({ path, base: was, mine: own, theirs: other });
      }
    }
    return found;
  };
  return { values: merged(base, mine, theirs, []), conflicts, taken };
}

/** A merge patch (RFC 7396) that makes one of the other: what was taken out is null in it. */
export function patchOf(from: Values, to: Values): Values {
  const patch: Values = {};
  for (const key of keysOf(from, to)) {
    const [before, after] = [from[key], to[key]];
    if (isSame(before, after)) continue;
    patch[key] =
      isObject(before) && isObject(after) ? patchOf(before, after) : (after ?? null);
  }
  return patch;
}

/** Whether a merge patch cannot make these values: null means "take it out" there, whatever holds it. */
export const isBeyondPatch = (from: Values, to: Values): boolean =>
  keysOf(from, to).some((key) => !isSame(from[key], to[key]) && holdsNull(to[key]));

const holdsNull = (value: unknown): boolean =>
  value === null || (isObject(value) && Object.values(value).some(holdsNull));

/** The values with one of them, at a path, replaced. */
export function withValue(values: Values, path: string[], value: unknown): Values {
  const [first, ...rest] = path;
  if (first === undefined) return values;
  const inner = values[first];
  return {
    ...values,
    [first]: rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value),
  };
}
