import type { UiSchema } from "@rjsf/utils";

import { overrideField } from "@/overrides/registry";
import { isSecret, kindOf, TIMES } from "@/schema/kinds";
import { resolved } from "@/schema/resolve";
import type { JsonSchema } from "@/schema/types";

import { NULLABLE } from "./prepare";

/** What the fields of a form stand for besides their types. */
export interface Meaning {
  /** The model whose fields these are: its own fields may be overridden. */
  owner?: string;
  /** Fields that hold ids of documents, dotted where nested, and the models of these. */
  links: Record<string, string | null>;
  /** Fields that are shown and cannot be changed. */
  fixed?: string[];
  /** Fields that forms need not ask for: the server knows them. */
  hidden?: string[];
}

/** A model that holds itself is opened so far; forms go deeper when they are filled in. */
const DEEPEST = 6;

/** Which input each field has: that follows from the kind of its values, as everything does. */
export function uiSchemaOf(root: JsonSchema, meaning: Meaning): UiSchema {
  const names = Object.keys(root.properties ?? {});
  return {
    ...ofObject(root, root, meaning, "", 0),
    // What every document has comes last, wherever it was inherited from.
    "ui:order": [...names].sort((a, b) => Number(TIMES.test(a)) - Number(TIMES.test(b))),
    "ui:submitButtonOptions": { norender: true },
  };
}

function ofObject(schema: JsonSchema, root: JsonSchema, meaning: Meaning, place: string, depth: number): UiSchema {
  const found: UiSchema = {};
  if (depth > DEEPEST) return found;
  for (const option of schema.oneOf ?? schema.anyOf ?? []) {
    Object.assign(found, ofObject(resolved(option, root), root, meaning, place, depth + 1));
  }
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const here = place === "" ? name : `${place}.${name}`;
    found[name] = ofField(field, root, meaning, here, depth);
  }
  return found;
}

function ofField(field: JsonSchema, root: JsonSchema, meaning: Meaning, place: string, depth: number): UiSchema {
  if (meaning.hidden?.includes(place)) return { "ui:widget": "hidden" };
  const own = meaning.owner && overrideField(meaning.owner, place);
  if (own) return { "ui:field": "own", "ui:options": { component: own } };
  const fixed = meaning.fixed?.includes(place) ? { "ui:disabled": true } : {};
  const schema = resolved(field, root);
  const target = meaning.links[place];
  const name = place.slice(place.lastIndexOf(".") + 1);
  if (target) {
    return { "ui:widget": "reference", "ui:options": { target, many: schema.type === "array" }, ...fixed };
  }
  const kind = kindOf(schema, root, name);
  switch (kind) {
    case "object": {
      const inner = ofObject(schema, root, meaning, place, depth + 1);
      return field[NULLABLE] ? { ...inner, "ui:field": "optional", "ui:fieldReplacesAnyOrOneOf": true } : inner;
    }
    case "array":
      return { ...ofArray(schema, root, meaning, place, depth), ...fixed };
    case "json":
      return { "ui:field": "json", ...fixed };
    case "enum":
      // The one value of a constant is no choice: what stands around it makes that.
      return "const" in schema ? { "ui:widget": "hidden" } : { "ui:widget": "choice", ...fixed };
    case "boolean":
      return { "ui:widget": field[NULLABLE] ? "yesno" : "switch", ...fixed };
    case "longtext":
      return { "ui:widget": "textarea", "ui:options": { rows: 4 }, ...fixed };
    case "date":
    case "datetime":
    case "duration":
      return { "ui:widget": kind, ...fixed };
    case "decimal":
    case "integer":
    case "number":
      return { "ui:widget": "amount", "ui:options": { kind }, ...fixed };
    default:
      return { "ui:widget": isSecret(schema) ? "secret" : "text", ...fixed };
  }
}

function ofArray(schema: JsonSchema, root: JsonSchema, meaning: Meaning, place: string, depth: number): UiSchema {
  const items = resolved(schema.items ?? {}, root);
  if (schema.prefixItems || kindOf(items, root) === "json") return { "ui:field": "json" };
  if (items.enum) return { "ui:widget": "choices" };
  if (kindOf(items, root) === "text" || kindOf(items, root) === "email") return { "ui:widget": "words" };
  return { items: ofField(schema.items ?? {}, root, meaning, place, depth + 1) };
}
