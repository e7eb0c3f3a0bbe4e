import { ExportOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { ReactNode } from "react";

/** A way to Prefect's own pages, which are another site. */
export function PrefectLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Button href={href} target="_blank" rel="noreferrer noopener" icon={<ExportOutlined aria-hidden />}>
      {children}
    </Button>
  );
}
