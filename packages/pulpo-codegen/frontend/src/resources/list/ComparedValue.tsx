import { Input, InputNumber, Select } from "antd";

import type { Filterable } from "@/api/capabilities";
import { MomentInput } from "@/forms/MomentInput";
import { ReferencePicker } from "@/forms/ReferencePicker";
import { valueLabel } from "@/schema/labels";

import { filterKind } from "./operators";

interface ComparedValueProps {
  field: Filterable;
  operator: string;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** What a field is compared with: entered by the field's kind, several where several are meant. */
export function ComparedValue({ field, operator, value, onChange }: ComparedValueProps) {
  if (operator === "null") {
    return <YesNo value={value ?? true} words={["yes", "no"]} onChange={onChange} />;
  }
  if (operator === "between") {
    const [low, high] = Array.isArray(value) ? (value as unknown[]) : [];
    return (
      <div className="pair">
        <One field={field} value={low} label="From" onChange={(next) => onChange([next, high])} />
        <One field={field} value={high} label="To" onChange={(next) => onChange([low, next])} />
      </div>
    );
  }
  if (operator === "in" || operator === "nin") {
    return <Several field={field} value={value} onChange={onChange} />;
  }
  return <One field={field} value={value} label="Value" onChange={onChange} />;
}

interface OneProps {
  field: Filterable;
  value: unknown;
  label: string;
  onChange: (value: unknown) => void;
}

function One({ field, value, label, onChange }: OneProps) {
  if (field.target) {
    return (
      <ReferencePicker target={field.target} value={value} onChange={onChange} label={label} />
    );
  }
  const kind = filterKind(field);
  switch (kind) {
    case "boolean":
      return <YesNo value={value} words={["Yes", "No"]} onChange={onChange} />;
    case "enum":
      return (
        <Select
          style={{ width: "100%" }}
          aria-label={label}
          placeholder="Choose"
          value={value ?? null}
          options={options(field)}
          onChange={onChange}
        />
      );
    case "date":
    case "datetime":
      return (
        <MomentInput
          label={label}
          withTime={kind === "datetime"}
          value={value as string | undefined}
          onChange={onChange}
        />
      );
    case "integer":
    case "number":
    case "decimal":
      return (
        <InputNumber
          style={{ width: "100%" }}
          aria-label={label}
          stringMode={kind === "decimal"}
          precision={kind === "integer" ? 0 : undefined}
          value={(value as number | undefined) ?? null}
          onChange={(next) => onChange(next ?? undefined)}
        />
      );
    default:
      return (
        <Input
          aria-label={label}
          value={(value as string | undefined) ?? ""}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

function Several({ field, value, onChange }: Omit<OneProps, "label">) {
  const chosen = Array.isArray(value) ? (value as unknown[]) : [];
  if (field.target) {
    return (
      <ReferencePicker many target={field.target} value={chosen} onChange={onChange} label="Values" />
    );
  }
  const isChoice = filterKind(field) === "enum";
  return (
    <Select
      style={{ width: "100%" }}
      aria-label="Values"
      mode={isChoice ? "multiple" : "tags"}
      placeholder={isChoice ? "Choose" : "Type, and press Enter after each"}
      value={chosen}
      options={isChoice ? options(field) : []}
      open={isChoice ? undefined : false}
      tokenSeparators={[","]}
      onChange={onChange}
    />
  );
}

const options = (field: Filterable) =>
  (field.schema.enum ?? [field.schema.const]).map((one) => ({
    value: one as string,
    label: valueLabel(one),
  }));

function YesNo(props: { value: unknown; words: [string, string]; onChange: (value: boolean) => void }) {
  const [yes, no] = props.words;
  return (
    <Select
      style={{ width: "100%" }}
      aria-label="Value"
      placeholder="Choose"
      value={typeof props.value === "boolean" ? String(props.value) : null}
      options={[
        { value: "true", label: yes },
        { value: "false", label: no },
      ]}
      onChange={(value) => props.onChange(value === "true")}
    />
  );
}
