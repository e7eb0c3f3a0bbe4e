import { useEffect, useRef } from "react";
import { useBlocker } from "react-router";

import { confirm } from "@/controls/feedback";

/**
 * Ask before changes that are not saved are left behind. The function that is returned lets the
 * next way out pass: they are saved.
 */
export function useLeaveGuard(isDirty: boolean): () => void {
  const isSaved = useRef(false);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      isDirty && !isSaved.current && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    confirm({
      title: "Leave without saving?",
      content: "What you changed here would be lost.",
      okText: "Leave",
      okButtonProps: { danger: true },
      cancelText: "Stay",
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    });
  }, [blocker]);
  useEffect(() => {
    if (!isDirty) return;
    const leaving = (event: BeforeUnloadEvent) => {
      if (!isSaved.current) event.preventDefault();
    };
    window.addEventListener("beforeunload", leaving);
    return () => window.removeEventListener("beforeunload", leaving);
  }, [isDirty]);
  return () => {
    isSaved.current = true;
  };
}
