import type { FlowPlan } from "@/api/flows";
import { operationLabel } from "@/operations/names";
import { Result } from "@/runs/Result";
import type { JsonSchema } from "@/schema/types";

interface FlowResultsProps {
  plan: FlowPlan;
  result: unknown;
  models: readonly string[];
}

/** What the steps returned: each under the step's own name. */
export function FlowResults({ plan, result, models }: FlowResultsProps) {
  const root = plan.results ?? {};
  const values = Object.entries((result ?? {}) as Record<string, unknown>);
  if (values.length === 0) return <p className="panel panel-body muted">It returned nothing.</p>;
  return (
    <div className="results">
      {values.map(([name, value]) => (
        <section key={name} className="panel panel-body" aria-label={name}>
          <h3 className="panel-title">{operationLabel(name)}</h3>
          <Result value={value} schema={fieldOf(root, name)} root={root} models={models} />
        </section>
      ))}
    </div>
  );
}

const fieldOf = (root: JsonSchema, name: string): JsonSchema => root.properties?.[name] ?? {};
