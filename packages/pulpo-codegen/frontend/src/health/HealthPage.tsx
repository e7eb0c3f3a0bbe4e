import { PauseOutlined, CaretRightOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useMemo, useState } from "react";

import { useCapabilities } from "@/api/useCapabilities";
import { isClosed, useStatistics, type Statistics } from "@/api/selfaware";
import { Loading } from "@/app/Loading";
import { Page } from "@/app/Page";
import { ProblemView } from "@/app/ProblemView";

import { Closed } from "./Closed";
import { DataFlow } from "./DataFlow";
import { EventStream } from "./EventStream";
import { ExceptionGroups } from "./ExceptionGroups";
import { LineChart, type Series } from "./LineChart";
import { pointsOf } from "./points";
import { RouteTable } from "./RouteTable";
import { Tiles } from "./Tiles";

import "./health.css";

const RATE: Series[] = [{ of: "rate", name: "all", tone: "accent", filled: true }];
const ERRORS: Series[] = [
  { of: "client", name: "4xx", tone: "warn" },
  { of: "server", name: "5xx", tone: "bad", filled: true },
];
const LATENCY: Series[] = [
  { of: "p50", name: "p50", tone: "good" },
  { of: "p95", name: "p95", tone: "accent" },
  { of: "p99", name: "p99", tone: "warn" },
];

/** How the application does: requests, errors, exceptions, events, and what operations touch. */
export function HealthPage() {
  const [live, setLive] = useState(true);
  const isOpen = useCapabilities().data?.health ?? false;
  const statistics = useStatistics({ live, enabled: isOpen });
  if (!isOpen || isClosed(statistics.error)) return <Page title="Health"><Closed /></Page>;
  if (statistics.isPending) return <Loading />;
  return (
    <Page
      title="Health"
      about="Of the process that answered, since it began; it is brought up to date every two seconds."
      actions={
        <Button icon={live ? <PauseOutlined /> : <CaretRightOutlined />} onClick={() => setLive(!live)}>
          {live ? "Pause" : "Go on"}
        </Button>
      }
    >
      {statistics.isError && (
        <div className="health-problem">
          <ProblemView error={statistics.error} retry={() => void statistics.refetch()} />
        </div>
      )}
      {statistics.data && <Measured statistics={statistics.data} live={live} />}
    </Page>
  );
}

function Measured({ statistics, live }: { statistics: Statistics; live: boolean }) {
  const { requests } = statistics;
  const points = useMemo(() => pointsOf(requests), [requests]);
  return (
    <div className="health">
      <Tiles requests={requests} points={points} />
      <div className="charts">
        <LineChart title="Requests" unit="per second" series={RATE} points={points} />
        <LineChart title="Errors" unit="per second" series={ERRORS} points={points} />
        <LineChart title="Latency" unit="ms" series={LATENCY} points={points} />
      </div>
      <ExceptionGroups groups={statistics.exceptions} />
      <RouteTable routes={requests.routes} />
      <DataFlow access={statistics.data_access} />
      <EventStream live={live} />
    </div>
  );
}
