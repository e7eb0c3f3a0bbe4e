import { useQuery } from "@tanstack/react-query";

import type { Model } from "@/api/capabilities";
import { useModel } from "@/api/useCapabilities";
import type { Page, Values } from "@/api/documents";
import { send } from "@/api/http";
import { modelLabel } from "@/schema/labels";
import { textOf } from "@/values/text";

/** What a document is called: the field that names it, or the end of its id. */
export function titleOf(model: Model, values: Values): string {
  const named = model.title_field === "id" ? "" : textOf(values[model.title_field]);
  return named || `${modelLabel(model)} …${String(values.id).slice(-8)}`;
}

/** The fields that a title needs: less to send, and nothing else to be allowed. */
export const titleFields = (model: Model) =>
  model.title_field === "id" ? "id" : `id,${model.title_field}`;

/** What the documents with these ids are called, with one request for all of them. */
export function useTitles(target: string | null, ids: readonly string[]) {
  const model = useModel(target);
  const wanted = [...new Set(ids)].sort();
  return useQuery({
    queryKey: ["documents", target, "titles", wanted],
    queryFn: async ({ signal }) => {
      if (!model) return {};
      const query = {
        filter: JSON.stringify({ id: { in: wanted } }),
        fields: titleFields(model),
        page_size: wanted.length,
      };
      const { data } = await send<Page>(model.path, { query, signal });
      return Object.fromEntries(data.items.map((item) => [String(item.id), titleOf(model, item)]));
    },
    enabled: model !== undefined && wanted.length > 0,
    staleTime: 60_000,
  });
}
