import { useSyncExternalStore } from "react";

import { paint, type Scheme } from "./palette";

export type Choice = Scheme | "system";

const KEY = "pulpo.scheme";
const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");
const watchers = new Set<() => void>();

const choice = (): Choice => (localStorage.getItem(KEY) as Choice | null) ?? "system";

function scheme(): Scheme {
  const chosen = choice();
  if (chosen !== "system") return chosen;
  return wantsDark.matches ? "dark" : "light";
}

function changed(): void {
  paint(scheme());
  for (const tell of watchers) tell();
}

function watch(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

/** Paint the page as was chosen, or as the system says; also when that changes, here or in another tab. */
export function keepPainted(): void {
  wantsDark.addEventListener("change", changed);
  window.addEventListener("storage", changed);
  changed();
}

export function choose(next: Choice): void {
  localStorage.setItem(KEY, next);
  changed();
}

export const useScheme = (): Scheme => useSyncExternalStore(watch, scheme);
export const useChoice = (): Choice => useSyncExternalStore(watch, choice);
