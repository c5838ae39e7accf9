// The items of a project: any number of them, read as they come into sight.
import { Button, Select } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { Link, useSearchParams } from "react-router";

import { useMe } from "../../../app/session";
import { address, request } from "../../../http/request";
import { Instant } from "../../../parts/figures";
import { EmptyState } from "../../../parts/Page";
import { ProblemAlert } from "../../../parts/ProblemAlert";
import { StatusTag } from "../../../parts/StatusTag";
import { VirtualRows } from "../../../parts/VirtualRows";
import { useWords } from "../../../words";
import { useHere } from "../../agreement/here";
import { itemPage, itemPath, type ItemRow, projectPath, type ProjectView } from "../api";
import { STATE_TONE, STATES } from "../states";
import type { ItemState } from "../types";
import { Chosen } from "./Chosen";
import { between } from "./deeds";
import { ItemDrawer } from "./ItemDrawer";

const PAGE = 100;
const ROW = 44;

interface Filter {
  state: ItemState | null;
  own: boolean;
}

/**
 * Rows by their place. Where every item is listed, a row's place is its number less one, and any page
 * can be read at once; else pages follow one another.
 */
function useItems(
  path: string,
  filter: Filter,
  person: string,
  total: number | null,
  times: number,
) {
  const [rows, setRows] = useState<ReadonlyMap<number, ItemRow>>(new Map());
  const [more, setMore] = useState(true);
  const [problem, setProblem] = useState<unknown>(null);
  const asked = useRef(new Set<number>());
  const dense = total !== null;
  const read = useCallback(
    async (after: number, from: number) => {
      try {
        const page = await request<{ items: ItemRow[]; next_cursor?: string | null }>("GET", path, {
          query: {
            state: filter.state,
            person: filter.own ? person : null,
            after,
            limit: PAGE,
          },
        });
        setRows((was) => {
          const next = new Map(was);
          page.items.forEach((row, at) => next.set(dense ? row.seq - 1 : from + at, row));
          return next;
        });
        if (!dense) setMore(typeof page.next_cursor === "string");
      } catch (error) {
        asked.current.delete(from);
        setProblem(error);
      }
    },
    [path, filter.state, filter.own, person, dense],
  );
  useEffect(() => {
    asked.current = new Set([0]);
    setRows(new Map());
    setMore(true);
    void read(0, 0);
    // `times` counts the changes after which everything is read anew.
  }, [read, times]);
  const count = dense ? total : rows.size;
  const seen = useCallback(
    (first: number, last: number) => {
      if (!dense) {
        // The next page, when the end of those that are here comes near.
        const end = rows.size;
        if (!more || end === 0 || last < end - PAGE / 2 || asked.current.has(end)) return;
        asked.current.add(end);
        void read(rows.get(end - 1)?.seq ?? 0, end);
        return;
      }
      for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page += 1) {
        if (asked.current.has(page * PAGE)) continue;
        asked.current.add(page * PAGE);
        void read(page * PAGE, page * PAGE);
      }
    },
    [dense, more, rows, read],
  );
  return { rows, count, seen, problem };
}

export function Items({ project }: { project: ProjectView }) {
  const { t } = useWords();
  const { id } = useHere();
  const me = useMe();
  const lists = project.parts.some((part) => part !== "annotator" && part !== "inspector");
  const manages = project.parts.includes("manager");
  const [search, setSearch] = useSearchParams();
  const state = STATES.find((one) => one === search.get("state")) ?? null;
  const [own, setOwn] = useState(false);
  const filter: Filter = { state, own };
  const [times, setTimes] = useState(0);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [last, setLast] = useState<number | null>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const all = lists && filter.state === null && !filter.own;
  const items = useItems(
    `${projectPath(id, project.id)}/items`,
    filter,
    me.person.id,
    all ? project.items : null,
    times,
  );
  const known = [...items.rows.values()].map(({ seq }) => seq).sort((a, b) => a - b);
  const every = known.length > 0 && known.every((seq) => chosen.has(seq));
  const again = () => setTimes((was) => was + 1);
  const choose = (seq: number, on: boolean, range: boolean) => {
    const next = new Set(chosen);
    for (const one of range ? between(known, last, seq) : [seq]) {
      if (on) next.add(one);
      else next.delete(one);
    }
    setChosen(next);
    setLast(seq);
  };
  return (
    <section className="section flush" aria-label={t("labelling.part.items")}>
      <header className="section-head items-head">
        <Select
          aria-label={t("labelling.state")}
          value={filter.state ?? "all"}
          popupMatchSelectWidth={false}
          options={[
            { value: "all", label: t("labelling.allStates") },
            ...STATES.map((state) => ({
              value: state,
              label: `${t(`labelling.state.${state}`)} (${project.counts[state] ?? 0})`,
            })),
          ]}
          onChange={(to) => {
            setChosen(new Set());
            setSearch(to === "all" ? {} : { state: to }, { replace: true });
          }}
        />
        {lists ? (
          <label className="items-own">
            <input
              type="checkbox"
              checked={own}
              onChange={({ target }) => setOwn(target.checked)}
            />{" "}
            {t("labelling.ownOnly")}
          </label>
        ) : null}
        {manages && known.length > 0 ? (
          <label className="items-own">
            <input
              type="checkbox"
              checked={every}
              onChange={() => setChosen(every ? new Set() : new Set(known))}
            />{" "}
            {t("labelling.chooseAll", { count: known.length })}
          </label>
        ) : null}
      </header>
      {chosen.size > 0 ? (
        <Chosen
          project={project}
          items={[...chosen].sort((a, b) => a - b)}
          leave={(refused) => setChosen(new Set(refused))}
          done={again}
        />
      ) : null}
      {items.problem ? <ProblemAlert problem={items.problem} /> : null}
      {items.count === 0 ? (
        <EmptyState title={t("labelling.noItems")}>
          {lists ? null : t("labelling.noItems.own")}
        </EmptyState>
      ) : (
        <VirtualRows
          className="items-list"
          fits
          label={t("labelling.part.items")}
          count={items.count}
          height={ROW}
          seen={items.seen}
          row={(at) => {
            const row = items.rows.get(at);
            return row ? (
              <Row
                row={row}
                project={project}
                chosen={manages ? chosen.has(row.seq) : null}
                choose={(on, range) => choose(row.seq, on, range)}
                open={() => setOpened(row.seq)}
              />
            ) : (
              <span className="item-row waiting" />
            );
          }}
        />
      )}
      {opened === null ? null : (
        <ItemDrawer
          key={opened}
          project={project}
          seq={opened}
          close={() => setOpened(null)}
          changed={again}
        />
      )}
    </section>
  );
}

function Row({
  row,
  project,
  chosen,
  choose,
  open,
}: {
  row: ItemRow;
  project: ProjectView;
  /** `null` where nothing can be chosen. */
  chosen: boolean | null;
  choose: (on: boolean, range: boolean) => void;
  open: () => void;
}) {
  const { t } = useWords();
  const { id } = useHere();
  return (
    <div className={chosen ? "item-line chosen" : "item-line"}>
      {chosen === null ? null : (
        <input
          type="checkbox"
          aria-label={t("labelling.choose", { item: row.seq })}
          checked={chosen}
          onChange={({ target, nativeEvent }) =>
            choose(target.checked, (nativeEvent as MouseEvent).shiftKey === true)
          }
        />
      )}
      <RowLink row={row} project={project} to={itemPage(id, project.id, row.seq)} />
      <Button
        type="text"
        size="small"
        className="item-more"
        aria-label={t("labelling.itemMore", { item: row.seq })}
        onClick={open}
      >
        ⋯
      </Button>
    </div>
  );
}

function RowLink({ row, project, to }: { row: ItemRow; project: ProjectView; to: string }) {
  const { t } = useWords();
  const { id } = useHere();
  return (
    <Link className="item-row" to={to}>
      <span className="figure quiet item-seq">{row.seq}</span>
      {project.modality === "text" ? null : (
        <img
          src={address(`${itemPath(id, project.id, row.seq)}/thumbnail`)}
          alt=""
          loading="lazy"
          width={48}
          height={36}
        />
      )}
      <span className="item-name">{row.name}</span>
      {row.flags.includes("gold") ? (
        <span className="gold-mark">{t("labelling.goldMark")}</span>
      ) : null}
      {row.priority > 0 ? (
        <span className="small quiet item-priority">
          {t("labelling.priorityOf", { priority: row.priority })}
        </span>
      ) : null}
      <StatusTag code={row.state} tone={STATE_TONE[row.state]}>
        {t(`labelling.state.${row.state}`)}
      </StatusTag>
      <span className="small quiet item-labels">
        {t("labelling.labels", { count: row.labels })}
      </span>
      {row.open_issues > 0 ? (
        <span className="small item-issues">
          {t("labelling.issues", { count: row.open_issues })}
        </span>
      ) : null}
      <span className="small quiet item-changed">
        <Instant at={row.changed} />
      </span>
    </Link>
  );
}
