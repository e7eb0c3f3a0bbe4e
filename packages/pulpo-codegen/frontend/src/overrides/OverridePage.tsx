import { useParams } from "react-router";

import { NotFound } from "@/app/NotFound";

import { overridePages } from "./registry";

/** A page that the project brings itself. */
export function OverridePage() {
  const { name } = useParams();
  const found = overridePages().find((page) => page.name === name);
  return found ? <found.component /> : <NotFound />;
}
