import { Validator, type OutputUnit, type Schema } from "@cfworker/json-schema";
import { toErrorSchema, unwrapErrorHandler, createErrorHandler } from "@rjsf/utils";
import type { CustomValidator, RJSFSchema, RJSFValidationError, ValidationData, ValidatorType } from "@rjsf/utils";

import { pathOf } from "@/api/problem";
import { fieldLabel } from "@/schema/labels";
import { resolved } from "@/schema/resolve";
import type { JsonSchema } from "@/schema/types";

/** What is wrong, for people; of everything else the server's own words are better. */
const WORDS: Record<string, (schema: JsonSchema, detail: string) => string> = {
  minLength: (schema) => (schema.minLength === 1 ? "This is needed" : `At least ${schema.minLength} characters`),
  maxLength: (schema) => `At most ${schema.maxLength} characters`,
  minimum: (schema) => `At least ${schema.minimum}`,
  maximum: (schema) => `At most ${schema.maximum}`,
  exclusiveMinimum: (schema) => `More than ${schema.exclusiveMinimum}`,
  exclusiveMaximum: (schema) => `Less than ${schema.exclusiveMaximum}`,
  minItems: (schema) => `At least ${schema.minItems} of them`,
  maxItems: (schema) => `At most ${schema.maxItems} of them`,
  pattern: () => "This does not have the right form",
  format: (schema) => `This is no ${FORMATS[schema.format ?? ""] ?? String(schema.format)}`,
  type: (schema) => `This must be ${String(schema.type)}`,
  enum: () => "Choose one of the values",
};
const FORMATS: Record<string, string> = {
  "date-time": "date and time",
  duration: "length of time, such as 1 h 30 min",
  email: "e-mail address",
  uri: "web address, such as https://example.org/",
  uuid: "UUID",
};
/** Keywords that only say that something below them is wrong. */
const AROUND = new Set(["$ref", "properties", "items", "anyOf", "oneOf", "allOf", "additionalProperties", "false"]);

/** JSON Schema 2020-12 as pydantic means it, without code made of text: the page's policy forbids that. */
class CfworkerValidator implements ValidatorType {
  isValid(schema: RJSFSchema, formData: unknown, rootSchema: RJSFSchema): boolean {
    // Definitions are shared and keep the address that they were first seen at: there is one.
    const { $id: _, ...shape } = schema;
    const whole = { ...shape, $defs: rootSchema.$defs };
    return new Validator(whole as Schema, "2020-12", true).validate(plain(formData)).valid;
  }

  rawValidation<Result>(schema: RJSFSchema, formData?: unknown): { errors?: Result[] } {
    const { errors } = new Validator(schema as Schema, "2020-12", false).validate(plain(formData));
    return { errors: errors as Result[] };
  }

  validateFormData(
    formData: unknown,
    schema: RJSFSchema,
    customValidate?: CustomValidator,
  ): ValidationData<unknown> {
    const whole = completed(plain(formData), schema as JsonSchema, schema as JsonSchema);
    const found = this.rawValidation<OutputUnit>(schema, whole).errors ?? [];
    const errors = found.flatMap((unit) => inWords(unit, schema as JsonSchema));
    const errorSchema = toErrorSchema(errors);
    if (!customValidate) return { errors, errorSchema };
    const handler = customValidate(formData, createErrorHandler(formData));
    return { errors, errorSchema: { ...errorSchema, ...unwrapErrorHandler(handler) } };
  }
}

/** `undefined` is no JSON: what is not there is not there. */
const plain = (value: unknown): unknown => (value === undefined ? {} : JSON.parse(JSON.stringify(value)));

/** Values with an empty object for each that has to be there: what it needs is missed at the field. */
function completed(value: unknown, given: JsonSchema, root: JsonSchema): unknown {
  const { properties, required = [], items } = resolved(given, root);
  if (Array.isArray(value)) return items ? value.map((item) => completed(item, items, root)) : (value as unknown);
  if (!properties || typeof value !== "object" || value === null) return value;
  const isMissing = (name: string) => {
    const field = properties[name];
    return !(name in value) && field !== undefined && resolved(field, root).properties !== undefined;
  };
  const missing = required.filter(isMissing).map((name) => [name, {}] as const);
  const there = [...Object.entries(value), ...missing];
  return Object.fromEntries(there.map(([name, item]) => [name, completed(item, properties[name] ?? {}, root)]));
}

function inWords(unit: OutputUnit, root: JsonSchema): RJSFValidationError[] {
  const path = pathOf(unit.instanceLocation);
  if (unit.keyword === "required") {
    const missing = /"([^"]+)"/.exec(unit.error)?.[1] ?? "";
    return [{ property: propertyOf([...path, missing]), message: "This is needed", stack: fieldLabel(missing) }];
  }
  if (AROUND.has(unit.keyword)) return [];
  const schema = schemaAt(unit.keywordLocation, root);
  const message = WORDS[unit.keyword]?.(schema, unit.error) ?? unit.error;
  return [{ property: propertyOf(path), message, stack: message }];
}

const propertyOf = (path: string[]) => path.map((part) => `.${part}`).join("");

/** The schema that a keyword stands in; references on the way are followed. */
function schemaAt(location: string, root: JsonSchema): JsonSchema {
  let found: unknown = root;
  for (const part of pathOf(location).slice(0, -1)) {
    if (part === "$ref") {
      const name = (found as JsonSchema).$ref?.replace("#/$defs/", "") ?? "";
      found = root.$defs?.[name];
    } else {
      found = (found as Record<string, unknown> | undefined)?.[part];
    }
  }
  return (found ?? {}) as JsonSchema;
}

export const validator: ValidatorType = new CfworkerValidator();
