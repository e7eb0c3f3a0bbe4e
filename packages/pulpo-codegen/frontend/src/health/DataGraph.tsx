import { useId, useMemo, useState } from "react";
import { Link } from "react-router";

import { paths } from "@/app/paths";
import { operationLabel } from "@/operations/names";

import { VERDICT_WORDS, type OperationFlow, type Use, type Verdict } from "./dataFlow";
import { BOX, dataGraphOf } from "./dataGraph";

const LONGEST = 25;
const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
const VERDICTS: Verdict[] = ["used", "unseen", "undeclared"];

/**
 * What operations read and write as a graph: each line says whether it was declared and whether it
 * was seen. The table of the page says the same in words, `describedBy` is its id.
 */
export function DataGraph({ operations, describedBy }: { operations: OperationFlow[]; describedBy: string }) {
  const graph = useMemo(() => dataGraphOf(operations), [operations]);
  const [looked, setLooked] = useState<string | null>(null);
  const arrow = useId();
  const look = (name: string) => ({
    onMouseEnter: () => setLooked(name),
    onMouseLeave: () => setLooked(null),
    onFocus: () => setLooked(name),
    onBlur: () => setLooked(null),
  });
  return (
    <div className="graph" role="region" aria-label="Data flow as a graph" aria-describedby={describedBy} tabIndex={0}>
      <svg viewBox={`0 0 ${graph.width} ${graph.height}`} style={{ width: "100%", minWidth: 640, maxWidth: graph.width }}>
        <defs>
          {VERDICTS.map((verdict) => (
            <marker key={verdict} id={arrow + verdict} viewBox="0 0 8 8" refX="5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
              <path d="M0,0.8 L7.2,4 L0,7.2 z" className={`data-arrow-${verdict}`} />
            </marker>
          ))}
        </defs>
        {["Reads", "Operation", "Writes"].map((title, index) => (
          <text key={title} x={(graph.columns[index] ?? 0) + 2} y={14} className="data-head">{title}</text>
        ))}
        {graph.edges.map((edge) => {
          const isDim = looked !== null && looked !== edge.operation && looked !== edge.model;
          return (
            <path
              key={edge.key}
              d={edge.path}
              markerEnd={`url(#${arrow}${edge.verdict})`}
              className={`graph-edge data-${edge.verdict}${isDim ? " dim" : ""}`}
            >
              <title>{`${edge.operation} ${edge.how} ${edge.model}: ${VERDICT_WORDS[edge.verdict]}`}</title>
            </path>
          );
        })}
        {graph.models.map(({ key, of, x, y }) => (
          <g key={key} className="graph-node data-model" {...look(of)}>
            <title>{of}</title>
            <rect x={x} y={y} width={BOX.width} height={BOX.height} rx={17} />
            <text x={x + 16} y={y + 22}>{cut(of)}</text>
          </g>
        ))}
        {graph.operations.map(({ of, x, y }) => (
          <Link
            key={of.operation}
            to={paths.operation(of.operation)}
            className="graph-node"
            aria-label={`${operationLabel(of.operation)}. ${said("Reads", of.reads)} ${said("Writes", of.writes)}`}
            {...look(of.operation)}
          >
            <title>{of.operation}</title>
            <rect x={x} y={y} width={BOX.width} height={BOX.height} rx={8} />
            <text x={x + 14} y={y + 22} className="graph-name">{cut(operationLabel(of.operation))}</text>
          </Link>
        ))}
      </svg>
    </div>
  );
}

const said = (verb: string, uses: Use[]) =>
  `${verb} ${uses.map(({ name, verdict }) => `${name} (${VERDICT_WORDS[verdict]})`).join(", ") || "nothing"}.`;

/** How the lines of the graph are drawn, by what they mean. */
export function DataGraphLegend() {
  return VERDICTS.map((verdict) => (
    <span key={verdict} className="legend-entry data-legend">
      <svg width="34" height="10" aria-hidden>
        <path d="M1,5 H33" className={`graph-edge data-${verdict}`} />
      </svg>
      {VERDICT_WORDS[verdict]}
    </span>
  ));
}
