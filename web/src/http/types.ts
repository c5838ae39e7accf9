// What the server sends and takes, under the names that the pages use. The types are made from
// docs/openapi.json; only reports that the core sends in full are described here.
import type {
  AgreementRow,
  AuditView,
  CheckView,
  ClauseView,
  ConfirmedView,
  DeliveryView,
  EntryDetail,
  EntryView,
  InvitationText,
  InvitationView,
  InvitedView,
  KeyScope,
  KeyView,
  Me,
  Member,
  ModelView,
  NeedView,
  NoticeView,
  OrganisationView,
  PasskeyView,
  PlatformView,
  ProblemView,
  ProviderView,
  RecoveryView,
  ReviewFindingView,
  ReviewView,
  Role,
  SessionView,
  SetupView,
  Side,
  SignInView,
  TotpView,
  VerifyView,
  WebhookView,
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
  ModelView as LanguageModel,
  NeedView as Need,
  NoticeView as Notice,
  OrganisationView as Organisation,
  PasskeyView as PasskeyRow,
  PlatformView,
  ProblemView as CheckProblem,
  ProviderView as OidcProvider,
  RecoveryView as RecoveryCodes,
  ReviewFindingView as ReviewFinding,
  ReviewView as Reviewed,
  Role,
  SessionView as SessionRow,
  SetupView as Setup,
  Side,
  SignInView as SignInAnswer,
  TotpView as TotpBegun,
  WebhookView as WebhookRow,
  DeliveryView as WebhookDelivery,
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

/** What became of papers, file by file and signature by signature. */
export interface VerifiedPapers {
  parts: { name: string; state: string }[];
  signatures: { name: string; side: string | null; signatory: string | null; state: string }[];
  unsigned: { side: string; signatory: string }[];
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
    /** Of a sealed page. */
    sealed?: { signer: string; certificate: string; trusted: boolean; at: string } | null;
    /** Of a signed file, and of a bundle that holds one. */
    papers?: VerifiedPapers | null;
    /** Of documents that joined later, by their names. */
    documents?: Record<string, VerifiedPapers>;
    keys: { key: string; holder: string | null; given: boolean; signed: unknown[] }[];
  };
}
