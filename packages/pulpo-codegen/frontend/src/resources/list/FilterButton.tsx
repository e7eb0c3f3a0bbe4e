import FilterOutlined from "@ant-design/icons-svg/es/asn/FilterOutlined";
import { Suspense, useState } from "react";

import type { ModelDetails } from "@/api/capabilities";
import { Button } from "@/controls/Button";
import { withAntd } from "@/controls/withAntd";

import { countOf, type Group } from "./filters";

// Inputs for every kind of value are not loaded to look at a list.
const FilterDialog = withAntd(async () => (await import("./FilterDialog")).FilterDialog);

interface FilterButtonProps {
  details: ModelDetails;
  group: Group;
  onChange: (group: Group) => void;
}

/** Opens the conditions; the list changes when they are applied. */
export function FilterButton({ details, group, onChange }: FilterButtonProps) {
  const [isOpen, setOpen] = useState(false);
  const count = countOf(group);
  return (
    <>
      <Button icon={FilterOutlined} onClick={() => setOpen(true)}>
        Filter
        {count > 0 && <span className="count">{count}</span>}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <FilterDialog
            fields={details.filters}
            group={group}
            onApply={onChange}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
