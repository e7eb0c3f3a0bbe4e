import { isClosed, useStatistics, type ExceptionGroup, type RouteNumbers } from "@/api/selfaware";
import { useRuns, type Run } from "@/api/runs";

const FEW = 5;

export interface Failures {
  isPending: boolean;
  /** What kept an answer from us; nothing where it is merely not for who asks. */
  error: unknown;
  runs: Run[];
  exceptions: ExceptionGroup[];
  /** Routes that answered with a server error, those with the most first. */
  routes: RouteNumbers[];
  /** Whether statistics are shown to who asks. */
  isMeasured: boolean;
}

/** What has failed lately. */
export function useFailures(): Failures {
  const runs = useRuns({ state: "failed", limit: FEW });
  const statistics = useStatistics({ live: false });
  const closed = isClosed(statistics.error);
  const routes = (statistics.data?.requests.routes ?? []).filter((route) => route.server_errors > 0);
  return {
    isPending: runs.isPending || statistics.isPending,
    error: runs.error ?? (closed ? null : statistics.error),
    runs: runs.data ?? [],
    exceptions: (statistics.data?.exceptions ?? []).slice(0, FEW),
    routes: routes.sort((a, b) => b.server_errors - a.server_errors).slice(0, FEW),
    isMeasured: !closed,
  };
}
