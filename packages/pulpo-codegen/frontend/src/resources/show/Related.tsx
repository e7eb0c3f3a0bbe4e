import { Tabs } from "antd";
import { useState } from "react";

import type { Model, ModelDetails } from "@/api/capabilities";
import { useCapabilities, useModelDetails } from "@/api/useCapabilities";
import { documentPath } from "@/api/documents";
import { usePage } from "@/api/useDocuments";
import { Pager } from "@/app/Pager";
import { ProblemView } from "@/app/ProblemView";
import { inWords } from "@/schema/labels";

import { columnsOf, usualColumns } from "../columns";
import { DocumentTable } from "../list/DocumentTable";

/** What refers to a document: one tab for each list, read when it is looked at. */
export function Related({ model, details, id }: { model: Model; details: ModelDetails; id: string }) {
  const models = useCapabilities().data?.models ?? [];
  const items = details.related.flatMap(({ name, model: other }) => {
    const found = models.find((one) => one.name === other);
    if (!found) return [];
    const path = `${documentPath(model, id)}/${name}`;
    return [{ key: name, label: inWords(name), children: <RelatedList model={found} path={path} from={model} /> }];
  });
  if (items.length === 0) return null;
  return (
    <section className="panel" style={{ marginTop: 16 }} aria-label="Related">
      <Tabs items={items} tabBarStyle={{ padding: "0 20px", marginBottom: 0 }} destroyOnHidden />
    </section>
  );
}

const SIZE = 10;

function RelatedList({ model, path, from }: { model: Model; path: string; from: Model }) {
  const [page, setPage] = useState(1);
  const details = useModelDetails(model.name);
  const found = usePage(model, { page, page_size: SIZE }, { path });
  if (found.isError) return <div style={{ padding: 16 }}><ProblemView error={found.error} /></div>;
  if (!details.data) return <div style={{ height: 160 }} />;
  const every = columnsOf(model, details.data);
  const usual = usualColumns(model, every);
  // The way back is where one comes from.
  const columns = every.filter((one) => usual.includes(one.name) && one.target !== from.name);
  const total = found.data?.total ?? null;
  const last = total === null ? page + (found.data?.next ? 1 : 0) : Math.ceil(total / SIZE);
  return (
    <>
      <DocumentTable
        model={model}
        details={details.data}
        columns={columns}
        items={found.data?.items ?? []}
        loading={found.isPending || found.isPlaceholderData}
      />
      {last > 1 && (
        <div className="table-foot">
          <span className="spacer" />
          <Pager page={page} last={last} onPage={setPage} />
        </div>
      )}
    </>
  );
}
