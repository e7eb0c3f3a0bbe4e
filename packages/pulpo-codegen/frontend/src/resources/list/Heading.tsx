import type { MouseEvent } from "react";

import { isNumber, type Column } from "../columns";

interface HeadingProps {
  column: Column;
  /** As the API takes it: "-age,name". */
  sort: string;
  onSort?: (sort: string) => void;
}

/** The head of a column: sorts by it up, then down, then not; with Shift after what counts already. */
export function Heading({ column, sort, onSort }: HeadingProps) {
  const { name, label } = column;
  const className = isNumber(column) ? "right" : undefined;
  if (!column.sortable || !onSort) return <th scope="col" className={className}>{label}</th>;
  const parts = sort.split(",").filter(Boolean);
  const isUp = parts.includes(name);
  const isDown = parts.includes(`-${name}`);
  const next = isUp ? [`-${name}`] : isDown ? [] : [name];
  const press = (event: MouseEvent) => {
    if (!event.shiftKey) return onSort(next.join(","));
    const at = parts.findIndex((part) => part === name || part === `-${name}`);
    onSort(at < 0 ? [...parts, name].join(",") : parts.toSpliced(at, 1, ...next).join(","));
  };
  return (
    <th
      scope="col"
      className={className}
      aria-sort={isUp ? "ascending" : isDown ? "descending" : undefined}
    >
      <button type="button" title="With Shift: after what is sorted by already" onClick={press}>
        {label}
        <span aria-hidden className="documents-way">{isUp ? "↑" : isDown ? "↓" : "↕"}</span>
      </button>
    </th>
  );
}
