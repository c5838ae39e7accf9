// The items of a project: any number of them, read as they come into sight.
import { Select } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { Link } from "react-router";

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
function useItems(path: string, filter: Filter, person: string, total: number | null) {
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
  }, [read]);
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
  const [filter, setFilter] = useState<Filter>({ state: null, own: false });
  const all = lists && filter.state === null && !filter.own;
  const items = useItems(
    `${projectPath(id, project.id)}/items`,
    filter,
    me.person.id,
    all ? project.items : null,
  );
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
          onChange={(state) =>
            setFilter({ ...filter, state: state === "all" ? null : (state as ItemState) })
          }
        />
        {lists ? (
          <label className="items-own">
            <input
              type="checkbox"
              checked={filter.own}
              onChange={({ target }) => setFilter({ ...filter, own: target.checked })}
            />{" "}
            {t("labelling.ownOnly")}
          </label>
        ) : null}
      </header>
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
              <Row row={row} project={project} />
            ) : (
              <span className="item-row waiting" />
            );
          }}
        />
      )}
    </section>
  );
}

function Row({ row, project }: { row: ItemRow; project: ProjectView }) {
  const { t } = useWords();
  const { id } = useHere();
  return (
    <Link className="item-row" to={itemPage(id, project.id, row.seq)}>
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
