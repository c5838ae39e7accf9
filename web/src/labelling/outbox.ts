// Sends changes in their order. Everything is written down before it leaves; a batch of which no
// answer came is repeated under the same key; what is changed meanwhile waits for the next batch.
import { plain, shortened, target } from "./change";
import type { Batch, Claim, Kept, Store } from "./store";
import type { Label, Operation, Saved } from "./types";

export type Saving =
  | { state: "saved" }
  | { state: "waiting" }
  | { state: "sending" }
  | { state: "offline" }
  /** The server does not take it: the item is no longer ours, or we are no longer signed in. */
  | { state: "stopped"; error: unknown };

export interface OutboxDeps {
  place: string;
  store: Store;
  send: (batch: Batch) => Promise<Saved>;
  /** Whether an error means that the server could not be reached. */
  unreachable: (error: unknown) => boolean;
  key: () => string;
  /** Calls back after so many milliseconds; what it gives stops that. */
  later: (milliseconds: number, then: () => void) => () => void;
  /** An answer came; `waiting` are the changes that it does not cover. */
  answered: (answer: Saved, waiting: readonly Operation[], sent: Batch) => void;
  changed: () => void;
}

/** So many operations travel at once; a save of the server is as large as 2 MiB. */
const MOST = 2000;
const PAUSE = 400;
const FIRST_RETRY = 1000;
const LAST_RETRY = 30_000;

/** Those whose page is gone while something still waits. */
const leaving = new Map<string, Outbox>();

/** Waits until nothing of this tab is on its way for a place: only then its labels are worth reading. */
export async function settled(place: string): Promise<void> {
  await leaving.get(place)?.close();
}

export class Outbox {
  private kept: Kept;
  private readonly claim: Claim;
  private isLeft = false;
  private busy: Promise<void> | null = null;
  private failures = 0;
  private cancel: (() => void) | null = null;
  private closed = false;
  private writes: Promise<void> = Promise.resolve();
  saving: Saving = { state: "saved" };
  private readonly deps: OutboxDeps;

  private constructor(deps: OutboxDeps, kept: Kept, claim: Claim) {
    this.deps = deps;
    this.kept = kept;
    this.claim = claim;
    if (this.left > 0) this.saving = { state: "waiting" };
  }

  /** `revision`: that of the labels as they were just read. */
  static async open(deps: OutboxDeps, revision: number): Promise<Outbox> {
    const { store, place } = deps;
    await settled(place);
    // A browser that keeps nothing (private mode, full disk) still sends.
    const none: Claim = { slot: place, left: [], release: () => undefined };
    const claim = await store.claim(place).catch(() => none);
    const load = (slot: string) => store.load(slot).catch(() => null);
    let kept: Kept = { base: revision, waiting: [], sending: null, seconds: 0, refused: [] };
    kept = (await load(claim.slot)) ?? kept;
    for (const slot of claim.left) {
      const found = await load(slot);
      if (!found) continue;
      kept = joined(kept, found, deps.key);
      // Written down here before it goes there: a batch that stands twice has one key.
      await store.save(claim.slot, kept).catch(() => undefined);
      await store.drop(slot).catch(() => undefined);
    }
    return new Outbox(deps, kept, claim);
  }

  /** What is not with the server yet, in its order. */
  get unsent(): Operation[] {
    return [...(this.kept.sending?.operations ?? []), ...this.behind];
  }

  /** What no batch on its way covers. */
  private get behind(): Operation[] {
    const { queued = [], waiting } = this.kept;
    return [...queued.flatMap(({ operations }) => operations), ...waiting];
  }

  /** How many labels are changed and not with the server. */
  get left(): number {
    return new Set(this.unsent.map(target)).size;
  }

  get refused(): Kept["refused"] {
    return this.kept.refused;
  }

  get base(): number {
    return this.kept.base;
  }

  add(operations: readonly Operation[]): void {
    if (operations.length === 0) return;
    const touched = new Set(operations.map(target));
    this.kept = {
      ...this.kept,
      waiting: shortened([...this.kept.waiting, ...operations.map(plain)]),
      refused: this.kept.refused.filter(({ label }) => !touched.has(label.id)),
    };
    if (this.saving.state === "saved") this.saving = { state: "waiting" };
    this.write();
    this.deps.changed();
    this.plan(PAUSE);
  }

  addSeconds(seconds: number): void {
    this.kept = { ...this.kept, seconds: this.kept.seconds + seconds };
  }

  /** Sends all that waits; fails with what the way or the server said. */
  async flush(): Promise<void> {
    while (this.left > 0 && !this.closed) {
      await this.once();
      if (this.saving.state === "offline") throw new Error("offline");
      if (this.saving.state === "stopped") throw this.saving.error;
    }
  }

  /** Seconds that no batch told, for the call that ends the work on the item. */
  takeSeconds(): number {
    const { seconds } = this.kept;
    this.kept = { ...this.kept, seconds: 0 };
    return seconds;
  }

  /** The network is back, or the person wants to try again. */
  wake(): void {
    if (this.left > 0) void this.once();
  }

  /** The page goes on to something else: what waits is still sent, then the record is given up. */
  leave(): void {
    this.isLeft = true;
    leaving.set(this.deps.place, this);
    if (this.left === 0) void this.close();
    else this.wake();
  }

  /** Stops after what is on its way, and gives the record up with what it holds. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancel?.();
    await this.busy;
    await this.writes;
    this.claim.release();
    if (leaving.get(this.deps.place) === this) leaving.delete(this.deps.place);
  }

  /** Gives up what the server did not take. */
  async discard(): Promise<void> {
    await this.close();
    await this.deps.store.drop(this.claim.slot);
  }

  private plan(milliseconds: number): void {
    if (this.closed) return;
    this.cancel?.();
    this.cancel = this.deps.later(milliseconds, () => void this.once());
  }

  private write(): void {
    const kept = this.kept;
    const nothing = this.left === 0 && kept.refused.length === 0;
    this.writes = this.writes
      .then(() =>
        nothing
          ? this.deps.store.drop(this.claim.slot)
          : this.deps.store.save(this.claim.slot, kept),
      )
      // A browser that keeps nothing (private mode, full disk) still sends.
      .catch(() => undefined);
  }

  private once(): Promise<void> {
    this.cancel?.();
    this.busy ??= this.batch().finally(() => {
      this.busy = null;
    });
    return this.busy;
  }

  private async batch(): Promise<void> {
    if (this.left === 0 || this.closed) return;
    const { queued: [first, ...queued] = [] } = this.kept;
    if (!this.kept.sending && first) {
      this.kept = { ...this.kept, sending: first, queued };
      this.write();
    } else if (!this.kept.sending) {
      const { waiting, base, seconds } = this.kept;
      const sending = {
        key: this.deps.key(),
        base,
        seconds: Math.round(seconds),
        operations: waiting.slice(0, MOST),
      };
      this.kept = { ...this.kept, waiting: waiting.slice(MOST), seconds: 0, sending };
      this.write();
    }
    const batch = this.kept.sending;
    if (!batch) return;
    this.tell({ state: "sending" });
    // What is sent must be written down first: the same key never carries something else.
    await this.writes;
    try {
      this.taken(batch, await this.deps.send(batch));
    } catch (error) {
      this.failed(error);
    }
  }

  private taken(batch: Batch, answer: Saved): void {
    const refused = answer.refused.flatMap((refusal) => {
      const label = putOf(batch.operations, refusal.id);
      return label ? [{ label, refusal }] : [];
    });
    this.failures = 0;
    this.kept = {
      ...this.kept,
      base: answer.revision,
      sending: null,
      refused: [...this.kept.refused, ...refused],
    };
    this.write();
    this.deps.answered(answer, this.behind, batch);
    if (this.left > 0) {
      this.tell({ state: "waiting" });
      this.plan(0);
    } else {
      this.tell({ state: "saved" });
      if (this.isLeft) void this.close();
    }
  }

  private failed(error: unknown): void {
    if (!this.deps.unreachable(error)) {
      this.tell({ state: "stopped", error });
      return;
    }
    this.failures += 1;
    this.tell({ state: "offline" });
    this.plan(Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (this.failures - 1)));
  }

  private tell(saving: Saving): void {
    this.saving = saving;
    this.deps.changed();
  }
}

/** What a tab left that is gone goes first, as batches of its own, under the keys that they have. */
function joined(kept: Kept, found: Kept, key: () => string): Kept {
  const { base, waiting, sending, queued = [], seconds, refused } = found;
  const rest: Batch[] = [];
  for (let at = 0; at < waiting.length; at += MOST) {
    const operations = waiting.slice(at, at + MOST);
    rest.push({ key: key(), base, seconds: at === 0 ? Math.round(seconds) : 0, operations });
  }
  const all = [...(kept.queued ?? []), ...(sending ? [sending] : []), ...queued, ...rest];
  return { ...kept, queued: all, refused: [...kept.refused, ...refused] };
}

function putOf(operations: readonly Operation[], id: string): Label | null {
  const found = operations.find((operation) => target(operation) === id);
  return found && "put" in found ? found.put : null;
}
