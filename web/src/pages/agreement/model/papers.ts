/** Documents that were proposed after the signing, with what each party did about them. */
import type { Entry, Paper, Side } from "../types";

export interface Proposal {
  paper: Paper;
  hash: string | null;
  signed: Side[];
}

/** The proposals in the order in which they were made; a later one of a name takes its place. */
export function proposals(proposed: Entry[], signed: Entry[]): Proposal[] {
  const found = new Map<string, Proposal & { seq: number }>();
  for (const entry of proposed) {
    const { document, terms_sha256 } = entry.payload as { document?: Paper; terms_sha256?: string };
    if (document) {
      found.set(document.id, {
        paper: document,
        hash: terms_sha256 ?? null,
        signed: [],
        seq: entry.seq,
      });
    }
  }
  for (const entry of signed) {
    const { document, signing } = entry.payload as { document?: string; signing?: { side: Side } };
    const of = document === undefined ? undefined : found.get(document);
    if (of && signing && entry.seq > of.seq && !of.signed.includes(signing.side))
      of.signed.push(signing.side);
  }
  return [...found.values()].map(({ paper, hash, signed: by }) => ({ paper, hash, signed: by }));
}
