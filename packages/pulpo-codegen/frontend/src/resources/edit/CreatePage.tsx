import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";

import { documentsOf, type Values } from "@/api/documents";
import { send } from "@/api/http";
import { newKey } from "@/api/keys";
import { Problem } from "@/api/problem";
import { NotFound } from "@/app/NotFound";
import { Page } from "@/app/Page";
import { paths } from "@/app/paths";
import { ProblemView } from "@/app/ProblemView";
import { message } from "@/controls/feedback";
import { SchemaForm } from "@/forms/SchemaForm";
import { TIMES } from "@/schema/kinds";
import { modelLabel } from "@/schema/labels";

import { Crumbs } from "../Crumbs";
import { useCurrentModel } from "../ModelRoute";
import { useLeaveGuard } from "./useLeaveGuard";

const EMPTY: Values = {};

/** A new document. */
export function CreatePage() {
  const { model, details } = useCurrentModel();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isDirty, setDirty] = useState(false);
  const saved = useLeaveGuard(isDirty);
  const sent = useRef({ body: "", key: "" });
  const label = modelLabel(model);
  const meaning = useMemo(() => {
    const { properties = {}, required = [] } = details.schemas.create;
    const hidden = Object.keys(properties).filter((name) => TIMES.test(name) && !required.includes(name));
    return { owner: model.name, links: details.links, hidden };
  }, [model, details]);

  const create = useMutation({
    mutationFn: async (values: Values) => {
      const body = JSON.stringify(values);
      // The same document, sent again after the line was cut, is created once.
      if (sent.current.body !== body) sent.current = { body, key: newKey() };
      const call = { method: "POST", body: values, idempotencyKey: sent.current.key } as const;
      return (await send<Values>(model.path, call)).data;
    },
    onSuccess: (values) => {
      saved();
      void message.success(`${label} created`);
      void queries.invalidateQueries(documentsOf(model.name));
      void navigate(paths.show(model.collection, String(values.id)), { replace: true });
    },
  });
  const problem = create.error instanceof Problem ? create.error : null;
  const findings = problem?.findings ?? [];
  if (!model.can_write) return <NotFound />;
  return (
    <Page title={`New ${label.toLowerCase()}`} above={<Crumbs model={model} />} narrow>
      {create.isError && findings.length === 0 && (
        <div style={{ marginBottom: 16 }}><ProblemView error={create.error} /></div>
      )}
      <div className="panel panel-body">
        <SchemaForm
          schema={details.schemas.create}
          meaning={meaning}
          initial={EMPTY}
          findings={findings}
          busy={create.isPending}
          onChange={() => setDirty(true)}
          onSubmit={(values) => create.mutate(values)}
        >
          <div className="form-actions">
            <Button type="primary" htmlType="submit" loading={create.isPending}>Create</Button>
            <Button onClick={() => void navigate(paths.list(model.collection))}>Cancel</Button>
          </div>
        </SchemaForm>
      </div>
    </Page>
  );
}
