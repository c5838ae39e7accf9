// Figures as they stand everywhere: amounts, instants, running clocks.
import { useSyncExternalStore } from "react";

import { exactInstant, civil, instant, limit, stretch } from "../format/instant";
import { formatMoney, isNegative, type Money as MoneyValue } from "../format/money";
import { surroundings } from "../http/request";
import { useWords } from "../words";
import { useAgreementPlace } from "./agreementContext";

/** An amount with its currency; a dash where there is none. */
export function Money({
  value,
  strong,
}: {
  value: MoneyValue | null | undefined;
  strong?: boolean;
}) {
  if (!value) return <span className="quiet">–</span>;
  const tone = isNegative(value) ? "money negative" : "money";
  return <span className={strong ? `${tone} strong` : tone}>{formatMoney(value)}</span>;
}

/** An instant in the agreement's zone; the exact one, with its zone, on hover. */
export function Instant({ at }: { at: string | null | undefined }) {
  const { lang } = useWords();
  const { zone } = useAgreementPlace();
  if (!at) return <span className="quiet">–</span>;
  return (
    <time dateTime={at} title={exactInstant(at, lang, zone)} className="figure">
      {instant(at, lang, zone)}
    </time>
  );
}

/** The end of a time limit: what ends with a day ends at its 24:00. */
export function Limit({ at }: { at: string | null | undefined }) {
  const { lang } = useWords();
  const { zone } = useAgreementPlace();
  if (!at) return <span className="quiet">–</span>;
  return (
    <time dateTime={at} title={exactInstant(at, lang, zone)} className="figure">
      {limit(at, lang, zone)}
    </time>
  );
}

/** A civil day. */
export function Day({ on }: { on: string | null | undefined }) {
  const { lang } = useWords();
  if (!on) return <span className="quiet">–</span>;
  return (
    <time dateTime={on} className="figure">
      {civil(on, lang)}
    </time>
  );
}

// One clock for the page: it ticks only while something on the page looks at it.
const lookers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | null = null;
let tick = Date.now();

function look(told: () => void): () => void {
  lookers.add(told);
  tick = Date.now();
  ticking ??= setInterval(() => {
    tick = Date.now();
    for (const looker of lookers) looker();
  }, 1000);
  return () => {
    lookers.delete(told);
    if (lookers.size === 0 && ticking !== null) {
      clearInterval(ticking);
      ticking = null;
    }
  };
}

/** The server's time, in milliseconds, every second. */
export function useNow(): number {
  return useSyncExternalStore(look, () => tick) + surroundings.clockAhead;
}

/** How the time that is left is to be seen. */
export function urgency(due: string, now: number): "over" | "soon" | "ahead" {
  const left = new Date(due).getTime() - now;
  if (left <= 0) return "over";
  return left < 3 * 86_400_000 ? "soon" : "ahead";
}

/**
 * A deadline with its running clock. `now` stops the clock (a position as of an instant);
 * `stopped` is for what is met or waived: no clock at all.
 */
export function Due({
  at,
  now,
  stopped,
}: {
  at: string | null | undefined;
  now?: number;
  stopped?: boolean;
}) {
  if (!at) return <span className="quiet">–</span>;
  return (
    <span className="due">
      <Limit at={at} />
      {stopped ? null : now === undefined ? <Running at={at} /> : <Left at={at} now={now} />}
    </span>
  );
}

function Running({ at }: { at: string }) {
  return <Left at={at} now={useNow()} />;
}

function Left({ at, now }: { at: string; now: number }) {
  const { t, lang } = useWords();
  const left = new Date(at).getTime() - now;
  const text = stretch(left, lang);
  return (
    <span className={`left ${urgency(at, now)}`}>
      {left > 0 ? t("due.left", { time: text }) : t("due.over", { time: text })}
    </span>
  );
}

/** A hash or key, shortened, whole on hover. */
export function Hash({ value }: { value: string | null | undefined }) {
  if (!value) return <span className="quiet">–</span>;
  return (
    <code className="hash" title={value}>
      {value.length > 16 ? `${value.slice(0, 8)}…${value.slice(-6)}` : value}
    </code>
  );
}
