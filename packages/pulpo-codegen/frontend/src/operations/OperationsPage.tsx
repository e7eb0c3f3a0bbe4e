import { SearchOutlined } from "@ant-design/icons";
import { Empty, Input } from "antd";
import { Link, useSearchParams } from "react-router";

import type { Operation } from "@/api/capabilities";
import { useCapabilities } from "@/api/useCapabilities";
import { Page } from "@/app/Page";
import { paths } from "@/app/paths";
import { firstParagraph, inWords } from "@/schema/labels";

import { HistoryList } from "./HistoryList";
import { useHistory } from "./history";
import { Models } from "./Models";
import { grouped, namespaceOf, operationLabel, userKey, type OperationGroup } from "./names";

/** Everything that can be run, by the flow that it belongs to. */
export function OperationsPage() {
  const capabilities = useCapabilities().data;
  const [search, setSearch] = useSearchParams();
  const user = userKey(capabilities?.user);
  const recent = useHistory(user);
  const wanted = search.get("q") ?? "";
  const found = (capabilities?.operations ?? []).filter((operation) => fits(operation, wanted));
  const flows = new Set(capabilities?.flows.map((flow) => flow.name));
  return (
    <Page
      title="Operations"
      about="What this application can do, run with an input of yours."
      actions={
        <Input
          allowClear
          prefix={<SearchOutlined aria-hidden />}
          placeholder="Search operations"
          aria-label="Search operations"
          value={wanted}
          style={{ width: 260, maxWidth: "100%" }}
          onChange={(event) =>
            setSearch(event.target.value ? { q: event.target.value } : {}, { replace: true })
          }
        />
      }
    >
      {grouped(found).map((group) => (
        <Group key={group.name} group={group} isFlow={group.flow !== null && flows.has(group.flow)} />
      ))}
      {found.length === 0 && (
        <Empty description={wanted ? "No operation fits this search." : "There is nothing that you may run."} />
      )}
      {recent.length > 0 && (
        <section aria-labelledby="recent" className="section">
          <h2 id="recent">Run in this browser</h2>
          <HistoryList calls={recent} user={user} named />
        </section>
      )}
    </Page>
  );
}

/** Each word somewhere: in the name, what is said of it, or the models it touches. */
function fits(operation: Operation, wanted: string): boolean {
  const { name, description, reads, writes, tags, category } = operation;
  const text = [name, inWords(name), description, category, ...reads, ...writes, ...tags].join(" ").toLowerCase();
  return wanted.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function Group({ group, isFlow }: { group: OperationGroup; isFlow: boolean }) {
  const id = `group-${group.name}`;
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id}>{inWords(group.name)}</h2>
        {isFlow && group.flow && <Link to={paths.flow(group.flow)}>Flow {inWords(group.flow).toLowerCase()}</Link>}
      </div>
      <ul className="panel rows">
        {group.operations.map((operation) => (
          <Row key={operation.name} operation={operation} group={group.name} />
        ))}
      </ul>
    </section>
  );
}

function Row({ operation, group }: { operation: Operation; group: string }) {
  const within = namespaceOf(operation.name).slice(group.length + 1);
  return (
    <li className="row">
      <div className="row-main">
        <Link to={paths.operation(operation.name)} className="row-name">
          {within && <span className="muted">{inWords(within)} › </span>}
          {operationLabel(operation.name)}
        </Link>
        {operation.background && <span className="chip chip-blue">In the background</span>}
        {operation.description && <p className="row-about">{firstParagraph(operation.description)}</p>}
      </div>
      <div className="row-side">
        <Models reads={operation.reads} writes={operation.writes} />
      </div>
    </li>
  );
}
