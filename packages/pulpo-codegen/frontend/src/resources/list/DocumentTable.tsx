import { Link } from "react-router";

import type { Model, ModelDetails } from "@/api/capabilities";
import type { Values } from "@/api/documents";
import { paths } from "@/app/paths";
import { modelPlural } from "@/schema/labels";

import { isNumber, type Column } from "../columns";
import { FieldValue } from "../FieldValue";
import { titleOf, useTitles } from "../references";
import { Heading } from "./Heading";
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

/** Documents as rows. The first column leads to the document. */
export function DocumentTable(props: DocumentTableProps) {
  const { model, details, columns, items, loading, chosen = [], onChoose } = props;
  const first = columns.find((column) => !column.target)?.name;
  const ids = items.map((values) => String(values.id));
  const here = ids.filter((id) => chosen.includes(id)).length;
  const choose = (some: string[], isChosen: boolean) => {
    const others = chosen.filter((id) => !some.includes(id));
    onChoose?.(isChosen ? [...others, ...some] : others);
  };
  return (
    // Where there is nothing in it to step to, the keyboard scrolls the table itself.
    <div className="scroll" aria-busy={loading} tabIndex={items.length > 0 ? undefined : 0}>
      <table className="documents">
        <thead>
          <tr>
            {onChoose && (
              <th className="documents-choice">
                <input
                  type="checkbox"
                  aria-label="Choose all of this page"
                  checked={here > 0 && here === ids.length}
                  ref={(box) => {
                    if (box) box.indeterminate = here > 0 && here < ids.length;
                  }}
                  onChange={(event) => choose(ids, event.target.checked)}
                />
              </th>
            )}
            {columns.map((column) => (
              <Heading key={column.name} column={column} sort={props.sort ?? ""} onSort={props.onSort} />
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {items.map((values) => {
            const id = String(values.id);
            const isChosen = chosen.includes(id);
            return (
              <tr key={id} className={isChosen ? "chosen" : undefined}>
                {onChoose && (
                  <td className="documents-choice">
                    <input
                      type="checkbox"
                      aria-label={`Choose ${titleOf(model, values)}`}
                      checked={isChosen}
                      onChange={(event) => choose([id], event.target.checked)}
                    />
                  </td>
                )}
                {columns.map((column) => (
                  <td key={column.name} className={isNumber(column) ? "right" : undefined}>
                    {column.name === first ? (
                      <Link to={paths.show(model.collection, id)}>
                        <FieldValue {...{ model, details, column, values }} place="list" />
                      </Link>
                    ) : column.target ? (
                      <LinkCell {...{ model, details, column, values, items }} />
                    ) : (
                      <FieldValue {...{ model, details, column, values }} place="list" />
                    )}
                  </td>
                ))}
                <td className="documents-menu"><RowMenu model={model} values={values} /></td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {items.length === 0 && (
        <div className="documents-empty muted">
          {!loading && (props.isFiltered ? "Nothing fits" : `No ${modelPlural(model).toLowerCase()} yet`)}
        </div>
      )}
    </div>
  );
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
