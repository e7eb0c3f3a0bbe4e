import { kindOf } from "@/schema/kinds";
import { fieldLabel, inWords } from "@/schema/labels";
import { resolved, withoutNull } from "@/schema/resolve";
import type { JsonSchema } from "@/schema/types";

/** Marks what may be null, for a field that can be added and removed as a whole. */
export const NULLABLE = "x-nullable";
/** The same shape with its defaults, which it begins with when it is added. */
export const BEGINS_AS = "x-begins-as";

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
  // What need not be there has no defaults, or it would be there; nor has what exists already.
  const [full, bare] = [preparation(root, { defaults: true }), preparation(root, { defaults: false })];
  const defs = Object.entries(root.$defs ?? {}).flatMap(([name, schema]) => [
    [name, full.simplified({ title: name, ...schema }, name)] as const,
    [name + BARE, bare.simplified({ title: name, ...schema }, name)] as const,
  ]);
  return { ...(options.defaults ? full : bare).simplified(root, ""), $defs: Object.fromEntries(defs) };
}

/** What the name of a shape without defaults ends with. */
const BARE = ".bare";

function preparation(root: JsonSchema, options: Options) {
  /** What is said of a field besides its shape: its default, and that it may be left out. */
  function besides(given: JsonSchema, nullable: boolean): JsonSchema {
    // A constant says which shape this is: it is there with the rest.
    if ("const" in given) return { default: given.const };
    const usual = given.default;
    // A default of null is none: forms have no null.
    const hasDefault = options.defaults && usual !== undefined && usual !== null;
    return { ...(hasDefault && { default: usual }), ...(nullable && { [NULLABLE]: true }) };
  }

  const isNullable = (field: JsonSchema | undefined) => field !== undefined && withoutNull(field, root).nullable;

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
        return { ...ofObject(shape, nullable), ...rest };
      case "array":
        return { ...shape, ...(shape.items && { items: ofItem(shape.items, name) }), ...rest };
      default:
        return { ...shape, ...rest };
    }
  }

  function ofObject(schema: JsonSchema, nullable = false): JsonSchema {
    const keyword = schema.oneOf ? "oneOf" : schema.anyOf ? "anyOf" : null;
    if (keyword) {
      const titled = schema[keyword]?.map((option) => ({
        ...option,
        ...(option.$ref && !options.defaults && bareOf(option.$ref)),
        title: inWords(resolved(option, root).title ?? "Option"),
      }));
      // The first is what there is at the beginning: nothing, where that may be.
      const none: JsonSchema[] = nullable ? [{ type: "null" }] : [];
      return { ...schema, [keyword]: [...none, ...(titled ?? [])] };
    }
    const fields = Object.entries(schema.properties ?? {}).map(
      ([key, field]) => [key, ofField(field, key)] as const,
    );
    // What has to be said, and may be null, is left out here: `withNulls` says it.
    const required = schema.required?.filter((key) => !isNullable(schema.properties?.[key]));
    return { ...schema, ...(required && { required }), properties: Object.fromEntries(fields) };
  }

  /** An item of a list: those that are there are as they are, one that is added has its defaults. */
  function ofItem(item: JsonSchema, name: string): JsonSchema {
    const field = ofField(item, name);
    if (options.defaults || BEGINS_AS in field) return field;
    return { ...field, [BEGINS_AS]: preparation(root, { defaults: true }).ofField(item, name) };
  }

  /** A field as people call it; a reference to an object stays one: a model may hold itself. */
  function ofField(field: JsonSchema, name: string): JsonSchema {
    const title = fieldLabel(name, field.title);
    const reference = referenceIn(field);
    if (!reference || kindOf(field, root, name) !== "object") {
      return { ...simplified(field, name), title };
    }
    const words = field.description ? { title, description: field.description } : { title };
    const isOptional = field.$ref === undefined;
    const isBare = isOptional || !options.defaults;
    return {
      ...(isBare ? bareOf(reference) : { $ref: reference }),
      ...words,
      ...besides(field, isOptional),
    };
  }

  return { simplified, ofField };
}

/** A shape without defaults, which it has when it is added. */
const bareOf = (reference: string): JsonSchema => ({
  $ref: reference + BARE,
  [BEGINS_AS]: { $ref: reference },
});

/** The reference that a field is, or is but for null. */
function referenceIn(field: JsonSchema): string | undefined {
  const rest = field.anyOf?.filter((option) => option.type !== "null");
  return field.$ref ?? (rest?.length === 1 ? rest[0]?.$ref : undefined);
}
