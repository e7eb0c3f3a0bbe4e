import type { Model, ModelDetails } from "@/api/capabilities";
import { kindOf, TIMES, type Kind } from "@/schema/kinds";
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

/** Whether its values stand under each other by their digits. */
export const isNumber = ({ kind }: Column): boolean => ["integer", "number", "decimal"].includes(kind);

const FEW = 5;
const MANY = 8;
/** Shown in lists only where somebody wants them. */
const BULKY: Kind[] = ["object", "json", "longtext"];

/** Every field that the model's answers have, in the order that the model asks for. */
export function columnsOf(model: Model, details: ModelDetails): Column[] {
  const root = details.schemas.read;
  const columns = Object.entries(root.properties ?? {}).map(([name, read]) => {
    const schema = shapeOf(name, read, details);
    return {
      name,
      label: fieldLabel(name, schema.title),
      kind: kindOf(schema, root, name),
      schema,
      target: details.links[name] ?? null,
      sortable: details.sorts.includes(name),
    };
  });
  return columns.sort((a, b) => rank(model, a.name) - rank(model, b.name));
}

/** A decimal without limits is read as any text is; that it is a number, forms know. */
function shapeOf(name: string, read: JsonSchema, { schemas }: ModelDetails): JsonSchema {
  const written = schemas.create.properties?.[name];
  const isDecimal = written !== undefined && kindOf(written, schemas.create, name) === "decimal";
  return isDecimal ? { ...written, title: read.title, description: read.description } : read;
}

/** First what says which document this is; what every document has comes last. */
function rank(model: Model, name: string): number {
  const order = Array.isArray(model.order) ? model.order.indexOf(name) : -1;
  if (order >= 0) return order - 1000;
  if (name === model.title_field) return -1;
  if (name === "id") return model.title_field === "id" ? -1 : 2000;
  return TIMES.test(name) ? 1000 : 0;
}

/** The columns that a list begins with: what can be sorted by is what the model is about. */
export function usualColumns(model: Model, columns: Column[]): string[] {
  const short = columns.filter((column) => !BULKY.includes(column.kind) && column.name !== "id");
  const isMain = (column: Column) =>
    column.name === model.title_field || column.sortable || column.target !== null || column.kind === "enum";
  const main = short.filter((column) => isMain(column)).slice(0, MANY);
  const more = short
    .filter((column) => !isMain(column) && !TIMES.test(column.name))
    .slice(0, Math.max(0, FEW - main.length));
  const names = columns.filter((column) => main.includes(column) || more.includes(column)).map((c) => c.name);
  return model.title_field === "id" ? ["id", ...names] : names;
}
