/**
 * What a page offers to whom. The server says which operations the reader's roles allow; the
 * contract lets some steps to one party alone, or in some phases. The server decides in the end:
 * this only keeps the page from offering what would be refused.
 */
import type { Side } from "../types";

interface Deed {
  /** The operation as the server names it. */
  operation: string;
  side?: Side;
  phases?: string[];
}

const LIVING = ["in_force", "ended"];

const DEEDS = {
  readMoney: { operation: "read_money" },
  readJournal: { operation: "read_journal" },
  readDocuments: { operation: "read_documents" },
  readDeliveries: { operation: "read_deliveries" },
  readPeople: { operation: "read_people" },
  readNotes: { operation: "read_notes" },
  sign: { operation: "sign", phases: ["draft"] },
  offer: { operation: "draft", phases: ["draft"] },
  approveFinding: { operation: "sign", phases: ["draft"] },
  propose: { operation: "propose", phases: ["in_force"] },
  signDocument: { operation: "sign", phases: ["in_force"] },
  record: { operation: "record", phases: LIVING },
  import: { operation: "import", phases: LIVING },
  deliver: { operation: "deliver", side: "vendor", phases: ["in_force"] },
  inspect: { operation: "inspect", phases: LIVING },
  decide: { operation: "decide", side: "customer", phases: LIVING },
  submit: { operation: "submit", side: "vendor", phases: LIVING },
  approve: { operation: "approve", side: "customer", phases: LIVING },
  object: { operation: "object", side: "customer", phases: LIVING },
  invoice: { operation: "invoice", side: "vendor", phases: LIVING },
  credit: { operation: "credit", side: "vendor", phases: LIVING },
  pay: { operation: "pay", phases: LIVING },
  claim: { operation: "claim", phases: LIVING },
  dispute: { operation: "dispute", phases: LIVING },
  notify: { operation: "notify", phases: LIVING },
  note: { operation: "note" },
  grant: { operation: "grant" },
  invite: { operation: "manage_people" },
  export: { operation: "export" },
  checkpoint: { operation: "checkpoint" },
  cosign: { operation: "cosign" },
  readWork: { operation: "read_work" },
  readPayroll: { operation: "read_payroll" },
  work: { operation: "work" },
  manageWork: { operation: "manage_work" },
} satisfies Record<string, Deed>;

/** Something that a page may offer. */
export type DeedName = keyof typeof DEEDS;

/** Whether a deed is offered to who may do these operations, on this side, in this phase. */
export function mayDo(deed: DeedName, may: string[], side: Side | null, phase: string): boolean {
  const { operation, side: of, phases }: Deed = DEEDS[deed];
  if (of !== undefined && of !== side) return false;
  if (phases !== undefined && !phases.includes(phase)) return false;
  return may.includes(operation);
}
