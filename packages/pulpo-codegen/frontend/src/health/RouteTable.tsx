import { useState } from "react";

import type { RouteNumbers } from "@/api/selfaware";
import { Section } from "@/app/Section";

import { compact, duration } from "./numbers";

type Column = "count" | "client_errors" | "server_errors" | "p50_ms" | "p95_ms" | "p99_ms" | "max_ms";

const COLUMNS: { of: Column; label: string; shown: (value: number) => string }[] = [
  { of: "count", label: "Requests", shown: compact },
  { of: "client_errors", label: "4xx", shown: compact },
  { of: "server_errors", label: "5xx", shown: compact },
  { of: "p50_ms", label: "p50", shown: duration },
  { of: "p95_ms", label: "p95", shown: duration },
  { of: "p99_ms", label: "p99", shown: duration },
  { of: "max_ms", label: "Longest", shown: duration },
];
const FEW = 10;

/** Routes, the slowest first, or by any other column. */
export function RouteTable({ routes }: { routes: RouteNumbers[] }) {
  const [by, setBy] = useState<Column>("p95_ms");
  const [all, setAll] = useState(false);
  const sorted = [...routes].sort((a, b) => b[by] - a[by] || b.count - a.count);
  return (
    <Section
      title="Routes"
      about="The slowest first; each column sorts."
      empty={routes.length === 0 && "No request since the start."}
    >
      <div className="scroll">
        <table className="measures">
          <thead>
            <tr>
              <th scope="col">Route</th>
              {COLUMNS.map(({ of, label }) => (
                <th key={of} scope="col" className="right" aria-sort={by === of ? "descending" : undefined}>
                  <button type="button" onClick={() => setBy(of)}>
                    {label}{by === of && <span aria-hidden> ↓</span>}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, all ? undefined : FEW).map((route) => (
              <tr key={`${route.method} ${route.route}`}>
                <th scope="row" className="mono"><span className="method">{route.method}</span> {route.route}</th>
                {COLUMNS.map(({ of, shown }) => (
                  <td key={of} className="right number nowrap"><Cell of={of} value={route[of]}>{shown(route[of])}</Cell></td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > FEW && (
        <p className="block-foot">
          <button type="button" className="as-link" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? `The first ${FEW} only` : `All ${sorted.length} routes`}
          </button>
        </p>
      )}
    </Section>
  );
}

function Cell({ of, value, children }: { of: Column; value: number; children: string }) {
  if (value > 0 && of === "server_errors") return <span className="chip chip-red">{children}</span>;
  if (value > 0 && of === "client_errors") return <span className="chip chip-amber">{children}</span>;
  return value === 0 ? <span className="muted">{children}</span> : children;
}
