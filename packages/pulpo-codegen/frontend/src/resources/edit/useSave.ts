import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";

import type { Model } from "@/api/capabilities";
import { documentPath, documentsOf, readDocument, type Stored, type Values } from "@/api/documents";
import { send } from "@/api/http";
import { Problem } from "@/api/problem";

import { isBeyondPatch, merge, patchOf, type Merged } from "./merging";

const STALE = 412;
/** Somebody who changes a document that often wins: the form says so then. */
const TRIES = 5;

/** Two changes of one document that do not fit together. */
export interface OpenConflict extends Merged {
  /** What is stored now, which the choice is made against. */
  current: Stored;
}

interface SaveOptions {
  /** The part of a stored document that the form has. */
  readable: (values: Values) => Values;
  /** All that replaces a stored document, of the part that the form has. */
  whole: (values: Values) => Values;
  /** Called once it is saved, with the fields that somebody else had changed meanwhile. */
  done: (taken: string[][]) => void;
}

type Outcome = { taken: string[][] } | { conflict: OpenConflict };

/**
 * Save what a form made of a document. The change is meant for the revision that was read: where
 * there is another one, changes of other fields are merged, and of the same fields asked about.
 */
export function useSave(model: Model, id: string, opened: Stored, options: SaveOptions) {
  const queries = useQueryClient();
  const base = useRef(opened);
  const [conflict, setConflict] = useState<OpenConflict | null>(null);

  const write = (from: Stored, to: Values) =>
    send(documentPath(model, id), {
      ...(isBeyondPatch(from.values, to)
        ? { method: "PUT", body: options.whole(to) }
        : { method: "PATCH", body: patchOf(from.values, to) }),
      ifMatch: from.etag,
    });

  const mutation = useMutation({
    mutationFn: async (mine: Values): Promise<Outcome> => {
      let [from, wanted] = [base.current, mine];
      const taken: string[][] = [];
      for (let tries = 0; ; tries += 1) {
        try {
          await write(from, wanted);
          return { taken };
        } catch (error) {
          const isStale = error instanceof Problem && error.status === STALE && tries < TRIES;
          if (!isStale) throw error;
        }
        const read = await readDocument(model, id);
        const current = { values: options.readable(read.values), etag: read.etag };
        const merged = merge(from.values, wanted, current.values);
        if (merged.conflicts.length > 0) return { conflict: { ...merged, current } };
        taken.push(...merged.taken);
        [from, wanted] = [current, merged.values];
      }
    },
    onSuccess: (outcome) => {
      if ("conflict" in outcome) {
        setConflict(outcome.conflict);
        return;
      }
      void queries.invalidateQueries(documentsOf(model.name));
      options.done(outcome.taken);
    },
  });
  return {
    start: mutation.mutate,
    isPending: mutation.isPending,
    error: mutation.error,
    conflict,
    /** Save what was chosen, as a change of what is stored now. */
    resolve: (values: Values) => {
      if (conflict) base.current = conflict.current;
      setConflict(null);
      mutation.mutate(values);
    },
    /** Go back to the form, which keeps what was entered. */
    giveUp: () => setConflict(null),
  };
}
