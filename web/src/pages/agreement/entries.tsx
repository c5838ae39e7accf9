// Entries of the journal: read page by page, shown as sentences.
import { type ReactNode, useEffect } from "react";

import { usePages } from "../../http/hooks";
import { at, type Query } from "../../http/request";
import { EvidenceLink } from "../../parts/EvidenceLink";
import { useWords } from "../../words";
import { capital } from "./own";
import type { Entry } from "./types";

/** `wanted`: whether to read at all. */
export function useEntries(id: string, query: Query, limit = 50, wanted = true) {
  return usePages<Entry>(wanted ? at`/agreements/${id}/entries` : null, query, limit);
}

/** Page upon page until so many entries are there: for charts, which need them all. */
export function useManyEntries(id: string, query: Query, most: number, wanted = true) {
  const pages = useEntries(id, query, 200, wanted);
  const { hasNextPage, isFetchingNextPage, fetchNextPage, rows } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && rows.length < most) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, rows.length, most]);
  return { ...pages, cut: hasNextPage && rows.length >= most };
}

/** Who acted: `customer 王敏`. */
export function Actor({ of }: { of: Entry["actor"] }) {
  const { code } = useWords();
  return (
    <span className="quiet">
      {code("actor", of.of)} {of.name}
    </span>
  );
}

/** Sentences, one below the other; fresh ones stand out for a moment. */
export function EntryList({
  entries,
  fresh = [],
  when,
}: {
  entries: Entry[];
  fresh?: number[];
  when: (entry: Entry) => ReactNode;
}) {
  const { pick } = useWords();
  return (
    <ol className="entries" aria-live="polite" aria-relevant="additions">
      {entries.map((entry) => (
        <li key={entry.seq} className={fresh.includes(entry.seq) ? "fresh" : undefined}>
          <div className="entry-text">{capital(pick(entry.text))}</div>
          <div className="small">
            <EvidenceLink id={`e${entry.seq}`} /> {when(entry)} <Actor of={entry.actor} />
          </div>
        </li>
      ))}
    </ol>
  );
}
