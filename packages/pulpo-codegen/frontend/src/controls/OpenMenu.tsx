import { Dropdown, type MenuProps } from "antd";
import { cloneElement, useRef, useState, type ReactElement, type Ref } from "react";

export interface OpenMenuProps {
  menu: () => MenuProps;
  placement?: "bottomLeft" | "bottomRight";
  /** The button that it opens at. */
  children: ReactElement;
}

/** A menu that was asked for: it begins open, and gives the focus back to its button. */
export function OpenMenu({ menu, placement, children }: OpenMenuProps) {
  const [isOpen, setOpen] = useState(true);
  const button = useRef<HTMLElement>(null);
  const opened = (open: boolean) => {
    setOpen(open);
    if (!open) button.current?.focus();
  };
  return (
    <Dropdown
      autoFocus
      menu={menu()}
      trigger={["click"]}
      placement={placement}
      open={isOpen}
      onOpenChange={opened}
    >
      {cloneElement(children as ReactElement<{ ref: Ref<HTMLElement> }>, { ref: button })}
    </Dropdown>
  );
}
