// What the server sends and takes, outside the agreements. The contract of each is docs/openapi.json.
import type { Money } from "../format/money";
import type { Bilingual, Lang } from "../words";

export type Role =
  | "owner"
  | "signatory"
  | "negotiator"
  | "finance"
  | "operator"
  | "annotator"
  | "reviewer"
  | "auditor";
export const ROLES: Role[] = [
  "owner",
  "signatory",
  "negotiator",
  "finance",
  "operator",
  "annotator",
  "reviewer",
  "auditor",
];
export type Side = "customer" | "vendor";

export interface Organisation {
  id: string;
  name: string;
}

export interface Me {
  person: {
    id: string;
    name: string;
    email: string;
    lang: Lang | null;
    theme: "light" | "dark" | "system" | null;
    totp: boolean;
    passkeys: number;
  };
  organisation: Organisation | null;
  organisations: Organisation[];
  roles: Role[];
  platform_administrator: boolean;
  csrf: string | null;
  confirmed_until: string | null;
  expires: string | null;
  idle_expires: string | null;
}

/** The token of writes changes with the proof. */
export interface Confirmed {
  confirmed_until: string;
  csrf: string | null;
}

export type SignInAnswer = { state: "signed_in"; me: Me } | { state: "code_needed" };

export interface Setup {
  needed: boolean;
  rehearsal: boolean;
  deployment: string;
}

export interface OidcProvider {
  id: string;
  name: string;
}

export interface Need {
  obligation: string;
  kind: string;
  due: string;
  clause: string;
  status: string;
}

export interface AgreementRow {
  id: string;
  kind: string;
  title: Bilingual;
  side: Side | null;
  phase: string;
  customer: string | null;
  vendor: string | null;
  ends: string | null;
  entries: number;
  needs_me: Need[];
  next_due: string | null;
  breached: number;
  open: Money | null;
  overdue: Money | null;
}

export interface CheckProblem {
  severity: "error" | "warning" | (string & {});
  rule: string;
  path: string;
  line: number | null;
  column: number | null;
  clause: string | null;
  detail: string;
}

export interface CheckAnswer {
  problems: CheckProblem[];
  agreement: { id?: string; title?: Bilingual; kind?: string; [more: string]: unknown } | null;
  can_be_signed: boolean;
}

export interface EntryView {
  seq: number;
  id: string;
  at: string;
  actor: { of: string; name: string };
  kind: string;
  fact?: string | null;
  text: Bilingual;
  payload: unknown;
  sha256: string;
}

export interface EntryDetail extends EntryView {
  line: string;
  proof: { size: number; checkpoint_at?: string | null; included: boolean };
}

export interface ClauseRow {
  id: string;
  title: Bilingual;
  /** A heading has none. */
  status: string | null;
}

export interface PersonRow {
  id: string;
  name: string;
  email: string;
  roles: Role[];
  totp: boolean;
  passkeys: number;
  last_seen: string | null;
}

export interface InvitationRow {
  id: string;
  email: string | null;
  roles: Role[];
  agreement: string | null;
  side: Side | null;
  by: string;
  expires: string;
}

export interface InvitationMade {
  id: string;
  link: string;
  expires: string;
}

/** `organisation` invites; it is joined only where `joins_organisation` says so. */
export interface InvitationShown {
  organisation: string;
  joins_organisation: boolean;
  agreement: string | null;
  title: string | null;
  side: Side | null;
  roles: Role[];
  email: string | null;
}

export type KeyScope = "read" | "record" | "money" | "manage";
export const SCOPES: KeyScope[] = ["read", "record", "money", "manage"];

export interface KeyRow {
  id: string;
  name: string;
  scopes: KeyScope[];
  agreement?: string | null;
  person: string;
  created: string;
  expires: string | null;
  last_used: string | null;
}

export interface WebhookRow {
  id: string;
  url: string;
  kinds: string[];
  agreement?: string | null;
  enabled: boolean;
  public_key?: string;
  created?: string;
}

export interface WebhookDelivery {
  id: string;
  agreement: string | null;
  seq: number | null;
  kind: string;
  state: "pending" | "delivered" | "failed" | "dead";
  attempts: number;
  due: string | null;
  status: number | null;
  last_error: string | null;
}

export interface AuditRow {
  seq: number;
  at: string;
  person: string | null;
  action: string;
  object: string | null;
  agreement: string | null;
  result: "allowed" | "refused";
  address: string | null;
  request_id: string | null;
}

export interface Notice {
  id: string;
  agreement: string;
  kind: "due" | "breached" | (string & {});
  obligation: string | null;
  /** What is owed, a code. */
  owed: string;
  /** Whether the reader's side owes it. */
  mine: boolean;
  due: string;
  clause: string;
  since: string;
  read: boolean;
}

export interface SessionRow {
  id: string;
  created: string;
  last_seen: string;
  address: string | null;
  agent: string | null;
  current: boolean;
}

export interface PasskeyRow {
  id: string;
  name: string;
  created?: string;
  last_used?: string | null;
}

export interface PlatformView {
  organisations: number;
  people: number;
  agreements: number;
  journal_entries: number;
  objects_bytes: number;
  version: string;
  uptime_seconds: number;
  outbox: { pending: number; dead: number };
}

/** The report is that of the core, in full. */
export interface VerifyAnswer {
  sound: boolean;
  report: {
    kind: string;
    agreement: string | null;
    log: { entries?: number; root?: string | null } | null;
    folded: boolean;
    statements: unknown[];
    entry: { seq: number; at: string; kind: string; log_size: number } | null;
    keys: { key: string; holder: string | null; given: boolean; signed: unknown[] }[];
  };
  findings: { severity: string; code: string; detail: string }[];
}
