import type { Model, ModelDetails } from "@/api/capabilities";
import { kindOf, type Kind } from "@/schema/kinds";
import { fieldLabel } from "@/schema/labels";
import type { JsonSchema } from "@/schema/types";

/** A field of a model as lists and pages show it. */
export interface Column {
  name: string;
  label: string;
  kind: Kind;
  schema: JsonSchema;
  /** The model that the field's value, or each of them, is the id of. */
  target: string | null;
  sortable: boolean;
}

const FEW = 7;
/** Shown in lists only where somebody wants them. */
const BULKY: Kind[] = ["object", "json", "longtext"];
const TIMES = /^(created|updated|modified)(_at|_on)?$/;

/** Every field that the model's answers have, in the order that the model asks for. */
export function columnsOf(model: Model, details: ModelDetails): Column[] {
  const root = details.schemas.read;
  const columns = Object.entries(root.properties ?? {}).map(([name, schema]) => ({
    name,
    label: fieldLabel(name, schema.title),
    kind: kindOf(schema, root, name),
    schema,
    target: details.links[name] ?? null,
    sortable: details.sorts.includes(name),
  }));
  return columns.sort((a, b) => rank(model, a.name) - rank(model, b.name));
}

/** First what says which document this is; what every document has comes last. */
function rank(model: Model, name: string): number {
  const order = Array.isArray(model.order) ? model.order.indexOf(name) : -1;
  if (order >= 0) return order - 1000;
  if (name === model.title_field) return -1;
  if (name === "id") return model.title_field === "id" ? -1 : 2000;
  return TIMES.test(name) ? 1000 : 0;
}

/** The columns that a list begins with. */
export function usualColumns(model: Model, columns: Column[]): string[] {
  const short = columns.filter((column) => !BULKY.includes(column.kind) && column.name !== "id");
  const main = short.filter((column) => !TIMES.test(column.name)).slice(0, FEW);
  const more = short.filter((column) => TIMES.test(column.name)).slice(0, main.length < FEW ? 1 : 0);
  const names = [...main, ...more].map((column) => column.name);
  return model.title_field === "id" ? ["id", ...names] : names;
}
