import { LogoutOutlined, UserOutlined } from "@ant-design/icons";
import { useLogout } from "@refinedev/core";
import { Button, Grid } from "antd";

import type { Capabilities } from "@/api/capabilities";
import { MenuButton } from "@/app/MenuButton";

/** Who is logged in, and the way out; nothing where nobody is asked. */
export function UserMenu({ user }: { user: Capabilities["user"] }) {
  const logout = useLogout();
  const wide = Grid.useBreakpoint().md;
  if (user.kind === "anyone") return null;
  const name = user.name || user.id;
  return (
    <MenuButton
      menu={() => ({
        items: [
          { key: "who", label: name, disabled: true },
          { type: "divider" },
          { key: "logout", icon: <LogoutOutlined />, label: "Log out", onClick: () => logout.mutate() },
        ],
      })}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={`Account of ${name}`}>
        {wide && <span className="truncate" style={{ maxWidth: 160 }}>{name}</span>}
      </Button>
    </MenuButton>
  );
}
