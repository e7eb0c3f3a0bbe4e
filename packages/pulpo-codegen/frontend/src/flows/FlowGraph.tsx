import { lazy, Suspense } from "react";

import type { FlowPlan } from "@/api/flows";
import type { StepRun } from "@/api/runs";
import { Skeleton } from "@/controls/Skeleton";

// Its layout is needed here only: a part of its own, read when a flow is looked at.
const Graph = lazy(() => import("./graph/Graph"));

/** The graph of a flow in a panel. */
export function FlowGraph({ plan, steps }: { plan: FlowPlan; steps?: readonly StepRun[] }) {
  return (
    <section className="panel" aria-label="Steps as a graph">
      <Suspense fallback={<div className="panel-body"><Skeleton /></div>}>
        <Graph plan={plan} steps={steps} />
      </Suspense>
    </section>
  );
}
