// Where the console begins: language and theme first, then the page.
import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";

import "./app/console.css";
import { LookProvider, loadLook } from "./app/look";
import { router } from "./app/routes";
import { SessionProvider } from "./app/session";
import { makeQueryClient } from "./http/hooks";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");

const client = makeQueryClient();
void loadLook().then((lang) => {
  createRoot(root).render(
    <QueryClientProvider client={client}>
      <LookProvider first={lang}>
        <SessionProvider>
          <RouterProvider router={router} />
        </SessionProvider>
      </LookProvider>
    </QueryClientProvider>,
  );
});
