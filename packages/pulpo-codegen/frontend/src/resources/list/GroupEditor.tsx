import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Segmented } from "antd";

import type { Filterable } from "@/api/capabilities";

import { ConditionEditor } from "./ConditionEditor";
import { DEEPEST, isGroup, type Condition, type Group } from "./filters";
import { firstOperator } from "./operators";

interface GroupEditorProps {
  fields: Filterable[];
  group: Group;
  depth: number;
  onChange: (group: Group) => void;
  onRemove?: () => void;
}

/** Conditions of which all, or any, have to hold; groups may stand in groups. */
export function GroupEditor({ fields, group, depth, onChange, onRemove }: GroupEditorProps) {
  const { members } = group;
  // Nobody looks for an id by a part of it.
  const first = fields.find(({ name }) => name !== "id") ?? fields[0];
  if (!first) return null;
  const put = (next: (Condition | Group)[]) => onChange({ ...group, members: next });
  const replaced = (index: number, member: Condition | Group) =>
    put(members.map((one, at) => (at === index ? member : one)));
  const removed = (index: number) => put(members.filter((_, at) => at !== index));
  const fresh = (): Condition => ({
    field: first.name,
    operator: firstOperator(first),
    value: undefined,
  });
  return (
    <div className={depth > 1 ? "group group-inner" : "group"}>
      {(members.length > 1 || depth > 1) && (
        <div className="group-head">
          <Segmented
            size="small"
            value={group.match}
            aria-label="How many of the conditions have to hold"
            options={[
              { value: "and", label: "All of these" },
              { value: "or", label: "Any of these" },
            ]}
            onChange={(match) => onChange({ ...group, match: match as Group["match"] })}
          />
          <span className="spacer" />
          {onRemove && (
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label="Remove this group"
              onClick={onRemove}
            />
          )}
        </div>
      )}
      {members.map((member, index) =>
        isGroup(member) ? (
          <GroupEditor
            // Members have nothing but their place.
            key={index}
            fields={fields}
            group={member}
            depth={depth + 1}
            onChange={(next) => replaced(index, next)}
            onRemove={() => removed(index)}
          />
        ) : (
          <ConditionEditor
            key={index}
            fields={fields}
            condition={member}
            onChange={(next) => replaced(index, next)}
            onRemove={() => removed(index)}
          />
        ),
      )}
      <div className="toolbar" style={{ margin: "4px 0 0" }}>
        <Button size="small" icon={<PlusOutlined />} onClick={() => put([...members, fresh()])}>
          Condition
        </Button>
        {depth < DEEPEST && members.length > 0 && (
          <Button
            size="small"
            icon={<PlusOutlined />}
            onClick={() => {
              const match = group.match === "and" ? "or" : "and";
              put([...members, { match, members: [fresh(), fresh()] }]);
            }}
          >
            Group
          </Button>
        )}
      </div>
    </div>
  );
}
