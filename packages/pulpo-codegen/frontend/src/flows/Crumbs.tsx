import { Breadcrumb } from "antd";
import { Link } from "react-router";

import { paths } from "@/app/paths";
import { inWords } from "@/schema/labels";

/** The way back to the flows, and to the flow where this is a run of it. */
export function Crumbs({ flow }: { flow?: string }) {
  const items = [{ title: <Link to={paths.flows}>Flows</Link> }];
  if (flow) items.push({ title: <Link to={paths.flow(flow)}>{inWords(flow)}</Link> });
  return <Breadcrumb items={items} style={{ marginBottom: 6 }} />;
}
