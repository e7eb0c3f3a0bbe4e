import { Modal, Radio } from "antd";
import { useState } from "react";

import type { Model, ModelDetails } from "@/api/capabilities";
import type { Values } from "@/api/documents";
import { fieldLabel } from "@/schema/labels";
import { resolved, withoutNull } from "@/schema/resolve";
import type { JsonSchema } from "@/schema/types";
import { Value } from "@/values/Value";

import { Reference } from "../Reference";
import { withValue, type Conflict } from "./merging";
import type { OpenConflict } from "./useSave";

interface ConflictDialogProps {
  model: Model;
  details: ModelDetails;
  conflict: OpenConflict;
  onSave: (values: Values) => void;
  onCancel: () => void;
}

type Side = "mine" | "theirs";

/** Which of two changes counts, field by field: what it was, what I made of it, what they did. */
export function ConflictDialog({ details, conflict, onSave, onCancel }: ConflictDialogProps) {
  const [sides, setSides] = useState<Side[]>(() => conflict.conflicts.map(() => "mine"));
  const save = () =>
    onSave(
      conflict.conflicts.reduce(
        (values, one, index) => withValue(values, one.path, one[sides[index] ?? "mine"]),
        conflict.values,
      ),
    );
  const choose = (index: number, side: Side) =>
    setSides(sides.map((before, at) => (at === index ? side : before)));
  return (
    <Modal
      open
      title="Somebody else changed this meanwhile"
      width={760}
      okText="Save this"
      cancelText="Back to the form"
      onOk={save}
      onCancel={onCancel}
    >
      <p className="muted" style={{ marginTop: 0 }}>
        You both changed {conflict.conflicts.length === 1 ? "this field" : "these fields"}. Choose what
        is to be kept.
        {conflict.taken.length > 0 && " Changes of other fields are in it already."}
      </p>
      {conflict.conflicts.map((one, index) => (
        <ConflictRow
          key={one.path.join(".")}
          details={details}
          conflict={one}
          side={sides[index] ?? "mine"}
          onChoose={(side) => choose(index, side)}
        />
      ))}
    </Modal>
  );
}

function ConflictRow(props: {
  details: ModelDetails;
  conflict: Conflict;
  side: Side;
  onChoose: (side: Side) => void;
}) {
  const { details, conflict, side, onChoose } = props;
  const root = details.schemas.read;
  const schema = schemaAt(conflict.path, root);
  const name = conflict.path.join(".");
  const target = details.links[name];
  const shown = (value: unknown) =>
    target ? (
      <Reference value={value} target={target} place="show" />
    ) : (
      <Value value={value} schema={schema} root={root} name={name} place="show" />
    );
  return (
    <section className="conflict" aria-label={fieldLabel(name, schema.title)}>
      <h3>{fieldLabel(name, schema.title)}</h3>
      <Radio.Group
        value={side}
        onChange={(event) => onChoose(event.target.value as Side)}
        className="conflict-sides"
      >
        <div className="conflict-side">
          <div className="muted">It was</div>
          {shown(conflict.base)}
        </div>
        <label className="conflict-side">
          <Radio value="mine">Mine</Radio>
          <div>{shown(conflict.mine)}</div>
        </label>
        <label className="conflict-side">
          <Radio value="theirs">Theirs</Radio>
          <div>{shown(conflict.theirs)}</div>
        </label>
      </Radio.Group>
    </section>
  );
}

function schemaAt(path: string[], root: JsonSchema): JsonSchema {
  let found: JsonSchema = root;
  for (const part of path) {
    found = withoutNull(resolved(found, root), root).schema.properties?.[part] ?? {};
  }
  return found;
}
