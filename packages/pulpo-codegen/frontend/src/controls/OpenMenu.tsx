import { Dropdown, type MenuProps } from "antd";
import type { ReactElement } from "react";

import { useOpened } from "./useOpened";

export interface OpenMenuProps {
  menu: () => MenuProps;
  placement?: "bottomLeft" | "bottomRight";
  /** The button that it opens at. */
  children: ReactElement;
}

/** A menu that was asked for: it begins open. */
export function OpenMenu({ menu, placement, children }: OpenMenuProps) {
  const { isOpen, onOpenChange, button } = useOpened(children);
  return (
    <Dropdown
      autoFocus
      menu={menu()}
      trigger={["click"]}
      placement={placement}
      open={isOpen}
      onOpenChange={onOpenChange}
    >
      {button}
    </Dropdown>
  );
}
