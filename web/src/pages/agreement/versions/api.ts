// What the pages of negotiation and signing read.
import type {
  ChangedTermView,
  ConcessionView,
  ManifestView,
  NegotiationView,
  ObstacleView,
  PartView,
  RedView,
  VersionsView,
  VersionView,
} from "../../../api/types.gen";
import { useRead } from "../../../http/hooks";
import { at } from "../../../http/request";

export type {
  ChangedTermView as ChangedTerm,
  ConcessionView as Concession,
  ManifestView as Manifest,
  NegotiationView as Negotiation,
  ObstacleView as Obstacle,
  PartView as Part,
  RedView as RedFinding,
  VersionsView as Versions,
  VersionView as Version,
};

/** Under which name the Word file of any version is fetched. */
export const WORD_FILE = "version.docx";

export function useVersions(id: string) {
  return useRead<VersionsView>(at`/agreements/${id}/versions`);
}

/** `null` for readers who may not see their side's own notes. */
export function useNegotiation(id: string, may: boolean, playbook?: string) {
  const path = may ? at`/agreements/${id}/negotiation` : null;
  return useRead<NegotiationView>(path, playbook ? { playbook } : undefined, { keep: true });
}

/** Findings of a version that nobody has approved. */
export function open(red: RedView[], version: number): RedView[] {
  return red.filter((one) => one.version === version && one.approval === null);
}
