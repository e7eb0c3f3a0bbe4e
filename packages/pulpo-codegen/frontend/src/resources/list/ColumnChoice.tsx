import { SettingOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { lazy, Suspense, useState } from "react";

import type { Model } from "@/api/capabilities";

import type { Column } from "../columns";
import type { ListState } from "./address";

const ColumnList = lazy(async () => ({ default: (await import("./ColumnList")).ColumnList }));

export interface ColumnChoiceProps {
  model: Model;
  columns: Column[];
  shown: string[];
  change: (change: Partial<ListState>) => void;
}

/** Opens the choice of columns, which is loaded when somebody asks for it. */
export function ColumnChoice(props: ColumnChoiceProps) {
  const [isAsked, setAsked] = useState(false);
  const button = (
    <Button icon={<SettingOutlined />} aria-label="Columns" onClick={() => setAsked(true)}>
      <span className="wide-only">Columns</span>
    </Button>
  );
  if (!isAsked) return button;
  return (
    <Suspense fallback={button}>
      <ColumnList {...props}>{button}</ColumnList>
    </Suspense>
  );
}
