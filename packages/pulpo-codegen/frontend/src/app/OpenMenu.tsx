import { Dropdown } from "antd";
import { useState } from "react";

import type { MenuButtonProps } from "./MenuButton";

/** A menu that was asked for: it begins open. */
export function OpenMenu({ menu, placement, children }: MenuButtonProps) {
  const [isOpen, setOpen] = useState(true);
  return (
    <Dropdown
      autoFocus
      menu={menu()}
      trigger={["click"]}
      placement={placement}
      open={isOpen}
      onOpenChange={setOpen}
    >
      {children}
    </Dropdown>
  );
}
