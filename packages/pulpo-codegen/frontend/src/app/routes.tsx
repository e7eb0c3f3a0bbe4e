import { createBrowserRouter, type RouteObject } from "react-router";

import { basename } from "@/api/base";
import { LoginPage } from "@/auth/LoginPage";
import { FlowPage } from "@/flows/FlowPage";
import { FlowsPage } from "@/flows/FlowsPage";
import { RunPage } from "@/flows/RunPage";
import { HealthPage } from "@/health/HealthPage";
import { HomePage } from "@/home/HomePage";
import { OperationPage } from "@/operations/OperationPage";
import { OperationsPage } from "@/operations/OperationsPage";
import { OverridePage } from "@/overrides/OverridePage";
import { CreatePage } from "@/resources/edit/CreatePage";
import { EditPage } from "@/resources/edit/EditPage";
import { ListPage } from "@/resources/list/ListPage";
import { ModelRoute } from "@/resources/ModelRoute";
import { ShowPage } from "@/resources/show/ShowPage";

import { NotFound } from "./NotFound";
import { PageFailed } from "./PageFailed";
import { Root } from "./Root";
import { Shell } from "./Shell";

const models: RouteObject = {
  path: "models/:collection",
  element: <ModelRoute />,
  children: [
    { index: true, element: <ListPage /> },
    { path: "new", element: <CreatePage /> },
    { path: "show/:id", element: <ShowPage /> },
    { path: "edit/:id", element: <EditPage /> },
  ],
};

/** Every page there is; `paths.ts` has their addresses. */
const pages: RouteObject[] = [
  { index: true, element: <HomePage /> },
  models,
  { path: "operations", element: <OperationsPage /> },
  { path: "operations/:name", element: <OperationPage /> },
  { path: "flows", element: <FlowsPage /> },
  { path: "flows/:name", element: <FlowPage /> },
  { path: "flows/:name/runs/:id", element: <RunPage /> },
  { path: "monitor", element: <HealthPage /> },
  { path: "pages/:name", element: <OverridePage /> },
  { path: "*", element: <NotFound /> },
];

export const router = createBrowserRouter(
  [
    {
      element: <Root />,
      errorElement: <PageFailed />,
      children: [
        { path: "login", element: <LoginPage /> },
        // Within the shell, so that a page that fails leaves the menu.
        { element: <Shell />, children: [{ errorElement: <PageFailed />, children: pages }] },
      ],
    },
  ],
  { basename: basename || "/" },
);
