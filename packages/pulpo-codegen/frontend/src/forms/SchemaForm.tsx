import { withTheme, type IChangeEvent } from "@rjsf/core";
import type { ErrorSchema, RJSFSchema } from "@rjsf/utils";
import { Alert, Form as AntdForm } from "antd";
import { useMemo, useRef, useState, type ReactNode } from "react";

import { pathOf, type Finding } from "@/api/problem";
import { fieldLabel } from "@/schema/labels";
import { withNulls, withoutNulls } from "@/schema/nulls";
import type { JsonSchema } from "@/schema/types";

import { fields } from "./fields";
import { prepared } from "./prepare";
import { templates } from "./templates";
import { uiSchemaOf, type Meaning } from "./uiSchema";
import { validator } from "./validator";
import { widgets } from "./widgets";

const Form = withTheme({ fields, templates, widgets });
const NO_LINKS: Meaning = { links: {} };

interface SchemaFormProps {
  /** What the API says of the values, as pydantic writes it. */
  schema: JsonSchema;
  meaning?: Meaning;
  initial: Record<string, unknown>;
  /** Whether these are the values of something that exists: fields have no defaults then. */
  existing?: boolean;
  /** What the server found wrong, each shown at its field. */
  findings?: readonly Finding[];
  busy?: boolean;
  onChange?: (values: Record<string, unknown>) => void;
  onSubmit: (values: Record<string, unknown>) => void;
  /** The buttons: one of them of `htmlType="submit"`. */
  children: ReactNode;
}

/** A form for whatever a JSON schema describes: documents, and what operations and flows take. */
export function SchemaForm(props: SchemaFormProps) {
  const { schema, meaning = NO_LINKS, findings, existing = false } = props;
  const form = useMemo(() => prepared(schema, { defaults: !existing }), [schema, existing]);
  const uiSchema = useMemo(() => uiSchemaOf(form, meaning), [form, meaning]);
  const [values, setValues] = useState<Record<string, unknown>>(props.initial);
  const [wrong, setWrong] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const known = useMemo(() => errorsAt(findings ?? []), [findings]);
  const elsewhere = (findings ?? []).filter((finding) => !isAtField(finding, form));

  const changed = (event: IChangeEvent) => {
    const next = (event.formData ?? {}) as Record<string, unknown>;
    setValues(next);
    props.onChange?.(withoutNulls(next, schema, schema));
  };
  const failed = (errors: unknown[]) => {
    setWrong(errors.length);
    // The first field with an error, wherever it is on the page.
    requestAnimationFrame(() =>
      box.current?.querySelector(".ant-form-item-has-error, .field-error")?.scrollIntoView({ block: "center" }),
    );
  };
  return (
    <div ref={box} className="schema-form">
      {elsewhere.length > 0 && (
        <Alert
          type="error"
          showIcon
          style={{ marginBottom: 16 }}
          title={elsewhere.map((finding) => inWords(finding)).join("; ")}
        />
      )}
      {/* Labels over the inputs, for all that stands in here. */}
      <AntdForm component={false} layout="vertical">
        <Form
          schema={form as RJSFSchema}
          uiSchema={uiSchema}
          formData={values}
          validator={validator}
          extraErrors={known}
          extraErrorsBlockSubmit={false}
          showErrorList={false}
          noHtml5Validate
          disabled={props.busy}
          experimental_defaultFormStateBehavior={{
            emptyObjectFields: "skipEmptyDefaults",
            arrayMinItems: { populate: "requiredOnly" },
          }}
          onChange={changed}
          onError={failed}
          onSubmit={(event) => {
            setWrong(0);
            const given = withoutNulls((event.formData ?? {}) as Record<string, unknown>, schema, schema);
            props.onSubmit(existing ? given : withNulls(given, schema, schema, "required"));
          }}
        >
          {wrong > 0 && (
            <p className="field-error" role="alert">
              {wrong === 1 ? "One field is not right yet." : `${wrong} fields are not right yet.`}
            </p>
          )}
          {props.children}
        </Form>
      </AntdForm>
    </div>
  );
}

/** The findings of the server, in the tree that the form has them in. */
function errorsAt(findings: readonly Finding[]): ErrorSchema {
  const root: Record<string, unknown> = {};
  for (const finding of findings) {
    if (finding.in && finding.in !== "body") continue;
    let place = root;
    for (const part of pathOf(finding.pointer)) {
      place = (place[part] ??= {}) as Record<string, unknown>;
    }
    ((place.__errors ??= []) as string[]).push(finding.detail);
  }
  return root as ErrorSchema;
}

function isAtField(finding: Finding, schema: JsonSchema): boolean {
  const [first] = pathOf(finding.pointer);
  return first !== undefined && first in (schema.properties ?? {});
}

function inWords(finding: Finding): string {
  const path = pathOf(finding.pointer);
  return path.length > 0 ? `${fieldLabel(path.join("."))}: ${finding.detail}` : finding.detail;
}
