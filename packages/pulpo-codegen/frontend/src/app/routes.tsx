import type { ComponentType } from "react";
import { createBrowserRouter, type RouteObject } from "react-router";

import { basename, settleStart } from "@/api/base";
import { HomePage } from "@/home/HomePage";
import { OverridePage } from "@/overrides/OverridePage";
import { hasOverrides } from "@/overrides/registry";
import { ListPage } from "@/resources/list/ListPage";
import { ModelRoute } from "@/resources/ModelRoute";

import { Loading } from "./Loading";
import { NotFound } from "./NotFound";
import { PageFailed } from "./PageFailed";
import { Shell } from "./Shell";

/** A page that is loaded when it is opened. Lists come with the shell: nothing is looked at more. */
const later =
  <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  async () => ({ Component: (await load())[name] });

/**
 * Pages that are made of antd's and Refine's components. What a project brings may use them anywhere:
 * then they are around everything, and not twice.
 */
const components = later(() => import("./Components"), "Components");
const made = (children: RouteObject[]): RouteObject => (hasOverrides ? { children } : { lazy: components, children });

const models: RouteObject = {
  path: "models/:collection",
  element: <ModelRoute />,
  children: [
    { index: true, element: <ListPage /> },
    made([
      { path: "new", lazy: later(() => import("@/resources/edit/CreatePage"), "CreatePage") },
      { path: "show/:id", lazy: later(() => import("@/resources/show/ShowPage"), "ShowPage") },
      { path: "edit/:id", lazy: later(() => import("@/resources/edit/EditPage"), "EditPage") },
    ]),
  ],
};

/** Every page there is; `paths.ts` has their addresses. */
const pages: RouteObject[] = [
  { index: true, element: <HomePage /> },
  models,
  made([
    { path: "operations", lazy: later(() => import("@/operations/OperationsPage"), "OperationsPage") },
    { path: "operations/:name", lazy: later(() => import("@/operations/OperationPage"), "OperationPage") },
    { path: "flows", lazy: later(() => import("@/flows/FlowsPage"), "FlowsPage") },
    { path: "flows/:name", lazy: later(() => import("@/flows/FlowPage"), "FlowPage") },
    { path: "flows/:name/runs/:id", lazy: later(() => import("@/flows/RunPage"), "RunPage") },
    { path: "monitor", lazy: later(() => import("@/health/HealthPage"), "HealthPage") },
  ]),
  { path: "pages/:name", element: <OverridePage /> },
  { path: "*", element: <NotFound /> },
];

settleStart();

export const router = createBrowserRouter(
  [
    {
      ...(hasOverrides ? { lazy: components } : {}),
      errorElement: <PageFailed />,
      hydrateFallbackElement: <Loading />,
      children: [
        made([{ path: "login", lazy: later(() => import("@/auth/LoginPage"), "LoginPage") }]),
        // Within the shell, so that a page that fails leaves the menu.
        { element: <Shell />, children: [{ errorElement: <PageFailed />, children: pages }] },
      ],
    },
  ],
  { basename },
);
