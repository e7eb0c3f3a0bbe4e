import type { Statistics } from "@/api/selfaware";
import { moment } from "@/values/time";

import { compact, digits, duration, percent } from "./numbers";
import { rateNow, type Point } from "./points";

/** The numbers that say at a glance how it goes. */
export function Tiles({ requests, points }: { requests: Statistics["requests"]; points: Point[] }) {
  const { total } = requests;
  const since = moment(new Date(requests.since * 1000).toISOString());
  return (
    <dl className="tiles">
      <Tile name="Requests per second" value={digits(rateNow(points))} about="in the last minute" />
      <Tile name="Requests" value={compact(total.count)} about={`since ${since.format("YYYY-MM-DD HH:mm")}`} />
      <Tile
        name="Server errors"
        value={compact(total.server_errors)}
        about={`${percent(total.server_errors, total.count)} of all`}
        isBad={total.server_errors > 0}
      />
      <Tile
        name="Refused"
        value={compact(total.client_errors)}
        about={`${percent(total.client_errors, total.count)} of all, 4xx`}
      />
      <Tile name="Latency, p95" value={duration(total.p95_ms)} about={`p50 ${duration(total.p50_ms)}, p99 ${duration(total.p99_ms)}`} />
      <Tile name="In flight" value={compact(total.in_flight)} about={`${compact(total.slow)} slow so far`} />
    </dl>
  );
}

function Tile(props: { name: string; value: string; about: string; isBad?: boolean }) {
  return (
    <div className="panel tile">
      <dt>{props.name}</dt>
      <dd className={props.isBad ? "tile-value number bad" : "tile-value number"}>{props.value}</dd>
      <dd className="muted number">{props.about}</dd>
    </div>
  );
}
