import { useQuery } from "@tanstack/react-query";

import type { Model, ModelDetails } from "@/api/capabilities";
import type { Page, Values } from "@/api/documents";
import { send } from "@/api/http";
import { queries } from "@/api/queries";
import { titleOf } from "@/resources/references";

/** A document that was made or changed lately. */
export interface Change {
  model: Model;
  id: string;
  title: string;
  at: string;
  what: "added" | "changed";
}

/** So many models are looked into, so that a page of a hundred models asks no hundred questions. */
const MOST_MODELS = 12;
const OF_EACH = 5;
const CHANGED = ["updated_at", "modified_at", "changed_at"];
const OBJECT_ID = "^[0-9a-f]{24}$";

/** The newest documents of all models, those that say so by when they were changed. */
export function useRecentChanges(models: Model[]) {
  const asked = models.slice(0, MOST_MODELS);
  return useQuery({
    queryKey: ["documents", "recent", asked.map((model) => model.name)],
    queryFn: async ({ signal }) => {
      const changes = await Promise.all(asked.map((model) => changesOf(model, signal)));
      return changes.flat().sort((a, b) => b.at.localeCompare(a.at));
    },
    enabled: asked.length > 0,
  });
}

async function changesOf(model: Model, signal: AbortSignal): Promise<Change[]> {
  const details = await detailsOf(model);
  const sort = sortOf(details);
  if (sort === null) return [];
  const query = { sort: `-${sort}`, page_size: OF_EACH };
  const { data } = await send<Page>(model.path, { query, signal });
  return data.items.map((values) => changeOf(model, values));
}

/** What orders documents by time: when they were changed, or an id that begins with its moment. */
function sortOf(details: ModelDetails): string | null {
  const byChange = CHANGED.find((name) => details.sorts.includes(name));
  if (byChange) return byChange;
  const id = details.filters.find((filter) => filter.name === "id");
  return id?.schema.pattern === OBJECT_ID && details.sorts.includes("id") ? "id" : null;
}

function changeOf(model: Model, values: Values): Change {
  const id = String(values.id);
  const made = momentOf(id);
  const changed = CHANGED.map((name) => values[name]).find((value) => typeof value === "string");
  const at = typeof changed === "string" ? new Date(changed) : made;
  const isNew = at.getTime() - made.getTime() < 2_000;
  return { model, id, title: titleOf(model, values), at: at.toISOString(), what: isNew ? "added" : "changed" };
}

/** An ObjectId begins with the second that it was made in. */
const momentOf = (id: string) => new Date((Number.parseInt(id.slice(0, 8), 16) || 0) * 1000);

const detailsOf = (model: Model) =>
  queries.fetchQuery({
    queryKey: ["capabilities", "model", model.name],
    queryFn: async () =>
      (await send<ModelDetails>(`/api/capabilities/models/${encodeURIComponent(model.name)}`)).data,
    staleTime: Number.POSITIVE_INFINITY,
  });
