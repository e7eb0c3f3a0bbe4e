import type { Statistics } from "@/api/selfaware";

/** What a chart shows of one moment; null where nothing was measured. */
export interface Point {
  /** Seconds since the epoch. */
  time: number;
  rate: number;
  client: number;
  server: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

const SPAN_SECONDS = 600;
const SLOT_SECONDS = 5;

/** The last ten minutes without gaps, up to the newest slot that is no longer filling. */
export function pointsOf({ history, now }: Statistics["requests"]): Point[] {
  const width = history.at(-1)?.seconds ?? SLOT_SECONDS;
  const slots = new Map(history.map((slot) => [slot.time, slot]));
  const end = Math.floor(now / width) * width - width;
  return Array.from({ length: SPAN_SECONDS / width }, (_, index): Point => {
    const time = end - SPAN_SECONDS + (index + 1) * width;
    const slot = slots.get(time);
    return {
      time,
      rate: (slot?.count ?? 0) / width,
      client: (slot?.client_errors ?? 0) / width,
      server: (slot?.server_errors ?? 0) / width,
      p50: slot?.p50_ms ?? null,
      p95: slot?.p95_ms ?? null,
      p99: slot?.p99_ms ?? null,
    };
  });
}

/** Requests per second of the last minute. */
export function rateNow(points: Point[]): number {
  const minute = points.slice(-60 / SLOT_SECONDS);
  return minute.reduce((sum, point) => sum + point.rate, 0) / Math.max(1, minute.length);
}
