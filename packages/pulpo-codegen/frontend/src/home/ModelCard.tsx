import { Link } from "react-router";

import type { Model } from "@/api/capabilities";
import { useCount } from "@/api/useDocuments";
import { entryOf } from "@/app/menu";
import { paths } from "@/app/paths";
import { iconOf } from "@/controls/icons";
import { firstParagraph, modelPlural } from "@/schema/labels";

/** A model, and how many documents of it there are. */
export function ModelCard({ model }: { model: Model }) {
  const count = useCount(model, {}, true);
  return (
    <Link to={paths.list(model.collection)} className="panel card">
      <span className="card-icon" aria-hidden>{iconOf(entryOf(model).icon)}</span>
      <span className="card-name">{modelPlural(model)}</span>
      <span className="card-count number">{count.data?.toLocaleString() ?? "…"}</span>
      <span className="card-about muted">{firstParagraph(model.description)}</span>
    </Link>
  );
}
