// Changes reach the server once and in their order, through lost answers and reloads.
import { describe, expect, test } from "vitest";

import { labelsOf } from "../../src/labelling/change";
import { type Batch, memoryStore, type Store } from "../../src/labelling/store";
import { settled } from "../../src/labelling/outbox";
import type { Operation, Saved } from "../../src/labelling/types";
import { Work } from "../../src/labelling/work";
import { box } from "./box";

class Away extends Error {}

/** A server that keeps labels and answers a key the same way twice; it can lose answers. */
class Peer {
  revision = 3;
  seen: string[] = [];
  batches: Batch[] = [];
  answers = new Map<string, Saved>();
  away: "no" | "before" | "after" = "no";
  others: Saved["others"] = [];

  send = async (batch: Batch): Promise<Saved> => {
    if (this.away === "before") throw new Away();
    let answer = this.answers.get(batch.key);
    if (!answer) {
      this.revision += 1;
      this.batches.push(batch);
      this.seen.push(...batch.operations.map(said));
      answer = { revision: this.revision, others: this.others, gone: [], refused: [] };
      this.answers.set(batch.key, answer);
    }
    if (this.away === "after") throw new Away();
    return answer;
  };
}

const said = (one: Operation) => ("put" in one ? `+${one.put.id}` : `-${one.delete}`);

let keys = 0;

async function open(peer: Peer, store: Store) {
  const timers: (() => void)[] = [];
  const work = await Work.open(
    {
      place: "p/1",
      store,
      send: peer.send,
      unreachable: (error) => error instanceof Away,
      key: () => `key ${(keys += 1)}`,
      later: (_after, then) => {
        timers.push(then);
        return () => void timers.splice(timers.indexOf(then), 1);
      },
      classes: [],
      mayLabel: true,
    },
    labelsOf([box("a")]),
    peer.revision,
  );
  return { work, timers };
}

describe("the outbox", () => {
  test("sends what waits as one batch under the revision it was made on", async () => {
    const peer = new Peer();
    const { work } = await open(peer, memoryStore());
    work.put(box("b"));
    work.put(box("c"));
    expect(work.outbox.saving.state).toBe("waiting");
    await work.outbox.flush();
    expect(peer.seen).toEqual(["+b", "+c"]);
    expect(peer.batches.map(({ base }) => base)).toEqual([3]);
    expect(work.outbox.saving.state).toBe("saved");
    expect(work.outbox.left).toBe(0);
  });

  test("keeps changes through a reload while the server is away", async () => {
    const [peer, store] = [new Peer(), memoryStore()];
    peer.away = "before";
    const first = await open(peer, store);
    first.work.put(box("b"));
    await expect(first.work.outbox.flush()).rejects.toThrow("offline");
    first.work.put(box("c"));
    expect(first.work.outbox.saving).toEqual({ state: "offline" });
    expect(first.work.outbox.left).toBe(2);
    await Promise.resolve();
    await first.work.outbox.close();
    peer.away = "no";
    const second = await open(peer, store);
    expect([...second.work.labels.keys()]).toEqual(["a", "b", "c"]);
    await second.work.outbox.flush();
    expect(peer.seen).toEqual(["+b", "+c"]);
  });

  test("does nothing twice where only the answer was lost", async () => {
    const [peer, store] = [new Peer(), memoryStore()];
    peer.away = "after";
    const first = await open(peer, store);
    first.work.put(box("b"));
    await expect(first.work.outbox.flush()).rejects.toThrow("offline");
    await first.work.outbox.close();
    peer.away = "no";
    const second = await open(peer, store);
    await second.work.outbox.flush();
    expect(peer.seen).toEqual(["+b"]);
    expect(peer.revision).toBe(4);
  });

  test("two tabs at one item keep what each of them did apart", async () => {
    const records = new Map<string, string>();
    const held = new Set<string>();
    const peer = new Peer();
    peer.away = "before";
    const one = await open(peer, memoryStore(records, held));
    const other = await open(peer, memoryStore(records, held));
    one.work.put(box("b"));
    await expect(one.work.outbox.flush()).rejects.toThrow("offline");
    other.work.put(box("c"));
    await expect(other.work.outbox.flush()).rejects.toThrow("offline");
    expect(records.size).toBe(2);
    // One of them is done: the record of the other stands.
    peer.away = "no";
    await other.work.outbox.flush();
    await other.work.outbox.close();
    expect(peer.seen).toEqual(["+c"]);
    expect([...records.keys()]).toEqual(["p/1"]);
    // The first was closed without a network; its batch goes under the key that it had.
    peer.away = "after";
    await expect(one.work.outbox.flush()).rejects.toThrow("offline");
    await one.work.outbox.close();
    peer.away = "no";
    const third = await open(peer, memoryStore(records, held));
    expect([...third.work.labels.keys()]).toContain("b");
    await third.work.outbox.flush();
    await third.work.outbox.close();
    expect(peer.seen).toEqual(["+c", "+b"]);
    expect([records.size, held.size]).toEqual([0, 0]);
  });

  test("what several tabs left is sent by the next one, each batch once", async () => {
    const records = new Map<string, string>();
    const held = new Set<string>();
    const peer = new Peer();
    peer.away = "after";
    const tabs = [];
    for (const id of ["b", "c"]) {
      const tab = await open(peer, memoryStore(records, held));
      tab.work.put(box(id));
      await expect(tab.work.outbox.flush()).rejects.toThrow("offline");
      tab.work.put(box(`${id}2`));
      tabs.push(tab);
    }
    for (const tab of tabs) await tab.work.outbox.close();
    peer.away = "no";
    const next = await open(peer, memoryStore(records, held));
    expect([...next.work.labels.keys()].sort()).toEqual(["a", "b", "b2", "c", "c2"]);
    await next.work.outbox.flush();
    await next.work.outbox.close();
    expect(peer.seen.sort()).toEqual(["+b", "+b2", "+c", "+c2"]);
    expect(records.size).toBe(0);
  });

  test("more tabs than there are usual records have one each, and none is forgotten", async () => {
    const records = new Map<string, string>();
    const held = new Set<string>();
    const peer = new Peer();
    peer.away = "before";
    const tabs = [];
    for (let at = 0; at < 10; at += 1) {
      const tab = await open(peer, memoryStore(records, held));
      tab.work.put(box(`tab${at}`));
      await expect(tab.work.outbox.flush()).rejects.toThrow("offline");
      tabs.push(tab);
    }
    expect(records.size).toBe(10);
    for (const tab of tabs) await tab.work.outbox.close();
    peer.away = "no";
    const next = await open(peer, memoryStore(records, held));
    await next.work.outbox.flush();
    await next.work.outbox.close();
    expect([peer.seen.length, records.size, held.size]).toEqual([10, 0, 0]);
  });

  test("what waits when the page is left goes on, and who comes back takes it over", async () => {
    const [peer, store] = [new Peer(), memoryStore()];
    peer.away = "before";
    const first = await open(peer, store);
    first.work.put(box("b"));
    await expect(first.work.outbox.flush()).rejects.toThrow("offline");
    first.work.outbox.leave();
    peer.away = "no";
    await settled("p/1");
    expect(peer.seen).toEqual(["+b"]);
    const second = await open(peer, store);
    second.work.put(box("c"));
    second.work.outbox.leave();
    await second.work.outbox.flush();
    expect(peer.seen).toEqual(["+b", "+c"]);
    const third = await open(peer, store);
    expect(third.work.outbox.left).toBe(0);
    expect(third.work.canUndo).toBe(false);
  });

  test("what somebody else did is shown after the next save", async () => {
    const peer = new Peer();
    peer.others = [box("theirs"), box("a", 40)];
    const { work } = await open(peer, memoryStore());
    work.put(box("b"));
    await work.outbox.flush();
    expect([...work.labels.keys()]).toEqual(["a", "b", "theirs"]);
    expect(work.labels.get("a")).toEqual(box("a", 40));
    expect(work.outbox.base).toBe(4);
  });

  test("what the server refuses stays in sight and is not sent again by itself", async () => {
    const peer = new Peer();
    const { work } = await open(peer, memoryStore());
    peer.send = async () => ({
      revision: 4,
      others: [],
      gone: [],
      refused: [{ id: "b", code: "box_outside", field: "rect" }],
    });
    const stubborn = await open(peer, memoryStore());
    stubborn.work.put(box("b"));
    await stubborn.work.outbox.flush();
    expect(stubborn.work.outbox.refused.map(({ refusal }) => refusal.code)).toEqual([
      "box_outside",
    ]);
    expect(stubborn.work.labels.has("b")).toBe(true);
    stubborn.work.put(box("b", 1));
    expect(stubborn.work.outbox.refused).toEqual([]);
    expect(work.labels.size).toBe(1);
  });

  test("a refusal of the whole save stops it and keeps everything", async () => {
    const peer = new Peer();
    peer.send = async () => {
      throw new Error("held by somebody else");
    };
    const { work } = await open(peer, memoryStore());
    work.put(box("b"));
    await expect(work.outbox.flush()).rejects.toThrow("held by somebody else");
    expect(work.outbox.saving.state).toBe("stopped");
    expect(work.outbox.left).toBe(1);
  });

  test("undo is sent like any other change", async () => {
    const peer = new Peer();
    const { work } = await open(peer, memoryStore());
    work.put(box("b"));
    await work.outbox.flush();
    work.select("b");
    work.undo();
    expect(work.selected).toBeNull();
    await work.outbox.flush();
    expect(peer.seen).toEqual(["+b", "-b"]);
  });
});

test("the next label follows in the order in which they were made, and round again", async () => {
  const { work } = await open(new Peer(), memoryStore());
  work.do([{ put: box("b") }, { put: box("c") }]);
  const order = [1, 1, 1, 1, -1].map((by) => {
    work.cycle(by as 1 | -1);
    return work.selected;
  });
  expect(order).toEqual(["a", "b", "c", "a", "c"]);
});
