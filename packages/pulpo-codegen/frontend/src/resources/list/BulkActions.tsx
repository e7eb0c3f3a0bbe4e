import { DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, Suspense, useState } from "react";

import type { Model, ModelDetails } from "@/api/capabilities";
import { changeMany, deleteMany, documentsOf, idsOf, type BulkResult, type Values } from "@/api/documents";
import type { QueryValue } from "@/api/http";
import { confirm, message, notification } from "@/controls/feedback";
import { counted } from "@/schema/labels";

// The forms are not loaded to look at a list.
const BulkEdit = lazy(async () => ({ default: (await import("./BulkEdit")).BulkEdit }));

interface BulkActionsProps {
  model: Model;
  details: ModelDetails;
  ids: string[];
  /** What the list is narrowed to: all of that can be chosen. */
  conditions: Record<string, QueryValue>;
  onChoose: (ids: string[]) => void;
}

/** More are no choice that anybody looked at; the API takes them, in as many requests as it needs. */
const MOST_CHOSEN = 10_000;

/** What can be done with all rows that are chosen. */
export function BulkActions({ model, details, ids, conditions, onChoose }: BulkActionsProps) {
  const queries = useQueryClient();
  const [isEditing, setEditing] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const failed = (title: string, error: unknown) =>
    notification.error({ title, description: error instanceof Error ? error.message : String(error) });

  const run = async (done: string, work: () => Promise<BulkResult>) => {
    try {
      const result = await work();
      if (result.failed === 0) void message.success(`${result.succeeded} ${done}`);
      else {
        const refused = result.results.find((item) => item.problem)?.problem;
        notification.warning({
          title: `${result.succeeded} ${done}, ${result.failed} not`,
          description: refused?.detail ?? refused?.title,
        });
      }
      onChoose([]);
    } catch (error) {
      failed(`Not all could be ${done}`, error);
    }
    await queries.invalidateQueries(documentsOf(model.name));
  };
  const remove = () =>
    confirm({
      title: `Delete ${counted(model, ids.length)}?`,
      content: "This cannot be undone.",
      okText: `Delete ${ids.length}`,
      okButtonProps: { danger: true },
      onOk: () => run("deleted", () => deleteMany(model, ids)),
    });
  const edit = async (changes: Values) => {
    await run("changed", () => changeMany(model, ids, changes));
    setEditing(false);
  };
  const chooseAll = async () => {
    setChoosing(true);
    try {
      const all = await idsOf(model, conditions, details.max_page_size, MOST_CHOSEN);
      onChoose(all);
      if (all.length === MOST_CHOSEN) void message.info(`These are the first ${MOST_CHOSEN.toLocaleString()}`);
    } catch (error) {
      failed("They could not be listed", error);
    } finally {
      setChoosing(false);
    }
  };
  return (
    <div className="bulk" role="region" aria-label="Chosen rows">
      <span>{ids.length.toLocaleString()} chosen</span>
      <Button size="small" icon={<EditOutlined />} onClick={() => setEditing(true)}>Change</Button>
      <Button size="small" danger icon={<DeleteOutlined />} onClick={remove}>Delete</Button>
      <Button size="small" type="text" loading={isChoosing} onClick={() => void chooseAll()}>
        Choose all that fit, {MOST_CHOSEN.toLocaleString()} at most
      </Button>
      <Button size="small" type="text" onClick={() => onChoose([])}>Choose none</Button>
      {isEditing && (
        <Suspense fallback={null}>
          <BulkEdit
            model={model}
            details={details}
            count={ids.length}
            onSave={edit}
            onCancel={() => setEditing(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
