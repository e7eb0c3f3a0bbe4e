import type { MenuProps } from "antd";
import { cloneElement, lazy, Suspense, useState, type ReactElement } from "react";

const OpenMenu = lazy(async () => ({ default: (await import("./OpenMenu")).OpenMenu }));

export interface MenuButtonProps {
  menu: () => MenuProps;
  placement?: "bottomLeft" | "bottomRight";
  /** The button that opens the menu. */
  children: ReactElement<React.ButtonHTMLAttributes<HTMLElement>>;
}

/** A button with a menu, which is loaded and made when somebody asks for it. */
export function MenuButton(props: MenuButtonProps) {
  const [isAsked, setAsked] = useState(false);
  const button = cloneElement(props.children, { onClick: () => setAsked(true), "aria-haspopup": "menu" });
  if (!isAsked) return button;
  return (
    <Suspense fallback={button}>
      <OpenMenu {...props} />
    </Suspense>
  );
}
