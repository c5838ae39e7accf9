/**
 * What a page offers to whom. The server decides; this only keeps the page from offering what it
 * would refuse. A deed belongs to roles, and some to one party alone.
 */
import type { Side } from "../types";

interface Who {
  roles: string[];
  side?: Side;
  /** Phases in which it makes sense. */
  phases?: string[];
}

const LIVING = ["in_force", "ended"];

const DEEDS = {
  sign: { roles: ["owner", "signatory"], phases: ["draft"] },
  propose: { roles: ["owner", "signatory", "negotiator"], phases: ["in_force"] },
  signDocument: { roles: ["owner", "signatory"], phases: ["in_force"] },
  record: { roles: ["owner", "operator", "reviewer"], phases: LIVING },
  import: { roles: ["owner", "operator"], phases: LIVING },
  decide: { roles: ["owner", "reviewer"], side: "customer", phases: LIVING },
  act: { roles: ["owner", "signatory", "negotiator"], phases: LIVING },
  submit: { roles: ["owner", "finance"], side: "vendor", phases: LIVING },
  approve: { roles: ["owner", "finance"], side: "customer", phases: LIVING },
  invoice: { roles: ["owner", "finance"], side: "vendor", phases: LIVING },
  pay: { roles: ["owner", "finance"], phases: LIVING },
  checkpoint: { roles: ["owner", "signatory", "operator", "finance"] },
  cosign: { roles: ["owner", "signatory"] },
  people: { roles: ["owner"] },
  note: {
    roles: ["owner", "signatory", "negotiator", "finance", "operator", "annotator", "reviewer"],
  },
} satisfies Record<string, Who>;

/** Something that a page may offer. */
export type Deed = keyof typeof DEEDS;

/** Whether a deed is offered to a reader of these roles on this side. */
export function mayDo(deed: Deed, roles: string[], side: Side | null, phase: string): boolean {
  const who: Who = DEEDS[deed];
  if (who.side !== undefined && who.side !== side) return false;
  if (who.phases !== undefined && !who.phases.includes(phase)) return false;
  return side !== null && who.roles.some((role) => roles.includes(role));
}
