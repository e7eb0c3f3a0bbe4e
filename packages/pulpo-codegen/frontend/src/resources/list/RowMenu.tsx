import MoreOutlined from "@ant-design/icons-svg/es/asn/MoreOutlined";

import { Icon } from "@/controls/Icon";
import { OnDemand } from "@/controls/OnDemand";
import { withAntd } from "@/controls/withAntd";

import { titleOf } from "../references";
import type { RowActionsProps } from "./RowActions";

const RowActions = withAntd(async () => (await import("./RowActions")).RowActions);

/** What can be done with the document of a row. */
export function RowMenu(props: Omit<RowActionsProps, "children">) {
  const name = `Actions for ${titleOf(props.model, props.values)}`;
  const button = (
    <button type="button" className="row-menu" aria-label={name} aria-haspopup="menu">
      <Icon of={MoreOutlined} />
    </button>
  );
  return <OnDemand button={button}>{(at) => <RowActions {...props}>{at}</RowActions>}</OnDemand>;
}
