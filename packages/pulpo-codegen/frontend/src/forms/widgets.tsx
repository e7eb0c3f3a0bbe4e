import type { RegistryWidgetsType, WidgetProps } from "@rjsf/utils";
import { Input, InputNumber, Select, Switch } from "antd";

import { resolved } from "@/schema/resolve";
import { valueLabel } from "@/schema/labels";
import type { JsonSchema } from "@/schema/types";

import { DurationInput } from "./DurationInput";
import { MomentInput } from "./MomentInput";
import { ReferencePicker } from "./ReferencePicker";

const off = (props: WidgetProps) => props.disabled || props.readonly;

/** A text that was emptied is no text at all: where it may be, that is null. */
function TextInput(props: WidgetProps) {
  const schema = props.schema as JsonSchema;
  return (
    <Input
      id={props.id}
      autoComplete="off"
      value={(props.value as string | undefined) ?? ""}
      maxLength={schema.maxLength}
      disabled={off(props)}
      status={props.rawErrors?.length ? "error" : undefined}
      onChange={(event) => props.onChange(event.target.value === "" ? emptied(props) : event.target.value)}
    />
  );
}

/** A text that is not shown; browsers are asked not to fill in what they know. */
function SecretInput(props: WidgetProps) {
  return (
    <Input.Password
      id={props.id}
      autoComplete="new-password"
      value={(props.value as string | undefined) ?? ""}
      disabled={off(props)}
      status={props.rawErrors?.length ? "error" : undefined}
      onChange={(event) => props.onChange(event.target.value === "" ? emptied(props) : event.target.value)}
    />
  );
}

function TextArea(props: WidgetProps) {
  return (
    <Input.TextArea
      id={props.id}
      autoSize={{ minRows: 3, maxRows: 16 }}
      value={(props.value as string | undefined) ?? ""}
      disabled={off(props)}
      status={props.rawErrors?.length ? "error" : undefined}
      onChange={(event) => props.onChange(event.target.value === "" ? emptied(props) : event.target.value)}
    />
  );
}

const emptied = (props: WidgetProps) =>
  props.required || typeof (props.schema as JsonSchema).default === "string" ? "" : undefined;

/** Numbers; decimals stay texts, so that no digit is lost. */
function Amount(props: WidgetProps) {
  const { kind } = props.options as { kind?: string };
  return (
    <InputNumber
      id={props.id}
      style={{ width: "100%" }}
      stringMode={kind === "decimal"}
      step={kind === "integer" ? 1 : undefined}
      precision={kind === "integer" ? 0 : undefined}
      value={(props.value as number | string | undefined) ?? null}
      disabled={off(props)}
      status={props.rawErrors?.length ? "error" : undefined}
      onChange={(value) => props.onChange(value ?? undefined)}
    />
  );
}

function Choice(props: WidgetProps) {
  const schema = props.schema as JsonSchema;
  return (
    <Select
      id={props.id}
      aria-label={props.label}
      style={{ width: "100%" }}
      allowClear={!props.required && schema.default === undefined}
      placeholder="Choose"
      value={(props.value as string | undefined) ?? null}
      options={(schema.enum ?? []).map((one) => ({ value: one as string, label: valueLabel(one) }))}
      disabled={off(props)}
      onChange={(value) => props.onChange(value ?? undefined)}
    />
  );
}

/** Which of several shapes: the options are rjsf's own, by their place. */
function Shape(props: WidgetProps) {
  return (
    <Select
      id={props.id}
      aria-label={props.label || "Which kind"}
      style={{ width: "100%" }}
      value={props.value as number | undefined}
      options={(props.options.enumOptions ?? []).map(({ value, label }) => ({ value: value as number, label }))}
      disabled={off(props)}
      onChange={(value) => props.onChange(value)}
    />
  );
}

/** Several of a few values. */
function Choices(props: WidgetProps) {
  const root = props.registry.rootSchema as JsonSchema;
  const items = resolved((props.schema as JsonSchema).items ?? {}, root);
  return (
    <Select
      id={props.id}
      aria-label={props.label}
      mode="multiple"
      style={{ width: "100%" }}
      placeholder="Choose"
      value={(props.value as string[] | undefined) ?? []}
      options={(items.enum ?? []).map((one) => ({ value: one as string, label: valueLabel(one) }))}
      disabled={off(props)}
      onChange={(value: string[]) => props.onChange(value)}
    />
  );
}

/** Several words of any kind. */
function Words(props: WidgetProps) {
  return (
    <Select
      id={props.id}
      aria-label={props.label}
      mode="tags"
      open={false}
      suffixIcon={null}
      style={{ width: "100%" }}
      placeholder="Type, and press Enter after each"
      tokenSeparators={[","]}
      value={(props.value as string[] | undefined) ?? []}
      disabled={off(props)}
      onChange={(value: string[]) => props.onChange(value)}
    />
  );
}

function OnOff(props: WidgetProps) {
  return (
    <Switch
      id={props.id}
      aria-label={props.label}
      checked={Boolean(props.value)}
      disabled={off(props)}
      onChange={(value) => props.onChange(value)}
    />
  );
}

/** Yes, no, or not known. */
function YesNo(props: WidgetProps) {
  return (
    <Select
      id={props.id}
      aria-label={props.label}
      style={{ width: "100%" }}
      allowClear
      placeholder="Not said"
      value={typeof props.value === "boolean" ? String(props.value) : null}
      options={[
        { value: "true", label: "Yes" },
        { value: "false", label: "No" },
      ]}
      disabled={off(props)}
      onChange={(value) => props.onChange(value ? value === "true" : undefined)}
    />
  );
}

function moment(withTime: boolean) {
  return function Moment(props: WidgetProps) {
    return (
      <MomentInput
        id={props.id}
        label={props.label}
        withTime={withTime}
        value={props.value as string | undefined}
        disabled={off(props)}
        onChange={props.onChange}
      />
    );
  };
}

function Duration(props: WidgetProps) {
  return (
    <DurationInput
      id={props.id}
      value={props.value as string | undefined}
      disabled={off(props)}
      wrong={Boolean(props.rawErrors?.length)}
      onChange={props.onChange}
    />
  );
}

function Reference(props: WidgetProps) {
  const { target, many } = props.options as { target?: string; many?: boolean };
  return (
    <ReferencePicker
      id={props.id}
      label={props.label}
      target={target ?? ""}
      many={many}
      value={props.value as unknown}
      disabled={off(props)}
      onChange={props.onChange}
    />
  );
}

/** The inputs by the names that `uiSchema.ts` calls them. */
export const widgets: RegistryWidgetsType = {
  SelectWidget: Shape,
  amount: Amount,
  choice: Choice,
  choices: Choices,
  date: moment(false),
  datetime: moment(true),
  duration: Duration,
  reference: Reference,
  secret: SecretInput,
  switch: OnOff,
  text: TextInput,
  textarea: TextArea,
  words: Words,
  yesno: YesNo,
};
