import { DeleteOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";

import type { Model } from "@/api/capabilities";
import { deleteMany, documentsOf } from "@/api/documents";
import { modelPlural } from "@/schema/labels";

/** What can be done with all rows that are chosen. */
export function BulkActions({ model, ids, done }: { model: Model; ids: string[]; done: () => void }) {
  const { modal, message, notification } = App.useApp();
  const queries = useQueryClient();
  const what = `${ids.length} ${modelPlural(model).toLowerCase()}`;
  const remove = () =>
    modal.confirm({
      title: `Delete ${what}?`,
      content: "This cannot be undone.",
      okText: `Delete ${ids.length}`,
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          const result = await deleteMany(model, ids);
          if (result.failed === 0) void message.success(`${result.succeeded} deleted`);
          else {
            const refused = result.results.find((item) => item.problem)?.problem;
            notification.warning({
              title: `${result.succeeded} deleted, ${result.failed} not`,
              description: refused?.detail ?? refused?.title,
            });
          }
          done();
        } catch (error) {
          const description = error instanceof Error ? error.message : String(error);
          notification.error({ title: "Nothing was deleted", description });
        }
        await queries.invalidateQueries(documentsOf(model.name));
      },
    });
  return (
    <div className="bulk" role="region" aria-label="Chosen rows">
      <span>{ids.length} chosen</span>
      <Button size="small" danger icon={<DeleteOutlined />} onClick={remove}>Delete</Button>
      <Button size="small" type="text" onClick={done}>Choose none</Button>
    </div>
  );
}
