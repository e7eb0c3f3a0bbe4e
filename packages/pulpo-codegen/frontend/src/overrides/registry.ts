import overrides from "@project/overrides";

import type { Cell, Field, PageOverride } from "./types";

/** The project's own way to show a field, if it has one. */
export const overrideCell = (model: string, field: string): Cell | undefined =>
  overrides.cells?.[`${model}.${field}`];

/** The project's own way to enter a field, if it has one. */
export const overrideField = (model: string, field: string): Field | undefined =>
  overrides.fields?.[`${model}.${field}`];

/** The project's own pages. */
export const overridePages = (): PageOverride[] => overrides.pages ?? [];

/** Whether the project brings anything of its own. */
export const hasOverrides = Object.keys(overrides).length > 0;
