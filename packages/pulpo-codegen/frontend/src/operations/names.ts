import type { Operation } from "@/api/capabilities";
import { inWords } from "@/schema/labels";

/** What an operation is called: "orders.checkout.reserve_stock" is "Reserve stock". */
export const operationLabel = (name: string) => inWords(name.slice(name.lastIndexOf(".") + 1));

/** What stands before the last dot: where an operation belongs. */
export const namespaceOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf(".")));

export interface OperationGroup {
  name: string;
  /** Whether there is a flow of this name, with these as its steps. */
  flow: string | null;
  operations: Operation[];
}

/** Operations by the first part of their names: that is the flow where there is one. */
export function grouped(operations: readonly Operation[]): OperationGroup[] {
  const groups = new Map<string, OperationGroup>();
  for (const operation of operations) {
    const [name = ""] = operation.name.split(".");
    const group = groups.get(name) ?? { name, flow: null, operations: [] };
    group.flow ??= operation.flow;
    group.operations.push(operation);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** Who somebody is, as a history remembers it. */
export const userKey = (user: { kind: string; id: string } | undefined) =>
  `${user?.kind ?? ""}:${user?.id ?? ""}`;
