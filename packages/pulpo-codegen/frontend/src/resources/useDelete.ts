import { useQueryClient } from "@tanstack/react-query";

import type { Model } from "@/api/capabilities";
import { documentPath, documentsOf } from "@/api/documents";
import { send } from "@/api/http";
import { confirm, message, notification } from "@/controls/feedback";
import { modelLabel } from "@/schema/labels";

/** Ask, delete, and say what became of it. With a revision, that revision is meant and no other. */
export function useDelete(model: Model) {
  const queries = useQueryClient();
  return (what: { id: string; title: string; etag?: string | null; then?: () => void }) =>
    confirm({
      title: `Delete ${what.title}?`,
      content: "This cannot be undone.",
      okText: "Delete",
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await send(documentPath(model, what.id), { method: "DELETE", ifMatch: what.etag });
        } catch (error) {
          const description = error instanceof Error ? error.message : String(error);
          notification.error({ title: `${what.title} was not deleted`, description });
          return;
        }
        void message.success(`${modelLabel(model)} deleted`);
        what.then?.();
        await queries.invalidateQueries(documentsOf(model.name));
      },
    });
}
