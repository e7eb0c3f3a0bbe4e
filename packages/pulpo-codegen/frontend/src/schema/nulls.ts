import { kindOf } from "./kinds";
import { resolved, withoutNull } from "./resolve";
import type { JsonSchema } from "./types";

type Values = Record<string, unknown>;

const isObject = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Values without null: forms have none, what may be null is left out there. A value of any shape is
 * what it is, null in it included.
 */
export function withoutNulls<T>(value: T, schema: JsonSchema, root: JsonSchema): T {
  return walked(value, schema, root, (found) => {
    const there = Object.entries(found).filter(([, item]) => item !== null && item !== undefined);
    return Object.fromEntries(there);
  });
}

/** Values with null for what may be null and is not there: `required` of it, or all. */
export function withNulls<T>(value: T, schema: JsonSchema, root: JsonSchema, which: "required" | "all"): T {
  return walked(value, schema, root, (found, shape) => {
    const names = which === "all" ? Object.keys(shape.properties ?? {}) : (shape.required ?? []);
    const missing = names.filter((name) => {
      const field = shape.properties?.[name];
      return found[name] === undefined && field !== undefined && withoutNull(field, root).nullable;
    });
    return { ...found, ...Object.fromEntries(missing.map((name) => [name, null])) };
  });
}

/** Change each object that has a shape, the inner ones last. */
function walked<T>(value: T, given: JsonSchema, root: JsonSchema, change: (found: Values, shape: JsonSchema) => Values): T {
  const { schema } = withoutNull(given, root);
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? (value.map((item: unknown) => walked(item, items, root, change)) as T) : value;
  }
  if (!isObject(value) || kindOf(schema, root) !== "object") return value;
  const shape = shapeOf(value, schema, root) ?? {};
  const inner = Object.entries(change(value, shape)).map(([key, item]) => {
    const field = shape.properties?.[key];
    return [key, field ? walked(item, field, root, change) : item] as const;
  });
  return Object.fromEntries(inner) as T;
}

/** Of several shapes, the one whose constants fit: that is what a discriminator is. */
export function shapeOf(value: unknown, schema: JsonSchema, root: JsonSchema): JsonSchema | undefined {
  const options = schema.oneOf ?? schema.anyOf;
  if (!options) return schema;
  const shapes = options.map((option) => resolved(option, root));
  return shapes.find((shape) =>
    Object.entries(shape.properties ?? {}).every(
      ([key, field]) => !("const" in field) || (isObject(value) && value[key] === field.const),
    ),
  );
}
