import { Refine } from "@refinedev/core";
import routerProvider from "@refinedev/react-router";
import { Outlet } from "react-router";

import { dataProvider } from "@/api/dataProvider";
import { queries } from "@/api/queries";
import { authProvider } from "@/auth/authProvider";

import { useNotifications } from "./notifications";

/** Refine around every page: its hooks work in overrides as well. */
export function Root() {
  return (
    <Refine
      dataProvider={dataProvider}
      authProvider={authProvider}
      routerProvider={routerProvider}
      notificationProvider={useNotifications()}
      options={{ disableTelemetry: true, reactQuery: { clientConfig: queries } }}
    >
      <Outlet />
    </Refine>
  );
}
