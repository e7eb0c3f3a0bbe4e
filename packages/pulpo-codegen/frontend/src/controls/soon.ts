/** Load what is likely to be opened next, once the page is drawn and nothing else is to be done. */
export function soon(load: () => Promise<unknown>): void {
  // What cannot be loaded now is asked for again, and missed aloud, when it is opened.
  const begin = () => void load().catch(() => undefined);
  // Safari has no idle time to offer.
  if ("requestIdleCallback" in window) window.requestIdleCallback(begin, { timeout: 5_000 });
  else setTimeout(begin, 1_000);
}
