import { cloneElement, useRef, useState, type ReactElement, type Ref } from "react";

/** What was asked for at a button: it begins open, and when it closes the button has the focus again. */
export function useOpened(children: ReactElement) {
  const [isOpen, setOpen] = useState(true);
  const ref = useRef<HTMLElement>(null);
  return {
    isOpen,
    onOpenChange: (open: boolean) => {
      setOpen(open);
      if (!open) ref.current?.focus();
    },
    button: cloneElement(children as ReactElement<{ ref: Ref<HTMLElement> }>, { ref }),
  };
}
