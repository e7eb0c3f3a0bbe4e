import { Table, type TableColumnsType } from "antd";

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

function Rows({ rows, schema, root }: { rows: Row[]; schema: JsonSchema; root: JsonSchema }) {
  const columns: TableColumnsType<Row> = Object.entries(schema.properties ?? {}).map(
    ([key, field]) => ({
      key,
      dataIndex: key,
      title: fieldLabel(key, field.title),
      align: NUMBERS.includes(kindOf(field, root, key)) ? "end" : "start",
      render: (value: unknown) => (
        <Value value={value} schema={field} root={root} name={key} place="list" />
      ),
    }),
  );
  return (
    <Table
      size="small"
      columns={columns}
      dataSource={rows}
      rowKey={(row) => rows.indexOf(row)}
      pagination={rows.length > 20 ? { pageSize: 20, size: "small" } : false}
      scroll={{ x: "max-content" }}
    />
  );
}
