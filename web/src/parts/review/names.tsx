// What the clauses of a playbook are called: by the lexicon, and those of one's own by the playbook.
import { createContext, type ReactNode, useContext } from "react";

import type { PlaybookClauseView, PlaybookEntryView, PlaybookTextView } from "../../api/types.gen";
import { useRead } from "../../http/hooks";
import { at } from "../../http/request";
import { useWords } from "../../words";

export type {
  PlaybookClauseView as PlaybookClause,
  PlaybookEntryView as PlaybookRow,
  PlaybookTextView as Playbook,
};

const Names = createContext<PlaybookClauseView[]>([]);

/** Names the clauses below by a playbook; `null` leaves them to the lexicon. */
export function ClauseNames({ of, children }: { of: string | null; children: ReactNode }) {
  const read = useRead<PlaybookTextView>(of === null ? null : at`/playbooks/${of}`);
  return <Names value={read.data?.playbook.clauses ?? []}>{children}</Names>;
}

/** The name of a clause; empty where nobody has given one. */
export function useClauseName(): (clause: string) => string {
  const own = useContext(Names);
  const { known, pick } = useWords();
  return (clause) =>
    known("clause", clause) ?? pick(own.find(({ id }) => id === clause)?.title) ?? "";
}
