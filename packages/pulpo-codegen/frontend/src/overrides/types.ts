import type { ComponentType } from "react";

import type { Values } from "@/api/documents";

/** Shows one value: in a list, or on the page of a document. */
export type Cell = ComponentType<{ value: unknown; values: Values; place: "list" | "show" }>;

/** Takes one value in forms. `onChange(undefined)` takes it out. */
export type Field = ComponentType<{
  id: string;
  value: unknown;
  onChange: (value: unknown) => void;
  label: string;
  required: boolean;
  disabled: boolean;
}>;

/** A page of the project's own, in the menu and at `/pages/{name}`. */
export interface PageOverride {
  name: string;
  label: string;
  icon?: string;
  component: ComponentType;
}

/**
 * What `overrides/ui/index.ts` of a project exports by default. Cells and fields are named by model
 * and field, dotted where nested: `"Order.status"`, `"Customer.address.country"`.
 */
export interface Overrides {
  cells?: Record<string, Cell>;
  fields?: Record<string, Field>;
  pages?: PageOverride[];
}
