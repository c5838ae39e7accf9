// New entries as they come: the server tells of each over one stream, and what was read of the
// agreement is read anew. The browser reconnects by itself and says where it stopped.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { refresh } from "../../http/hooks";
import { address, at } from "../../http/request";
import type { Entry } from "./types";

export interface Live {
  /** `closed` where the reader or the browser has no stream. */
  state: "connecting" | "open" | "closed";
  /** What came since the page was opened, newest first. */
  entries: Entry[];
}

/** How long to wait for more before reading anew. */
const PAUSE_MS = 300;
const KEPT = 20;

export function useLive(id: string | null): Live {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>({ state: "connecting", entries: [] });
  useEffect(() => {
    if (id === null || typeof EventSource === "undefined") return undefined;
    const path = at`/agreements/${id}`;
    const source = new EventSource(address(`${path}/live`));
    let timer: ReturnType<typeof setTimeout> | null = null;
    const again = () => {
      timer ??= setTimeout(() => {
        timer = null;
        void refresh(client, path);
      }, PAUSE_MS);
    };
    source.onopen = () => setLive((old) => ({ ...old, state: "open" }));
    source.onerror = () => {
      const state = source.readyState === EventSource.CLOSED ? "closed" : "connecting";
      setLive((old) => ({ ...old, state }));
    };
    source.addEventListener("entry", (event) => {
      const entry = JSON.parse((event as MessageEvent<string>).data) as Entry;
      setLive((old) => {
        const others = old.entries.filter((one) => one.seq !== entry.seq);
        return { state: "open", entries: [entry, ...others].slice(0, KEPT) };
      });
      again();
    });
    let told: number | null = null;
    source.addEventListener("position", (event) => {
      const { seq } = JSON.parse((event as MessageEvent<string>).data) as { seq: number };
      // The first one only says where the journal stands.
      if (told !== null && told !== seq) again();
      told = seq;
    });
    return () => {
      source.close();
      if (timer !== null) clearTimeout(timer);
    };
  }, [client, id]);
  return live;
}
