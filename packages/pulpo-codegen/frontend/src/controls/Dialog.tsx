import { useEffect, useRef, type ReactNode } from "react";

/** The browser's own dialog: it keeps the focus, and Escape or a click beside it closes it. */
export function Dialog(props: {
  isOpen: boolean;
  label: string;
  className: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { isOpen, label, className, onClose, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      className={`dialog ${className}`}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      {isOpen && children}
    </dialog>
  );
}
