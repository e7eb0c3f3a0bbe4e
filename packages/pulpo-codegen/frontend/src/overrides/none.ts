import type { Overrides } from "./types";

/** What a project that overrides nothing has; `overrides/ui/index.ts` takes its place. */
const overrides: Overrides = {};

export default overrides;
