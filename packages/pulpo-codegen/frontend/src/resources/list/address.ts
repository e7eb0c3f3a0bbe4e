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
  /** Documents a page; null where the model's own number holds. */
  size: number | null;
  filter: Group;
  /** The columns that were chosen; null where nobody has. */
  columns: string[] | null;
}

/** What each part is called in the address. */
export const PLACES = {
  search: "q",
  sort: "sort",
  page: "page",
  after: "after",
  size: "size",
  filter: "filter",
  columns: "columns",
} as const;

export function stateIn(params: URLSearchParams): ListState {
  const page = Number(params.get(PLACES.page));
  const size = Number(params.get(PLACES.size));
  return {
    search: params.get(PLACES.search) ?? "",
    sort: params.get(PLACES.sort) ?? "",
    page: Number.isInteger(page) && page > 0 ? page : 1,
    after: params.get(PLACES.after) ?? "",
    size: Number.isInteger(size) && size > 0 ? size : null,
    filter: fromText(params.get(PLACES.filter)),
    columns: params.get(PLACES.columns)?.split(",").filter(Boolean) ?? null,
  };
}

/** Which documents are meant, for lists, counts and exports alike. */
export function conditionsOf(state: ListState): Record<string, QueryValue> {
  const filter = toFilter(state.filter);
  return { search: state.search || undefined, filter: filter && JSON.stringify(filter) };
}

/** What the API is asked for. */
export const pageOf = (state: ListState): Record<string, QueryValue> => ({
  ...conditionsOf(state),
  sort: state.sort,
  // The cursor of the page before costs the same however far into the list it is.
  ...(state.after ? { after: state.after } : { page: state.page }),
  page_size: state.size ?? undefined,
});
