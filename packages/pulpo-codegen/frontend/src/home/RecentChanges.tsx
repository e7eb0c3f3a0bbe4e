import { Link } from "react-router";

import type { Model } from "@/api/capabilities";
import { paths } from "@/app/paths";
import { ProblemView } from "@/app/ProblemView";
import { Section } from "@/app/Section";
import { Skeleton } from "@/controls/Skeleton";
import { modelLabel } from "@/schema/labels";

import { Ago } from "./Ago";
import { useRecentChanges } from "./recent";

const SHOWN = 10;

/** The documents that were added or changed last, of all models. */
export function RecentChanges({ models }: { models: Model[] }) {
  const changes = useRecentChanges(models);
  return (
    <Section title="Recent changes" empty={changes.data?.length === 0 && "There are no documents yet."}>
      {changes.isError && <div className="home-problem"><ProblemView error={changes.error} /></div>}
      {changes.isPending && <div className="block-empty"><Skeleton /></div>}
      <ul className="home-list">
        {changes.data?.slice(0, SHOWN).map(({ model, id, title, at, what }) => (
          <li key={`${model.name} ${id}`}>
            <span className={`chip chip-${what === "added" ? "green" : "blue"}`}>{what === "added" ? "Added" : "Changed"}</span>
            <Link to={paths.show(model.collection, id)}>{title}</Link>
            <span className="home-why muted">{modelLabel(model)}</span>
            <Ago at={at} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
