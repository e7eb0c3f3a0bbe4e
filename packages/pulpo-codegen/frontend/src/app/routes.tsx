import type { ComponentType } from "react";
import { createBrowserRouter, type RouteObject } from "react-router";

import { basename, settleStart } from "@/api/base";
import { HomePage } from "@/home/HomePage";
import { OverridePage } from "@/overrides/OverridePage";
import { ListPage } from "@/resources/list/ListPage";
import { ModelRoute } from "@/resources/ModelRoute";

import { Loading } from "./Loading";
import { NotFound } from "./NotFound";
import { PageFailed } from "./PageFailed";
import { Root } from "./Root";
import { Shell } from "./Shell";

/** A page that is loaded when it is opened. Lists come with the shell: nothing is looked at more. */
const later =
  <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  async () => ({ Component: (await load())[name] });

const models: RouteObject = {
  path: "models/:collection",
  element: <ModelRoute />,
  children: [
    { index: true, element: <ListPage /> },
    { path: "new", lazy: later(() => import("@/resources/edit/CreatePage"), "CreatePage") },
    { path: "show/:id", lazy: later(() => import("@/resources/show/ShowPage"), "ShowPage") },
    { path: "edit/:id", lazy: later(() => import("@/resources/edit/EditPage"), "EditPage") },
  ],
};

/** Every page there is; `paths.ts` has their addresses. */
const pages: RouteObject[] = [
  { index: true, element: <HomePage /> },
  models,
  {
    path: "operations",
    lazy: later(() => import("@/operations/OperationsPage"), "OperationsPage"),
  },
  {
    path: "operations/:name",
    lazy: later(() => import("@/operations/OperationPage"), "OperationPage"),
  },
  { path: "flows", lazy: later(() => import("@/flows/FlowsPage"), "FlowsPage") },
  { path: "flows/:name", lazy: later(() => import("@/flows/FlowPage"), "FlowPage") },
  { path: "flows/:name/runs/:id", lazy: later(() => import("@/flows/RunPage"), "RunPage") },
  { path: "monitor", lazy: later(() => import("@/health/HealthPage"), "HealthPage") },
  { path: "pages/:name", element: <OverridePage /> },
  { path: "*", element: <NotFound /> },
];

settleStart();

export const router = createBrowserRouter(
  [
    {
      element: <Root />,
      errorElement: <PageFailed />,
      hydrateFallbackElement: <Loading />,
      children: [
        { path: "login", lazy: later(() => import("@/auth/LoginPage"), "LoginPage") },
        // Within the shell, so that a page that fails leaves the menu.
        { element: <Shell />, children: [{ errorElement: <PageFailed />, children: pages }] },
      ],
    },
  ],
  { basename },
);
