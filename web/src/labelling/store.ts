// Where unsent work is kept on this machine: IndexedDB, so that a reload, a crash or a day without a
// network loses nothing. One record for each item and person.
import type { Label, Operation, Refusal } from "./types";

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
  /** Of work not yet told. */
  seconds: number;
  /** What the server did not take, as it was. */
  refused: { label: Label; refusal: Refusal }[];
}

export interface Store {
  load: (place: string) => Promise<Kept | null>;
  save: (place: string, kept: Kept) => Promise<void>;
  drop: (place: string) => Promise<void>;
}

/** For tests, and where the browser keeps nothing. */
export function memoryStore(records = new Map<string, string>()): Store {
  return {
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

export function browserStore(): Store {
  if (typeof indexedDB === "undefined") return memoryStore();
  return {
    load: async (place) =>
      (await within<Kept | undefined>("readonly", (table) => table.get(place))) ?? null,
    save: async (place, kept) =>
      void (await within("readwrite", (table) => table.put(kept, place))),
    drop: async (place) => void (await within("readwrite", (table) => table.delete(place))),
  };
}
