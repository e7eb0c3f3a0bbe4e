/**
 * Where pages are, below the base of the application. The server answers these prefixes with the
 * page: `PAGES` in `pulpo_base.api.ui.serving`.
 */
export const paths = {
  home: "/",
  login: "/login",
  list: (collection: string) => `/models/${encodeURIComponent(collection)}`,
  create: (collection: string) => `/models/${encodeURIComponent(collection)}/new`,
  show: (collection: string, id: string) =>
    `/models/${encodeURIComponent(collection)}/show/${encodeURIComponent(id)}`,
  edit: (collection: string, id: string) =>
    `/models/${encodeURIComponent(collection)}/edit/${encodeURIComponent(id)}`,
  operations: "/operations",
  operation: (name: string) => `/operations/${encodeURIComponent(name)}`,
  flows: "/flows",
  flow: (name: string) => `/flows/${encodeURIComponent(name)}`,
  flowRun: (name: string, id: string) =>
    `/flows/${encodeURIComponent(name)}/runs/${encodeURIComponent(id)}`,
  monitor: "/monitor",
  page: (name: string) => `/pages/${encodeURIComponent(name)}`,
};
