// What the server sends and takes, under the names that the pages use. The types are made from
// docs/openapi.json; only reports that the core sends in full are described here.
import type {
  AgreementRow,
  AuditView,
  CheckView,
  ClauseView,
  ConfirmedView,
  EntryDetail,
  EntryView,
  InvitationText,
  InvitationView,
  InvitedView,
  KeyScope,
  KeyView,
  Me,
  Member,
  NeedView,
  NoticeView,
  OrganisationView,
  PlatformView,
  ProblemView,
  RecoveryView,
  Role,
  SessionView,
  SetupView,
  Side,
  SignInView,
  TotpView,
  VerifyView,
} from "../api/types.gen";

export type {
  AgreementRow,
  AuditView as AuditRow,
  CheckView as CheckAnswer,
  ClauseView as ClauseRow,
  ConfirmedView as Confirmed,
  EntryDetail,
  EntryView,
  InvitationText as InvitationShown,
  InvitationView as InvitationRow,
  InvitedView as InvitationMade,
  KeyScope,
  KeyView as KeyRow,
  Me,
  Member as PersonRow,
  NeedView as Need,
  NoticeView as Notice,
  OrganisationView as Organisation,
  PlatformView,
  ProblemView as CheckProblem,
  RecoveryView as RecoveryCodes,
  Role,
  SessionView as SessionRow,
  SetupView as Setup,
  Side,
  SignInView as SignInAnswer,
  TotpView as TotpBegun,
};

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

export const SCOPES: KeyScope[] = ["read", "record", "money", "manage"];

export interface OidcProvider {
  id: string;
  name: string;
}

export interface WebhookRow {
  id: string;
  url: string;
  /** Empty for everything. */
  kinds: string[];
  agreement: string | null;
  enabled: boolean;
  /** Why it is off. */
  off: "by_person" | "gone" | "failing" | null;
  failing_since: string | null;
  public_key: string | null;
  created: string;
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

export interface PasskeyRow {
  id: string;
  name: string;
  created?: string;
  last_used?: string | null;
}

/** What a verification found; the report is that of the core. */
export interface VerifyAnswer extends Omit<VerifyView, "report"> {
  report: {
    kind: string;
    agreement: string | null;
    log: { entries?: number; root?: string | null } | null;
    folded: boolean;
    statements: unknown[];
    entry: { seq: number; at: string; kind: string; log_size: number } | null;
    keys: { key: string; holder: string | null; given: boolean; signed: unknown[] }[];
  };
}
