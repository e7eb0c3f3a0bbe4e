import { cloneElement, type ReactElement } from "react";

import { OnDemand } from "./OnDemand";
import type { OpenMenuProps } from "./OpenMenu";
import { withAntd } from "./withAntd";

const OpenMenu = withAntd(async () => (await import("./OpenMenu")).OpenMenu);

type MenuButtonProps = Omit<OpenMenuProps, "children"> & {
  /** The button that opens the menu. */
  children: ReactElement<React.ButtonHTMLAttributes<HTMLElement>>;
};

/** A button with a menu, which is loaded and made when somebody asks for it. */
export function MenuButton({ children, ...menu }: MenuButtonProps) {
  return (
    <OnDemand button={cloneElement(children, { "aria-haspopup": "menu" })}>
      {(button) => <OpenMenu {...menu}>{button}</OpenMenu>}
    </OnDemand>
  );
}
