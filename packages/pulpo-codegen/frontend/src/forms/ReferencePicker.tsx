import { useQuery } from "@tanstack/react-query";
import { Select, Spin } from "antd";
import { useEffect, useState } from "react";

import { useModel } from "@/api/useCapabilities";
import type { Page } from "@/api/documents";
import { send } from "@/api/http";
import { titleFields, titleOf, useTitles } from "@/resources/references";
import { modelLabel, modelPlural } from "@/schema/labels";

interface ReferencePickerProps {
  id?: string;
  label: string;
  target: string;
  many?: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
  disabled?: boolean;
}

const PAUSE_MS = 250;
const OFFERED = 20;

/** Chooses documents of another model by their names. Nothing is asked for before it is opened. */
export function ReferencePicker(props: ReferencePickerProps) {
  const { target, many, value, onChange } = props;
  const model = useModel(target);
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const search = useSettled(typed);
  const ids = (Array.isArray(value) ? value : [value]).filter(Boolean).map(String);
  const titles = useTitles(target, ids).data ?? {};
  const found = useQuery({
    queryKey: ["documents", target, "offered", search],
    queryFn: async ({ signal }) => {
      const path = model?.path ?? "";
      const query = { search, fields: titleFields(model!), page_size: OFFERED };
      return (await send<Page>(path, { query, signal })).data.items;
    },
    enabled: open && model !== undefined,
    placeholderData: (before) => before,
  });
  if (!model) {
    // Somebody who may not read the other model knows the id, or does not.
    return (
      <Select
        id={props.id}
        aria-label={props.label}
        mode="tags"
        open={false}
        style={{ width: "100%" }}
        value={ids}
        onChange={(next: string[]) => onChange(many ? next : next.at(-1))}
        disabled={props.disabled}
      />
    );
  }
  const options = new Map(ids.map((id) => [id, titles[id] ?? id]));
  for (const item of found.data ?? []) options.set(String(item.id), titleOf(model, item));
  const canSearch = model.search.length > 0;
  return (
    <Select
      id={props.id}
      aria-label={props.label}
      style={{ width: "100%" }}
      mode={many ? "multiple" : undefined}
      allowClear
      showSearch={{ onSearch: setTyped, filterOption: !canSearch, optionFilterProp: "label" }}
      value={many ? ids : (ids[0] ?? null)}
      placeholder={`Choose ${many ? modelPlural(model).toLowerCase() : oneOf(modelLabel(model).toLowerCase())}`}
      options={[...options].map(([id, title]) => ({ value: id, label: title }))}
      optionRender={({ value: id, label }) => (
        <span className="offer">
          <span>{label}</span>
          {label !== id && <span className="mono muted">…{String(id).slice(-6)}</span>}
        </span>
      )}
      onOpenChange={setOpen}
      onChange={(next: string | string[] | null) => onChange(next ?? undefined)}
      notFoundContent={found.isFetching ? <Spin size="small" /> : "Nothing fits"}
      loading={found.isFetching}
      disabled={props.disabled}
    />
  );
}

const oneOf = (name: string) => `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;

/** A text when it has stayed the same for a while. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
