import { Grid } from "antd";
import { useId, useMemo, useState } from "react";
import { useHref, useNavigate } from "react-router";

import type { FlowPlan, Step } from "@/api/flows";
import type { StepRun, StepState } from "@/api/runs";
import { useCapabilities } from "@/api/useCapabilities";
import { paths } from "@/app/paths";
import { operationLabel } from "@/operations/names";
import { inWords } from "@/schema/labels";

import { reasonText } from "../reasons";
import { NODE, placed } from "./layout";

interface GraphProps {
  plan: FlowPlan;
  /** How the steps of a run fare. */
  steps?: readonly StepRun[];
}

/** So much smaller a graph may be drawn before it is scrolled. */
const SMALLEST = 0.8;

/** The steps of a flow and what has to end before what begins; each step leads to its operation. */
export default function Graph({ plan, steps }: GraphProps) {
  const isWide = Grid.useBreakpoint().md ?? true;
  const layout = useMemo(() => placed(plan, isWide ? "LR" : "TB"), [plan, isWide]);
  const [looked, setLooked] = useState<string | null>(null);
  const arrow = useId();
  const states = new Map(steps?.map((step) => [step.operation, step.state]));
  return (
    // What is wider than the page is scrolled, with the keyboard as well.
    <div className="graph" role="region" aria-label="Graph of the flow" tabIndex={0}>
      <svg
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        style={{ width: "100%", minWidth: layout.width * SMALLEST, maxWidth: layout.width }}
      >
        <defs>
          <marker id={arrow} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0,0.8 L7.2,4 L0,7.2 z" className="graph-arrow" />
          </marker>
        </defs>
        {layout.groups.map((group) => (
          <g key={group.name} className={`graph-group graph-${group.kind}`}>
            <rect x={group.x} y={group.y} width={group.width} height={group.height} rx={10} />
            <text x={group.x + 10} y={group.y + 16}>{inWords(group.name)}</text>
          </g>
        ))}
        {layout.edges.map((edge) => (
          <path
            key={edge.key}
            d={edge.path}
            markerEnd={`url(#${arrow})`}
            className={looked && looked !== edge.before && looked !== edge.after ? "graph-edge dim" : "graph-edge"}
          >
            <title>{`${edge.before} → ${edge.after}: ${edge.reasons.map(reasonText).join(", ")}`}</title>
          </path>
        ))}
        {layout.nodes.map(({ step, x, y }) => (
          <Node
            key={step.operation}
            step={step}
            at={{ x, y }}
            state={states.get(step.operation)}
            onLook={setLooked}
          />
        ))}
      </svg>
    </div>
  );
}

interface NodeProps {
  step: Step;
  at: { x: number; y: number };
  state: StepState | undefined;
  onLook: (operation: string | null) => void;
}

const LONGEST = 20;
const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

function Node({ step, at, state, onLook }: NodeProps) {
  const navigate = useNavigate();
  const path = paths.operation(step.operation);
  const href = useHref(path);
  const isKnown = useCapabilities().data?.operations.some((one) => one.name === step.operation);
  const second = state ? inWords(state) : "";
  const waits = step.after.length > 0 ? `after ${step.after.map(operationLabel).join(", ")}` : "first";
  const label = [operationLabel(step.operation), state && inWords(state), waits].filter(Boolean).join(", ");
  const body = (
    <>
      <title>{step.operation}</title>
      <rect x={at.x} y={at.y} width={NODE.width} height={NODE.height} rx={8} />
      {state && <rect x={at.x} y={at.y + 8} width={4} height={NODE.height - 16} rx={2} className="graph-bar" />}
      <text x={at.x + 16} y={at.y + (second ? 20 : 28)} className="graph-name">
        {cut(operationLabel(step.operation))}
      </text>
      {second && <text x={at.x + 16} y={at.y + 36} className="graph-second">{cut(second)}</text>}
    </>
  );
  const look = {
    onMouseEnter: () => onLook(step.operation),
    onMouseLeave: () => onLook(null),
    onFocus: () => onLook(step.operation),
    onBlur: () => onLook(null),
  };
  const className = `graph-node ${state ? `graph-${state}` : ""}`;
  if (!isKnown) return <g className={className} {...look}>{body}</g>;
  return (
    <a
      href={href}
      aria-label={label}
      className={className}
      {...look}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        void navigate(path);
      }}
    >
      {body}
    </a>
  );
}
