import PlusOutlined from "@ant-design/icons-svg/es/asn/PlusOutlined";
import { Suspense, useState } from "react";

import { usePage } from "@/api/useDocuments";
import { Page } from "@/app/Page";
import { Pager } from "@/app/Pager";
import { paths } from "@/app/paths";
import { ProblemView } from "@/app/ProblemView";
import { ButtonLink } from "@/controls/Button";
import { withAntd } from "@/controls/withAntd";
import { firstParagraph, modelPlural } from "@/schema/labels";

import { columnsOf, usualColumns } from "../columns";
import { useCurrentModel } from "../ModelRoute";
import { ActiveFilters } from "./ActiveFilters";
import { conditionsOf, pageOf } from "./address";
import { DocumentTable } from "./DocumentTable";
import { Toolbar } from "./Toolbar";
import { Total } from "./Total";
import { rememberedColumns } from "./rememberedColumns";
import { useListState } from "./useListState";

const BulkActions = withAntd(async () => (await import("./BulkActions")).BulkActions);

/** The documents of a model: searched, filtered, sorted, page by page. */
export function ListPage() {
  const { model, details } = useCurrentModel();
  const [state, change] = useListState(details);
  const [chosen, setChosen] = useState<string[]>([]);
  const every = columnsOf(model, details);
  const names = state.columns ?? rememberedColumns(model.name) ?? usualColumns(model, every);
  const columns = names.flatMap((name) => every.find((column) => column.name === name) ?? []);
  const conditions = conditionsOf(state);
  const size = state.size ?? details.page_size;
  const page = usePage(model, pageOf(state));
  const items = page.data?.items ?? [];
  const placeOf = (next: number) =>
    next === state.page + 1 ? { page: next, after: page.data?.next ?? "" } : { page: next };
  const total = page.data?.total ?? null;
  // How many there are is not known before somebody counts: then there is a next page, or none.
  const last = total === null ? state.page + (page.data?.next ? 1 : 0) : Math.ceil(total / size);
  const isFiltered = Boolean(conditions.search || conditions.filter);

  return (
    <Page
      title={modelPlural(model)}
      about={firstParagraph(model.description)}
      actions={
        model.can_write && (
          <ButtonLink to={paths.create(model.collection)} kind="primary" icon={PlusOutlined}>New</ButtonLink>
        )
      }
    >
      <Toolbar
        model={model}
        details={details}
        columns={every}
        shown={names}
        state={state}
        change={change}
        conditions={conditions}
        refresh={() => void page.refetch()}
        busy={page.isFetching}
      />
      <ActiveFilters details={details} state={state} change={change} />
      {page.isError ? (
        <ProblemView error={page.error} retry={() => void page.refetch()} />
      ) : (
        <div className="panel">
          {chosen.length > 0 && (
            <Suspense fallback={<div className="bulk" />}>
              <BulkActions
                model={model}
                details={details}
                ids={chosen}
                conditions={conditions}
                onChoose={setChosen}
              />
            </Suspense>
          )}
          <DocumentTable
            model={model}
            details={details}
            columns={columns}
            items={items}
            loading={page.isPending || page.isPlaceholderData}
            sort={state.sort}
            onSort={(sort) => change({ sort })}
            chosen={chosen}
            onChoose={model.can_write ? setChosen : undefined}
            isFiltered={isFiltered}
          />
          <div className="table-foot">
            <Total
              model={model}
              conditions={conditions}
              known={total}
              from={(state.page - 1) * size + 1}
              to={(state.page - 1) * size + items.length}
            />
            <span className="spacer" />
            <Pager page={state.page} last={last} onPage={(next) => change(placeOf(next))} />
            <PageSize size={size} most={details.max_page_size} onChange={(many) => change({ size: many })} />
          </div>
        </div>
      )}
    </Page>
  );
}

/** How many documents a page has; a list of choices that the browser knows. */
function PageSize({ size, most, onChange }: { size: number; most: number; onChange: (size: number) => void }) {
  const sizes = [...new Set([10, 20, 50, 100, 200, size])].filter((one) => one <= most);
  return (
    <select
      className="page-size"
      aria-label="Documents a page"
      value={size}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      {sizes.sort((a, b) => a - b).map((one) => <option key={one} value={one}>{one} a page</option>)}
    </select>
  );
}
