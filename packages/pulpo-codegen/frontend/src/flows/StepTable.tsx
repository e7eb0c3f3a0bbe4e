import { Link } from "react-router";

import { useCapabilities } from "@/api/useCapabilities";
import type { Binding, FlowPlan, Step } from "@/api/flows";
import type { StepRun } from "@/api/runs";
import { paths } from "@/app/paths";
import { namespaceOf, operationLabel } from "@/operations/names";
import { took } from "@/runs/durations";
import { StateChip } from "@/runs/StateChip";
import { fieldLabel, inWords } from "@/schema/labels";
import { textOf } from "@/values/text";

import { reasonText } from "./reasons";

/** The steps in their order: what each waits for and why, and where its input comes from. */
export function StepTable({ plan, steps }: { plan: FlowPlan; steps?: readonly StepRun[] }) {
  return (
    <ol className="panel rows">
      {plan.steps.map((step) => (
        <Row
          key={step.operation}
          plan={plan}
          step={step}
          run={steps?.find((one) => one.operation === step.operation)}
        />
      ))}
    </ol>
  );
}

function Row({ plan, step, run }: { plan: FlowPlan; step: Step; run: StepRun | undefined }) {
  const isKnown = useCapabilities().data?.operations.some((one) => one.name === step.operation);
  const within = namespaceOf(step.operation).slice(plan.name.length + 1);
  const label = operationLabel(step.operation);
  const reasons = step.after.map((before) => {
    const edge = plan.edges.find((one) => one.before === before && one.after === step.operation);
    return edge ? `${operationLabel(before)} (${edge.reasons.map(reasonText).join(", ")})` : operationLabel(before);
  });
  return (
    <li className="row">
      <div className="row-main">
        {within && <span className="muted">{inWords(within)} ›</span>}
        {isKnown ? (
          <Link to={paths.operation(step.operation)} className="row-name">{label}</Link>
        ) : (
          <span className="row-name">{label}</span>
        )}
        {run && <StateChip state={run.state} />}
        {run && <Aftermath run={run} />}
        {run?.started_at && <span className="muted number">{took(run.started_at, run.finished_at)}</span>}
        {run && run.attempts > 1 && <span className="muted">{run.attempts} tries</span>}
        {!run && step.stage !== null && <span className="chip chip-plain">{inWords(String(step.stage))}</span>}
        {!run && <Limits step={step} />}
        {run?.problem ? (
          <>
            <p className="row-about field-error">{run.problem.detail ?? run.problem.title ?? "It failed"}</p>
            {run.input && <p className="row-about">Called with {textOf(run.input) || "nothing"}</p>}
          </>
        ) : (
          <p className="row-about">{reasons.length > 0 ? `After ${reasons.join("; ")}` : "Waits for nothing"}</p>
        )}
      </div>
      {!run && (
        <div className="row-side row-inputs">
          {step.bindings.map((binding) => (
            <span key={binding.field}>
              <span className="muted">{fieldLabel(binding.field)}</span> {sourceOf(binding)}
            </span>
          ))}
        </div>
      )}
    </li>
  );
}

/** What became of what a step had done, where that is not what its state says. */
function Aftermath({ run }: { run: StepRun }) {
  return (
    <>
      {run.undone === true && <span className="chip chip-plain">undone</span>}
      {run.undone === false && <span className="chip chip-amber">could not be undone</span>}
      {run.acting && (
        <span className="chip chip-amber" title="It runs in a thread, which nothing can stop.">
          went on after the run
        </span>
      )}
    </>
  );
}

function Limits({ step }: { step: Step }) {
  const limits = [
    step.retries > 0 && (step.retries === 1 ? "1 retry" : `${step.retries} retries`),
    step.timeout !== null && `at most ${step.timeout} s`,
  ].filter(Boolean);
  return limits.length > 0 ? <span className="muted">{limits.join(", ")}</span> : null;
}

function sourceOf(binding: Binding): string {
  if (!binding.step) return "from the parameters";
  return `from ${operationLabel(binding.step)}`;
}
