/** A length of time in one or two units: "340 ms", "2.4 s", "3 min 10 s". */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds - minutes * 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long something took, or has taken so far; empty where it has not begun. */
export function took(from: string | null | undefined, to: string | null | undefined): string {
  if (!from) return "";
  return durationText((to ? Date.parse(to) : Date.now()) - Date.parse(from));
}
