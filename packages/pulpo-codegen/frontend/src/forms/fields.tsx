import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { getDefaultRegistry } from "@rjsf/core";
import type { FieldProps, RegistryFieldsType } from "@rjsf/utils";
import { Button, Input } from "antd";
import { useMemo, useState, type ComponentType } from "react";

import type { Field as OwnField } from "@/overrides/types";
import type { JsonSchema } from "@/schema/types";

import { BEGINS_AS } from "./prepare";

const { AnyOfField, ArrayField, ObjectField, OneOfField } = getDefaultRegistry().fields;
type Registry = FieldProps["registry"];
type Field = ComponentType<FieldProps>;

/** An object that need not be there: added and removed as a whole. */
function Optional(props: FieldProps) {
  const { formData, onChange, fieldPathId, schema, title } = props;
  const label = String(schema.title ?? title ?? props.name);
  const off = props.disabled || props.readonly;
  const { schemaUtils } = props.registry;
  const there = thereOf(schema as JsonSchema) as typeof schema;
  const beginning = schemaUtils.getDefaultFormState(wholeOf(schema) ?? there, {}) ?? {};
  if (formData === undefined || formData === null) {
    return (
      <Button
        type="dashed"
        icon={<PlusOutlined />}
        disabled={off}
        onClick={() => onChange(beginning, fieldPathId.path)}
      >
        Add {label.toLowerCase()}
      </Button>
    );
  }
  const union = there.oneOf ?? there.anyOf;
  // Their types do not say so: a field of several shapes is told which.
  const options = union?.map((option) => schemaUtils.retrieveSchema(option as typeof schema, formData));
  const Inner = (union ? OneOfField : ObjectField) as ComponentType<FieldProps & { options?: unknown }>;
  return (
    <div className="optional">
      <Inner {...props} schema={there} options={options} uiSchema={{ ...props.uiSchema, "ui:field": undefined }} />
      <Button
        type="text"
        size="small"
        className="optional-remove"
        icon={<DeleteOutlined />}
        disabled={off}
        onClick={() => onChange(undefined, fieldPathId.path)}
      >
        Remove {label.toLowerCase()}
      </Button>
    </div>
  );
}

/** A shape with its defaults, where it is another than the one that a form shows. */
const wholeOf = (schema: FieldProps["schema"]) =>
  (schema as JsonSchema)[BEGINS_AS] as FieldProps["schema"] | undefined;

/** What is added in this field (an item, another shape) begins with the defaults of its shape. */
function beginningWhole(Inner: Field): Field {
  return function Beginning(props: FieldProps) {
    const registry = useMemo(() => whole(props.registry), [props.registry]);
    return <Inner {...props} registry={registry} />;
  };
}

function whole(registry: Registry): Registry {
  const inner = registry.schemaUtils;
  const getDefaultFormState: typeof inner.getDefaultFormState = (schema, ...rest) =>
    inner.getDefaultFormState(wholeOf(schema) ?? schema, ...rest);
  const schemaUtils = Object.create(inner, { getDefaultFormState: { value: getDefaultFormState } });
  return { ...registry, schemaUtils: schemaUtils as typeof inner };
}

/** The shapes of a field that is there. */
function thereOf(schema: JsonSchema): JsonSchema {
  const keyword = schema.oneOf ? "oneOf" : schema.anyOf ? "anyOf" : null;
  return keyword ? { ...schema, [keyword]: schema[keyword]?.filter((option) => option.type !== "null") } : schema;
}

/** A value of any shape, as JSON. What is no JSON stays in the field and is not taken over. */
function Json(props: FieldProps) {
  const { formData, onChange, fieldPathId } = props;
  const [text, setText] = useState(() =>
    formData === undefined ? "" : JSON.stringify(formData, null, 2),
  );
  const [wrong, setWrong] = useState<string | null>(null);
  const label = String(props.schema.title ?? props.name);
  const typed = (next: string) => {
    setText(next);
    if (next.trim() === "") {
      setWrong(null);
      onChange(undefined, fieldPathId.path);
      return;
    }
    try {
      const value: unknown = JSON.parse(next);
      setWrong(null);
      onChange(value as never, fieldPathId.path);
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <Input.TextArea
        id={fieldPathId.$id}
        aria-label={label}
        className="mono"
        autoSize={{ minRows: 2, maxRows: 20 }}
        spellCheck={false}
        placeholder="JSON"
        value={text}
        status={wrong ? "error" : undefined}
        disabled={props.disabled || props.readonly}
        onChange={(event) => typed(event.target.value)}
      />
      {wrong && <div className="field-error" role="alert">This is no JSON: {wrong}</div>}
    </>
  );
}

/** A field that the project brings itself. */
function Own(props: FieldProps) {
  const Component = (props.uiSchema?.["ui:options"] as { component?: OwnField } | undefined)?.component;
  if (!Component) return null;
  return (
    <Component
      id={props.fieldPathId.$id}
      value={props.formData as unknown}
      onChange={(value) => props.onChange(value as never, props.fieldPathId.path)}
      label={String(props.schema.title ?? props.name)}
      required={props.required ?? false}
      disabled={props.disabled ?? false}
    />
  );
}

/** The fields by the names that `uiSchema.ts` calls them. */
export const fields: RegistryFieldsType = {
  json: Json,
  optional: Optional,
  own: Own,
  AnyOfField: beginningWhole(AnyOfField as Field),
  ArrayField: beginningWhole(ArrayField as Field),
  OneOfField: beginningWhole(OneOfField as Field),
};
