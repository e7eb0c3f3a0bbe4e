import type { JsonSchema } from "@/schema/types";

import { send } from "./http";

/** A model that whoever is logged in may read. */
export interface Model {
  name: string;
  /** Where its documents are: "/api/orders". */
  path: string;
  collection: string;
  description: string;
  tags: string[];
  ui: { icon?: string; label?: string; plural?: string; [name: string]: unknown };
  order: number | string[] | null;
  can_write: boolean;
  /** The field that says best which document one is. */
  title_field: string;
  /** The fields that a search looks into; empty where there is no search. */
  search: string[];
}

export interface Filterable {
  name: string;
  operators: string[];
  schema: JsonSchema;
  /** The model that a link refers to. */
  target: string | null;
  many: boolean;
}

export interface ModelDetails {
  page_size: number;
  max_page_size: number;
  sorts: string[];
  filters: Filterable[];
  /** Fields that hold ids of other documents, dotted where nested, and the models of these. */
  links: Record<string, string | null>;
  /** Lists of documents that refer to one of this model: `{path}/{id}/{name}`. */
  related: { name: string; model: string }[];
  /** Fields that cannot be changed after the creation. */
  fixed: string[];
  schemas: { read: JsonSchema; create: JsonSchema; replace: JsonSchema };
}

export interface Operation {
  name: string;
  path: string;
  description: string;
  category: string;
  tags: string[];
  flow: string | null;
  reads: string[];
  writes: string[];
  /** Its answer is a run that is asked for until it ends. */
  background: boolean;
}

export interface OperationDetails {
  inputs: JsonSchema | null;
  outputs: JsonSchema | null;
}

/** A flow that whoever is logged in may start. */
export interface Flow {
  name: string;
  path: string;
  schedule: string | null;
  /** The operations that it consists of, in an order that works. */
  steps: string[];
}

export interface Capabilities {
  title: string;
  user: { kind: string; id: string; name: string };
  models: Model[];
  operations: Operation[];
  flows: Flow[];
  /** Whether who asks is shown how the application does. */
  health: boolean;
}

/** What is permitted changes with the credentials only, and these with a new page. */
const FOREVER = { staleTime: Number.POSITIVE_INFINITY, gcTime: Number.POSITIVE_INFINITY } as const;

export const CAPABILITIES = ["capabilities"] as const;

/** How everything is read that whoever is logged in may do. */
export const readCapabilities = {
  queryKey: CAPABILITIES,
  queryFn: async () => (await send<Capabilities>("/api/capabilities")).data,
  ...FOREVER,
};

/** How it is read what lists and forms of a model offer. */
export const readModelDetails = (name: string) => ({
  queryKey: [...CAPABILITIES, "model", name],
  queryFn: async () => (await send<ModelDetails>(`/api/capabilities/models/${encodeURIComponent(name)}`)).data,
  ...FOREVER,
});

/** How it is read what an operation takes and returns. */
export const readOperationDetails = (name: string) => ({
  queryKey: [...CAPABILITIES, "operation", name],
  queryFn: async () =>
    (await send<OperationDetails>(`/api/capabilities/operations/${encodeURIComponent(name)}`)).data,
  ...FOREVER,
});
