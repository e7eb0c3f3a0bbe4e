import { Button, Modal } from "antd";
import { useState } from "react";

import type { Filterable } from "@/api/capabilities";

import { EMPTY, type Group } from "./filters";
import { GroupEditor } from "./GroupEditor";

interface FilterDialogProps {
  fields: Filterable[];
  group: Group;
  onApply: (group: Group) => void;
  onClose: () => void;
}

/** The conditions of a list, until they are applied or left as they were. */
export function FilterDialog({ fields, group, onApply, onClose }: FilterDialogProps) {
  const [draft, setDraft] = useState(group);
  const [isOpen, setOpen] = useState(true);
  const apply = () => {
    onApply(draft);
    setOpen(false);
  };
  return (
    <Modal
      open={isOpen}
      title="Filter"
      width={720}
      okText="Apply"
      onOk={apply}
      onCancel={() => setOpen(false)}
      afterClose={onClose}
      footer={(_, { OkBtn, CancelBtn }) => (
        <div className="toolbar" style={{ margin: 0 }}>
          <Button type="link" onClick={() => setDraft(EMPTY)} disabled={draft.members.length === 0}>
            Remove all
          </Button>
          <span className="spacer" />
          <span className="wide-only"><CancelBtn /></span>
          <OkBtn />
        </div>
      )}
    >
      <GroupEditor fields={fields} group={draft} depth={1} onChange={setDraft} />
    </Modal>
  );
}
