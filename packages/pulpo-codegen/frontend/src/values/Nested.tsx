import { useState } from "react";

import { Button } from "@/controls/Button";
import { kindOf } from "@/schema/kinds";
import { fieldLabel } from "@/schema/labels";
import { shapeOf } from "@/schema/nulls";
import { resolved, withoutNull } from "@/schema/resolve";
import type { JsonSchema } from "@/schema/types";

import { Nothing, Value } from "./Value";

interface NestedProps {
  value: unknown;
  schema: JsonSchema;
  root: JsonSchema;
  name: string;
}

type Row = Record<string, unknown>;

/** An object as its fields, a list of objects as a table, anything else as JSON. */
export function Nested({ value, schema: given, root, name }: NestedProps) {
  const schema = withoutNull(given, root).schema;
  if (Array.isArray(value)) {
    if (value.length === 0) return <Nothing />;
    const items = resolved(schema.items ?? {}, root);
    if (kindOf(items, root) === "object" && items.properties) {
      return <Rows rows={value as Row[]} schema={items} root={root} />;
    }
    return (
      <ul className="items">
        {value.map((item, index) => (
          // Items of a list have nothing but their place.
          <li key={index}>
            <Value value={item} schema={items} root={root} name={name} place="show" />
          </li>
        ))}
      </ul>
    );
  }
  const shape = shapeOf(value, schema, root);
  if (value && typeof value === "object" && shape?.properties) {
    return <Fields values={value as Row} schema={shape} root={root} />;
  }
  if (value && typeof value === "object" && Object.keys(value).length === 0) return <Nothing />;
  return <pre className="json mono">{JSON.stringify(value, null, 2)}</pre>;
}

function Fields({ values, schema, root }: { values: Row; schema: JsonSchema; root: JsonSchema }) {
  return (
    <dl className="fields fields-nested">
      {Object.entries(schema.properties ?? {}).map(([key, field]) => (
        <Pair key={key} label={fieldLabel(key, field.title)}>
          <Value value={values[key]} schema={field} root={root} name={key} place="show" />
        </Pair>
      ))}
    </dl>
  );
}

function Pair({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

const NUMBERS = ["integer", "number", "decimal"];
const SHOWN = 20;

function Rows({ rows, schema, root }: { rows: Row[]; schema: JsonSchema; root: JsonSchema }) {
  const [all, setAll] = useState(false);
  const columns = Object.entries(schema.properties ?? {}).map(([key, field]) => ({
    key,
    field,
    className: NUMBERS.includes(kindOf(field, root, key)) ? "right" : undefined,
  }));
  return (
    <div className="scroll" tabIndex={0}>
      <table className="documents documents-small">
        <thead>
          <tr>
            {columns.map(({ key, field, className }) => (
              <th key={key} scope="col" className={className}>{fieldLabel(key, field.title)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, all ? undefined : SHOWN).map((row, index) => (
            // Items of a list have nothing but their place.
            <tr key={index}>
              {columns.map(({ key, field, className }) => (
                <td key={key} className={className}>
                  <Value value={row[key]} schema={field} root={root} name={key} place="list" />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN && !all && (
        <Button kind="link" small onClick={() => setAll(true)}>Show all {rows.length}</Button>
      )}
    </div>
  );
}
