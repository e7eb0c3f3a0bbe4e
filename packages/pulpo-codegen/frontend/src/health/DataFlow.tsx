import { CheckOutlined, WarningOutlined } from "@ant-design/icons";
import { Select } from "antd";
import { useId, useMemo, useState } from "react";
import { Link } from "react-router";

import { useCapabilities } from "@/api/useCapabilities";
import type { Statistics } from "@/api/selfaware";
import { paths } from "@/app/paths";
import { Section } from "@/app/Section";
import { inWords } from "@/schema/labels";

import { dataFlowOf, VERDICT_WORDS, type OperationFlow, type Use, type Verdict } from "./dataFlow";
import { DataGraph, DataGraphLegend } from "./DataGraph";
import { compact, duration } from "./numbers";

const CHIPS: Record<Verdict, string> = { used: "green", unseen: "plain", undeclared: "amber" };
const ALL = "";

/** What operations declare that they read and write, against what they did. */
export function DataFlow({ access }: { access: Statistics["data_access"] }) {
  const capabilities = useCapabilities().data;
  const every = useMemo(() => (capabilities ? dataFlowOf(capabilities, access) : []), [capabilities, access]);
  const [asked, setAsked] = useState<string>();
  const table = useId();
  const ran = every.filter((one) => one.ran);
  const quiet = every.length - ran.length;
  // Where something differs, or happens, before where nothing does.
  const flow = asked ?? ran.find((one) => one.flow !== null)?.flow ?? every.find((one) => one.flow !== null)?.flow ?? ALL;
  const shown = useMemo(() => every.filter((one) => isOf(one, flow)), [every, flow]);
  const flows = [...new Set(every.flatMap((one) => one.flow ?? []))].sort();
  return (
    <Section
      title="Data flow"
      about="What operations declare in models_in and models_out, against what they really read and wrote."
      actions={
        every.length > 0 && (
          <Select
            aria-label="Which operations the graph shows"
            value={flow}
            onChange={setAsked}
            popupMatchSelectWidth={false}
            options={[
              ...flows.map((name) => ({ value: name, label: `Flow ${inWords(name)}` })),
              { value: ALL, label: "All operations" },
            ]}
          />
        )
      }
      empty={every.length === 0 && "There is no operation that you may run."}
    >
      {shown.length > 0 && <DataGraph operations={shown} describedBy={table} />}
      <p className="block-foot muted"><DataGraphLegend /></p>
      <Table id={table} flows={ran} />
      {quiet > 0 && (
        <p className="block-foot muted">
          {quiet === 1 ? "One operation has" : `${quiet} operations have`} not used the database since the start.
        </p>
      )}
    </Section>
  );
}

/** Operations that touch nothing have no lines. */
const isOf = (one: OperationFlow, flow: string) =>
  (flow === ALL || one.flow === flow) && one.reads.length + one.writes.length > 0;

function Table({ id, flows }: { id: string; flows: OperationFlow[] }) {
  if (flows.length === 0) return <p id={id} className="block-empty muted">No operation has used the database since the start.</p>;
  return (
    <div className="scroll" id={id}>
      <table className="measures">
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col">Reads</th>
            <th scope="col">Writes</th>
            <th scope="col" className="right">Commands</th>
            <th scope="col" className="right">Time</th>
          </tr>
        </thead>
        <tbody>
          {flows.map((flow) => (
            <tr key={flow.operation}>
              <th scope="row" className="mono"><Link to={paths.operation(flow.operation)}>{flow.operation}</Link></th>
              <td><Uses uses={flow.reads} /></td>
              <td><Uses uses={flow.writes} /></td>
              <td className="right number">{compact(flow.commands)}</td>
              <td className="right number nowrap">{duration(flow.ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Uses({ uses }: { uses: Use[] }) {
  if (uses.length === 0) return <span className="muted" aria-label="nothing">–</span>;
  return (
    <span className="chips">
      {uses.map(({ name, verdict }) => (
        <span key={name} className={`chip chip-${CHIPS[verdict]}`} title={VERDICT_WORDS[verdict]}>
          {verdict === "used" && <CheckOutlined aria-hidden />}
          {verdict === "undeclared" && <WarningOutlined aria-hidden />}
          {verdict !== "unseen" && " "}
          {name}
          <span className="visually-hidden"> ({VERDICT_WORDS[verdict]})</span>
        </span>
      ))}
    </span>
  );
}
