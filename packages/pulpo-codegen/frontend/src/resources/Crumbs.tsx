import { Breadcrumb } from "antd";
import { Link } from "react-router";

import type { Model } from "@/api/capabilities";
import { paths } from "@/app/paths";
import { modelPlural } from "@/schema/labels";

/** The way back to the list, and to the document where this is a page about it. */
export function Crumbs({ model, document }: { model: Model; document?: { id: string; title: string } }) {
  const items = [{ title: <Link to={paths.list(model.collection)}>{modelPlural(model)}</Link> }];
  if (document) {
    const to = paths.show(model.collection, document.id);
    items.push({ title: <Link to={to}>{document.title}</Link> });
  }
  return <Breadcrumb items={items} style={{ marginBottom: 6 }} />;
}
