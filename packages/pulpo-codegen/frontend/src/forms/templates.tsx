import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import type {
  ArrayFieldItemTemplateProps,
  ArrayFieldTemplateProps,
  FieldTemplateProps,
  MultiSchemaFieldTemplateProps,
  ObjectFieldTemplateProps,
  TemplatesType,
} from "@rjsf/utils";
import { Button, Form } from "antd";

import { kindOf } from "@/schema/kinds";
import { inWords } from "@/schema/labels";
import { resolved } from "@/schema/resolve";
import type { JsonSchema } from "@/schema/types";

import { NULLABLE } from "./prepare";

const WIDE = ["object", "array", "json", "longtext"];

const isItem = (id: string) => /_\d+$/.test(id);

/** Label, input, errors, and what the field is about. */
function FieldTemplate(props: FieldTemplateProps) {
  const schema = props.schema as JsonSchema;
  if (props.hidden || props.uiSchema?.["ui:widget"] === "hidden") return <div hidden>{props.children}</div>;
  const root = props.registry.rootSchema as JsonSchema;
  const kind = kindOf(resolved(schema, root), root);
  const isSection = kind === "object" || (kind === "array" && !props.uiSchema?.["ui:widget"]);
  if (isSection && props.id === "root") return props.children;
  const errors = [...new Set(props.rawErrors ?? [])];
  const about = props.rawDescription;
  const isUnion = kind === "object" && Boolean(schema.oneOf ?? schema.anyOf);
  if (isUnion && !isItem(props.id)) {
    return (
      <fieldset className="form-section">
        <legend>{props.label}</legend>
        {props.children}
        {errors.length > 0 && <div className="field-error" role="alert">{errors.join("; ")}</div>}
      </fieldset>
    );
  }
  if (isSection && !schema[NULLABLE]) {
    return (
      <>
        {props.children}
        {errors.length > 0 && <div className="field-error" role="alert">{errors.join("; ")}</div>}
      </>
    );
  }
  return (
    <Form.Item
      label={props.label}
      htmlFor={isSection ? undefined : props.id}
      required={props.required}
      validateStatus={errors.length > 0 ? "error" : undefined}
      help={errors.length > 0 ? <span role="alert">{errors.join("; ")}</span> : undefined}
      extra={isSection ? undefined : about}
    >
      {props.children}
    </Form.Item>
  );
}

/** The fields of an object: short ones side by side, long ones over the whole width. */
function ObjectTemplate(props: ObjectFieldTemplateProps) {
  const root = props.registry.rootSchema as JsonSchema;
  const schemas = (props.schema.properties ?? {}) as Record<string, JsonSchema>;
  const isRoot = props.fieldPathId.$id === "root";
  const grid = (
    <div className="form-grid">
      {props.properties
        .filter((field) => !field.hidden)
        .map((field) => {
          const kind = kindOf(schemas[field.name] ?? {}, root, field.name);
          return (
            <div key={field.name} className={WIDE.includes(kind) ? "form-wide" : undefined}>
              {field.content}
            </div>
          );
        })}
    </div>
  );
  if (isRoot) return grid;
  const title = props.uiSchema?.["ui:title"] ?? props.title;
  // An item of a list has the number beside it for a title.
  const isOfList = isItem(props.fieldPathId.$id);
  const isOptional = Boolean((props.schema as JsonSchema)[NULLABLE]);
  return (
    <fieldset className={isOfList ? "form-bare" : "form-section"}>
      {!isOfList && !isOptional && <legend>{title}</legend>}
      {!isOfList && props.description && <p className="muted form-about">{props.description}</p>}
      {grid}
    </fieldset>
  );
}

function ArrayTemplate(props: ArrayFieldTemplateProps) {
  const off = props.disabled || props.readonly;
  return (
    <fieldset className="form-section">
      <legend>
        {props.title}
        {props.required && <span aria-hidden className="form-star"> *</span>}
      </legend>
      {props.schema.description && <p className="muted form-about">{props.schema.description}</p>}
      {props.items.length === 0 && <p className="muted form-about">None yet</p>}
      {props.items}
      {props.canAdd && (
        <Button type="dashed" icon={<PlusOutlined />} disabled={off} onClick={props.onAddClick}>
          Add
        </Button>
      )}
    </fieldset>
  );
}

/** An item of a list: its number, its fields, and how to move and remove it. */
function ArrayItemTemplate(props: ArrayFieldItemTemplateProps) {
  const { buttonsProps: buttons, index } = props;
  const name = `item ${index + 1}`;
  const off = buttons.disabled || buttons.readonly;
  return (
    <div className="form-item">
      <span className="form-item-number number" aria-hidden>{index + 1}</span>
      <div className="form-item-body">{props.children}</div>
      {props.hasToolbar && (
        <div className="form-item-buttons">
          <Button type="text" size="small" icon={<ArrowUpOutlined />} aria-label={`Move ${name} up`}
            disabled={off || !buttons.hasMoveUp} onClick={buttons.onMoveUpItem} />
          <Button type="text" size="small" icon={<ArrowDownOutlined />} aria-label={`Move ${name} down`}
            disabled={off || !buttons.hasMoveDown} onClick={buttons.onMoveDownItem} />
          <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={`Remove ${name}`}
            disabled={off || !buttons.hasRemove} onClick={buttons.onRemoveItem} />
        </div>
      )}
    </div>
  );
}

/** One of several shapes: which, and its fields. */
function MultiSchemaTemplate(props: MultiSchemaFieldTemplateProps) {
  const { discriminator } = props.schema as JsonSchema;
  return (
    <div className="form-union">
      <div className="form-union-choice">
        <Form.Item label={inWords(discriminator?.propertyName ?? "kind")}>{props.selector}</Form.Item>
      </div>
      {props.optionSchemaField}
    </div>
  );
}

const none = () => null;

export const templates: Partial<TemplatesType> = {
  ArrayFieldItemTemplate: ArrayItemTemplate,
  ArrayFieldTemplate: ArrayTemplate,
  ErrorListTemplate: none,
  FieldTemplate,
  MultiSchemaFieldTemplate: MultiSchemaTemplate,
  ObjectFieldTemplate: ObjectTemplate,
};
