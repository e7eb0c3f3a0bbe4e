import { useQuery } from "@tanstack/react-query";

import type { Model } from "./capabilities";
import { key, readDocument, readPage } from "./documents";
import { send, type QueryValue } from "./http";

export function useDocument(model: Model, id: string, options: { fresh?: boolean } = {}) {
  return useQuery({
    queryKey: key(model.name, "one", id),
    queryFn: () => readDocument(model, id),
    // A form begins with what is stored now, and is not changed under the user's hands.
    ...(options.fresh ? { staleTime: 0, gcTime: 0, refetchOnWindowFocus: false } : {}),
  });
}

export function usePage(
  model: Model,
  query: Record<string, QueryValue>,
  options: { path?: string; enabled?: boolean } = {},
) {
  const path = options.path ?? model.path;
  return useQuery({
    ...readPage(model, query, path),
    placeholderData: (before, beforeQuery) =>
      beforeQuery?.queryKey[3] === path ? before : undefined,
    enabled: options.enabled ?? true,
  });
}

/** How many documents fit; asked for only when somebody wants to know. */
export function useCount(model: Model, query: Record<string, QueryValue>, enabled: boolean) {
  return useQuery({
    queryKey: key(model.name, "count", query),
    queryFn: async ({ signal }) =>
      (await send<{ count: number }>(`${model.path}:count`, { query, signal })).data.count,
    enabled,
  });
}
