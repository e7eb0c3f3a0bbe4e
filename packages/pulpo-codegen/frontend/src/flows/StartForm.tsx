import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useMemo, useRef } from "react";
import { useLocation, useNavigate } from "react-router";

import type { Flow } from "@/api/capabilities";
import { useCapabilities } from "@/api/useCapabilities";
import type { Values } from "@/api/documents";
import type { FlowPlan } from "@/api/flows";
import { send } from "@/api/http";
import { newKey } from "@/api/keys";
import { Problem } from "@/api/problem";
import type { Run } from "@/api/runs";
import { paths } from "@/app/paths";
import { ProblemView } from "@/app/ProblemView";
import { SchemaForm } from "@/forms/SchemaForm";
import { linksOf } from "@/runs/links";

const EMPTY: Values = {};

/** The parameters of a flow, checked or run with. */
export function StartForm({ flow, plan }: { flow: Flow; plan: FlowPlan }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const given = (useLocation().state as { parameters?: Values } | null)?.parameters;
  const models = useModelsOf(flow);
  const meaning = useMemo(() => ({ links: linksOf(plan.parameters, models) }), [plan, models]);
  const wish = useRef<"start" | "check">("start");
  const key = useRef(newKey());
  const start = useMutation({
    mutationFn: async ({ values, isCheck }: { values: Values; isCheck: boolean }) => {
      const call = { method: "POST", body: values } as const;
      const path = `${flow.path}/runs`;
      if (isCheck) {
        await send(path, { ...call, query: { validate_only: true } });
        return null;
      }
      return (await send<Run>(path, { ...call, idempotencyKey: key.current })).data;
    },
    onSuccess: (run) => {
      if (!run) return;
      void queries.invalidateQueries({ queryKey: ["runs", "list"] });
      void navigate(paths.flowRun(flow.name, run.id));
    },
    onError: (error) => {
      // Only where nobody knows whether it arrived, the next try is the same request.
      if (!(error instanceof Problem) || error.status !== 0) key.current = newKey();
    },
  });
  const findings = start.error instanceof Problem ? start.error.findings : [];
  const takesNothing = Object.keys(plan.parameters.properties ?? {}).length === 0;
  return (
    <section className="panel panel-body" aria-labelledby="start">
      <h2 id="start" className="panel-title">Start</h2>
      {takesNothing && <p className="muted">It takes no parameters.</p>}
      <SchemaForm
        schema={plan.parameters}
        meaning={meaning}
        initial={given ?? EMPTY}
        findings={findings}
        busy={start.isPending}
        onSubmit={(values) => {
          const isCheck = wish.current === "check";
          wish.current = "start";
          start.mutate({ values, isCheck });
        }}
      >
        {start.isError && findings.length === 0 && (
          <div style={{ marginBottom: 16 }}><ProblemView error={start.error} /></div>
        )}
        {start.isSuccess && start.data === null && (
          <Alert type="success" showIcon style={{ marginBottom: 16 }} title="The parameters are fine" />
        )}
        <div className="form-actions">
          <Button
            type="primary"
            htmlType="submit"
            loading={start.isPending}
            onClick={() => (wish.current = "start")}
          >
            Start
          </Button>
          <Button htmlType="submit" disabled={start.isPending} onClick={() => (wish.current = "check")}>
            Check only
          </Button>
        </div>
      </SchemaForm>
    </section>
  );
}

/** The models that the steps of a flow read or write. */
export function useModelsOf(flow: Flow): string[] {
  const operations = useCapabilities().data?.operations;
  return useMemo(() => {
    const steps = (operations ?? []).filter((one) => flow.steps.includes(one.name));
    return [...new Set(steps.flatMap((one) => [...one.reads, ...one.writes]))];
  }, [operations, flow]);
}
