import { Link } from "react-router";

import { useCapabilities } from "@/api/useCapabilities";
import { paths } from "@/app/paths";
import { modelPlural } from "@/schema/labels";

/** Which models an operation reads and writes; those that may be looked at are links. */
export function Models({ reads, writes }: { reads: string[]; writes: string[] }) {
  if (reads.length === 0 && writes.length === 0) return <span className="muted">Touches no data</span>;
  return (
    <span className="models">
      {reads.length > 0 && <Some word="Reads" names={reads} />}
      {writes.length > 0 && <Some word="Writes" names={writes} />}
    </span>
  );
}

function Some({ word, names }: { word: string; names: string[] }) {
  return (
    <span>
      <span className="muted">{word}</span>{" "}
      {names.map((name, index) => (
        <span key={name}>
          {index > 0 && ", "}
          <ModelName name={name} />
        </span>
      ))}
    </span>
  );
}

function ModelName({ name }: { name: string }) {
  const model = useCapabilities().data?.models.find((one) => one.name === name);
  return model ? <Link to={paths.list(model.collection)}>{modelPlural(model)}</Link> : <>{name}</>;
}
