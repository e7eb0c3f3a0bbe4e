import SettingOutlined from "@ant-design/icons-svg/es/asn/SettingOutlined";

import { Button } from "@/controls/Button";
import { OnDemand } from "@/controls/OnDemand";
import { withAntd } from "@/controls/withAntd";

import type { ColumnListProps } from "./ColumnList";

const ColumnList = withAntd(async () => (await import("./ColumnList")).ColumnList);

/** Opens the choice of columns, which is loaded when somebody asks for it. */
export function ColumnChoice(props: Omit<ColumnListProps, "children">) {
  const button = (
    <Button icon={SettingOutlined} aria-label="Columns">
      <span className="wide-only">Columns</span>
    </Button>
  );
  return <OnDemand button={button}>{(at) => <ColumnList {...props}>{at}</ColumnList>}</OnDemand>;
}
