import type { RunState, StepState } from "@/api/runs";
import { inWords } from "@/schema/labels";

type State = RunState | StepState | "cancelling";

const COLOURS: Record<State, string> = {
  pending: "plain",
  running: "amber",
  retrying: "amber",
  cancelling: "amber",
  succeeded: "green",
  kept: "teal",
  failed: "red",
  interrupted: "red",
  cancelled: "plain",
};

/** How a run or a step fares, as a word with its colour. */
export function StateChip({ state }: { state: State }) {
  return <span className={`chip chip-${COLOURS[state]}`}>{inWords(state)}</span>;
}
