import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import { Button, Checkbox, Popover } from "antd";
import type { ReactElement } from "react";

import type { Model } from "@/api/capabilities";
import { useOpened } from "@/controls/useOpened";

import { usualColumns, type Column } from "../columns";
import type { ListState } from "./address";
import { rememberColumns } from "./rememberedColumns";

export interface ColumnListProps {
  model: Model;
  columns: Column[];
  shown: string[];
  change: (change: Partial<ListState>) => void;
  /** The button that it opens at. */
  children: ReactElement;
}

/** Which fields are columns, and in which order. */
export function ColumnList({ model, columns, shown, change, children }: ColumnListProps) {
  const choose = (names: string[] | null) => {
    rememberColumns(model.name, names);
    change({ columns: names });
  };
  const hidden = columns.filter((column) => !shown.includes(column.name));
  const listed = [...shown.flatMap((name) => columns.find((c) => c.name === name) ?? []), ...hidden];
  const moved = (name: string, step: number) => {
    const names = [...shown];
    const at = names.indexOf(name);
    const [taken] = names.splice(at, 1);
    if (taken !== undefined) names.splice(at + step, 0, taken);
    choose(names);
  };
  const content = (
    <div className="columns">
      {listed.map((column, index) => {
        const at = shown.indexOf(column.name);
        return (
          <div key={column.name} className="columns-row">
            <Checkbox
              autoFocus={index === 0}
              checked={at >= 0}
              disabled={at >= 0 && shown.length === 1}
              onChange={(event) =>
                choose(
                  event.target.checked
                    ? [...shown, column.name]
                    : shown.filter((name) => name !== column.name),
                )
              }
            >
              {column.label}
            </Checkbox>
            <span className="spacer" />
            {at >= 0 && (
              <>
                <Button
                  type="text"
                  size="small"
                  icon={<ArrowUpOutlined />}
                  aria-label={`${column.label} further left`}
                  disabled={at === 0}
                  onClick={() => moved(column.name, -1)}
                />
                <Button
                  type="text"
                  size="small"
                  icon={<ArrowDownOutlined />}
                  aria-label={`${column.label} further right`}
                  disabled={at === shown.length - 1}
                  onClick={() => moved(column.name, 1)}
                />
              </>
            )}
          </div>
        );
      })}
      <Button
        type="link"
        size="small"
        disabled={shown.join() === usualColumns(model, columns).join()}
        onClick={() => choose(null)}
      >
        The usual columns
      </Button>
    </div>
  );
  const { isOpen, onOpenChange, button } = useOpened(children);
  return (
    <Popover
      content={content}
      trigger="click"
      placement="bottomRight"
      title="Columns"
      open={isOpen}
      onOpenChange={onOpenChange}
      destroyOnHidden
    >
      {button}
    </Popover>
  );
}
