import { Dropdown, type MenuProps } from "antd";
import { useState, type ReactElement } from "react";

export interface OpenMenuProps {
  menu: () => MenuProps;
  placement?: "bottomLeft" | "bottomRight";
  /** The button that it opens at. */
  children: ReactElement;
}

/** A menu that was asked for: it begins open. */
export function OpenMenu({ menu, placement, children }: OpenMenuProps) {
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
