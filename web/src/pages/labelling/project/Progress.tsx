// How far the items are: one bar with a part for each state, and the same in words.
import { group } from "../../../format/number";
import { useWords } from "../../../words";
import { STATES } from "../states";
import type { ItemState } from "../types";

export function Progress({
  counts,
  items,
  legend,
}: {
  counts: Partial<Record<ItemState, number>>;
  items: number;
  legend?: boolean;
}) {
  const { t } = useWords();
  const there = STATES.filter((state) => (counts[state] ?? 0) > 0);
  const of = (state: ItemState) => group(counts[state] ?? 0);
  const said = there.map((state) => `${t(`labelling.state.${state}`)} ${of(state)}`).join(", ");
  return (
    <div className="progress">
      <div
        className="progress-bar"
        role="img"
        aria-label={items === 0 ? t("labelling.noItems") : said}
      >
        {there.map((state) => (
          <span key={state} className={state} style={{ flexGrow: counts[state] ?? 0 }} />
        ))}
      </div>
      {legend ? (
        <ul className="progress-legend">
          {there.map((state) => (
            <li key={state}>
              <span className={`swatch ${state}`} aria-hidden="true" />
              {t(`labelling.state.${state}`)} <span className="figure">{of(state)}</span>
            </li>
          ))}
        </ul>
      ) : (
        <span className="small quiet figure">
          {t("labelling.done", { done: of("accepted"), items: group(items) })}
        </span>
      )}
    </div>
  );
}
