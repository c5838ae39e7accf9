//! Who may do what: one table, roles across, operations down. Serves pb-05. Knows nothing of
//! agreements or people; whose agreement it is stands in `access`.
//!
//! Roles are held in an organisation, for all agreements at which it sits, or granted to a guest
//! for one agreement and a time. The administrator of the platform is no role: it may look after
//! the deployment and reads no agreement.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a person is to an organisation.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers for the organisation: its people, keys and guests.
    Owner,
    /// Signs for it.
    Signatory,
    /// Drafts and proposes.
    Negotiator,
    /// Statements, invoices, payments.
    Finance,
    /// Runs the service: measurements, deliveries, files.
    Operator,
    /// Labels.
    Annotator,
    /// Inspects deliveries.
    Reviewer,
    /// Reads.
    Auditor,
}

/// Everything that can be done.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// See an agreement in the list, its position and obligations.
    ReadPosition,
    /// See statements, invoices, payments and the account.
    ReadMoney,
    /// See the entries, checkpoints and proofs.
    ReadJournal,
    /// See the terms, drafts and files.
    ReadDocuments,
    /// See deliveries and samples.
    ReadDeliveries,
    /// See who has access; at the organisation, who belongs to it.
    ReadPeople,
    /// See notes.
    ReadNotes,
    /// Lay down terms: a new agreement, or changed terms while nobody has signed.
    Draft,
    /// Propose a document after the signing.
    Propose,
    /// Sign terms and documents.
    Sign,
    /// Record facts.
    Record,
    /// Take files of measurements.
    Import,
    /// Hand over a delivery.
    Deliver,
    /// Draw samples and inspect against gold.
    Inspect,
    /// Accept or reject a delivery.
    Decide,
    /// Put a statement before the customer.
    Submit,
    /// Approve a statement.
    Approve,
    /// Object to a statement.
    Object,
    /// Issue an invoice.
    Invoice,
    /// Issue a credit note.
    Credit,
    /// Record a payment.
    Pay,
    /// Make or settle a claim.
    Claim,
    /// Open or settle a dispute.
    Dispute,
    /// Waivers, force majeure, reminders, notices of termination.
    Notify,
    /// Write a note.
    Note,
    /// Delete a note of one's own.
    DeleteNote,
    /// Let a guest in, or out.
    Grant,
    /// Take the bundle away.
    Export,
    /// Have a checkpoint made.
    Checkpoint,
    /// Sign a checkpoint for a party.
    Cosign,
    /// Invite people, give and take roles.
    ManagePeople,
    /// Make and revoke API keys.
    ManageKeys,
    /// Make and change webhooks.
    ManageWebhooks,
    /// Read the audit trail of the organisation.
    ReadAudit,
    /// See projects of labelling work and the items that are for these eyes.
    ReadWork,
    /// See what people of a project did: hours, pieces, quality.
    ReadPayroll,
    /// Take part in labelling work: save, hand in, decide, raise issues, ask.
    Work,
    /// Label items.
    Label,
    /// Review items.
    Review,
    /// Run projects: items, guideline, assignment, gold.
    ManageWork,
    /// See the deployment's figures: for the administrator of the platform.
    PlatformHealth,
}

/// For whose eyes something is, as a party sees it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Both parties'.
    Shared,
    /// The reader's own side's.
    Mine,
    /// The other side's.
    Theirs,
}

/// The whole of it. A mark stands under each role that may.
#[rustfmt::skip]
const TABLE: [(Operation, &str); Operation::ALL.len()] = [
    //                          own sig neg fin ope ann rev aud
    (Operation::ReadPosition,   "x   x   x   x   x   x   x   x"),
    (Operation::ReadMoney,      "x   x   x   x   -   -   -   x"),
    (Operation::ReadJournal,    "x   x   x   x   x   -   -   x"),
    (Operation::ReadDocuments,  "x   x   x   x   x   -   -   x"),
    (Operation::ReadDeliveries, "x   x   x   x   x   x   x   x"),
    (Operation::ReadPeople,     "x   x   x   x   x   -   -   x"),
    (Operation::ReadNotes,      "x   x   x   x   x   x   x   x"),
    (Operation::Draft,          "x   -   x   -   -   -   -   -"),
    (Operation::Propose,        "x   -   x   -   -   -   -   -"),
    (Operation::Sign,           "-   x   -   -   -   -   -   -"),
    (Operation::Record,         "x   -   -   -   x   -   -   -"),
    (Operation::Import,         "x   -   -   -   x   -   -   -"),
    (Operation::Deliver,        "x   -   -   -   x   x   -   -"),
    (Operation::Inspect,        "x   -   -   -   x   -   x   -"),
    (Operation::Decide,         "x   x   -   -   -   -   x   -"),
    (Operation::Submit,         "x   -   -   x   -   -   -   -"),
    (Operation::Approve,        "x   x   -   x   -   -   -   -"),
    (Operation::Object,         "x   x   -   x   -   -   -   -"),
    (Operation::Invoice,        "-   -   -   x   -   -   -   -"),
    (Operation::Credit,         "-   -   -   x   -   -   -   -"),
    (Operation::Pay,            "-   -   -   x   -   -   -   -"),
    (Operation::Claim,          "x   x   x   x   -   -   -   -"),
    (Operation::Dispute,        "x   x   x   x   -   -   -   -"),
    (Operation::Notify,         "x   x   -   -   -   -   -   -"),
    (Operation::Note,           "x   x   x   x   x   x   x   -"),
    (Operation::DeleteNote,     "x   x   x   x   x   x   x   -"),
    (Operation::Grant,          "x   -   -   -   -   -   -   -"),
    (Operation::Export,         "x   x   x   x   -   -   -   x"),
    (Operation::Checkpoint,     "x   x   x   x   x   -   -   x"),
    (Operation::Cosign,         "-   x   -   -   -   -   -   -"),
    (Operation::ManagePeople,   "x   -   -   -   -   -   -   -"),
    (Operation::ManageKeys,     "x   -   -   -   -   -   -   -"),
    (Operation::ManageWebhooks, "x   -   -   -   x   -   -   -"),
    (Operation::ReadAudit,      "x   -   -   -   -   -   -   x"),
    (Operation::ReadWork,       "x   x   x   x   x   x   x   x"),
    (Operation::ReadPayroll,    "x   -   -   x   -   -   -   x"),
    (Operation::Work,           "x   -   -   -   x   x   x   -"),
    (Operation::Label,          "-   -   -   -   -   x   -   -"),
    (Operation::Review,         "-   -   -   -   -   -   x   -"),
    (Operation::ManageWork,     "x   -   -   -   x   -   -   -"),
    // By the platform's own flag alone.
    (Operation::PlatformHealth, "-   -   -   -   -   -   -   -"),
];

/// Whose eyes see what. The other side's is nobody's.
#[rustfmt::skip]
const EYES: [(Visibility, &str); 3] = [
    //                    own sig neg fin ope ann rev aud
    (Visibility::Shared, "x   x   x   x   x   x   x   x"),
    (Visibility::Mine,   "x   x   x   x   x   -   -   x"),
    (Visibility::Theirs, "-   -   -   -   -   -   -   -"),
];

/// Whether a role may do something.
#[must_use]
pub fn allows(role: Role, operation: Operation) -> bool {
    let row = TABLE.iter().find(|(row, _)| *row == operation);
    row.is_some_and(|(_, marks)| marked(marks, role))
}

/// Whether a role is shown what is for these eyes, where it may read at all.
#[must_use]
pub fn shows(role: Role, visibility: Visibility) -> bool {
    let row = EYES.iter().find(|(row, _)| *row == visibility);
    row.is_some_and(|(_, marks)| marked(marks, role))
}

/// Whether a session must have proved shortly before who it is. A key cannot; what it may do was
/// confirmed when it was made.
#[must_use]
pub const fn needs_confirmation(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Sign
            | Operation::Cosign
            | Operation::Pay
            | Operation::Grant
            | Operation::ManagePeople
            | Operation::ManageKeys
    )
}

fn marked(marks: &str, role: Role) -> bool {
    let column = Role::ALL.iter().position(|column| *column == role);
    let mark = column.and_then(|column| marks.as_bytes().get(4 * column));
    mark == Some(&b'x')
}

impl Role {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 8] = [
        Self::Owner,
        Self::Signatory,
        Self::Negotiator,
        Self::Finance,
        Self::Operator,
        Self::Annotator,
        Self::Reviewer,
        Self::Auditor,
    ];

    /// What the founder of an organisation holds, until it is handed out to others.
    pub const FOUNDER: [Self; 5] =
        [Self::Owner, Self::Signatory, Self::Negotiator, Self::Finance, Self::Operator];

    /// `owner`, `signatory` ...
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Signatory => "signatory",
            Self::Negotiator => "negotiator",
            Self::Finance => "finance",
            Self::Operator => "operator",
            Self::Annotator => "annotator",
            Self::Reviewer => "reviewer",
            Self::Auditor => "auditor",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Operation {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 41] = [
        Self::ReadPosition,
        Self::ReadMoney,
        Self::ReadJournal,
        Self::ReadDocuments,
        Self::ReadDeliveries,
        Self::ReadPeople,
        Self::ReadNotes,
        Self::Draft,
        Self::Propose,
        Self::Sign,
        Self::Record,
        Self::Import,
        Self::Deliver,
        Self::Inspect,
        Self::Decide,
        Self::Submit,
        Self::Approve,
        Self::Object,
        Self::Invoice,
        Self::Credit,
        Self::Pay,
        Self::Claim,
        Self::Dispute,
        Self::Notify,
        Self::Note,
        Self::DeleteNote,
        Self::Grant,
        Self::Export,
        Self::Checkpoint,
        Self::Cosign,
        Self::ManagePeople,
        Self::ManageKeys,
        Self::ManageWebhooks,
        Self::ReadAudit,
        Self::ReadWork,
        Self::ReadPayroll,
        Self::Work,
        Self::Label,
        Self::Review,
        Self::ManageWork,
        Self::PlatformHealth,
    ];

    /// Its name in the audit trail.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReadPosition => "read_position",
            Self::ReadMoney => "read_money",
            Self::ReadJournal => "read_journal",
            Self::ReadDocuments => "read_documents",
            Self::ReadDeliveries => "read_deliveries",
            Self::ReadPeople => "read_people",
            Self::ReadNotes => "read_notes",
            Self::Draft => "draft",
            Self::Propose => "propose",
            Self::Sign => "sign",
            Self::Record => "record",
            Self::Import => "import",
            Self::Deliver => "deliver",
            Self::Inspect => "inspect",
            Self::Decide => "decide",
            Self::Submit => "submit",
            Self::Approve => "approve",
            Self::Object => "object",
            Self::Invoice => "invoice",
            Self::Credit => "credit",
            Self::Pay => "pay",
            Self::Claim => "claim",
            Self::Dispute => "dispute",
            Self::Notify => "notify",
            Self::Note => "note",
            Self::DeleteNote => "delete_note",
            Self::Grant => "grant",
            Self::Export => "export",
            Self::Checkpoint => "checkpoint",
            Self::Cosign => "cosign",
            Self::ManagePeople => "manage_people",
            Self::ManageKeys => "manage_keys",
            Self::ManageWebhooks => "manage_webhooks",
            Self::ReadAudit => "read_audit",
            Self::ReadWork => "read_work",
            Self::ReadPayroll => "read_payroll",
            Self::Work => "work",
            Self::Label => "label",
            Self::Review => "review",
            Self::ManageWork => "manage_work",
            Self::PlatformHealth => "platform_health",
        }
    }
}
