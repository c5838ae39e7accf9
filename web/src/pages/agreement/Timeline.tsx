// The life of the agreement: what happened and what lies ahead, with now between the two. A chart
// to zoom in, and the same by month as text.
import { Segmented } from "antd";
import { useMemo, useState } from "react";

import { dayOf } from "../../format/instant";
import { useLook } from "../../app/look";
import { type Mode, palettes } from "../../app/theme";
import { Chart } from "../../parts/Chart";
import { ClauseLink } from "../../parts/ClauseLink";
import { EvidenceLink } from "../../parts/EvidenceLink";
import { Due, Instant } from "../../parts/figures";
import { Loaded, Section } from "../../parts/Page";
import { useWords, type Words } from "../../words";
import { useManyEntries } from "./entries";
import { useHere, usePosition } from "./here";
import { byMonth, LANES, type Mark, marks, type Month } from "./model/timeline";
import { capital } from "./own";
import type { Entry, Position } from "./types";

/** So many entries are drawn. */
const MOST = 1000;
const SPANS = ["all", "past", "ahead"] as const;
type Span = (typeof SPANS)[number];

export default function Timeline() {
  const { t } = useWords();
  const { id } = useHere();
  const position = usePosition(id);
  const entries = useManyEntries(id, { order: "desc" }, MOST);
  return (
    <Loaded of={position} rows={10}>
      {(now) => (
        <Loaded
          of={{ data: entries.data ? entries.rows : undefined, error: entries.error }}
          rows={10}
        >
          {(rows) => (
            <>
              <Life entries={rows} position={now} />
              {entries.cut ? (
                <p className="quiet small">{t("agreement.timeline.cut", { count: rows.length })}</p>
              ) : null}
            </>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

function Life({ entries, position }: { entries: Entry[]; position: Position }) {
  const words = useWords();
  const { t } = words;
  const { zone } = useHere();
  const { mode } = useLook();
  const [span, setSpan] = useState<Span>("all");
  const all = useMemo(() => marks(entries, position, zone), [entries, position, zone]);
  const texts = useMemo(() => new Map(entries.map((entry) => [entry.seq, entry])), [entries]);
  const shown = all.filter((mark) => span === "all" || mark.ahead === (span === "ahead"));
  const option = useMemo(
    () => chart(all, position.as_of, words, mode),
    [all, position.as_of, words, mode],
  );
  const months = byMonth(shown, (mark) => civilDay(lastInstant(mark), zone));
  const label = t("agreement.timeline.chart", {
    past: all.filter((mark) => !mark.ahead).length,
    ahead: all.filter((mark) => mark.ahead).length,
  });
  return (
    <>
      <Section title={t("agreement.tab.timeline")}>
        <Chart label={label} height={300} option={option} table={figures(all, words)} />
      </Section>
      <div className="tools">
        <Segmented<Span>
          value={span}
          onChange={setSpan}
          aria-label={t("agreement.timeline.span")}
          options={SPANS.map((value) => ({ value, label: t(`agreement.timeline.${value}`) }))}
        />
      </div>
      <Months months={months} now={position.as_of} texts={texts} both={span === "all"} />
    </>
  );
}

function Months({
  months,
  now,
  texts,
  both,
}: {
  months: Month[];
  now: string;
  texts: Map<number, Entry>;
  both: boolean;
}) {
  const { t, lang } = useWords();
  let past = both;
  return (
    <div className="months">
      {months.map((month) => (
        <section key={month.month} className="month" aria-label={month.month}>
          <h2>{monthName(month.month, lang)}</h2>
          <ol>
            {month.rows.map(({ mark, times, last }) => {
              const divide = past && mark.ahead;
              if (divide) past = false;
              return (
                <li key={mark.key}>
                  {divide ? (
                    <div className="now-line" role="separator">
                      {t("agreement.timeline.now")} <Instant at={now} />
                    </div>
                  ) : null}
                  <MarkRow mark={mark} times={times} last={last} texts={texts} />
                </li>
              );
            })}
          </ol>
        </section>
      ))}
    </div>
  );
}

function MarkRow({
  mark,
  times,
  last,
  texts,
}: {
  mark: Mark;
  times: number;
  last: Mark;
  texts: Map<number, Entry>;
}) {
  const words = useWords();
  const { t, pick } = words;
  const { zone } = useHere();
  const entry = mark.seq === null ? undefined : texts.get(mark.seq);
  return (
    <div className={`mark ${mark.tone}${mark.ahead ? " ahead" : ""}`}>
      <span className="mark-day figure">{dayOf(lastInstant(mark), words.lang, zone)}</span>
      <span className={`dot lane-${mark.lane}`} aria-hidden="true" />
      <span className="mark-text">
        {times > 1 ? (
          <>
            {nameOf(mark, words)}{" "}
            <span className="quiet">
              {t("agreement.timeline.times", { count: times })}
              {dayOf(last.at, words.lang, zone) === dayOf(mark.at, words.lang, zone)
                ? null
                : ` – ${dayOf(last.at, words.lang, zone)}`}
            </span>
          </>
        ) : entry ? (
          capital(pick(entry.text))
        ) : (
          <>
            <span className="quiet">{mark.kind === "deadline" ? t("agreement.due") : null}</span>{" "}
            {nameOf(mark, words)}{" "}
            {mark.subject ? <code className="subject">{mark.subject}</code> : null}{" "}
            {mark.ahead ? <Due at={mark.at} /> : null}
          </>
        )}{" "}
        <span className="chips">
          {mark.clause ? <ClauseLink clause={mark.clause} /> : null}
          {mark.seq === null ? null : <EvidenceLink id={`e${mark.seq}`} />}
          {last.seq !== null && times > 1 ? (
            <>
              – <EvidenceLink id={`e${last.seq}`} />
            </>
          ) : null}
        </span>
      </span>
    </div>
  );
}

/** What a mark is called: the name of a fact, of an event, of an obligation. */
function nameOf(mark: Mark, { code, t }: Words): string {
  if (mark.kind === "end") return t("agreement.timeline.end");
  if (mark.kind === "deadline") return code("obligation", mark.code);
  const fact = code("fact", mark.code);
  return fact.startsWith("‹") ? code("event", mark.code) : fact;
}

/** The day on which a time limit ends: it ends where the next day begins. */
function lastInstant(mark: Mark): string {
  if (mark.kind === "entry") return mark.at;
  return new Date(Date.parse(mark.at) - 1000).toISOString();
}

function civilDay(at: string, zone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(
    new Date(at),
  );
}

function monthName(month: string, lang: string): string {
  const style = { year: "numeric", month: "long", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", style).format(
    new Date(`${month}-01T00:00:00Z`),
  );
}

const SYMBOL = { plain: "circle", good: "circle", warn: "triangle", bad: "diamond" } as const;

function chart(all: Mark[], now: string, words: Words, mode: Mode) {
  const palette = palettes[mode];
  const colours = {
    plain: palette.accent,
    good: palette.good,
    warn: palette.warn,
    bad: palette.bad,
  };
  const lanes = [...LANES].reverse();
  const names = lanes.map((lane) => words.t(`agreement.lane.${lane}`));
  const tones = ["plain", "good", "warn", "bad"] as const;
  const series = tones.flatMap((tone) =>
    [false, true].map((ahead) => ({
      type: "scatter",
      name: tone,
      symbol: SYMBOL[tone],
      symbolSize: tone === "bad" ? 13 : 10,
      itemStyle: ahead
        ? { color: palette.surface, borderColor: colours[tone], borderWidth: 2 }
        : { color: colours[tone] },
      data: all
        .filter((mark) => mark.tone === tone && mark.ahead === ahead)
        .map((mark) => ({ value: [mark.at, lanes.indexOf(mark.lane)], name: nameOf(mark, words) })),
      ...(tone === "plain" && !ahead
        ? {
            markLine: {
              symbol: "none",
              silent: true,
              label: {
                formatter: words.t("agreement.timeline.now"),
                position: "end",
                color: palette.ink,
              },
              lineStyle: { type: "solid", width: 2, color: palette.ink },
              data: [{ xAxis: now }],
            },
          }
        : {}),
    })),
  );
  return {
    grid: { left: 8, right: 24, top: 26, bottom: 56, containLabel: true },
    tooltip: { trigger: "item", formatter: (of: { name: string }) => plain(of.name) },
    dataZoom: [
      {
        type: "slider",
        bottom: 8,
        height: 22,
        labelFormatter: "",
        showDataShadow: false,
        brushSelect: false,
        borderColor: palette.line,
        fillerColor: palette.accentSoft,
        handleStyle: { color: palette.surface, borderColor: palette.quiet },
        moveHandleStyle: { color: palette.line },
        emphasis: { moveHandleStyle: { color: palette.quiet } },
      },
      { type: "inside", zoomOnMouseWheel: "ctrl" },
    ],
    xAxis: { type: "time" },
    yAxis: { type: "category", data: names, axisTick: { show: false } },
    series,
  };
}

/** A tooltip is HTML to the chart; names are ours, yet none may bring any. */
function plain(text: string): string {
  return text.replace(/[<>&"]/g, " ");
}

function figures(all: Mark[], words: Words) {
  const { t } = words;
  const head = [
    t("agreement.at"),
    t("agreement.what"),
    t("agreement.clause"),
    t("agreement.evidence"),
  ];
  const rows = all.map((mark) => [
    <Instant key="at" at={mark.at} />,
    `${nameOf(mark, words)} ${mark.subject}`,
    mark.clause ? <ClauseLink key="c" clause={mark.clause} /> : "–",
    mark.seq === null ? "–" : <EvidenceLink key="e" id={`e${mark.seq}`} />,
  ]);
  return [head, ...rows];
}
