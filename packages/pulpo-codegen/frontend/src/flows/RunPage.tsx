import { Button } from "antd";
import { useEffect } from "react";
import { useNavigate, useParams } from "react-router";
import { useQueryClient } from "@tanstack/react-query";

import type { Flow } from "@/api/capabilities";
import { documentsOf, type Values } from "@/api/documents";
import { useFlowPlan, usePrefectPages, type FlowPlan } from "@/api/flows";
import { Problem } from "@/api/problem";
import { useCancelRun, useResumeRun, useRun, type Run } from "@/api/runs";
import { useCapabilities } from "@/api/useCapabilities";
import { Loading } from "@/app/Loading";
import { NotFound } from "@/app/NotFound";
import { Page } from "@/app/Page";
import { paths } from "@/app/paths";
import { ProblemView } from "@/app/ProblemView";
import { notification } from "@/controls/feedback";
import { operationLabel } from "@/operations/names";
import { took } from "@/runs/durations";
import { FailureView } from "@/runs/FailureView";
import { Result } from "@/runs/Result";
import { StateChip } from "@/runs/StateChip";
import { useNow } from "@/runs/useNow";
import { inWords } from "@/schema/labels";
import { dateTimeText } from "@/values/time";

import { Crumbs } from "./Crumbs";
import { FlowGraph } from "./FlowGraph";
import { PrefectLink } from "./PrefectLink";
import { parametersAgain } from "./parameters";
import { FlowResults } from "./FlowResults";
import { useModelsOf } from "./StartForm";
import { StepTable } from "./StepTable";

/** One run of a flow: how each step fares, and what came of it. */
export function RunPage() {
  const { name = "", id = "" } = useParams();
  const flow = useCapabilities().data?.flows.find((one) => one.name === name);
  const plan = useFlowPlan(name);
  const run = useRun(id);
  if (!flow) return <NotFound what="flow" />;
  if (run.isPending || plan.isPending) return <Loading />;
  const error = run.error ?? plan.error;
  if (error) {
    if (error instanceof Problem && error.status === 404) return <NotFound what="run" />;
    return <div className="page"><ProblemView error={error} retry={() => void run.refetch()} /></div>;
  }
  if (!run.data || !plan.data || run.data.flow !== name) return <NotFound what="run" />;
  return <Known key={id} flow={flow} plan={plan.data} run={run.data} />;
}

function Known({ flow, plan, run }: { flow: Flow; plan: FlowPlan; run: Run }) {
  const models = useModelsOf(flow);
  const isRunning = run.state === "running";
  useNow(isRunning);
  useFreshDocuments(models, isRunning);
  const done = run.steps?.filter((step) => step.state === "succeeded" || step.state === "kept").length ?? 0;
  return (
    <Page
      title={`${inWords(flow.name)}, ${dateTimeText(run.created_at)}`}
      above={<Crumbs flow={flow.name} />}
      about={
        <span className="facts" role="status">
          <StateChip state={run.cancelling ? "cancelling" : run.state} />
          <span className="number">{took(run.created_at, run.finished_at)}</span>
          {run.steps && <span className="number">{done} of {plan.steps.length} steps done</span>}
          {run.engine && <span>on {run.engine === "prefect" ? "Prefect" : "this server"}</span>}
        </span>
      }
      actions={<Actions flow={flow} plan={plan} run={run} />}
    >
      {run.problem && <div style={{ marginBottom: 16 }}><FailureView failure={run.problem} prefix={failedStep(run)} /></div>}
      <FlowGraph plan={plan} steps={run.steps ?? []} />
      {run.state === "succeeded" && (
        <section className="section" aria-labelledby="results">
          <h2 id="results">Results</h2>
          <FlowResults plan={plan} result={run.result} models={models} />
        </section>
      )}
      <section className="section" aria-labelledby="steps">
        <h2 id="steps">Steps</h2>
        <StepTable plan={plan} steps={run.steps ?? []} />
      </section>
      {run.parameters && (
        <section className="section" aria-labelledby="parameters">
          <h2 id="parameters">Parameters</h2>
          <div className="panel panel-body">
            <Result value={run.parameters} schema={plan.parameters} root={plan.parameters} models={models} />
          </div>
        </section>
      )}
    </Page>
  );
}

/** The step that a run failed at. */
function failedStep(run: Run): string | undefined {
  const found = run.steps?.find((step) => step.state === "failed");
  return found && operationLabel(found.operation);
}

function Actions({ flow, plan, run }: { flow: Flow; plan: FlowPlan; run: Run }) {
  const navigate = useNavigate();
  const cancel = useCancelRun();
  const resume = useResumeRun();
  const prefect = usePrefectPages();
  const failed = (error: Error) => notification.error({ title: error.message });
  const isRunning = run.state === "running";
  const again = () => {
    const parameters: Values = parametersAgain(run.parameters ?? {}, plan.parameters);
    void navigate(paths.flow(flow.name), { state: { parameters } });
  };
  return (
    <>
      {prefect && run.engine === "prefect" && (
        <PrefectLink href={`${prefect}/runs/flow-run/${encodeURIComponent(run.id)}`}>In Prefect</PrefectLink>
      )}
      {isRunning && (
        <Button
          danger
          loading={cancel.isPending || run.cancelling}
          onClick={() => cancel.mutate(run.id, { onError: failed })}
        >
          Cancel
        </Button>
      )}
      {!isRunning && <Button onClick={again}>Start again …</Button>}
      {(run.state === "failed" || run.state === "cancelled") && (
        <Button
          type="primary"
          loading={resume.isPending}
          title="Steps that succeeded are kept"
          onClick={() =>
            resume.mutate(run.id, {
              onSuccess: (next) => void navigate(paths.flowRun(flow.name, next.id)),
              onError: failed,
            })
          }
        >
          Resume
        </Button>
      )}
    </>
  );
}

/** When a run has ended, its documents are read again wherever they are shown. */
function useFreshDocuments(models: string[], isRunning: boolean) {
  const queries = useQueryClient();
  useEffect(() => {
    if (isRunning) return;
    for (const model of models) void queries.invalidateQueries(documentsOf(model));
  }, [queries, models, isRunning]);
}
