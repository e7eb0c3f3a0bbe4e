import { Button } from "antd";
import { useMemo, useRef, useState } from "react";
import { useLocation, useSearchParams } from "react-router";

import type { Operation, OperationDetails } from "@/api/capabilities";
import { useCapabilities } from "@/api/useCapabilities";
import type { Values } from "@/api/documents";
import { Problem } from "@/api/problem";
import { SchemaForm } from "@/forms/SchemaForm";
import { linksOf } from "@/runs/links";

import { CallResult } from "./CallResult";
import { HistoryList } from "./HistoryList";
import { useHistory, type Call } from "./history";
import { userKey } from "./names";
import { useCall } from "./useCall";

const EMPTY: Values = {};

/** The form of an operation, what came of it, and what was run here before. */
export function Workbench({ operation, details }: { operation: Operation; details: OperationDetails }) {
  const user = userKey(useCapabilities().data?.user);
  const calls = useHistory(user, operation.name);
  const again = (useLocation().state as { again?: string } | null)?.again;
  const [search, setSearch] = useSearchParams();
  const [filled, setFilled] = useState(() => ({
    times: 0,
    values: calls.find((call) => call.id === again)?.input ?? EMPTY,
  }));
  const wish = useRef<"run" | "check">("run");
  const call = useCall(operation, details, user);
  const meaning = useMemo(
    () => ({ links: linksOf(details.inputs, [...operation.reads, ...operation.writes]) }),
    [details, operation],
  );
  const outcome = useRef<HTMLElement>(null);
  const findings = call.error instanceof Problem ? call.error.findings : [];
  const isBusy = call.isPending;

  const start = (input: Values | null) => {
    const isCheck = wish.current === "check";
    wish.current = "run";
    if (!isCheck) setSearch({}, { replace: true });
    call.mutate(
      { input, isCheck },
      {
        onSuccess: ({ run }) => {
          if (run) setSearch({ run: run.id }, { replace: true });
          outcome.current?.scrollIntoView({ block: "nearest" });
        },
      },
    );
  };
  const use = (chosen: Call) => {
    call.reset();
    setFilled(({ times }) => ({ times: times + 1, values: chosen.input ?? EMPTY }));
    document.getElementById("main")?.scrollIntoView();
  };
  const buttons = (
    <div className="form-actions">
      <Button
        type="primary"
        htmlType="submit"
        loading={isBusy}
        onClick={() => (details.inputs ? (wish.current = "run") : start(null))}
      >
        Run
      </Button>
      {details.inputs && (
        <Button htmlType="submit" disabled={isBusy} onClick={() => (wish.current = "check")}>
          Check only
        </Button>
      )}
    </div>
  );
  return (
    <div className="workbench">
      <section className="panel panel-body" aria-label="Input">
        {details.inputs ? (
          <SchemaForm
            key={filled.times}
            schema={details.inputs}
            meaning={meaning}
            initial={filled.values}
            findings={findings}
            busy={isBusy}
            onSubmit={start}
          >
            {buttons}
          </SchemaForm>
        ) : (
          <>
            <p className="muted">It takes no input.</p>
            {buttons}
          </>
        )}
      </section>
      <div className="workbench-side">
        <section ref={outcome} className="panel panel-body" aria-label="Result" aria-live="polite">
          <CallResult
            operation={operation}
            details={details}
            user={user}
            run={search.get("run")}
            outcome={call.data ?? null}
            error={call.error}
            isBusy={isBusy}
          />
        </section>
        {calls.length > 0 && (
          <section aria-labelledby="history">
            <h2 id="history" className="side-title">Run in this browser</h2>
            <HistoryList calls={calls} user={user} onAgain={use} />
          </section>
        )}
      </div>
    </div>
  );
}
