import { Button } from "antd";
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";

import type { Model, ModelDetails } from "@/api/capabilities";
import type { Stored, Values } from "@/api/documents";
import { Problem } from "@/api/problem";
import { paths } from "@/app/paths";
import { ProblemView } from "@/app/ProblemView";
import { message, notification } from "@/controls/feedback";
import { SchemaForm } from "@/forms/SchemaForm";
import { fieldLabel, modelLabel } from "@/schema/labels";
import { withNulls, withoutNulls } from "@/schema/nulls";

import { ConflictDialog } from "./ConflictDialog";
import { isSame } from "./merging";
import { useSave } from "./useSave";
import { useLeaveGuard } from "./useLeaveGuard";

interface EditFormProps {
  model: Model;
  details: ModelDetails;
  id: string;
  stored: Stored;
}

/** The form of a document; what somebody else changed meanwhile is merged, or asked about. */
export function EditForm({ model, details, id, stored }: EditFormProps) {
  const navigate = useNavigate();
  const initial = useMemo(() => changeable(stored.values, details), [stored, details]);
  const [values, setValues] = useState<Values>(initial);
  const isDirty = !isSame(values, initial);
  const saved = useLeaveGuard(isDirty);
  const meaning = useMemo(() => ({ owner: model.name, links: details.links }), [model, details]);
  const show = paths.show(model.collection, id);

  const save = useSave(model, id, { values: initial, etag: stored.etag }, {
    readable: (current) => changeable(current, details),
    whole: (values) => withNulls(values, details.schemas.replace, details.schemas.replace, "all"),
    done: (taken) => {
      saved();
      void message.success(`${modelLabel(model)} saved`);
      if (taken.length > 0) {
        const names = [...new Set(taken.map((path) => fieldLabel(path.join("."))))].join(", ");
        notification.info({
          title: "Somebody else changed it meanwhile",
          description: `Both changes are in it now. Theirs: ${names}.`,
        });
      }
      void navigate(show, { replace: true });
    },
  });
  const problem = save.error instanceof Problem ? save.error : null;
  const findings = problem?.findings ?? [];
  return (
    <>
      {save.error !== null && findings.length === 0 && (
        <div style={{ marginBottom: 16 }}><ProblemView error={save.error} /></div>
      )}
      <SchemaForm
        existing
        schema={details.schemas.replace}
        meaning={meaning}
        initial={initial}
        findings={findings}
        busy={save.isPending}
        onChange={setValues}
        onSubmit={(next) => save.start(next)}
      >
        <div className="form-actions">
          <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!isDirty}>Save</Button>
          <Button onClick={() => void navigate(show)}>Cancel</Button>
        </div>
      </SchemaForm>
      {save.conflict && (
        <ConflictDialog
          model={model}
          details={details}
          conflict={save.conflict}
          onSave={save.resolve}
          onCancel={save.giveUp}
        />
      )}
    </>
  );
}

/** Of what is stored, what a form may change. */
function changeable(values: Values, details: ModelDetails): Values {
  const schema = details.schemas.replace;
  const names = Object.keys(schema.properties ?? {});
  return withoutNulls(Object.fromEntries(names.map((name) => [name, values[name]])), schema, schema);
}
