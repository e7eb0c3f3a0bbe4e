import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { send, type QueryValue } from "./http";
import type { Values } from "./documents";

export type RunState = "running" | "succeeded" | "failed" | "cancelled";
export type StepState =
  | "pending"
  | "running"
  | "retrying"
  | "succeeded"
  | "kept"
  | "failed"
  | "cancelled"
  | "interrupted";

/** Why something failed, as problem details. */
export interface Failure {
  title?: string;
  detail?: string;
  code?: string;
  request_id?: string;
  errors?: { pointer: string; detail: string; code: string }[];
}

export interface StepRun {
  operation: string;
  state: StepState;
  attempts: number;
  started_at: string | null;
  finished_at: string | null;
  /** Whether its `on_failure` operation, called because the flow failed, succeeded; null where it was not called. */
  undone: boolean | null;
  /** Whether it went on in a thread, which nothing can stop, when its run ended. */
  acting: boolean | null;
  problem: Failure | null;
  /** What the step was called with, where it failed; secrets are masked. */
  input: Values | null;
}

/** One run of an operation in the background, or of a flow. */
export interface Run {
  id: string;
  operation: string | null;
  flow: string | null;
  state: RunState;
  cancelling: boolean;
  created_at: string;
  finished_at: string | null;
  result: unknown;
  problem: Failure | null;
  steps: StepRun[] | null;
  parameters: Values | null;
  engine: "local" | "prefect" | null;
  /** The first run of those that resume one another. */
  root: string | null;
}

const RUNS = "runs";
const PERIOD_MS = 1_000;
const SLOW_PERIOD_MS = 5_000;

const runPath = (id: string) => `/api/runs/${encodeURIComponent(id)}`;

/** A run, asked for again until it has ended. */
export function useRun(id: string | null) {
  return useQuery({
    queryKey: [RUNS, "one", id],
    queryFn: async ({ signal }) => (await send<Run>(runPath(id ?? ""), { signal })).data,
    enabled: id !== null,
    refetchInterval: (query) => (isGoingOn(query.state.data) ? PERIOD_MS : false),
  });
}

const isGoingOn = (run: Run | undefined) => run?.state === "running" || run?.cancelling === true;

/** The newest runs; asked for again for as long as one of them goes on. */
export function useRuns(query: Record<string, QueryValue>) {
  return useQuery({
    queryKey: [RUNS, "list", query],
    queryFn: async ({ signal }) => (await send<{ items: Run[] }>("/api/runs", { query, signal })).data.items,
    refetchInterval: ({ state }) => (state.data?.some(isGoingOn) ? SLOW_PERIOD_MS : false),
  });
}

/** Stop a run; what it was is asked for at once. */
export function useCancelRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => (await send<Run>(`${runPath(id)}/cancel`, { method: "POST" })).data,
    onSettled: () => queries.invalidateQueries({ queryKey: [RUNS] }),
  });
}

/** Do again what did not succeed, as a new run. */
export function useResumeRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => (await send<Run>(`${runPath(id)}/resume`, { method: "POST" })).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: [RUNS, "list"] }),
  });
}
