// Where unsent work is kept on this machine: IndexedDB, so that a reload, a crash or a day without a
// network loses nothing. Each tab has a record of its own for an item and a person, held by a lock of
// the browser; what a tab left that is gone goes to the next one that opens the item.
import type { Label, Operation, Refusal } from "./types";
import { ulid } from "./ulid";

/** A batch on its way. It is repeated under the same key until an answer comes. */
export interface Batch {
  key: string;
  base: number;
  seconds: number;
  operations: Operation[];
}

export interface Kept {
  /** The revision that the server last gave us. */
  base: number;
  waiting: Operation[];
  sending: Batch | null;
  /** Batches that a tab left which is gone: they go before `waiting`. */
  queued?: Batch[];
  /** Of work not yet told. */
  seconds: number;
  /** What the server did not take, as it was. */
  refused: { label: Label; refusal: Refusal }[];
}

/** The record that a tab has for itself. */
export interface Claim {
  slot: string;
  /** Records of tabs that are gone. */
  left: string[];
  release: () => void;
}

export interface Store {
  /** A record of a place that no other tab has. */
  claim: (place: string) => Promise<Claim>;
  load: (slot: string) => Promise<Kept | null>;
  save: (slot: string, kept: Kept) => Promise<void>;
  drop: (slot: string) => Promise<void>;
}

type Release = () => void;

/** So many tabs at one item have records of their own. */
const SLOTS = 8;
/** A tab that is just being closed gives its record up within so many milliseconds. */
const PATIENCE = 500;

/** Takes the first free record, and those that others left; `kept` are the records that there are. */
async function claimed(
  place: string,
  kept: ReadonlySet<string>,
  lock: (slot: string, patience: number) => Promise<Release | null>,
): Promise<Claim> {
  const usual = Array.from({ length: SLOTS }, (_, at) => (at === 0 ? place : `${place} ${at + 1}`));
  const more = [...kept].filter((slot) => slot.startsWith(`${place} `) && !usual.includes(slot));
  const slots = [...usual, ...more];
  const releases: Release[] = [];
  const mine: string[] = [];
  for (const slot of slots) {
    if (mine.length > 0 && !kept.has(slot)) continue;
    const release = await lock(slot, kept.has(slot) ? PATIENCE : 0);
    if (!release) continue;
    releases.push(release);
    mine.push(slot);
  }
  if (mine.length === 0) {
    // More tabs than there are records of their own: one more.
    const slot = `${place} ${ulid()}`;
    const release = await lock(slot, 0);
    if (release) releases.push(release);
    mine.push(slot);
  }
  const [slot = place, ...left] = mine;
  return { slot, left, release: () => releases.forEach((release) => release()) };
}

/** For tests, and where the browser keeps nothing. */
export function memoryStore(records = new Map<string, string>(), held = new Set<string>()): Store {
  const lock = async (slot: string) => {
    if (held.has(slot)) return null;
    held.add(slot);
    return () => void held.delete(slot);
  };
  return {
    claim: (place) => claimed(place, new Set(records.keys()), lock),
    load: async (place) => {
      const text = records.get(place);
      return text === undefined ? null : (JSON.parse(text) as Kept);
    },
    save: async (place, kept) => void records.set(place, JSON.stringify(kept)),
    drop: async (place) => void records.delete(place),
  };
}

const TABLE = "work";

function open(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("tally.labelling", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error ?? new Error("no IndexedDB"));
  });
}

let database: Promise<IDBDatabase> | null = null;

async function within<T>(
  mode: IDBTransactionMode,
  act: (table: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  database ??= open();
  const transaction = (await database).transaction(TABLE, mode);
  return new Promise((done, failed) => {
    const asked = act(transaction.objectStore(TABLE));
    transaction.oncomplete = () => done(asked.result);
    transaction.onerror = () => failed(transaction.error ?? new Error("not kept"));
    transaction.onabort = () => failed(transaction.error ?? new Error("not kept"));
  });
}

/** A lock of the browser: it goes with the tab, however that ends. */
function browserLock(slot: string, patience: number): Promise<Release | null> {
  // Where a browser has none (pages without TLS) every tab has the same record, as if it were alone.
  if (!("locks" in navigator)) return Promise.resolve(() => undefined);
  const options = patience > 0 ? { signal: AbortSignal.timeout(patience) } : { ifAvailable: true };
  return new Promise((done) => {
    navigator.locks
      .request(`tally.labelling ${slot}`, options, (lock) => {
        if (!lock) return done(null);
        return new Promise<void>((release) => done(() => release()));
      })
      .catch(() => done(null));
  });
}

export function browserStore(): Store {
  if (typeof indexedDB === "undefined") return memoryStore();
  return {
    claim: async (place) => {
      const range = IDBKeyRange.bound(place, `${place} \uffff`);
      const keys = await within("readonly", (table) => table.getAllKeys(range));
      return claimed(place, new Set(keys.map(String)), browserLock);
    },
    load: async (place) =>
      (await within<Kept | undefined>("readonly", (table) => table.get(place))) ?? null,
    save: async (place, kept) =>
      void (await within("readwrite", (table) => table.put(kept, place))),
    drop: async (place) => void (await within("readwrite", (table) => table.delete(place))),
  };
}
