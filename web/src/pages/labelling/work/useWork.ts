// The work on one item as React sees it.
import { useEffect, useRef, useState, useSyncExternalStore } from "react";

import { Activity } from "../../../labelling/activity";
import { labelsOf } from "../../../labelling/change";
import type { Batch, Store } from "../../../labelling/store";
import type { Saved } from "../../../labelling/types";
import { Work } from "../../../labelling/work";
import { isAway } from "../../../http/problem";
import { intent } from "../../../http/request";
import type { ItemHere } from "../types";

/** Shown again whenever anything of the work changes. */
export function useShown(work: Work): number {
  return useSyncExternalStore(work.subscribe, work.snapshot);
}

/** Opens the work on an item, with what this machine kept of it; `selected` is a label to begin at. */
export function useWork(
  place: string,
  item: ItemHere,
  store: Store,
  send: (batch: Batch) => Promise<Saved>,
  selected: string | null,
): Work | null {
  const [work, setWork] = useState<Work | null>(null);
  const first = useRef({ item, store, send, selected });
  useEffect(() => {
    let gone = false;
    let opened: Work | null = null;
    const { item, store, send, selected } = first.current;
    void Work.open(
      {
        place,
        store,
        send,
        unreachable: isAway,
        key: intent,
        later: (milliseconds, then) => {
          const timer = setTimeout(then, milliseconds);
          return () => clearTimeout(timer);
        },
        classes: item.classes,
        mayLabel: item.may.includes("label") || item.may.includes("inspect"),
      },
      labelsOf(item.labels),
      item.revision,
    ).then((made) => {
      if (gone) return made.outbox.leave();
      opened = made;
      if (selected !== null && made.labels.has(selected)) made.select(selected);
      setWork(made);
    });
    const wake = () => opened?.outbox.wake();
    window.addEventListener("online", wake);
    return () => {
      gone = true;
      window.removeEventListener("online", wake);
      // What waits is on its way or kept; the next page must not wait for it.
      opened?.outbox.leave();
      setWork(null);
    };
  }, [place]);
  useActivity(work);
  return work;
}

function useActivity(work: Work | null): void {
  useEffect(() => {
    if (!work) return;
    const activity = new Activity();
    activity.sign(Date.now());
    const alive = () => {
      activity.sign(Date.now());
      const seconds = activity.take();
      if (seconds > 0) work.outbox.addSeconds(seconds);
    };
    const signs = ["pointermove", "pointerdown", "keydown", "wheel"] as const;
    for (const sign of signs) window.addEventListener(sign, alive, { passive: true });
    return () => {
      for (const sign of signs) window.removeEventListener(sign, alive);
    };
  }, [work]);
}
