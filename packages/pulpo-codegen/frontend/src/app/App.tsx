import { QueryClientProvider } from "@tanstack/react-query";
import { App as AntdApp, ConfigProvider } from "antd";
import { RouterProvider } from "react-router";

import { queries } from "@/api/queries";

import { ColorSchemeContext, useChosenScheme } from "./colorScheme";
import { router } from "./routes";
import { themeOf } from "./theme";

/** Colours, messages, what was read, and the pages. */
export function App() {
  const scheme = useChosenScheme();
  return (
    <ColorSchemeContext value={scheme}>
      <ConfigProvider theme={themeOf(scheme.scheme)} form={{ scrollToFirstError: true }}>
        <AntdApp>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </AntdApp>
      </ConfigProvider>
    </ColorSchemeContext>
  );
}
