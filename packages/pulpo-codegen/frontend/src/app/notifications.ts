import type { NotificationProvider } from "@refinedev/core";

import { notification } from "@/controls/feedback";

/** Refine's notifications as those of the rest of the application. */
export const notifications: NotificationProvider = {
  open: ({ key, message, description, type }) =>
    notification.open({
      key,
      title: message,
      description,
      type: type === "error" ? "error" : type === "success" ? "success" : "info",
    }),
  close: (key) => notification.destroy(key),
};
