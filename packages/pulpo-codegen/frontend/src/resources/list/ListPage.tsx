import { PlusOutlined } from "@ant-design/icons";
import { Button, Pagination } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import { usePage } from "@/api/documents";
import { Page } from "@/app/Page";
import { paths } from "@/app/paths";
import { ProblemView } from "@/app/ProblemView";
import { firstParagraph, modelPlural } from "@/schema/labels";

import { columnsOf, usualColumns } from "../columns";
import { useCurrentModel } from "../ModelRoute";
import { ActiveFilters } from "./ActiveFilters";
import { BulkActions } from "./BulkActions";
import { DocumentTable } from "./DocumentTable";
import { Toolbar } from "./Toolbar";
import { Total } from "./Total";
import { rememberedColumns } from "./rememberedColumns";
import { conditionsOf, useListState } from "./useListState";

/** The documents of a model: searched, filtered, sorted, page by page. */
export function ListPage() {
  const { model, details } = useCurrentModel();
  const [state, change] = useListState(details);
  const [chosen, setChosen] = useState<string[]>([]);
  const every = columnsOf(model, details);
  const names = state.columns ?? rememberedColumns(model.name) ?? usualColumns(model, every);
  const columns = names.flatMap((name) => every.find((column) => column.name === name) ?? []);
  const conditions = conditionsOf(state);
  const page = usePage(model, {
    ...conditions,
    sort: state.sort,
    // The cursor of the page before costs the same however far into the list it is.
    ...(state.after ? { after: state.after } : { page: state.page }),
    page_size: state.size,
  });
  const items = page.data?.items ?? [];
  const placeOf = (next: number) =>
    next === state.page + 1 ? { page: next, after: page.data?.next ?? "" } : { page: next };
  const isFiltered = Boolean(conditions.search || conditions.filter);

  return (
    <Page
      title={modelPlural(model)}
      about={firstParagraph(model.description)}
      actions={
        model.can_write && (
          <Link to={paths.create(model.collection)}>
            <Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>New</Button>
          </Link>
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
            <BulkActions
              model={model}
              details={details}
              ids={chosen}
              conditions={conditions}
              onChoose={setChosen}
            />
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
              known={page.data?.total ?? null}
              from={items.length === 0 ? 0 : (state.page - 1) * state.size + 1}
              to={(state.page - 1) * state.size + items.length}
            />
            <span className="spacer" />
            <Pager
              page={state.page}
              size={state.size}
              most={details.max_page_size}
              total={page.data?.total ?? null}
              isLast={page.data !== undefined && page.data.next === null}
              onChange={(next, size) => change(size === state.size ? placeOf(next) : { size })}
            />
          </div>
        </div>
      )}
    </Page>
  );
}

/** Pages by number. How many there are is not known before somebody counts: then there is a next. */
function Pager(props: {
  page: number;
  size: number;
  most: number;
  total: number | null;
  isLast: boolean;
  onChange: (page: number, size: number) => void;
}) {
  const { page, size, most } = props;
  const sizes = [...new Set([10, 20, 50, 100, 200, size])].filter((one) => one <= most);
  const atLeast = page * size + (props.isLast ? 0 : 1);
  return (
    <Pagination
      current={page}
      pageSize={size}
      total={props.total ?? atLeast}
      pageSizeOptions={sizes.sort((a, b) => a - b)}
      showSizeChanger={{ "aria-label": "Documents a page" }}
      onChange={props.onChange}
      size="small"
      showLessItems
    />
  );
}
