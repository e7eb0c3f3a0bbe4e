import { useQuery } from "@tanstack/react-query";

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
}

/** What is permitted changes with the credentials only, and these with a new page. */
const FOREVER = { staleTime: Number.POSITIVE_INFINITY, gcTime: Number.POSITIVE_INFINITY } as const;

export const CAPABILITIES = ["capabilities"] as const;

/** Everything that whoever is logged in may do. */
export function useCapabilities() {
  return useQuery({
    queryKey: CAPABILITIES,
    queryFn: async () => (await send<Capabilities>("/api/capabilities")).data,
    ...FOREVER,
  });
}

/** What lists and forms of a model offer. */
export function useModelDetails(name: string | undefined) {
  return useQuery({
    queryKey: [...CAPABILITIES, "model", name],
    queryFn: async () =>
      (await send<ModelDetails>(`/api/capabilities/models/${encodeURIComponent(name ?? "")}`)).data,
    enabled: name !== undefined,
    ...FOREVER,
  });
}

/** What an operation takes and returns. */
export function useOperationDetails(name: string) {
  return useQuery({
    queryKey: [...CAPABILITIES, "operation", name],
    queryFn: async () =>
      (await send<OperationDetails>(`/api/capabilities/operations/${encodeURIComponent(name)}`)).data,
    ...FOREVER,
  });
}

/** The model of this name, if it may be read. */
export function useModel(name: string | null | undefined): Model | undefined {
  return useCapabilities().data?.models.find((model) => model.name === name);
}
