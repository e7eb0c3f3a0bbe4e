import { isNumber, type Column } from "../columns";

interface HeadingProps {
  column: Column;
  /** As the API takes it: "-age,name". */
  sort: string;
  onSort?: (sort: string) => void;
}

/** The head of a column: sorts up, then down, then not; what was sorted by before counts more. */
export function Heading({ column, sort, onSort }: HeadingProps) {
  const { name, label } = column;
  const className = isNumber(column) ? "right" : undefined;
  if (!column.sortable || !onSort) return <th scope="col" className={className}>{label}</th>;
  const parts = sort.split(",").filter(Boolean);
  const isUp = parts.includes(name);
  const isDown = parts.includes(`-${name}`);
  const next = isUp
    ? parts.map((part) => (part === name ? `-${name}` : part))
    : isDown
      ? parts.filter((part) => part !== `-${name}`)
      : [...parts, name];
  return (
    <th
      scope="col"
      className={className}
      aria-sort={isUp ? "ascending" : isDown ? "descending" : undefined}
    >
      <button type="button" onClick={() => onSort(next.join(","))}>
        {label}
        <span aria-hidden className="documents-way">{isUp ? "↑" : isDown ? "↓" : "↕"}</span>
      </button>
    </th>
  );
}
