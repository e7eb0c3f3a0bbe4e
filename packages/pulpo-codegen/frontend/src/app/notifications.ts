import type { NotificationProvider } from "@refinedev/core";
import { App } from "antd";
import { useMemo } from "react";

/** Refine's notifications as those of the rest of the application. */
export function useNotifications(): NotificationProvider {
  const { notification } = App.useApp();
  return useMemo(
    () => ({
      open: ({ key, message, description, type }) =>
        notification.open({
          key,
          title: message,
          description,
          type: type === "error" ? "error" : type === "success" ? "success" : "info",
        }),
      close: (key) => notification.destroy(key),
    }),
    [notification],
  );
}
