// The labels of one item and what is done to them: operations, their opposites, undo and redo, and
// what others did meanwhile. Knows nothing of drawing or of the server.
import type { Label, Labels, Operation, Saved } from "./types";

/** The label that an operation is about. */
export function target(operation: Operation): string {
  return "put" in operation ? operation.put.id : operation.delete;
}

export function labelsOf(list: readonly Label[]): Labels {
  return new Map(list.map((label) => [label.id, label]));
}

/** A label keeps its place in the order when it is put again. */
export function apply(labels: Labels, operations: readonly Operation[]): Labels {
  const next = new Map(labels);
  for (const operation of operations) {
    if ("put" in operation) next.set(operation.put.id, operation.put);
    else next.delete(operation.delete);
  }
  return next;
}

/** What takes `operations` back. */
export function opposite(labels: Labels, operations: readonly Operation[]): Operation[] {
  const touched = new Set(operations.map(target));
  return [...touched].map((id) => {
    const was = labels.get(id);
    return was ? { put: was } : { delete: id };
  });
}

interface Step {
  forward: readonly Operation[];
  back: readonly Operation[];
}

export interface History {
  labels: Labels;
  past: readonly Step[];
  future: readonly Step[];
}

/** So many steps can be taken back. */
export const STEPS = 500;

export function begin(labels: Labels): History {
  return { labels, past: [], future: [] };
}

export function change(history: History, operations: readonly Operation[]): History {
  if (operations.length === 0) return history;
  const step = { forward: operations, back: opposite(history.labels, operations) };
  return {
    labels: apply(history.labels, operations),
    past: [...history.past, step].slice(-STEPS),
    future: [],
  };
}

/** Takes the last step back; the operations are sent like any others. `null`: there is none. */
export function undo(history: History): { history: History; operations: Operation[] } | null {
  const step = history.past.at(-1);
  if (!step) return null;
  const labels = apply(history.labels, step.back);
  return {
    history: { labels, past: history.past.slice(0, -1), future: [...history.future, step] },
    operations: [...step.back],
  };
}

export function redo(history: History): { history: History; operations: Operation[] } | null {
  const step = history.future.at(-1);
  if (!step) return null;
  const labels = apply(history.labels, step.forward);
  return {
    history: { labels, past: [...history.past, step], future: history.future.slice(0, -1) },
    operations: [...step.forward],
  };
}

/**
 * What others did since our base. The last writer of a label wins: where an own change of it waits,
 * that one is the last.
 */
export function merge(labels: Labels, answer: Saved, waiting: readonly Operation[]): Labels {
  // Our base was too old to tell the difference: everything is as it stands there.
  if (answer.whole) return apply(labelsOf(answer.whole), waiting);
  const own = new Set(waiting.map(target));
  const operations: Operation[] = [
    ...answer.others.filter(({ id }) => !own.has(id)).map((label) => ({ put: label })),
    ...answer.gone.filter((id) => !own.has(id)).map((id) => ({ delete: id })),
  ];
  return operations.length === 0 ? labels : apply(labels, operations);
}

/** Of several operations on one label only the last is worth sending. */
export function shortened(operations: readonly Operation[]): Operation[] {
  const last = new Map<string, Operation>();
  for (const operation of operations) {
    // Deleted and inserted anew, so that the order is that of the last word.
    last.delete(target(operation));
    last.set(target(operation), operation);
  }
  return [...last.values()];
}

/** As it is sent: without what the server adds. */
export function plain(operation: Operation): Operation {
  if ("delete" in operation) return operation;
  const { author: _author, revision: _revision, ...label } = operation.put;
  return { put: label as Label };
}
