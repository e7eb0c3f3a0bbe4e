import type { Values } from "@/api/documents";
import { keepable } from "@/operations/history";
import type { JsonSchema } from "@/schema/types";

/** The parameters of a run for another one: secrets, which the server masks, are asked for again. */
export function parametersAgain(parameters: Values, schema: JsonSchema): Values {
  const { input } = keepable(parameters, schema);
  const given = Object.entries(input ?? {}).filter(([, value]) => value !== null);
  return Object.fromEntries(given);
}
