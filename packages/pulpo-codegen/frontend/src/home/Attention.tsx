import CheckCircleOutlined from "@ant-design/icons-svg/es/asn/CheckCircleOutlined";
import type { ReactNode } from "react";
import { Link } from "react-router";

import type { Run } from "@/api/runs";
import { paths } from "@/app/paths";
import { ProblemView } from "@/app/ProblemView";
import { Section } from "@/app/Section";
import { Icon } from "@/controls/Icon";
import { Skeleton } from "@/controls/Skeleton";
import { inWords } from "@/schema/labels";

import { Ago } from "./Ago";
import { useFailures } from "./failures";

/** What has failed, before everything else. */
export function Attention() {
  const { isPending, error, runs, exceptions, routes, isMeasured } = useFailures();
  const isQuiet = runs.length + exceptions.length + routes.length === 0;
  const about = isMeasured ? undefined : "Exceptions and server errors are shown on the server's own machine.";
  return (
    <Section title="Needs attention" about={about}>
      {error !== null && <div className="home-problem"><ProblemView error={error} /></div>}
      {isPending && <div className="block-empty"><Skeleton lines={2} /></div>}
      {!isPending && error === null && isQuiet && (
        <p className="block-empty home-quiet"><Icon of={CheckCircleOutlined} /> Nothing has failed.</p>
      )}
      <ul className="home-list">
        {runs.map(({ newest, reason, count }) => (
          <Failure
            key={newest.id}
            chip={`${count} × failed run`}
            to={placeOf(newest)}
            what={nameOf(newest)}
            why={reason}
            at={newest.finished_at ?? newest.created_at}
          />
        ))}
        {exceptions.map(({ type, place, count, last_seen }) => (
          <Failure key={`${type} ${place}`} chip={`${count} × exception`} to={paths.monitor} what={type} why={place} at={last_seen} />
        ))}
        {routes.map(({ method, route, count, server_errors }) => (
          <Failure
            key={`${method} ${route}`}
            chip={`${server_errors} × 5xx`}
            to={paths.monitor}
            what={`${method} ${route}`}
            why={`${server_errors} of ${count} requests failed since the start`}
          />
        ))}
      </ul>
    </Section>
  );
}

function Failure(props: { chip: string; to: string; what: string; why: ReactNode; at?: string }) {
  return (
    <li>
      <span className="chip chip-red number">{props.chip}</span>
      <Link to={props.to}>{props.what}</Link>
      <span className="home-why muted">{props.why}</span>
      {props.at && <Ago at={props.at} />}
    </li>
  );
}

const nameOf = (run: Run) => (run.flow === null ? (run.operation ?? run.id) : inWords(run.flow));

const placeOf = (run: Run) =>
  run.flow === null ? paths.operation(run.operation ?? "") : paths.flowRun(run.flow, run.id);
