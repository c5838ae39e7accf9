// The classes, each with its colour and its key.
import type { ClassRule } from "../../../labelling/types";
import { useWords } from "../../../words";

export function Palette({
  classes,
  keys,
  chosen,
  counts,
  hidden,
  choose,
  hide,
}: {
  classes: readonly ClassRule[];
  keys: ReadonlyMap<string, string>;
  chosen: string | null;
  counts?: ReadonlyMap<string, number>;
  hidden?: ReadonlySet<string>;
  choose: (id: string) => void;
  hide?: (id: string) => void;
}) {
  const { t, pick } = useWords();
  const keyOf = new Map([...keys].map(([key, id]) => [id, key]));
  return (
    <ul className="palette" aria-label={t("labelling.classes")}>
      {classes.map(({ id, name, color }) => (
        <li key={id}>
          <button
            type="button"
            className="palette-class"
            aria-pressed={chosen === id}
            onClick={() => choose(id)}
          >
            <span className="swatch" style={{ background: color }} aria-hidden="true" />
            <span className="palette-name">{pick(name) || id}</span>
            {counts ? <span className="quiet figure">{counts.get(id) ?? 0}</span> : null}
            {keyOf.has(id) ? <kbd>{keyOf.get(id)}</kbd> : null}
          </button>
          {hide ? (
            <button
              type="button"
              className="palette-eye"
              aria-pressed={hidden?.has(id) ?? false}
              aria-label={t("labelling.hideClass", { name: pick(name) || id })}
              title={t("labelling.hideClass", { name: pick(name) || id })}
              onClick={() => hide(id)}
            >
              <EyeIcon closed={hidden?.has(id) ?? false} />
            </button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function EyeIcon({ closed }: { closed: boolean }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      aria-hidden="true"
    >
      <path d="M2 12s3.6-6 10-6 10 6 10 6-3.6 6-10 6S2 12 2 12z" />
      {closed ? <path d="M4 20 20 4" /> : <circle cx="12" cy="12" r="2.6" />}
    </svg>
  );
}
