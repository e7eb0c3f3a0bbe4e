import { kindOf } from "@/schema/kinds";
import { fieldLabel, inWords } from "@/schema/labels";
import { resolved, withoutNull } from "@/schema/resolve";
import type { JsonSchema } from "@/schema/types";

/** Marks what may be null, for a field that can be added and removed as a whole. */
export const NULLABLE = "x-nullable";

interface Options {
  /** Whether fields begin with their defaults; those of a document that exists have values. */
  defaults: boolean;
}

/**
 * A schema as forms want it: what may be null is a field that may be left out, a decimal is a text,
 * a value of any shape has no shape, and titles are words. It is the same schema otherwise; the
 * server judges by its own.
 */
export function prepared(root: JsonSchema, options: Options): JsonSchema {
  const { simplified } = preparation(root, options);
  const defs = Object.entries(root.$defs ?? {}).map(
    ([name, schema]) => [name, simplified({ title: name, ...schema }, name)] as const,
  );
  return { ...simplified(root, ""), $defs: Object.fromEntries(defs) };
}

function preparation(root: JsonSchema, options: Options) {
  /** What is said of a field besides its shape: its default, and that it may be left out. */
  function besides(given: JsonSchema, nullable: boolean): JsonSchema {
    const usual = given.default;
    // A default of null is none: forms have no null.
    const hasDefault = options.defaults && usual !== undefined && usual !== null;
    return { ...(hasDefault && { default: usual }), ...(nullable && { [NULLABLE]: true }) };
  }

  function simplified(given: JsonSchema, name: string): JsonSchema {
    const { schema, nullable } = withoutNull(given, root);
    const { default: _default, ...shape } = schema;
    const words = { title: schema.title, description: schema.description };
    const rest = besides(given, nullable);
    switch (kindOf(given, root, name)) {
      case "decimal":
        return { ...words, type: "string", ...rest };
      case "json":
        return { ...words, ...rest };
      case "object":
        return { ...ofObject(shape), ...rest };
      case "array":
        return { ...shape, ...(shape.items && { items: ofField(shape.items, name) }), ...rest };
      default:
        return { ...shape, ...rest };
    }
  }

  function ofObject(schema: JsonSchema): JsonSchema {
    const keyword = schema.oneOf ? "oneOf" : schema.anyOf ? "anyOf" : null;
    if (keyword) {
      const titled = schema[keyword]?.map((option) => ({
        ...option,
        title: inWords(resolved(option, root).title ?? "Option"),
      }));
      return { ...schema, [keyword]: titled };
    }
    const fields = Object.entries(schema.properties ?? {}).map(
      ([key, field]) => [key, ofField(field, key)] as const,
    );
    return { ...schema, properties: Object.fromEntries(fields) };
  }

  /** A field as people call it; a reference to an object stays one: a model may hold itself. */
  function ofField(field: JsonSchema, name: string): JsonSchema {
    const title = fieldLabel(name, field.title);
    const reference = referenceIn(field);
    if (!reference || kindOf(field, root, name) !== "object") {
      return { ...simplified(field, name), title };
    }
    const words = field.description ? { title, description: field.description } : { title };
    return { $ref: reference, ...words, ...besides(field, field.$ref === undefined) };
  }

  return { simplified };
}

/** The reference that a field is, or is but for null. */
function referenceIn(field: JsonSchema): string | undefined {
  const rest = field.anyOf?.filter((option) => option.type !== "null");
  return field.$ref ?? (rest?.length === 1 ? rest[0]?.$ref : undefined);
}
