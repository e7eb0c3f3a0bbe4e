import { Empty, Table, type TableColumnsType, type TableProps } from "antd";
import { Link } from "react-router";

import type { Model, ModelDetails } from "@/api/capabilities";
import type { Values } from "@/api/documents";
import { paths } from "@/app/paths";
import { modelPlural } from "@/schema/labels";

import type { Column } from "../columns";
import { FieldValue } from "../FieldValue";
import { titleOf, useTitles } from "../references";
import { RowMenu } from "./RowMenu";

interface DocumentTableProps {
  model: Model;
  details: ModelDetails;
  columns: Column[];
  items: Values[];
  loading: boolean;
  sort?: string;
  onSort?: (sort: string) => void;
  chosen?: string[];
  onChoose?: (ids: string[]) => void;
  isFiltered?: boolean;
}

const NUMBERS = ["integer", "number", "decimal"];

/** Documents as rows. The first column leads to the document. */
export function DocumentTable(props: DocumentTableProps) {
  const { model, details, columns, items } = props;
  const first = columns.find((column) => !column.target)?.name;
  const order = new Map(
    (props.sort ?? "").split(",").filter(Boolean).map((part, index) => [
      part.replace(/^-/, ""),
      { way: part.startsWith("-") ? ("descend" as const) : ("ascend" as const), rank: index },
    ]),
  );
  const shown: TableColumnsType<Values> = columns.map((column) => ({
    key: column.name,
    dataIndex: column.name,
    title: column.label,
    align: NUMBERS.includes(column.kind) ? "end" : "start",
    sorter: column.sortable && props.onSort ? { multiple: 1 } : false,
    sortOrder: order.get(column.name)?.way ?? null,
    showSorterTooltip: false,
    render: (_: unknown, values: Values) =>
      column.name === first ? (
        <Link to={paths.show(model.collection, String(values.id))}>
          <FieldValue {...{ model, details, column, values }} place="list" />
        </Link>
      ) : column.target ? (
        <LinkCell {...{ model, details, column, values, items }} />
      ) : (
        <FieldValue {...{ model, details, column, values }} place="list" />
      ),
  }));
  shown.push({
    key: "actions",
    width: 48,
    align: "end",
    render: (_: unknown, values: Values) => <RowMenu model={model} values={values} />,
  });
  const sorted: TableProps<Values>["onChange"] = (_pages, _filters, sorters, extra) => {
    if (extra.action !== "sort" || !props.onSort) return;
    const parts = (Array.isArray(sorters) ? sorters : [sorters])
      .filter((sorter) => sorter.order)
      .map((sorter) => (sorter.order === "descend" ? "-" : "") + String(sorter.columnKey));
    // What was clicked last counts least: that is how several sorters are meant.
    const ranked = parts.sort((a, b) => rankOf(order, a) - rankOf(order, b));
    props.onSort(ranked.join(","));
  };
  return (
    <Table<Values>
      size="middle"
      rowKey={(values) => String(values.id)}
      columns={shown}
      dataSource={items}
      loading={props.loading}
      pagination={false}
      scroll={{ x: "max-content" }}
      onChange={sorted}
      rowSelection={
        props.onChoose && {
          selectedRowKeys: props.chosen,
          preserveSelectedRowKeys: true,
          onChange: (keys) => props.onChoose?.(keys.map(String)),
          getCheckboxProps: (values) => ({ "aria-label": `Choose ${titleOf(model, values)}` }) as object,
          getTitleCheckboxProps: () => ({ "aria-label": "Choose all of this page" }) as object,
        }
      }
      locale={{
        emptyText: props.loading ? (
          <div style={{ height: 120 }} />
        ) : (
          <Empty
            image={Empty.PRESENTED_IMAGE_SIMPLE}
            description={props.isFiltered ? "Nothing fits" : `No ${modelPlural(model).toLowerCase()} yet`}
          />
        ),
      }}
    />
  );
}

function rankOf(order: Map<string, { rank: number }>, part: string): number {
  return order.get(part.replace(/^-/, ""))?.rank ?? Number.MAX_SAFE_INTEGER;
}

/** A link in a list: all rows share one request for the names of what they refer to. */
function LinkCell(props: {
  model: Model;
  details: ModelDetails;
  column: Column;
  values: Values;
  items: Values[];
}) {
  const { model, details, column, values, items } = props;
  const ids = items
    .flatMap((item) => item[column.name] as unknown)
    .filter((id) => typeof id === "string" || typeof id === "number")
    .map(String);
  const titles = useTitles(column.target, ids).data ?? {};
  return <FieldValue {...{ model, details, column, values, titles }} place="list" />;
}
