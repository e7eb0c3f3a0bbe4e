import { useQuery } from "@tanstack/react-query";

import type { JsonSchema } from "@/schema/types";

import { CAPABILITIES } from "./capabilities";
import { send } from "./http";

/** Where a field of a step's input comes from: a step's output, or a parameter of the flow. */
export interface Binding {
  field: string;
  type: string;
  step: string;
  name: string;
  explicit: boolean;
}

export interface Step {
  operation: string;
  after: string[];
  level: number;
  stage: string | number | null;
  retries: number;
  timeout: number | null;
  bindings: Binding[];
}

/** A flow as it was decided: its steps, their order, and what it takes and returns. */
export interface FlowPlan {
  name: string;
  schedule: string | null;
  requires_parameters: boolean;
  stages: (string | number)[];
  subflows: string[];
  steps: Step[];
  edges: { before: string; after: string; reasons: string[] }[];
  parameters: JsonSchema;
  results: JsonSchema | null;
}

export function useFlowPlan(name: string) {
  return useQuery({
    queryKey: [...CAPABILITIES, "flow", name],
    queryFn: async () => (await send<FlowPlan>(`/api/flows/${encodeURIComponent(name)}`)).data,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Where Prefect's own pages are; null where no flow was deployed to a server of Prefect. */
export function usePrefectPages() {
  const found = useQuery({
    queryKey: [...CAPABILITIES, "prefect"],
    queryFn: async () => (await send<{ pages: string | null }>("/api/capabilities/prefect")).data.pages,
    staleTime: 60_000,
  });
  // An address of the server's; anything but a page is no link.
  return found.data && /^https?:\/\//.test(found.data) ? found.data : null;
}
