import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

import type { ModelDetails } from "@/api/capabilities";
import type { QueryValue } from "@/api/http";

import { fromText, toFilter, type Group } from "./filters";

/** What a list shows, as its address says it: it can be sent to somebody, and gone back to. */
export interface ListState {
  search: string;
  /** As the API takes it: "-age,name". */
  sort: string;
  page: number;
  /** Where the page begins, where the one before it said so: `next` of the API. */
  after: string;
  size: number;
  filter: Group;
  /** The columns that were chosen; null where nobody has. */
  columns: string[] | null;
}

type Change = Partial<ListState>;

const PLACES = {
  search: "q",
  sort: "sort",
  page: "page",
  after: "after",
  size: "size",
  filter: "filter",
  columns: "columns",
};

export function useListState(details: ModelDetails): [ListState, (change: Change) => void] {
  const [params, setParams] = useSearchParams();
  const state = useMemo((): ListState => {
    const page = Number(params.get(PLACES.page));
    const size = Number(params.get(PLACES.size));
    return {
      search: params.get(PLACES.search) ?? "",
      sort: params.get(PLACES.sort) ?? "",
      page: Number.isInteger(page) && page > 0 ? page : 1,
      after: params.get(PLACES.after) ?? "",
      size: size > 0 ? Math.min(size, details.max_page_size) : details.page_size,
      filter: fromText(params.get(PLACES.filter)),
      columns: params.get(PLACES.columns)?.split(",").filter(Boolean) ?? null,
    };
  }, [params, details]);

  const change = useCallback(
    (next: Change) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          const put = (name: string, text: string | undefined) =>
            text ? after.set(name, text) : after.delete(name);
          // What is shown is another list: it begins at its beginning.
          if (!("columns" in next)) {
            after.delete(PLACES.page);
            after.delete(PLACES.after);
          }
          if ("search" in next) put(PLACES.search, next.search);
          if ("sort" in next) put(PLACES.sort, next.sort);
          if (next.page) put(PLACES.page, next.page > 1 ? String(next.page) : undefined);
          if (next.after) put(PLACES.after, next.after);
          if (next.size) put(PLACES.size, next.size === details.page_size ? undefined : String(next.size));
          if ("columns" in next) put(PLACES.columns, next.columns?.join(","));
          if (next.filter) {
            const filter = toFilter(next.filter);
            put(PLACES.filter, filter && JSON.stringify(filter));
          }
          return after;
        },
        { replace: true },
      ),
    [setParams, details.page_size],
  );
  return [state, change];
}

/** Which documents are meant, for lists, counts and exports alike. */
export function conditionsOf(state: ListState): Record<string, QueryValue> {
  const filter = toFilter(state.filter);
  return { search: state.search || undefined, filter: filter && JSON.stringify(filter) };
}
