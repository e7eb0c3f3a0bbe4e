import { Link } from "react-router";

import { useModel } from "@/api/useCapabilities";
import { paths } from "@/app/paths";
import { Id, Nothing } from "@/values/Value";

import { useTitles } from "./references";

interface ReferenceProps {
  /** An id, several of them, or nothing. */
  value: unknown;
  target: string;
  place: "list" | "show";
  /** What ids stand for, where that was asked for already. */
  titles?: Record<string, string>;
}

const SHOWN = 3;

/** Links to the documents that a field refers to, called by their names. */
export function Reference({ value, target, place, titles }: ReferenceProps) {
  const ids = (Array.isArray(value) ? value : [value])
    .filter((id) => id !== null && id !== undefined && id !== "")
    .map(String);
  const own = useTitles(target, titles ? [] : ids);
  const model = useModel(target);
  if (ids.length === 0) return <Nothing />;
  const known = titles ?? own.data ?? {};
  const shown = place === "list" ? ids.slice(0, SHOWN) : ids;
  return (
    <span className={place === "list" ? "truncate" : undefined}>
      {shown.map((id, index) => (
        <span key={id}>
          {index > 0 && ", "}
          {model ? (
            <Link to={paths.show(model.collection, id)} title={known[id] ?? id}>
              {known[id] ?? <Id id={id} place="list" />}
            </Link>
          ) : (
            <Id id={id} place="list" />
          )}
        </span>
      ))}
      {ids.length > shown.length && <span className="muted"> +{ids.length - shown.length}</span>}
    </span>
  );
}
