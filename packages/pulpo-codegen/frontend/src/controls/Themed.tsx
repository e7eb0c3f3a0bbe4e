import { ConfigProvider } from "antd";
import type { ReactNode } from "react";

import { useScheme } from "./colorScheme";
import { themeOf } from "./theme";

/** What stands around everything that antd draws. */
export function Themed({ children }: { children: ReactNode }) {
  return (
    <ConfigProvider theme={themeOf(useScheme())} form={{ scrollToFirstError: true }}>
      {children}
    </ConfigProvider>
  );
}
