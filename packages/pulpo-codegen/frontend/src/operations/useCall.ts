import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";

import type { Operation, OperationDetails } from "@/api/capabilities";
import { documentsOf, type Values } from "@/api/documents";
import { send } from "@/api/http";
import { newKey } from "@/api/keys";
import { Problem } from "@/api/problem";
import type { Run } from "@/api/runs";

import { keepable, remember, type Call } from "./history";

export interface Outcome {
  /** Only the input was checked, and it is fine. */
  isCheck: boolean;
  result: unknown;
  /** The run that goes on, of an operation in the background. */
  run: Run | null;
  took: number;
}

interface Asked {
  /** Null for an operation that takes nothing. */
  input: Values | null;
  isCheck: boolean;
}

const ACCEPTED = 202;
const isUnanswered = (error: unknown) => error instanceof Problem && error.status === 0;

/** Run an operation, or only check its input; what was run is written into this browser's history. */
export function useCall(operation: Operation, details: OperationDetails, user: string) {
  const queries = useQueryClient();
  /** The key of the last request, for as long as nobody knows whether it arrived. */
  const unanswered = useRef({ body: "", key: "" });

  return useMutation({
    mutationFn: async ({ input, isCheck }: Asked): Promise<Outcome> => {
      const body = input ?? undefined;
      const begun = Date.now();
      if (isCheck) {
        await send(operation.path, { method: "POST", body, query: { validate_only: true } });
        return { isCheck, result: undefined, run: null, took: Date.now() - begun };
      }
      const call: Call = {
        id: newKey(),
        operation: operation.name,
        at: begun,
        took: null,
        outcome: "running",
        ...keepable(input ?? {}, details.inputs),
      };
      const text = JSON.stringify(body) ?? "";
      // Sent again after the line was cut, it is done once; run again on purpose, it is done again.
      if (unanswered.current.key === "" || unanswered.current.body !== text) {
        unanswered.current = { body: text, key: newKey() };
      }
      try {
        const answer = await send<unknown>(operation.path, {
          method: "POST",
          body,
          idempotencyKey: unanswered.current.key,
        });
        unanswered.current.key = "";
        const run = operation.background && answer.status === ACCEPTED ? (answer.data as Run) : null;
        const took = Date.now() - begun;
        remember(user, run ? { ...call, run: run.id } : { ...call, took, outcome: "succeeded" });
        return { isCheck, result: answer.data, run, took };
      } catch (error) {
        if (!isUnanswered(error)) unanswered.current.key = "";
        const why = error instanceof Error ? error.message : String(error);
        remember(user, { ...call, took: Date.now() - begun, outcome: "failed", why });
        throw error;
      }
    },
    onSettled: (outcome) => {
      if (outcome?.isCheck) return;
      for (const model of operation.writes) void queries.invalidateQueries(documentsOf(model));
    },
  });
}
