import { useSyncExternalStore } from "react";

import type { Values } from "@/api/documents";
import { isSecret } from "@/schema/kinds";
import { withoutNull } from "@/schema/resolve";
import type { JsonSchema } from "@/schema/types";

/** One time that an operation was run here. */
export interface Call {
  id: string;
  operation: string;
  /** When, in milliseconds since 1970. */
  at: number;
  took: number | null;
  outcome: "running" | "succeeded" | "failed";
  /** What it was called with, but for what is secret; null where that was too much to keep. */
  input: Values | null;
  /** Names of fields that were left out because they are secret. */
  hidden: string[];
  /** Why it failed. */
  why?: string;
  /** The run of one that goes on in the background. */
  run?: string;
}

const KEY = "pulpo.history";
const MOST = 50;
/** Characters of one input as JSON: a browser keeps some five million for all pages together. */
const LONGEST = 8_000;

const listeners = new Set<() => void>();
const parsed: { text: string | null; calls: Call[] } = { text: null, calls: [] };

/** The history of one user of this browser: others who use it have their own. */
const keyOf = (user: string) => `${KEY}.${user}`;

function read(user: string): Call[] {
  const text = localStorage.getItem(keyOf(user));
  if (text !== parsed.text) {
    parsed.text = text;
    parsed.calls = callsOf(text);
  }
  return parsed.calls;
}

/** What another version wrote, or somebody changed, is no history. */
function callsOf(text: string | null): Call[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one?.operation === "string") : [];
  } catch {
    return [];
  }
}

function write(user: string, calls: Call[]): void {
  try {
    localStorage.setItem(keyOf(user), JSON.stringify(calls.slice(0, MOST)));
  } catch {
    // The browser keeps no more: half as much is better than none.
    localStorage.setItem(keyOf(user), JSON.stringify(calls.slice(0, MOST / 2).map((c) => ({ ...c, input: null }))));
  }
  for (const listener of listeners) listener();
}

/** Write a call down, or what became of it. */
export function remember(user: string, call: Call): void {
  write(user, [call, ...read(user).filter((one) => one.id !== call.id)]);
}

export function forgetAll(user: string, operation?: string): void {
  write(user, operation ? read(user).filter((one) => one.operation !== operation) : []);
}

/** What was run in this browser, the newest first. */
export function useHistory(user: string, operation?: string): Call[] {
  const calls = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      window.addEventListener("storage", listener);
      return () => {
        listeners.delete(listener);
        window.removeEventListener("storage", listener);
      };
    },
    () => read(user),
  );
  return operation ? calls.filter((call) => call.operation === operation) : calls;
}

/** An input as it may be kept: without secrets at any depth, and not too long. */
export function keepable(input: Values, schema: JsonSchema | null): Pick<Call, "input" | "hidden"> {
  const hidden: string[] = [];
  const kept = without(input, schema ?? {}, schema ?? {}, "", hidden) as Values;
  return { input: JSON.stringify(kept).length > LONGEST ? null : kept, hidden };
}

function without(value: unknown, given: JsonSchema, root: JsonSchema, place: string, hidden: string[]): unknown {
  const { schema } = withoutNull(given, root);
  if (Array.isArray(value)) {
    return value.map((item) => without(item, schema.items ?? {}, root, place, hidden));
  }
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).flatMap(([name, item]) => {
    const field = withoutNull(fieldOf(schema, name, root), root).schema;
    const here = place === "" ? name : `${place}.${name}`;
    if (isSecret(field, name)) {
      if (!hidden.includes(here)) hidden.push(here);
      return [];
    }
    return [[name, without(item, field, root, here, hidden)]];
  });
  return Object.fromEntries(kept);
}

/** The schema of a field, of whichever of several shapes has it; a secret counts first. */
function fieldOf(schema: JsonSchema, name: string, root: JsonSchema): JsonSchema {
  const shapes = [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const found = shapes.flatMap((shape): JsonSchema[] => {
    const field = withoutNull(shape, root).schema.properties?.[name];
    return field ? [field] : [];
  });
  return found.find((one) => isSecret(withoutNull(one, root).schema)) ?? found[0] ?? {};
}
