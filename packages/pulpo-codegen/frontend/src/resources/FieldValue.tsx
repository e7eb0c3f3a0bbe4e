import type { Model, ModelDetails } from "@/api/capabilities";
import type { Values } from "@/api/documents";
import { overrideCell } from "@/overrides/registry";
import { Value } from "@/values/Value";

import type { Column } from "./columns";
import { Reference } from "./Reference";

interface FieldValueProps {
  model: Model;
  details: ModelDetails;
  column: Column;
  values: Values;
  place: "list" | "show";
  titles?: Record<string, string>;
}

/** One field of a document: the project's own cell, a link, or the value by its kind. */
export function FieldValue({ model, details, column, values, place, titles }: FieldValueProps) {
  const value = values[column.name];
  const Own = overrideCell(model.name, column.name);
  if (Own) return <Own value={value} values={values} place={place} />;
  if (column.target) {
    return <Reference value={value} target={column.target} place={place} titles={titles} />;
  }
  return (
    <Value
      value={value}
      schema={column.schema}
      root={details.schemas.read}
      name={column.name}
      place={place}
    />
  );
}
