import { DesktopOutlined, MoonOutlined, SunOutlined } from "@ant-design/icons";
import { Button } from "antd";

import { useColorScheme, type Choice } from "./colorScheme";
import { MenuButton } from "./MenuButton";

const ICONS = { light: <SunOutlined />, dark: <MoonOutlined />, system: <DesktopOutlined /> };
const WORDS = { light: "Light", dark: "Dark", system: "As the system" };

/** Light, dark, or what the system says. */
export function SchemeSwitch() {
  const { choice, choose } = useColorScheme();
  const menu = () => ({
    items: (["light", "dark", "system"] as const).map((key) => ({ key, icon: ICONS[key], label: WORDS[key] })),
    selectable: true,
    selectedKeys: [choice],
    onClick: ({ key }: { key: string }) => choose(key as Choice),
  });
  return (
    <MenuButton menu={menu}>
      <Button type="text" icon={ICONS[choice]} aria-label="Colours" />
    </MenuButton>
  );
}
