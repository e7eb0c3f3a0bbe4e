import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

import type { ModelDetails } from "@/api/capabilities";

import { PLACES, stateIn, type ListState } from "./address";
import { toFilter } from "./filters";

type Change = Partial<ListState>;

/** What the address of the list says, and a way to another address. */
export function useListState(details: ModelDetails): [ListState, (change: Change) => void] {
  const [params, setParams] = useSearchParams();
  const state = useMemo((): ListState => {
    const said = stateIn(params);
    return { ...said, size: said.size && Math.min(said.size, details.max_page_size) };
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
