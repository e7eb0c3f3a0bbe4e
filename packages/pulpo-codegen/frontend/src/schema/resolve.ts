import type { JsonSchema } from "./types";

/** The schema that a reference stands for, with what is said beside the reference. */
export function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let found = schema;
  const seen = new Set<string>();
  while (found.$ref && !seen.has(found.$ref)) {
    seen.add(found.$ref);
    const { $ref, ...beside } = found;
    const name = $ref.replace(/^#\/\$defs\//, "");
    found = { ...(root.$defs?.[name] ?? {}), ...beside };
  }
  return found;
}

const isNull = (schema: JsonSchema) => schema.type === "null";

/** Whether null is a value, and the schema of every other value. */
export function withoutNull(
  schema: JsonSchema,
  root: JsonSchema,
): { schema: JsonSchema; nullable: boolean } {
  const found = resolved(schema, root);
  if (Array.isArray(found.type)) {
    const types = found.type.filter((type) => type !== "null");
    const type = types.length === 1 ? types[0] : types;
    return { schema: { ...found, type }, nullable: types.length < found.type.length };
  }
  const options = found.anyOf ?? found.oneOf;
  if (!options?.some(isNull)) return { schema: found, nullable: false };
  const rest = options.filter((option) => !isNull(option));
  const { anyOf: _anyOf, oneOf: _oneOf, ...beside } = found;
  const keyword = found.anyOf ? "anyOf" : "oneOf";
  const schemaLeft =
    rest.length === 1 && rest[0]
      ? { ...resolved(rest[0], root), ...beside }
      : { ...beside, [keyword]: rest };
  return { schema: schemaLeft, nullable: true };
}
