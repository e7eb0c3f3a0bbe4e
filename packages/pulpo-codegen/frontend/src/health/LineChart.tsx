import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import { clock, compact, digits, roundedUp } from "./numbers";
import type { Point } from "./points";

export interface Series {
  of: Exclude<keyof Point, "time">;
  name: string;
  tone: "accent" | "good" | "warn" | "bad";
  filled?: boolean;
}

const HEIGHT = 150;
const LEFT = 40;
const RIGHT = 4;
const TOP = 8;
const BOTTOM = HEIGHT - 20;
const ANCHORS = ["start", "middle", "end"] as const;

/** Lines over the last minutes. Its values are read with the pointer or the arrow keys. */
export function LineChart(props: { title: string; unit: string; series: Series[]; points: Point[] }) {
  const { title, unit, series, points } = props;
  const box = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  const [cursor, setCursor] = useState<number | null>(null);
  const last = points.length - 1;
  const limit = roundedUp(Math.max(0, ...points.flatMap((point) => series.map(({ of }) => point[of] ?? 0))));
  const x = (index: number) => LEFT + (index / last) * (width - LEFT - RIGHT);
  const y = (value: number) => BOTTOM - (value / limit) * (BOTTOM - TOP);
  const within = (index: number) => Math.max(0, Math.min(last, index));
  const point = points[cursor ?? last];
  const reading = point && readingOf(point, series, unit);

  const follow = (event: PointerEvent<SVGSVGElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    setCursor(within(Math.round(((event.clientX - left - LEFT) / (width - LEFT - RIGHT)) * last)));
  };
  const step = (event: KeyboardEvent) => {
    if (event.key === "Escape") setCursor(null);
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setCursor((before) => within((before ?? points.length) + by));
  };
  return (
    <figure className="panel chart">
      <figcaption>
        <h2>{title}</h2>
        {series.map(({ of, name, tone }) => (
          <span key={of} className="chart-legend"><i className={`tone-${tone}`} aria-hidden />{name}</span>
        ))}
      </figcaption>
      <svg
        ref={box}
        role="img"
        tabIndex={0}
        aria-label={`${title}. ${reading ?? ""}`}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        height={HEIGHT}
        onPointerMove={follow}
        onPointerLeave={() => setCursor(null)}
        onBlur={() => setCursor(null)}
        onKeyDown={step}
      >
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line className="chart-grid" x1={LEFT} x2={width} y1={y(limit * share)} y2={y(limit * share)} />
            <text x={LEFT - 6} y={y(limit * share) + 4} textAnchor="end">{compact(limit * share)}</text>
            <text x={x(last * share)} y={HEIGHT - 3} textAnchor={ANCHORS[share * 2]}>
              {clock(points[Math.round(last * share)]?.time ?? 0, "HH:mm")}
            </text>
          </g>
        ))}
        {series.flatMap((one) =>
          runsOf(points, one.of).map((run) => (
            <Run key={`${one.of} ${run[0]?.index}`} series={one} places={run.map(({ index, value }) => [x(index), y(value)])} />
          )),
        )}
        {cursor !== null && <line className="chart-cursor" x1={x(cursor)} x2={x(cursor)} y1={TOP - 4} y2={BOTTOM} />}
      </svg>
      <div className="chart-reading number" aria-hidden>{cursor === null ? " " : reading}</div>
    </figure>
  );
}

function readingOf(point: Point, series: Series[], unit: string): string {
  const values = series.map(({ of, name }) => `${name} ${point[of] === null ? "–" : digits(point[of])}`);
  return `${clock(point.time)}: ${values.join(", ")} ${unit}`;
}

/** The stretches of a series without a gap. */
function runsOf(points: Point[], of: Series["of"]) {
  const runs: { index: number; value: number }[][] = [[]];
  points.forEach((point, index) => {
    const value = point[of];
    if (value !== null) runs.at(-1)?.push({ index, value });
    else if (runs.at(-1)?.length) runs.push([]);
  });
  return runs.filter((run) => run.length > 0);
}

function Run({ series, places }: { series: Series; places: number[][] }) {
  const [first, last] = [places[0] ?? [], places.at(-1) ?? []];
  // One value alone makes no line.
  if (places.length === 1) return <circle className={`tone-${series.tone}`} cx={first[0]} cy={first[1]} r={2.5} />;
  const line = places.map((place) => place.map((part) => part.toFixed(1)).join(",")).join("L");
  return (
    <>
      {series.filled && (
        <path className={`chart-area tone-${series.tone}`} d={`M${first[0]},${BOTTOM}L${line}L${last[0]},${BOTTOM}Z`} />
      )}
      <path className={`chart-line tone-${series.tone}`} d={`M${line}`} />
    </>
  );
}

/** How wide an element is drawn, also when that changes. */
function useWidth(element: React.RefObject<Element | null>): number {
  const [width, setWidth] = useState(400);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width || 400));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
