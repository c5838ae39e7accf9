// Which address shows which page. Every page is loaded when it is first opened.
import type { ComponentType } from "react";
import { createBrowserRouter } from "react-router";

import { PageFailed } from "./PageFailed";
import { NeedsPerson, Open, Public } from "./Shell";

type Loads = () => Promise<{ default: ComponentType }>;

function page(load: Loads) {
  return async () => ({ Component: (await load()).default });
}

export const router = createBrowserRouter([
  {
    Component: Public,
    ErrorBoundary: PageFailed,
    HydrateFallback: () => null,
    children: [
      { path: "/signin", lazy: page(() => import("../pages/SignIn")) },
      { path: "/setup", lazy: page(() => import("../pages/Setup")) },
      { path: "/invitation", lazy: page(() => import("../pages/AcceptInvitation")) },
    ],
  },
  {
    Component: Open,
    ErrorBoundary: PageFailed,
    HydrateFallback: () => null,
    children: [{ path: "/verify", lazy: page(() => import("../pages/Verify")) }],
  },
  {
    Component: NeedsPerson,
    ErrorBoundary: PageFailed,
    HydrateFallback: () => null,
    children: [
      { path: "/", lazy: page(() => import("../pages/Agreements")) },
      { path: "/agreements/new", lazy: page(() => import("../pages/draft/New")) },
      {
        path: "/agreements/:id/projects/:project/items/:seq",
        lazy: page(() => import("../pages/labelling/Workspace")),
      },
      { path: "/agreements/:id/*", lazy: page(() => import("../pages/agreement")) },
      { path: "/review", lazy: page(() => import("../pages/review/Review")) },
      { path: "/playbooks", lazy: page(() => import("../pages/playbooks/Playbooks")) },
      { path: "/playbooks/:id", lazy: page(() => import("../pages/playbooks/Playbook")) },
      { path: "/notices", lazy: page(() => import("../pages/Notices")) },
      {
        path: "/organisation",
        lazy: page(() => import("../pages/organisation/Organisation")),
        children: [
          { index: true, lazy: page(() => import("../pages/organisation/People")) },
          { path: "keys", lazy: page(() => import("../pages/organisation/Keys")) },
          { path: "webhooks", lazy: page(() => import("../pages/organisation/Webhooks")) },
          { path: "audit", lazy: page(() => import("../pages/organisation/Audit")) },
        ],
      },
      { path: "/me", lazy: page(() => import("../pages/me/Me")) },
      { path: "/platform", lazy: page(() => import("../pages/Platform")) },
      { path: "*", lazy: page(() => import("../pages/NotFound")) },
    ],
  },
]);
