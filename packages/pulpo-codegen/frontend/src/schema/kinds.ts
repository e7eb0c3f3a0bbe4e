import { resolved, withoutNull } from "./resolve";
import type { JsonSchema } from "./types";

/** What a value is for people: how it is shown, compared and entered depends on this alone. */
export type Kind =
  | "text"
  | "longtext"
  | "email"
  | "url"
  | "integer"
  | "number"
  | "decimal"
  | "boolean"
  | "date"
  | "datetime"
  | "time"
  | "duration"
  | "enum"
  | "id"
  | "array"
  | "object"
  | "json";

/** Names of the times that documents keep of themselves. */
export const TIMES = /^(created|updated|modified)(_at|_on)?$/;

const FORMATS: Record<string, Kind> = {
  "date-time": "datetime",
  date: "date",
  time: "time",
  duration: "duration",
  email: "email",
  uri: "url",
  uuid: "id",
};
const LONG = /^(description|notes?|text|body|comment|message|content|summary|bio|details)$/i;
const SECRET = /pass(word|phrase|wd)|secret|token|api_?key|private_?key|credential|(^|_)(pin|cvv|cvc|otp)($|_)/i;
const LONG_FROM = 300;
/** What pydantic's patterns of decimals begin with. */
const DECIMAL = "^(?!^[-+.]*$)";

/** Texts are long where the model says so, allows many characters, or calls them so. */
function textKind(schema: JsonSchema, name: string): Kind {
  const widget = (schema.ui as { widget?: string } | undefined)?.widget;
  if (widget === "textarea" || (schema.maxLength ?? 0) >= LONG_FROM || LONG.test(name)) {
    return "longtext";
  }
  return /\bemail$/i.test(name.replace(/_/g, " ")) ? "email" : "text";
}

/** Decimal, as pydantic writes it: a number, or a text that holds one. */
function isDecimal(options: JsonSchema[]): boolean {
  const types = options.map((option) => option.type);
  return options.length === 2 && types.includes("number") && types.includes("string");
}

/** How a Decimal leaves the API: as a text, with the words of its constraints. */
function isDecimalText(schema: JsonSchema): boolean {
  return Boolean(schema.pattern?.startsWith(DECIMAL)) || "decimal_places" in schema || "max_digits" in schema;
}

/** What nobody but its owner should read: pydantic's `SecretStr`, or a field that is called so. */
export function isSecret(schema: JsonSchema, name = ""): boolean {
  return schema.format === "password" || schema.writeOnly === true || SECRET.test(name);
}

export function kindOf(given: JsonSchema, root: JsonSchema, name = ""): Kind {
  const { schema } = withoutNull(given, root);
  if (schema.enum || "const" in schema) return "enum";
  const options = schema.anyOf ?? schema.oneOf;
  if (options) {
    if (isDecimal(options)) return "decimal";
    const all = options.map((option) => resolved(option, root));
    return all.every((option) => option.type === "object") ? "object" : "json";
  }
  switch (schema.type) {
    case "string":
      if (schema.pattern === "^[0-9a-f]{24}$") return "id";
      if (schema.format && FORMATS[schema.format]) return FORMATS[schema.format] as Kind;
      if (isDecimalText(schema)) return "decimal";
      return textKind(schema, name);
    case "integer":
    case "number":
    case "boolean":
    case "array":
      return schema.type;
    case "object":
      return schema.properties ? "object" : "json";
    default:
      return "json";
  }
}
