// Which address shows which page. Every page is loaded when it is first opened.
import type { ComponentType } from "react";
import { createBrowserRouter } from "react-router";

import { PageFailed } from "./PageFailed";
import { NeedsPerson, Public } from "./Shell";

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
    ],
  },
  {
    Component: NeedsPerson,
    ErrorBoundary: PageFailed,
    HydrateFallback: () => null,
    children: [
      { path: "/", lazy: page(() => import("../pages/Agreements")) },
      { path: "/agreements/:id/*", lazy: page(() => import("../pages/agreement")) },
      { path: "*", lazy: page(() => import("../pages/NotFound")) },
    ],
  },
]);
