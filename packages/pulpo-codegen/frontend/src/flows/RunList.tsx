import { Link } from "react-router";

import type { Run } from "@/api/runs";
import { paths } from "@/app/paths";
import { took } from "@/runs/durations";
import { StateChip } from "@/runs/StateChip";
import { inWords } from "@/schema/labels";
import { textOf } from "@/values/text";
import { dateTimeText } from "@/values/time";

/** Runs of flows, the newest first. */
export function RunList({ runs, named = false }: { runs: Run[]; named?: boolean }) {
  return (
    <ul className="panel rows">
      {runs.map((run) => (
        <li key={run.id} className="row">
          <div className="row-main">
            <Link to={paths.flowRun(run.flow ?? "", run.id)} className="row-name">
              {named && `${inWords(run.flow ?? "")}, `}
              <time className="number" dateTime={run.created_at}>{dateTimeText(run.created_at)}</time>
            </Link>
            <StateChip state={run.cancelling ? "cancelling" : run.state} />
            <span className="muted number">{took(run.created_at, run.finished_at)}</span>
            <p className="row-about row-short">{why(run) ?? (textOf(run.parameters) || "No parameters")}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

const why = (run: Run) => run.problem?.detail ?? run.problem?.title;
