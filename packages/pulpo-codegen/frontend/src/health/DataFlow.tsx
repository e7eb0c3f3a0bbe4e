import { CheckOutlined, WarningOutlined } from "@ant-design/icons";
import { Link } from "react-router";

import { useCapabilities } from "@/api/capabilities";
import type { Statistics } from "@/api/selfaware";
import { paths } from "@/app/paths";
import { Section } from "@/app/Section";

import { dataFlowOf, type Use, type Verdict } from "./dataFlow";
import { compact, duration } from "./numbers";

const CHIPS: Record<Verdict, { chip: string; words: string }> = {
  used: { chip: "green", words: "declared and seen" },
  unseen: { chip: "plain", words: "declared, not seen yet" },
  undeclared: { chip: "amber", words: "seen, not declared" },
};

/** What operations declare that they read and write, against what they did. */
export function DataFlow({ access }: { access: Statistics["data_access"] }) {
  const capabilities = useCapabilities().data;
  const flows = capabilities ? dataFlowOf(capabilities, access) : [];
  const quiet = (capabilities?.operations.length ?? 0) - flows.length;
  return (
    <Section
      title="Data flow"
      about="What operations declare in models_in and models_out, against what they really read and wrote."
      empty={flows.length === 0 && "No operation has used the database since the start."}
    >
      <div className="scroll">
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
      <p className="block-foot muted">
        {Object.entries(CHIPS).map(([verdict, { words }]) => (
          <span key={verdict} className="legend-entry"><Chip verdict={verdict as Verdict}>{words}</Chip></span>
        ))}
        {quiet > 0 && <span>{quiet === 1 ? "One other operation has" : `${quiet} other operations have`} not used the database since the start.</span>}
      </p>
    </Section>
  );
}

function Uses({ uses }: { uses: Use[] }) {
  if (uses.length === 0) return <span className="muted" aria-label="nothing">–</span>;
  return (
    <span className="chips">
      {uses.map(({ name, verdict }) => (
        <Chip key={name} verdict={verdict}>
          {name}
          <span className="visually-hidden"> ({CHIPS[verdict].words})</span>
        </Chip>
      ))}
    </span>
  );
}

function Chip({ verdict, children }: { verdict: Verdict; children: React.ReactNode }) {
  return (
    <span className={`chip chip-${CHIPS[verdict].chip}`} title={CHIPS[verdict].words}>
      {verdict === "used" && <CheckOutlined aria-hidden />}
      {verdict === "undeclared" && <WarningOutlined aria-hidden />}
      {verdict !== "unseen" && " "}
      {children}
    </span>
  );
}
