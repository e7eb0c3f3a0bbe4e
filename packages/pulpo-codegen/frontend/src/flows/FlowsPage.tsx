import { Empty } from "antd";
import { Link } from "react-router";

import type { Flow } from "@/api/capabilities";
import { useCapabilities } from "@/api/useCapabilities";
import { usePrefectPages } from "@/api/flows";
import { useRuns, type Run } from "@/api/runs";
import { Page } from "@/app/Page";
import { paths } from "@/app/paths";
import { ProblemView } from "@/app/ProblemView";
import { operationLabel } from "@/operations/names";
import { StateChip } from "@/runs/StateChip";
import { inWords } from "@/schema/labels";
import { dateTimeText } from "@/values/time";

import { PrefectLink } from "./PrefectLink";
import { RunList } from "./RunList";

const SHOWN = 10;

/** The flows there are, how each went last, and what ran. */
export function FlowsPage() {
  const flows = useCapabilities().data?.flows ?? [];
  const prefect = usePrefectPages();
  const found = useRuns({ limit: 200 });
  const runs = (found.data ?? []).filter((run) => flows.some((flow) => flow.name === run.flow));
  return (
    <Page
      title="Flows"
      about="Operations that belong together, run in the order that their data asks for."
      actions={prefect && <PrefectLink href={prefect}>Prefect</PrefectLink>}
    >
      <div className="flow-cards">
        {flows.map((flow) => (
          <Card key={flow.name} flow={flow} last={runs.find((run) => run.flow === flow.name)} />
        ))}
      </div>
      {flows.length === 0 && <Empty description="There is no flow that you may start." />}
      {found.isError && <ProblemView error={found.error} retry={() => void found.refetch()} />}
      {runs.length > 0 && (
        <section className="section" aria-labelledby="runs">
          <h2 id="runs">Newest runs</h2>
          <RunList runs={runs.slice(0, SHOWN)} named />
        </section>
      )}
    </Page>
  );
}

function Card({ flow, last }: { flow: Flow; last: Run | undefined }) {
  return (
    <Link to={paths.flow(flow.name)} className="panel flow-card">
      <span className="flow-card-head">
        <span className="card-name">{inWords(flow.name)}</span>
        {last && <StateChip state={last.state} />}
      </span>
      <span className="muted">{flow.steps.map(operationLabel).join(" · ")}</span>
      <span className="flow-card-foot muted">
        {flow.steps.length === 1 ? "1 step" : `${flow.steps.length} steps`}
        {flow.schedule && <> · <span className="mono">{flow.schedule}</span></>}
        {last && <> · ran {dateTimeText(last.created_at)}</>}
      </span>
    </Link>
  );
}
