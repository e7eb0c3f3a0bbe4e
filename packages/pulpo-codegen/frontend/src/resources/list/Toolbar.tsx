import DownloadOutlined from "@ant-design/icons-svg/es/asn/DownloadOutlined";
import ReloadOutlined from "@ant-design/icons-svg/es/asn/ReloadOutlined";
import SearchOutlined from "@ant-design/icons-svg/es/asn/SearchOutlined";
import { useEffect, useEffectEvent, useState } from "react";

import type { Model, ModelDetails } from "@/api/capabilities";
import { download } from "@/api/documents";
import type { QueryValue } from "@/api/http";
import { Button } from "@/controls/Button";
import { Icon } from "@/controls/Icon";
import { MenuButton } from "@/controls/MenuButton";
import { fieldLabel } from "@/schema/labels";

import type { Column } from "../columns";
import { ColumnChoice } from "./ColumnChoice";
import { FilterButton } from "./FilterButton";
import type { ListState } from "./address";

interface ToolbarProps {
  model: Model;
  details: ModelDetails;
  columns: Column[];
  shown: string[];
  state: ListState;
  change: (change: Partial<ListState>) => void;
  conditions: Record<string, QueryValue>;
  refresh: () => void;
  busy: boolean;
}

/** Search, filter, columns, export: only what the server permits. */
export function Toolbar(props: ToolbarProps) {
  const { model, details, columns, state, change } = props;
  const searched = model.search.map((name) => columns.find((one) => one.name === name)?.label ?? fieldLabel(name));
  return (
    <div className="toolbar">
      {model.search.length > 0 && (
        <Search labels={searched} text={state.search} onSearch={(search) => change({ search })} />
      )}
      {details.filters.length > 0 && (
        <FilterButton details={details} group={state.filter} onChange={(filter) => change({ filter })} />
      )}
      <span className="spacer" />
      <ColumnChoice {...props} />
      <Export {...props} />
      <Button icon={ReloadOutlined} aria-label="Read again" busy={props.busy} onClick={props.refresh} />
    </div>
  );
}

const PAUSE_MS = 300;

/** Searches when the typing pauses. */
function Search(props: { labels: string[]; text: string; onSearch: (text: string) => void }) {
  const { text, onSearch } = props;
  const [typed, setTyped] = useState(text);
  // The list may have been sorted or paged in the pause: the search is of what it shows by then.
  const search = useEffectEvent(onSearch);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => search(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, text]);
  const fields = props.labels.map((label) => label.toLowerCase()).join(", ");
  return (
    <label className="search grow">
      <Icon of={SearchOutlined} />
      <input
        type="search"
        placeholder={`Search ${fields}`}
        aria-label={`Search ${fields}`}
        value={typed}
        maxLength={1000}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && onSearch(typed)}
      />
    </label>
  );
}

function Export({ model, state, conditions, shown }: ToolbarProps) {
  const [busy, setBusy] = useState(false);
  const save = async (format: "csv" | "jsonl", whole: boolean) => {
    setBusy(true);
    try {
      const fields = whole ? undefined : shown.join(",");
      await download(model, { ...conditions, sort: state.sort, fields }, format);
    } catch (error) {
      const { notification } = await import("@/controls/feedback");
      const description = error instanceof Error ? error.message : String(error);
      notification.error({ title: "The export failed", description });
    } finally {
      setBusy(false);
    }
  };
  const items = [
    { key: "csv", label: "CSV, these columns", onClick: () => void save("csv", false) },
    { key: "csv-all", label: "CSV, all fields", onClick: () => void save("csv", true) },
    { key: "jsonl", label: "JSON lines, all fields", onClick: () => void save("jsonl", true) },
  ];
  return (
    <MenuButton menu={() => ({ items })}>
      <Button icon={DownloadOutlined} busy={busy} aria-label="Export">
        <span className="wide-only">Export</span>
      </Button>
    </MenuButton>
  );
}
