import type { Capabilities, Model } from "./capabilities";
import { CAPABILITIES } from "./capabilities";
import { queries } from "./queries";

/** The model of this name, outside of components. Throws where it may not be read. */
export function modelNamed(name: string): Model {
  const known = queries.getQueryData<Capabilities>(CAPABILITIES);
  const found = known?.models.find((model) => model.name === name);
  if (!found) throw new Error(`There is no model ${name} here.`);
  return found;
}
