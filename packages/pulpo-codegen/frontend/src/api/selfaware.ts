import { useQuery } from "@tanstack/react-query";

import { send } from "./http";
import { Problem } from "./problem";

/** Quantiles of the time that answers took, in milliseconds. */
export interface Latency {
  p50_ms: number;
  p95_ms: number;
  p99_ms: number;
}

export interface RouteNumbers extends Latency {
  method: string;
  route: string;
  count: number;
  client_errors: number;
  server_errors: number;
  exceptions: number;
  slow: number;
  in_flight: number;
  max_ms: number;
}

/** A few seconds of all routes together. `time` is in seconds since the epoch. */
export interface Slot extends Latency {
  time: number;
  seconds: number;
  count: number;
  client_errors: number;
  server_errors: number;
}

export interface ExceptionGroup {
  type: string;
  place: string;
  count: number;
  first_seen: string;
  last_seen: string;
  example: { traceback?: string[]; message?: string; cause?: string };
}

export interface CollectionAccess {
  reads: number;
  writes: number;
  errors: number;
  total_ms: number;
  max_ms: number;
}

/** What the process that answers has seen since it began. */
export interface Statistics {
  requests: {
    since: number;
    now: number;
    total: RouteNumbers;
    routes: RouteNumbers[];
    /** The last ten minutes, the oldest first; slots without requests are left out. */
    history: Slot[];
  };
  exceptions: ExceptionGroup[];
  /** By operation, then by collection. */
  data_access: Record<string, Record<string, CollectionAccess>>;
}

export type EventLevel = "DEBUG" | "INFO" | "WARN" | "ERROR" | "CRITICAL";

export interface SelfawareEvent {
  level: EventLevel;
  event_type: string;
  module: string;
  message: string;
  timestamp: string;
  duration_ms: number | null;
  error_details: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

const PERIOD_MS = 2_000;
export const SELFAWARE = "/selfaware";

/** The statistics, asked for again and again for as long as somebody looks and `live` is true. */
export function useStatistics({ live, enabled = true }: { live: boolean; enabled?: boolean }) {
  return useQuery({
    queryKey: ["selfaware", "statistics"],
    queryFn: async ({ signal }) => (await send<Statistics>(`${SELFAWARE}/stats`, { signal })).data,
    enabled,
    // Who is refused stays refused.
    refetchInterval: ({ state }) => (live && !isClosed(state.error) ? PERIOD_MS : false),
  });
}

/** Whether the server shows its statistics to others than who asks. */
export const isClosed = (error: unknown): boolean =>
  error instanceof Problem && (error.status === 403 || error.status === 404);
