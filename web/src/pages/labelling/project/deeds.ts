// Deeds on many items: one request each, a few at once; what was refused is told with its reason.
import { isProblem } from "../../../http/problem";
import { each } from "../../../labelling/upload";

export interface Outcome {
  done: number[];
  refused: { item: number; why: string }[];
}

/** So many requests run at once. */
const LANES = 3;

export async function onEach(
  items: readonly number[],
  act: (item: number) => Promise<unknown>,
): Promise<Outcome> {
  const outcome: Outcome = { done: [], refused: [] };
  await each(items, LANES, async (item) => {
    try {
      await act(item);
      outcome.done.push(item);
    } catch (error) {
      outcome.refused.push({ item, why: isProblem(error) ? error.message : String(error) });
    }
  });
  outcome.refused.sort((a, b) => a.item - b.item);
  return outcome;
}

/** The range between the item that was chosen last and this one, with both. */
export function between(known: readonly number[], last: number | null, item: number): number[] {
  const [a, b] = [known.indexOf(last ?? item), known.indexOf(item)];
  if (a < 0 || b < 0) return [item];
  return known.slice(Math.min(a, b), Math.max(a, b) + 1);
}
