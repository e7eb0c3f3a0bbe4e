import { Alert, Button } from "antd";
import { useEffect } from "react";

import type { Operation, OperationDetails } from "@/api/capabilities";
import { Problem } from "@/api/problem";
import { useCancelRun, useRun, type Run } from "@/api/runs";
import { ProblemView } from "@/app/ProblemView";
import { Skeleton } from "@/controls/Skeleton";
import { durationText, took } from "@/runs/durations";
import { FailureView } from "@/runs/FailureView";
import { Result } from "@/runs/Result";
import { StateChip } from "@/runs/StateChip";
import { useNow } from "@/runs/useNow";
import { resolved } from "@/schema/resolve";
import { dateTimeText } from "@/values/time";

import { remember, useHistory } from "./history";
import type { Outcome } from "./useCall";

interface CallResultProps {
  operation: Operation;
  details: OperationDetails;
  user: string;
  /** The run in the background that is looked at. */
  run: string | null;
  outcome: Outcome | null;
  error: Error | null;
  isBusy: boolean;
}

/** What came of the last call, or how the run is getting on. */
export function CallResult(props: CallResultProps) {
  const { operation, details, outcome, error, isBusy } = props;
  if (isBusy) return <Skeleton />;
  if (error) {
    const isInput = error instanceof Problem && error.findings.length > 0;
    return isInput ? (
      <Alert type="error" showIcon title="The input is not right yet" description="The form says where. Nothing was done." />
    ) : (
      <ProblemView error={error} />
    );
  }
  if (outcome?.isCheck) {
    return <Alert type="success" showIcon title="The input is fine" description="It was checked only: nothing was done." />;
  }
  if (props.run) return <RunProgress {...props} id={props.run} />;
  if (!outcome) return <p className="muted result-empty">The result appears here.</p>;
  return (
    <>
      <div className="result-head">
        <StateChip state="succeeded" />
        <span className="muted number">{durationText(outcome.took)}</span>
      </div>
      <Shown operation={operation} details={details} value={outcome.result} />
    </>
  );
}

function Shown({ operation, details, value }: { operation: Operation; details: OperationDetails; value: unknown }) {
  const root = details.outputs ?? {};
  // Of one in the background, what is answered is the run, which has the result in it.
  const schema = operation.background ? (resolved(root, root).properties?.result ?? {}) : root;
  return <Result value={value} schema={schema} root={root} models={[...operation.reads, ...operation.writes]} />;
}

function RunProgress({ id, operation, details, user }: CallResultProps & { id: string }) {
  const run = useRun(id);
  const cancel = useCancelRun();
  useWrittenDown(run.data, user);
  useNow(run.data?.state === "running");
  if (run.isPending) return <Skeleton />;
  if (run.isError) return <ProblemView error={run.error} retry={() => void run.refetch()} />;
  const { state, cancelling, created_at, finished_at, problem, result } = run.data;
  const isRunning = state === "running";
  return (
    <>
      <div className="result-head">
        <StateChip state={cancelling ? "cancelling" : state} />
        <span className="muted number">{took(created_at, finished_at)}</span>
        <span className="muted number">since {dateTimeText(created_at)}</span>
        <span className="spacer" />
        {isRunning && (
          <Button size="small" danger loading={cancel.isPending || cancelling} onClick={() => cancel.mutate(id)}>
            Cancel
          </Button>
        )}
      </div>
      {isRunning && <p className="muted">It goes on while you do something else; this page can be left.</p>}
      {cancel.isError && <ProblemView error={cancel.error} />}
      {problem && <FailureView failure={problem} />}
      {state === "cancelled" && <p className="muted">It was cancelled; there is no result.</p>}
      {state === "succeeded" && <Shown operation={operation} details={details} value={result} />}
    </>
  );
}

/** Write into the history how a run ended. */
function useWrittenDown(run: Run | undefined, user: string) {
  const call = useHistory(user).find((one) => run && one.run === run.id);
  useEffect(() => {
    if (!run || !call || run.state === "running" || call.outcome !== "running") return;
    const length = run.finished_at ? Date.parse(run.finished_at) - Date.parse(run.created_at) : null;
    const why = run.problem?.detail ?? run.problem?.title ?? (run.state === "cancelled" ? "Cancelled" : undefined);
    remember(user, { ...call, took: length, outcome: run.state === "succeeded" ? "succeeded" : "failed", why });
  }, [run, call, user]);
}
