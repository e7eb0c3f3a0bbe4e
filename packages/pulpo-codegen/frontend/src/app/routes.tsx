import { createBrowserRouter, type RouteObject } from "react-router";

import { basename } from "@/api/base";
import { LoginPage } from "@/auth/LoginPage";
import { HealthPage } from "@/health/HealthPage";
import { HomePage } from "@/home/HomePage";
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
