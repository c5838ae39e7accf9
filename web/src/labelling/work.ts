// The work on one item: its labels with their history, what is selected, which class is drawn, and
// the outbox. Whoever shows it is told of changes; it knows nothing of React and of drawing.
import { apply, begin, change, type History, merge, redo, undo } from "./change";
import { Outbox, type OutboxDeps } from "./outbox";
import type { ClassRule, Label, Labels, Operation, Saved } from "./types";

export interface WorkDeps extends Omit<OutboxDeps, "answered" | "changed"> {
  classes: readonly ClassRule[];
  /** Whether the caller may change labels. */
  mayLabel: boolean;
}

export class Work {
  private history: History;
  private readonly listeners = new Set<() => void>();
  private readonly deps: WorkDeps;
  outbox!: Outbox;
  selected: string | null = null;
  /** The class that new labels get; it stays until another is chosen. */
  class: string | null;
  /** Rises with every change of anything that is shown. */
  version = 0;

  private constructor(deps: WorkDeps, labels: Labels) {
    this.deps = deps;
    this.history = begin(labels);
    this.class = deps.classes[0]?.id ?? null;
  }

  /** `labels` and `revision` as the server just gave them; kept changes of this machine go on top. */
  static async open(deps: WorkDeps, labels: Labels, revision: number): Promise<Work> {
    const work = new Work(deps, labels);
    const outbox = await Outbox.open(
      {
        ...deps,
        answered: (answer, waiting) => work.answered(answer, waiting),
        changed: () => work.tell(),
      },
      revision,
    );
    work.outbox = outbox;
    const refused = outbox.refused.map(({ label }): Operation => ({ put: label }));
    work.history = begin(apply(apply(labels, refused), outbox.unsent));
    if (deps.mayLabel) outbox.wake();
    return work;
  }

  get labels(): Labels {
    return this.history.labels;
  }

  get mayLabel(): boolean {
    return this.deps.mayLabel;
  }

  get canUndo(): boolean {
    return this.deps.mayLabel && this.history.past.length > 0;
  }

  get canRedo(): boolean {
    return this.deps.mayLabel && this.history.future.length > 0;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): number => this.version;

  do(operations: readonly Operation[]): void {
    if (!this.deps.mayLabel || operations.length === 0) return;
    this.history = change(this.history, operations);
    this.outbox.add(operations);
    this.mended();
  }

  put(label: Label): void {
    this.do([{ put: label }]);
  }

  /** Deletes what is selected. */
  delete(): void {
    if (this.selected !== null && this.labels.has(this.selected)) {
      this.do([{ delete: this.selected }]);
    }
  }

  undo(): void {
    this.stepped(undo(this.history));
  }

  redo(): void {
    this.stepped(redo(this.history));
  }

  select(id: string | null): void {
    if (this.selected === id) return;
    this.selected = id;
    this.tell();
  }

  choose(id: string): void {
    this.class = id;
    this.tell();
  }

  /** The label after or before the selected one, in the order in which they were made. */
  cycle(by: 1 | -1, among: (label: Label) => boolean = () => true): void {
    const ids = [...this.labels.values()].filter(among).map(({ id }) => id);
    if (ids.length === 0) return;
    const at = this.selected === null ? -1 : ids.indexOf(this.selected);
    const next = at < 0 ? (by > 0 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length;
    this.select(ids[next] ?? null);
  }

  private stepped(step: { history: History; operations: Operation[] } | null): void {
    if (!this.deps.mayLabel || !step) return;
    this.history = step.history;
    this.outbox.add(step.operations);
    this.mended();
  }

  private answered(answer: Saved, waiting: readonly Operation[]): void {
    const labels = merge(this.history.labels, answer, waiting);
    this.history = { ...this.history, labels };
    this.mended();
  }

  private mended(): void {
    if (this.selected !== null && !this.labels.has(this.selected)) this.selected = null;
    this.tell();
  }

  private tell(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }
}
