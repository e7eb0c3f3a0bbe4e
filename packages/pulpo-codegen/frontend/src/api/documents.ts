import type { Model } from "./capabilities";
import { fetched, send, type QueryValue } from "./http";

export type Values = Record<string, unknown>;

/** A document and the revision of it that was read. */
export interface Stored {
  values: Values;
  etag: string | null;
}

export interface Page {
  items: Values[];
  page: number | null;
  page_size: number;
  total: number | null;
  next: string | null;
}

/** The address of one document; an id may be any text. */
export function documentPath(model: Pick<Model, "path">, id: string): string {
  return `${model.path}/${encodeURIComponent(id)}`;
}

export const key = (model: string, ...more: unknown[]) => ["documents", model, ...more];

/** What to give to `invalidateQueries` after a change of documents of a model. */
export const documentsOf = (model: string) => ({ queryKey: key(model) });

export async function readDocument(model: Model, id: string): Promise<Stored> {
  const answer = await send<Values>(documentPath(model, id));
  return { values: answer.data, etag: answer.etag };
}

/** How a page of a list is read: the documents of a model, or what is listed at another path. */
export const readPage = (model: Model, query: Record<string, QueryValue>, path = model.path) => ({
  queryKey: key(model.name, "page", path, query),
  queryFn: async ({ signal }: { signal?: AbortSignal }) =>
    (await send<Page>(path, { query, signal })).data,
});

export interface BulkResult {
  succeeded: number;
  failed: number;
  results: { status: number; id?: string; problem?: { title: string; detail?: string } }[];
}

/** What one request for many documents may hold. */
const MOST = 1000;

async function inParts(model: Model, action: string, items: unknown[]): Promise<BulkResult> {
  const whole: BulkResult = { succeeded: 0, failed: 0, results: [] };
  for (let start = 0; start < items.length; start += MOST) {
    const body = items.slice(start, start + MOST);
    const { data } = await send<BulkResult>(`${model.path}:${action}`, { method: "POST", body });
    whole.succeeded += data.succeeded;
    whole.failed += data.failed;
    whole.results.push(...data.results);
  }
  return whole;
}

/** Delete these documents, each by itself. */
export const deleteMany = (model: Model, ids: string[]) =>
  inParts(model, "bulk_delete", ids.map((id) => ({ id })));

/** Make the same change (a merge patch) in these documents, in each by itself. */
export const changeMany = (model: Model, ids: string[], changes: Values) =>
  inParts(model, "bulk_patch", ids.map((id) => ({ id, changes })));

/** The ids of all documents that fit, or of the first `most` of them. */
export async function idsOf(
  model: Model,
  query: Record<string, QueryValue>,
  pageSize: number,
  most: number,
): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const call = { query: { ...query, fields: "id", page_size: pageSize, after } };
    const { data } = await send<Page>(model.path, call);
    ids.push(...data.items.map((item) => String(item.id)));
    after = data.next ?? undefined;
  } while (after !== undefined && ids.length < most);
  return ids.slice(0, most);
}

/** Let the browser save all documents that fit. */
export async function download(
  model: Model,
  query: Record<string, QueryValue>,
  format: "csv" | "jsonl",
): Promise<void> {
  const response = await fetched(`${model.path}:export`, {
    query: { ...query, format },
    headers: { Accept: "*/*" },
  });
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = `${model.collection}.${format}`;
  link.click();
  URL.revokeObjectURL(url);
}
