import type { Kind } from "@/schema/kinds";
import { valueLabel } from "@/schema/labels";

import { dateTimeText } from "./time";

/** A value in one line of plain text, for labels, tooltips and summaries. */
export function textOf(value: unknown, kind?: Kind): string {
  if (value === null || value === undefined || value === "") return "";
  if (kind === "datetime" && typeof value === "string") return dateTimeText(value);
  if (kind === "enum") return valueLabel(value);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) return value.map((item) => textOf(item)).join(", ");
  if (typeof value === "object") {
    return Object.values(value)
      .map((item) => textOf(item))
      .filter((text) => text !== "")
      .join(", ");
  }
  return String(value);
}
