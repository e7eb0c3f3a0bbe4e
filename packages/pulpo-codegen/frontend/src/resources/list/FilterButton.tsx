import { FilterOutlined } from "@ant-design/icons";
import { Badge, Button, Grid, Modal, Skeleton } from "antd";
import { lazy, Suspense, useState } from "react";

import type { ModelDetails } from "@/api/capabilities";

import { countOf, EMPTY, type Group } from "./filters";

// Inputs for every kind of value are not loaded to look at a list.
const GroupEditor = lazy(async () => ({ default: (await import("./GroupEditor")).GroupEditor }));

interface FilterButtonProps {
  details: ModelDetails;
  group: Group;
  onChange: (group: Group) => void;
}

/** Opens the conditions; the list changes when they are applied. */
export function FilterButton({ details, group, onChange }: FilterButtonProps) {
  const [draft, setDraft] = useState<Group | null>(null);
  const wide = Grid.useBreakpoint().sm;
  const count = countOf(group);
  const apply = () => {
    if (draft) onChange(draft);
    setDraft(null);
  };
  return (
    <>
      <Button icon={<FilterOutlined />} onClick={() => setDraft(group)}>
        Filter
        {count > 0 && <Badge count={count} size="small" color="var(--pulpo-color-primary)" />}
      </Button>
      <Modal
        open={draft !== null}
        title="Filter"
        width={720}
        okText="Apply"
        onOk={apply}
        onCancel={() => setDraft(null)}
        destroyOnHidden
        footer={(_, { OkBtn, CancelBtn }) => (
          <div className="toolbar" style={{ margin: 0 }}>
            <Button type="link" onClick={() => setDraft(EMPTY)} disabled={!draft?.members.length}>
              Remove all
            </Button>
            <span className="spacer" />
            {wide && <CancelBtn />}
            <OkBtn />
          </div>
        )}
      >
        {draft && (
          <Suspense fallback={<Skeleton active title={false} />}>
            <GroupEditor fields={details.filters} group={draft} depth={1} onChange={setDraft} />
          </Suspense>
        )}
      </Modal>
    </>
  );
}
