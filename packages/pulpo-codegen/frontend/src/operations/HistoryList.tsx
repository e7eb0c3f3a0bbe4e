import { Button, Popconfirm } from "antd";
import { Link } from "react-router";

import { useCapabilities } from "@/api/useCapabilities";
import { paths } from "@/app/paths";
import { durationText } from "@/runs/durations";
import { StateChip } from "@/runs/StateChip";
import { textOf } from "@/values/text";
import { dateTimeText } from "@/values/time";

import { forgetAll, type Call } from "./history";
import { operationLabel } from "./names";

interface HistoryListProps {
  calls: Call[];
  user: string;
  /** Whether these are of several operations, and each is called by its name. */
  named?: boolean;
  /** Put an input into the form that is on this page. */
  onAgain?: (call: Call) => void;
}

const SHOWN = 10;

/** What was run here, each to be run again. */
export function HistoryList({ calls, user, named = false, onAgain }: HistoryListProps) {
  const known = useCapabilities().data?.operations ?? [];
  const mine = calls.filter((call) => known.some((one) => one.name === call.operation)).slice(0, SHOWN);
  return (
    <div className="panel">
      <ul className="rows">
        {mine.map((call) => (
          <li key={call.id} className="row">
            <div className="row-main">
              {named ? (
                <Link to={paths.operation(call.operation)} className="row-name">
                  {operationLabel(call.operation)}
                </Link>
              ) : (
                <time className="number" dateTime={new Date(call.at).toISOString()}>{timeOf(call)}</time>
              )}
              {call.run ? <RunLink call={call} /> : <StateChip state={call.outcome} />}
              {call.took !== null && <span className="muted number">{durationText(call.took)}</span>}
              <p className="row-about row-short">{call.why ?? summary(call)}</p>
            </div>
            <div className="row-side">
              {named && <span className="muted number">{timeOf(call)}</span>}
              {onAgain ? (
                <Button size="small" onClick={() => onAgain(call)}>Use again</Button>
              ) : (
                <Link to={paths.operation(call.operation)} state={{ again: call.id }}>
                  <Button size="small" tabIndex={-1}>Run again</Button>
                </Link>
              )}
            </div>
          </li>
        ))}
      </ul>
      <div className="table-foot">
        <span className="muted">Kept in this browser, without secrets.</span>
        <span className="spacer" />
        <Popconfirm
          title="Forget these?"
          okText="Forget"
          onConfirm={() => forgetAll(user, named ? undefined : mine[0]?.operation)}
        >
          <Button size="small" type="text">Forget</Button>
        </Popconfirm>
      </div>
    </div>
  );
}

const timeOf = (call: Call) => dateTimeText(new Date(call.at).toISOString());

function RunLink({ call }: { call: Call }) {
  return (
    <Link to={`${paths.operation(call.operation)}?run=${encodeURIComponent(call.run ?? "")}`}>
      {call.outcome === "running" ? "The run" : <StateChip state={call.outcome} />}
    </Link>
  );
}

function summary(call: Call): string {
  if (call.input === null) return "The input was too long to keep.";
  const text = textOf(call.input) || "No input";
  return call.hidden.length > 0 ? `${text} (without ${call.hidden.join(", ")})` : text;
}
