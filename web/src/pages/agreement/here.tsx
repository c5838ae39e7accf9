// The agreement that a page is about, what the reader may do in it, and where it is read anew.
import { createContext, type ReactNode, useContext, useMemo } from "react";

import { useRead } from "../../http/hooks";
import { at } from "../../http/request";
import { type DeedName, mayDo } from "./model/deeds";
import type { Account, AgreementHead, Position, Side, Terms } from "./types";

export interface Here {
  id: string;
  head: AgreementHead;
  /** The terms in force, or those laid down while nothing is signed. */
  terms: Terms | null;
  side: Side | null;
  zone: string;
  may: (deed: DeedName) => boolean;
}

const HereContext = createContext<Here | null>(null);

export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error("no agreement above");
  return here;
}

export function HereProvider({ head, children }: { head: AgreementHead; children: ReactNode }) {
  const here = useMemo(() => {
    const terms = head.agreement ?? head.drafted;
    const may = (deed: DeedName) => mayDo(deed, head.may, head.side, head.phase);
    const zone = terms?.zone ?? "Asia/Shanghai";
    return { id: head.id, head, terms, side: head.side, zone, may };
  }, [head]);
  return <HereContext value={here}>{children}</HereContext>;
}

export function useHead(id: string) {
  return useRead<AgreementHead>(at`/agreements/${id}`);
}

export function usePosition(id: string) {
  return useRead<Position>(at`/agreements/${id}/position`);
}

export interface Books {
  transactions: {
    id: string;
    on: string;
    kind: string;
    postings: { account: string; amount: { amount: string; currency: string } }[];
  }[];
}

export function useAccount(id: string) {
  return useRead<{ account: Account; books: Books | null }>(at`/agreements/${id}/account`);
}
