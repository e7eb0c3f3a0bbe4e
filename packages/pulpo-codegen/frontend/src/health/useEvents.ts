import { useEffect, useState } from "react";

import { fetched, send } from "@/api/http";
import { SELFAWARE, type SelfawareEvent } from "@/api/selfaware";

/** An event and a number that no other has, for lists. */
export interface NumberedEvent extends SelfawareEvent {
  number: number;
}

const MOST = 300;
const AGAIN_MS = 2_000;
let numbers = 0;

const numbered = (event: SelfawareEvent): NumberedEvent => ({ ...event, number: ++numbers });

/**
 * Events, the newest first: those that were, then each as it happens.
 *
 * The stream is read with `fetch`, since `EventSource` sends no credentials of ours. Where it ends,
 * it is opened again and what was missed is read.
 */
export function useEvents({ live }: { live: boolean }): { events: NumberedEvent[]; connected: boolean } {
  const [events, setEvents] = useState<NumberedEvent[]>([]);
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    if (!live) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    const follow = async () => {
      const stream = await fetched(`${SELFAWARE}/events/stream`, {
        headers: { Accept: "text/event-stream" },
        signal,
      });
      const { data } = await send<SelfawareEvent[]>(`${SELFAWARE}/events`, {
        query: { limit: MOST },
        signal,
      });
      setEvents(data.map(numbered));
      setConnected(true);
      for await (const batch of eventsOf(stream)) {
        setEvents((before) => [...batch.map(numbered).reverse(), ...before].slice(0, MOST));
      }
    };
    const keepFollowing = async () => {
      while (!signal.aborted) {
        // What failed is tried again; the page says meanwhile that it is not connected.
        await follow().catch(() => undefined);
        setConnected(false);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    };
    void keepFollowing();
    return () => leaving.abort();
  }, [live]);
  return { events, connected: connected && live };
}

/** The events of an event stream, as they arrive. */
async function* eventsOf(stream: Response): AsyncGenerator<SelfawareEvent[]> {
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const frames = (waiting + value).split("\n\n");
    waiting = frames.pop() ?? "";
    const found = frames
      .filter((frame) => frame.startsWith("data: "))
      .map((frame) => JSON.parse(frame.slice("data: ".length)) as SelfawareEvent);
    if (found.length > 0) yield found;
  }
}
