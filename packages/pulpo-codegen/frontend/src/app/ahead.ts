import { basename } from "@/api/base";
import { readCapabilities, readModelDetails } from "@/api/capabilities";
import { loadConfig } from "@/api/config";
import { isLoggedIn } from "@/api/credentials";
import { readPage } from "@/api/documents";
import { queries } from "@/api/queries";
import { pageOf, stateIn } from "@/resources/list/address";

const config = loadConfig();

/**
 * What the page at this address begins with: read by a script of its own, while those that draw the
 * page are loaded. Nothing here may need them (`vite.config.ts`).
 */
export const ahead = {
  config,
  /** Ends when everything was answered. What was refused is asked for again by whoever shows it. */
  data: config.then(() => (isLoggedIn() ? ofPage() : undefined)).catch(() => undefined),
};

async function ofPage(): Promise<unknown> {
  const { models } = await queries.fetchQuery(readCapabilities);
  const [place, collection, ...rest] = window.location.pathname.slice(basename.length).split("/");
  const model = models.find((one) => place === "models" && encodeURIComponent(one.collection) === collection);
  if (!model) return undefined;
  const list = readPage(model, pageOf(stateIn(new URLSearchParams(window.location.search))));
  return Promise.all([
    queries.prefetchQuery(readModelDetails(model.name)),
    rest.length === 0 && queries.prefetchQuery(list),
  ]);
}
