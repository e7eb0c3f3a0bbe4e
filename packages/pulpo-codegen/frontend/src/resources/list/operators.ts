import type { Filterable } from "@/api/capabilities";
import { kindOf, type Kind } from "@/schema/kinds";

/** How an operator is called. A name with an "s" behind compares letter by letter. */
const WORDS: Record<string, string> = {
  eq: "is",
  ne: "is not",
  in: "is one of",
  nin: "is none of",
  null: "is empty",
  lt: "less than",
  lte: "at most",
  gt: "greater than",
  gte: "at least",
  between: "between",
  ieq: "is, in any case",
  contains: "contains",
  startswith: "starts with",
  endswith: "ends with",
  containss: "contains exactly",
  startswiths: "starts exactly with",
  endswiths: "ends exactly with",
};
const OF_TIMES: Record<string, string> = { lt: "before", lte: "until", gt: "after", gte: "from" };

export function operatorLabel(operator: string, kind: Kind): string {
  const isTime = kind === "date" || kind === "datetime";
  return (isTime && OF_TIMES[operator]) || (WORDS[operator] ?? operator);
}

/** What people look for first, by the kind of the field. */
const FIRST: Partial<Record<Kind, string>> = {
  text: "contains",
  longtext: "contains",
  email: "contains",
  url: "contains",
  datetime: "gte",
  date: "gte",
  enum: "in",
  decimal: "gte",
  integer: "gte",
  number: "gte",
};
/** Of a choice, parts of the text mean nothing; an id has no order that anybody thinks in. */
const OF_CHOICES = ["eq", "ne", "in", "nin", "null"];

export const filterKind = (field: Filterable): Kind => kindOf(field.schema, field.schema, field.name);

export function offeredOperators(field: Filterable): string[] {
  const kind = filterKind(field);
  const few = kind === "enum" || kind === "boolean" || kind === "id" || field.target !== null;
  return few ? field.operators.filter((one) => OF_CHOICES.includes(one)) : field.operators;
}

export function firstOperator(field: Filterable): string {
  const offered = offeredOperators(field);
  const wanted = FIRST[filterKind(field)] ?? "eq";
  return offered.includes(wanted) && !field.target ? wanted : (offered[0] ?? "eq");
}
