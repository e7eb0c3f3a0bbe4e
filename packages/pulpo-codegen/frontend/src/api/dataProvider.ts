import type { BaseRecord, DataProvider } from "@refinedev/core";

import { urlOf } from "./base";
import { documentPath, type Page } from "./documents";
import { send } from "./http";
import { modelNamed } from "./known";

/**
 * Refine's way to the API, for overrides that use its hooks: `useList({ resource: "Order" })`.
 * Our own pages call `documents.ts`, which knows revisions.
 */
export const dataProvider: DataProvider = {
  getApiUrl: () => urlOf("/api").toString(),
  getList: async ({ resource, pagination, sorters, filters }) => {
    const conditions = (filters ?? []).map((filter) =>
      "field" in filter ? { [filter.field]: { [filter.operator]: filter.value } } : {},
    );
    const { data } = await send<Page>(modelNamed(resource).path, {
      query: {
        page: pagination?.currentPage,
        page_size: pagination?.pageSize,
        with_total: true,
        sort: sorters?.map((s) => (s.order === "desc" ? `-${s.field}` : s.field)).join(","),
        filter: conditions.length > 0 ? JSON.stringify({ and: conditions }) : undefined,
      },
    });
    return { data: data.items as never[], total: data.total ?? data.items.length };
  },
  getMany: async ({ resource, ids }) => {
    const filter = JSON.stringify({ id: { in: ids } });
    const query = { filter, page_size: ids.length };
    const { data } = await send<Page>(modelNamed(resource).path, { query });
    return { data: data.items as never[] };
  },
  getOne: async ({ resource, id }) => ({
    data: (await send<never>(documentPath(modelNamed(resource), String(id)))).data,
  }),
  create: async ({ resource, variables }) => ({
    data: (await send<never>(modelNamed(resource).path, { method: "POST", body: variables })).data,
  }),
  update: async ({ resource, id, variables, meta }) => ({
    data: (
      await send<never>(documentPath(modelNamed(resource), String(id)), {
        method: "PATCH",
        body: variables,
        ifMatch: meta?.etag as string | undefined,
      })
    ).data,
  }),
  deleteOne: async ({ resource, id, meta }) => {
    const path = documentPath(modelNamed(resource), String(id));
    await send(path, { method: "DELETE", ifMatch: meta?.etag as string | undefined });
    return { data: { id } as BaseRecord as never };
  },
};
