import LogoutOutlined from "@ant-design/icons-svg/es/asn/LogoutOutlined";
import UserOutlined from "@ant-design/icons-svg/es/asn/UserOutlined";

import type { Capabilities } from "@/api/capabilities";
import { Button } from "@/controls/Button";
import { Icon } from "@/controls/Icon";
import { MenuButton } from "@/controls/MenuButton";

interface UserMenuProps {
  user: Capabilities["user"];
  onLogOut: () => void;
}

/** Who is logged in, and the way out; nothing where nobody is asked. */
export function UserMenu({ user, onLogOut }: UserMenuProps) {
  if (user.kind === "anyone") return null;
  const name = user.name || user.id;
  return (
    <MenuButton
      menu={() => ({
        items: [
          { key: "who", label: name, disabled: true },
          { type: "divider" },
          { key: "logout", icon: <Icon of={LogoutOutlined} />, label: "Log out", onClick: onLogOut },
        ],
      })}
    >
      <Button kind="text" icon={UserOutlined} aria-label={`Account of ${name}`}>
        <span className="truncate wide-only" style={{ maxWidth: 160 }}>{name}</span>
      </Button>
    </MenuButton>
  );
}
