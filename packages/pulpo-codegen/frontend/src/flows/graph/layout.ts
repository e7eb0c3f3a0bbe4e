import dagre from "@dagrejs/dagre";

import type { FlowPlan, Step } from "@/api/flows";

export interface Placed {
  width: number;
  height: number;
  nodes: { step: Step; x: number; y: number }[];
  edges: { key: string; before: string; after: string; reasons: string[]; path: string }[];
  /** Stages, or parts of the flow, around their steps. */
  groups: { name: string; kind: "stage" | "subflow"; x: number; y: number; width: number; height: number }[];
}

export const NODE = { width: 164, height: 46 } as const;
/** Room for the name of a group over its steps. */
const HEAD = 10;

/** Where each step of a flow stands: dagre's layers, with the stages or subflows as boxes. */
export function placed(plan: FlowPlan, direction: "LR" | "TB"): Placed {
  const graph = new dagre.graphlib.Graph({ compound: true });
  graph.setGraph({ rankdir: direction, nodesep: 24, ranksep: 46, marginx: 12, marginy: 18 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const step of plan.steps) graph.setNode(step.operation, { ...NODE });
  const groups = groupsOf(plan);
  for (const group of groups) {
    graph.setNode(group.key, {});
    if (group.parent) graph.setParent(group.key, group.parent);
    for (const member of group.members) graph.setParent(member, group.key);
  }
  for (const edge of plan.edges) graph.setEdge(edge.before, edge.after);
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const centre = (operation: string): Point => {
    const { x = 0, y = 0 } = graph.node(operation);
    return { x, y };
  };
  return {
    width,
    height,
    nodes: plan.steps.map((step) => {
      const { x, y } = centre(step.operation);
      return { step, x: x - NODE.width / 2, y: y - NODE.height / 2 };
    }),
    edges: plan.edges.map(({ before, after, reasons }) => ({
      key: `${before} ${after}`,
      before,
      after,
      reasons,
      path: path(centre(before), centre(after), graph.edge(before, after).points ?? [], direction),
    })),
    groups: groups.map(({ key, name, kind }) => {
      const at = graph.node(key);
      const [w, h] = [at.width ?? 0, (at.height ?? 0) + HEAD];
      return { name, kind, width: w, height: h, x: (at.x ?? 0) - w / 2, y: (at.y ?? 0) - h / 2 - HEAD / 2 };
    }),
  };
}

interface Grouping {
  key: string;
  name: string;
  kind: "stage" | "subflow";
  parent?: string;
  members: string[];
}

/** A flow with stages is drawn by them; one without by its subflows, inner ones within outer ones. */
function groupsOf(plan: FlowPlan): Grouping[] {
  if (plan.stages.length > 0) {
    return plan.stages.map((stage) => ({
      key: `stage ${stage}`,
      name: `Stage ${stage}`,
      kind: "stage",
      members: plan.steps.filter((step) => step.stage === stage).map((step) => step.operation),
    }));
  }
  const innermost = (name: string) =>
    plan.subflows
      .filter((one) => name.startsWith(`${one}.`))
      .reduce<string | undefined>((best, one) => (best && best.length > one.length ? best : one), undefined);
  const keyOf = (subflow: string | undefined) => subflow && `subflow ${subflow}`;
  return plan.subflows.map((subflow) => ({
    key: `subflow ${subflow}`,
    name: subflow.slice(plan.name.length + 1),
    kind: "subflow",
    parent: keyOf(innermost(subflow)),
    members: plan.steps.filter((step) => innermost(step.operation) === subflow).map((step) => step.operation),
  }));
}

type Point = { x: number; y: number };

/** A line from the side of one step to the side of another, through the points that dagre found. */
function path(from: Point, to: Point, found: Point[], direction: "LR" | "TB"): string {
  const sideways = direction === "LR";
  const side = (node: Point, sign: 1 | -1): Point => ({
    x: node.x + (sideways ? (sign * NODE.width) / 2 : 0),
    y: node.y + (sideways ? 0 : (sign * NODE.height) / 2),
  });
  const between = found.slice(1, -1);
  // A step of the next layer is reached without a bend between.
  const points = [side(from, 1), ...(between.length > 3 ? between : []), side(to, -1)];
  return points
    .map((point, index) => {
      const last = points[index - 1];
      if (!last) return `M${point.x},${point.y}`;
      // Each part leaves and arrives in the direction that the flow runs in.
      const half = sideways ? (last.x + point.x) / 2 : (last.y + point.y) / 2;
      const bends = sideways ? `${half},${last.y} ${half},${point.y}` : `${last.x},${half} ${point.x},${half}`;
      return `C${bends} ${point.x},${point.y}`;
    })
    .join(" ");
}
