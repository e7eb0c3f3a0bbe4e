import { Refine } from "@refinedev/core";
import routerProvider from "@refinedev/react-router";
import { App } from "antd";
import { Outlet } from "react-router";

import { dataProvider } from "@/api/dataProvider";
import { queries } from "@/api/queries";
import { authProvider } from "@/auth/authProvider";

import { Themed } from "@/controls/Themed";

import { notifications } from "./notifications";

/** antd and Refine around pages that are made of them: their hooks work in overrides as well. */
export function Components() {
  return (
    <Themed>
      <App component={false}>
        <Refine
          dataProvider={dataProvider}
          authProvider={authProvider}
          routerProvider={routerProvider}
          notificationProvider={notifications}
          options={{ disableTelemetry: true, reactQuery: { clientConfig: queries } }}
        >
          <Outlet />
        </Refine>
      </App>
    </Themed>
  );
}
