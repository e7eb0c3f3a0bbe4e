import { kindOf } from "@/schema/kinds";
import type { JsonSchema } from "@/schema/types";

/** "OrderItem" is "order_item". */
const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

/**
 * The fields that hold ids of documents: those named after a model that the operation reads or
 * writes, as `customer_id` is of one that reads customers.
 */
export function linksOf(schema: JsonSchema | null, models: readonly string[]): Record<string, string> {
  const links: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema?.properties ?? {})) {
    const target = models.find((model) => name === `${snake(model)}_id`);
    if (target && schema && kindOf(field, schema, name) === "id") links[name] = target;
  }
  return links;
}
