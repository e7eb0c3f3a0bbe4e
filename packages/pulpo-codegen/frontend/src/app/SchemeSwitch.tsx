import DesktopOutlined from "@ant-design/icons-svg/es/asn/DesktopOutlined";
import MoonOutlined from "@ant-design/icons-svg/es/asn/MoonOutlined";
import SunOutlined from "@ant-design/icons-svg/es/asn/SunOutlined";

import { Button } from "@/controls/Button";
import { choose, useChoice, type Choice } from "@/controls/colorScheme";
import { Icon } from "@/controls/Icon";
import { MenuButton } from "@/controls/MenuButton";

const ICONS = { light: SunOutlined, dark: MoonOutlined, system: DesktopOutlined };
const WORDS = { light: "Light", dark: "Dark", system: "As the system" };

/** Light, dark, or what the system says. */
export function SchemeSwitch() {
  const choice = useChoice();
  const menu = () => ({
    items: (["light", "dark", "system"] as const).map((key) => ({
      key,
      icon: <Icon of={ICONS[key]} />,
      label: WORDS[key],
    })),
    selectable: true,
    selectedKeys: [choice],
    onClick: ({ key }: { key: string }) => choose(key as Choice),
  });
  return (
    <MenuButton menu={menu}>
      <Button kind="text" icon={ICONS[choice]} aria-label="Colours" />
    </MenuButton>
  );
}
