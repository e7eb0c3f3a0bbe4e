import type { Capabilities, Model } from "@/api/capabilities";
import { suggestedIcon } from "@/controls/icons";
import { overridePages } from "@/overrides/registry";
import { inWords, modelPlural } from "@/schema/labels";

import { paths } from "./paths";

export interface MenuEntry {
  key: string;
  label: string;
  path: string;
  icon: string;
}

export interface MenuGroup {
  label: string | null;
  entries: MenuEntry[];
}

const LAST = Number.MAX_SAFE_INTEGER;
const orderOf = (model: Model) => (typeof model.order === "number" ? model.order : LAST);

export const entryOf = (model: Model): MenuEntry => ({
  key: model.collection,
  label: modelPlural(model),
  path: paths.list(model.collection),
  icon: model.ui.icon ?? suggestedIcon(model.name),
});

const OPERATIONS: MenuEntry = {
  key: "operations",
  label: "Operations",
  path: paths.operations,
  icon: "operation",
};
const FLOWS: MenuEntry = { key: "flows", label: "Flows", path: paths.flows, icon: "flow" };
const HEALTH: MenuEntry = { key: "health", label: "Health", path: paths.monitor, icon: "health" };

/** Models by their first tag, in the order that they ask for. */
function tagged(capabilities: Capabilities): Map<string, Model[]> {
  const groups = new Map<string, Model[]>();
  const models = [...capabilities.models].sort(
    (a, b) => orderOf(a) - orderOf(b) || modelPlural(a).localeCompare(modelPlural(b)),
  );
  for (const model of models) {
    const tag = model.tags[0] ?? "";
    groups.set(tag, [...(groups.get(tag) ?? []), model]);
  }
  return groups;
}

/** The models in the order of the menu. */
export const modelsOf = (capabilities: Capabilities): Model[] => [...tagged(capabilities).values()].flat();

/** What the menu offers: models, then the rest. */
export function menuOf(capabilities: Capabilities): MenuGroup[] {
  const groups = tagged(capabilities);
  const several = groups.size > 1;
  const ofModels = [...groups].map(([tag, members]) => ({
    label: tag ? inWords(tag) : several ? "Other" : "Data",
    entries: members.map(entryOf),
  }));
  const pages = overridePages().map((page) => ({
    key: `page ${page.name}`,
    label: page.label,
    path: paths.page(page.name),
    icon: page.icon ?? "page",
  }));
  const work = [
    ...(capabilities.operations.length > 0 ? [OPERATIONS] : []),
    ...(capabilities.flows.length > 0 ? [FLOWS] : []),
  ];
  const ofWork = work.length > 0 ? [{ label: "Work", entries: work }] : [];
  const own = pages.length > 0 ? [{ label: "Pages", entries: pages }] : [];
  return [
    { label: null, entries: [{ key: "home", label: "Home", path: paths.home, icon: "home" }] },
    ...ofModels,
    ...ofWork,
    ...own,
    ...(capabilities.health ? [{ label: "System", entries: [HEALTH] }] : []),
  ];
}
