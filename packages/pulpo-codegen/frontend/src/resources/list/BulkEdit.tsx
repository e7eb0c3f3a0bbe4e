import { Button, Form, Modal, Select } from "antd";
import { useMemo, useState } from "react";

import type { Model, ModelDetails } from "@/api/capabilities";
import type { Values } from "@/api/documents";
import { SchemaForm } from "@/forms/SchemaForm";
import { TIMES } from "@/schema/kinds";
import { counted, fieldLabel } from "@/schema/labels";
import { withoutNull } from "@/schema/resolve";
import type { JsonSchema } from "@/schema/types";

interface BulkEditProps {
  model: Model;
  details: ModelDetails;
  count: number;
  onSave: (changes: Values) => Promise<void>;
  onCancel: () => void;
}

const NOTHING: Values = {};

/** One field of many documents gets the same value. What may be empty can be emptied. */
export function BulkEdit({ model, details, count, onSave, onCancel }: BulkEditProps) {
  const root = details.schemas.replace;
  const fields = Object.entries(root.properties ?? {}).filter(([name]) => !TIMES.test(name));
  const [name, setName] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const meaning = useMemo(() => ({ owner: model.name, links: details.links }), [model, details]);
  const schema = useMemo(() => (name === null ? null : onlyField(root, name)), [root, name]);
  const save = (values: Values) => {
    if (name === null) return;
    setBusy(true);
    void onSave({ [name]: values[name] ?? null });
  };
  return (
    <Modal open title={`Change ${counted(model, count)}`} footer={null} onCancel={onCancel}>
      <Form layout="vertical" component={false}>
        <Form.Item label="Field" htmlFor="bulk-field">
          <Select
            id="bulk-field"
            aria-label="Field"
            showSearch={{ optionFilterProp: "label" }}
            placeholder="Choose what is to be changed"
            value={name}
            options={fields.map(([one, { title }]) => ({ value: one, label: fieldLabel(one, title) }))}
            onChange={setName}
          />
        </Form.Item>
      </Form>
      {schema && (
        <SchemaForm key={name} existing schema={schema} meaning={meaning} initial={NOTHING} busy={busy} onSubmit={save}>
          <div className="form-actions">
            <Button type="primary" htmlType="submit" loading={busy}>Change {count}</Button>
            <Button onClick={onCancel}>Cancel</Button>
          </div>
        </SchemaForm>
      )}
    </Modal>
  );
}

/** The schema of an object that has nothing but one of the fields. */
function onlyField(root: JsonSchema, name: string): JsonSchema {
  const field = root.properties?.[name] ?? {};
  return {
    ...root,
    properties: { [name]: field },
    required: withoutNull(field, root).nullable ? [] : [name],
  };
}
