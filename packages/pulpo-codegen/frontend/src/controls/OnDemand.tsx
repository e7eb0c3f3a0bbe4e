import { cloneElement, Suspense, useState, type ReactElement, type ReactNode } from "react";

interface OnDemandProps {
  button: ReactElement<React.ButtonHTMLAttributes<HTMLElement>>;
  /** What the button opens, and stands in: loaded and made when somebody asks for it, begins open. */
  children: (button: ReactElement) => ReactNode;
}

export function OnDemand({ button, children }: OnDemandProps) {
  const [isAsked, setAsked] = useState(false);
  const waiting = cloneElement(button, { onClick: () => setAsked(true) });
  return isAsked ? <Suspense fallback={waiting}>{children(button)}</Suspense> : waiting;
}
