import { useParams } from "react-router";

import type { Flow } from "@/api/capabilities";
import { useFlowPlan, usePrefectPages } from "@/api/flows";
import { useRuns } from "@/api/runs";
import { useCapabilities } from "@/api/useCapabilities";
import { Loading } from "@/app/Loading";
import { NotFound } from "@/app/NotFound";
import { Page } from "@/app/Page";
import { ProblemView } from "@/app/ProblemView";
import { Skeleton } from "@/controls/Skeleton";
import { inWords } from "@/schema/labels";

import { Crumbs } from "./Crumbs";
import { FlowGraph } from "./FlowGraph";
import { PrefectLink } from "./PrefectLink";
import { RunList } from "./RunList";
import { StartForm } from "./StartForm";
import { StepTable } from "./StepTable";

/** One flow: its graph, the form that starts it, and its runs. */
export function FlowPage() {
  const { name = "" } = useParams();
  const flow = useCapabilities().data?.flows.find((one) => one.name === name);
  return flow ? <Known key={name} flow={flow} /> : <NotFound what="flow" />;
}

const SHOWN = 20;

function Known({ flow }: { flow: Flow }) {
  const plan = useFlowPlan(flow.name);
  const prefect = usePrefectPages();
  const runs = useRuns({ flow: flow.name, limit: SHOWN });
  if (plan.isPending) return <Loading />;
  return (
    <Page
      title={inWords(flow.name)}
      above={<Crumbs />}
      about={
        <span className="facts">
          <span className="mono">{flow.name}</span>
          <span>{flow.steps.length} steps</span>
          {flow.schedule && <span>Runs at <span className="mono">{flow.schedule}</span></span>}
        </span>
      }
      actions={prefect && <PrefectLink href={prefect}>Prefect</PrefectLink>}
    >
      {plan.isError ? (
        <ProblemView error={plan.error} retry={() => void plan.refetch()} />
      ) : (
        <>
          <FlowGraph plan={plan.data} />
          <div className="workbench" style={{ marginTop: 16 }}>
            <StartForm flow={flow} plan={plan.data} />
            <section aria-labelledby="runs" className="workbench-aside">
              <h2 id="runs" className="side-title">Runs</h2>
              {runs.isPending && <Skeleton />}
              {runs.isError && <ProblemView error={runs.error} retry={() => void runs.refetch()} />}
              {runs.data?.length === 0 && <p className="panel panel-body muted result-empty">It has not run yet.</p>}
              {runs.data && runs.data.length > 0 && <RunList runs={runs.data} />}
            </section>
          </div>
          <section className="section" aria-labelledby="steps">
            <h2 id="steps">Steps</h2>
            <StepTable plan={plan.data} />
          </section>
        </>
      )}
    </Page>
  );
}
