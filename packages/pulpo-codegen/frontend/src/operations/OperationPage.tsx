import { Breadcrumb } from "antd";
import { Link, useParams } from "react-router";

import type { Operation } from "@/api/capabilities";
import { useCapabilities, useOperationDetails } from "@/api/useCapabilities";
import { Loading } from "@/app/Loading";
import { NotFound } from "@/app/NotFound";
import { Page } from "@/app/Page";
import { paths } from "@/app/paths";
import { ProblemView } from "@/app/ProblemView";
import { firstParagraph, inWords } from "@/schema/labels";

import { Models } from "./Models";
import { namespaceOf, operationLabel } from "./names";
import { Workbench } from "./Workbench";

/** One operation: what it does, its form, and what came of it. */
export function OperationPage() {
  const { name = "" } = useParams();
  const operation = useCapabilities().data?.operations.find((one) => one.name === name);
  // Another operation is another page: nothing of the form of this one goes there.
  return operation ? <Known key={name} operation={operation} /> : <NotFound what="operation" />;
}

function Known({ operation }: { operation: Operation }) {
  const details = useOperationDetails(operation.name);
  const flows = useFlowNames();
  if (details.isPending) return <Loading />;
  const title = operationLabel(operation.name);
  return (
    <Page
      title={title}
      above={<Crumbs operation={operation} />}
      about={
        <>
          {firstParagraph(operation.description)}
          <span className="facts">
            <span className="mono">{operation.name}</span>
            <Models reads={operation.reads} writes={operation.writes} />
            {operation.background && <span className="chip chip-blue">In the background</span>}
            {operation.flow && flows.has(operation.flow) && (
              <span>
                <span className="muted">Step of</span>{" "}
                <Link to={paths.flow(operation.flow)}>{inWords(operation.flow)}</Link>
              </span>
            )}
          </span>
        </>
      }
    >
      {details.isError ? (
        <ProblemView error={details.error} retry={() => void details.refetch()} />
      ) : (
        <Workbench operation={operation} details={details.data} />
      )}
    </Page>
  );
}

const useFlowNames = () => new Set(useCapabilities().data?.flows.map((flow) => flow.name));

function Crumbs({ operation }: { operation: Operation }) {
  const within = namespaceOf(operation.name);
  const items = [
    { title: <Link to={paths.operations}>Operations</Link> },
    ...(within ? [{ title: within.split(".").map(inWords).join(" › ") }] : []),
  ];
  return <Breadcrumb items={items} style={{ marginBottom: 6 }} />;
}
