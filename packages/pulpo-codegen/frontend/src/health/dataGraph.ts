import type { OperationFlow, Use, Verdict } from "./dataFlow";

export const BOX = { width: 200, height: 34 } as const;
const ROW = 48;
const HEAD = 28;
const GAP = 150;
const MARGIN = 8;

interface Placed<T> {
  of: T;
  x: number;
  y: number;
}

export interface DataGraphLayout {
  width: number;
  height: number;
  /** The three columns by where they begin: models read, operations, models written. */
  columns: [number, number, number];
  operations: Placed<OperationFlow>[];
  models: (Placed<string> & { key: string })[];
  edges: { key: string; operation: string; model: string; how: "reads" | "writes"; verdict: Verdict; path: string }[];
}

/** Operations in the middle, what they read on the left, what they write on the right. */
export function dataGraphOf(operations: readonly OperationFlow[]): DataGraphLayout {
  const step = BOX.width + GAP;
  const columns: DataGraphLayout["columns"] = [MARGIN, MARGIN + step, MARGIN + 2 * step];
  const rows = operations.map((of, index) => ({ of, x: columns[1], y: HEAD + index * ROW }));
  const read = column(rows, (flow) => flow.reads, columns[0]);
  const written = column(rows, (flow) => flow.writes, columns[2]);
  const longest = Math.max(rows.length, read.length, written.length);
  const lines = (how: "reads" | "writes", models: Placed<string>[]) =>
    rows.flatMap((row) =>
      row.of[how].map(({ name, verdict }) => {
        const model = models.find((one) => one.of === name) ?? row;
        const [from, to] = how === "reads" ? [model, row] : [row, model];
        return {
          key: `${row.of.operation} ${how} ${name}`,
          operation: row.of.operation,
          model: name,
          how,
          verdict,
          path: curve(from.x + BOX.width, from.y + BOX.height / 2, to.x, to.y + BOX.height / 2),
        };
      }),
    );
  return {
    width: columns[2] + BOX.width + MARGIN,
    height: HEAD + longest * ROW,
    columns,
    operations: rows,
    models: [
      ...read.map((one) => ({ ...one, key: `reads ${one.of}` })),
      ...written.map((one) => ({ ...one, key: `writes ${one.of}` })),
    ],
    edges: [...lines("reads", read), ...lines("writes", written)],
  };
}

/** Models stand beside the operations that use them, as far as there is room. */
function column(rows: Placed<OperationFlow>[], usesOf: (flow: OperationFlow) => Use[], x: number): Placed<string>[] {
  const places = new Map<string, number[]>();
  for (const row of rows) {
    for (const { name } of usesOf(row.of)) places.set(name, [...(places.get(name) ?? []), row.y]);
  }
  const middle = (ys: number[]) => ys.reduce((sum, y) => sum + y, 0) / ys.length;
  const sorted = [...places].map(([of, ys]) => ({ of, x, y: middle(ys) })).sort((a, b) => a.y - b.y);
  // As many have to fit above a place as stand above it, and below it as stand below.
  const end = HEAD + Math.max(rows.length, sorted.length) * ROW;
  let free = HEAD;
  return sorted.map((model, index) => {
    const latest = end - (sorted.length - index) * ROW;
    const y = Math.min(Math.max(model.y, free), latest);
    free = y + ROW;
    return { ...model, y };
  });
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
  const bend = (x2 - x1) / 2;
  return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2 - 3},${y2}`;
}
