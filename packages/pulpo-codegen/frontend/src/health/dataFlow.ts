import type { Capabilities } from "@/api/capabilities";
import type { Statistics } from "@/api/selfaware";
import { inWords } from "@/schema/labels";

/** `used`: declared and seen. `unseen`: declared only. `undeclared`: seen only. */
export type Verdict = "used" | "unseen" | "undeclared";

export const VERDICT_WORDS: Record<Verdict, string> = {
  used: "declared and seen",
  unseen: "declared, not seen yet",
  undeclared: "seen, not declared",
};

export interface Use {
  /** What is read or written: a model, or a collection that no model here has. */
  name: string;
  verdict: Verdict;
}

export interface OperationFlow {
  operation: string;
  /** The flow that it is a step of. */
  flow: string | null;
  reads: Use[];
  writes: Use[];
  commands: number;
  ms: number;
  differs: boolean;
  /** Whether it used the database since the start. */
  ran: boolean;
}

/** What each operation said it would read and write, and what it did; those that differ come first. */
export function dataFlowOf(capabilities: Capabilities, access: Statistics["data_access"]): OperationFlow[] {
  const byCollection = new Map(capabilities.models.map((model) => [model.collection, model.name]));
  const found = capabilities.operations.map((operation): OperationFlow => {
    const seen = Object.entries(access[operation.name] ?? {});
    const named = (which: "reads" | "writes") =>
      seen.filter(([, use]) => use[which] > 0).map(([name]) => byCollection.get(name) ?? name);
    const reads = usesOf(operation.reads, named("reads"));
    const writes = usesOf(operation.writes, named("writes"));
    return {
      operation: operation.name,
      flow: operation.flow,
      reads,
      writes,
      commands: seen.reduce((sum, [, use]) => sum + use.reads + use.writes, 0),
      ms: seen.reduce((sum, [, use]) => sum + use.total_ms, 0),
      differs: [...reads, ...writes].some((use) => use.verdict === "undeclared"),
      ran: seen.length > 0,
    };
  });
  return found.sort(
    (a, b) => Number(b.differs) - Number(a.differs) || a.operation.localeCompare(b.operation),
  );
}

function usesOf(declared: string[], seen: string[]): Use[] {
  const undeclared = seen.filter((name) => !declared.includes(name));
  return [
    ...undeclared.map((name): Use => ({ name: inWords(name), verdict: "undeclared" })),
    ...declared.map((name): Use => ({ name: inWords(name), verdict: seen.includes(name) ? "used" : "unseen" })),
  ];
}
