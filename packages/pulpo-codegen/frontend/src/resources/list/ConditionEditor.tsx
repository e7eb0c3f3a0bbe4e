import { CloseOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";

import type { Filterable } from "@/api/capabilities";
import { fieldLabel } from "@/schema/labels";

import type { Condition } from "./filters";
import { filterKind, firstOperator, offeredOperators, operatorLabel } from "./operators";
import { ComparedValue } from "./ComparedValue";

interface ConditionEditorProps {
  fields: Filterable[];
  condition: Condition;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

const SEVERAL = ["in", "nin", "between"];

/** The shape that a value has for an operator: one, several, or yes and no. */
const shape = (operator: string) =>
  operator === "null" ? "null" : operator === "between" ? "between" : SEVERAL.includes(operator) ? "list" : "one";

/** Field, operator, value. */
export function ConditionEditor({ fields, condition, onChange, onRemove }: ConditionEditorProps) {
  const field = fields.find((one) => one.name === condition.field) ?? fields[0];
  if (!field) return null;
  const kind = filterKind(field);
  const chooseOperator = (operator: string) => {
    const same = shape(operator) === shape(condition.operator);
    const first = operator === "null" ? true : undefined;
    onChange({ ...condition, operator, value: same ? condition.value : first });
  };
  return (
    <div className="condition">
      <Select
        className="condition-field"
        aria-label="Field"
        showSearch={{ optionFilterProp: "label" }}
        value={field.name}
        options={fields.map((one) => ({ value: one.name, label: fieldLabel(one.name, one.schema.title) }))}
        onChange={(name) => {
          const next = fields.find((one) => one.name === name);
          if (next) onChange({ field: name, operator: firstOperator(next), value: undefined });
        }}
      />
      <Select
        className="condition-operator"
        aria-label="How it is compared"
        value={condition.operator}
        options={offeredOperators(field).map((one) => ({ value: one, label: operatorLabel(one, kind) }))}
        onChange={chooseOperator}
      />
      <div className="condition-value">
        <ComparedValue
          field={field}
          operator={condition.operator}
          value={condition.value}
          onChange={(value) => onChange({ ...condition, value })}
        />
      </div>
      <Button type="text" icon={<CloseOutlined />} aria-label="Remove this condition" onClick={onRemove} />
    </div>
  );
}
