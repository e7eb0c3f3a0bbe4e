import { useCapabilities } from "@/api/useCapabilities";
import { useStatistics, type ExceptionGroup, type RouteNumbers } from "@/api/selfaware";
import { useRuns, type Run } from "@/api/runs";

const FEW = 5;
/** So many runs are looked through, since many fail for the same reason. */
const LOOKED_THROUGH = 50;

/** Runs of one flow or operation that failed for the same reason, by the newest of them. */
export interface FailedRuns {
  newest: Run;
  reason: string;
  count: number;
}

export interface Failures {
  isPending: boolean;
  /** What kept an answer from us; nothing where it is merely not for who asks. */
  error: unknown;
  runs: FailedRuns[];
  exceptions: ExceptionGroup[];
  /** Routes that answered with a server error, those with the most first. */
  routes: RouteNumbers[];
  /** Whether statistics are shown to who asks. */
  isMeasured: boolean;
}

/** What has failed lately. */
export function useFailures(): Failures {
  const runs = useRuns({ state: "failed", limit: LOOKED_THROUGH });
  const isMeasured = useCapabilities().data?.health ?? false;
  const statistics = useStatistics({ live: false, enabled: isMeasured });
  const routes = (statistics.data?.requests.routes ?? []).filter((route) => route.server_errors > 0);
  return {
    isPending: runs.isPending || (isMeasured && statistics.isPending),
    error: runs.error ?? statistics.error,
    runs: grouped(runs.data ?? []).slice(0, FEW),
    exceptions: (statistics.data?.exceptions ?? []).slice(0, FEW),
    routes: routes.sort((a, b) => b.server_errors - a.server_errors).slice(0, FEW),
    isMeasured,
  };
}

/** Runs come with the newest first. */
function grouped(runs: Run[]): FailedRuns[] {
  const groups = new Map<string, FailedRuns>();
  for (const run of runs) {
    const reason = run.problem?.detail ?? run.problem?.title ?? "";
    const key = JSON.stringify([run.flow, run.operation, reason]);
    const { newest, count } = groups.get(key) ?? { newest: run, count: 0 };
    groups.set(key, { newest, reason, count: count + 1 });
  }
  return [...groups.values()];
}
