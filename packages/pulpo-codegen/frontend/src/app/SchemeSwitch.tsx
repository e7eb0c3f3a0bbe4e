import { DesktopOutlined, MoonOutlined, SunOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";

import { useColorScheme, type Choice } from "./colorScheme";

const ICONS = { light: <SunOutlined />, dark: <MoonOutlined />, system: <DesktopOutlined /> };

/** Light, dark, or what the system says. */
export function SchemeSwitch() {
  const { choice, choose } = useColorScheme();
  const items = (["light", "dark", "system"] as const).map((key) => ({
    key,
    icon: ICONS[key],
    label: { light: "Light", dark: "Dark", system: "As the system" }[key],
  }));
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items,
        selectable: true,
        selectedKeys: [choice],
        onClick: ({ key }) => choose(key as Choice),
      }}
    >
      <Button type="text" icon={ICONS[choice]} aria-label="Colours" />
    </Dropdown>
  );
}
