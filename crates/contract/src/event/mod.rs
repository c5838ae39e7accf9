//! What happened, as it stands in the journal. Events hold codes and fields, never a sentence.
//! Facts are evidence that a party or a machine recorded; the rest are acts of the parties.

mod claim;
mod fact;
mod money;
mod version;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{ClauseId, Date, Id, Metric, Money, Timestamp};

use crate::terms::{Agreement, BreachKind, Document, Side};

pub use claim::{Claim, ClaimBasis, DisputeSubject};
pub use fact::{Fact, ItemCount, ModelResult, StandardResult};
pub use money::{CreditNoteSummary, InvoiceSummary, Payment, PaymentPurpose, StatementSummary};
pub use version::{PaperFile, Papers, Version};

/// A SHA-256 in lower-case hexadecimal.
pub type Sha256 = String;

/// Who acts: a person or machine of a party, or the deployment itself (clocks, importers).
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Actor {
    /// Someone of the customer.
    Customer {
        /// The person or machine.
        name: String,
    },
    /// Someone of the vendor.
    Vendor {
        /// The person or machine.
        name: String,
    },
    /// The deployment that both share.
    Deployment {
        /// The part of it that acted.
        name: String,
    },
}

/// An event with its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its sequence in the journal; evidence is cited as `e<seq>`.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who recorded it.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
}

/// Everything that can stand in an agreement's journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum Event {
    /// The terms were laid down.
    AgreementDrafted {
        /// The terms.
        agreement: Box<Agreement>,
        /// SHA-256 of their canonical JSON: what the parties sign.
        terms_sha256: Sha256,
    },
    /// A party offered a version of the papers, before the signing.
    VersionOffered(Box<Version>),
    /// A party signed the terms.
    PartySigned(Signing),
    /// Both parties have signed; the clocks start.
    AgreementTookEffect {
        /// The civil day from which it holds.
        on: Date,
    },
    /// A supplement, quotation or annex was proposed. Clauses: class-5.1, train-11.1.
    DocumentProposed {
        /// The document with the terms that it replaces.
        document: Document,
        /// SHA-256 of its canonical JSON.
        terms_sha256: Sha256,
        /// What is signed, and by whom; absent where the document alone is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        papers: Option<Papers>,
    },
    /// A party signed a proposed document.
    DocumentSigned {
        /// The document.
        document: Id,
        /// The signing.
        signing: Signing,
    },
    /// A party had an authority stamp the time of its signature (RFC 3161). Clauses: train-11.1,
    /// class-5.1.
    SignatureStamped {
        /// Whose signature.
        side: Side,
        /// The document that was signed; absent for the agreement itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<Id>,
        /// The authority's token over the envelope of the signature: DER in base64.
        token: String,
    },
    /// A fact was recorded as evidence.
    FactRecorded {
        /// The fact.
        fact: Fact,
        /// The record of a source that it came from.
        source: Option<SourceRecord>,
    },
    /// A source sent the same record with other content; the first one stands.
    SourceConflict {
        /// The record that stands.
        have: SourceRecord,
        /// The content that came later.
        got: Sha256,
    },
    /// The customer accepted a delivery, or the time to object ran out.
    DeliveryAccepted {
        /// The delivery or training round.
        delivery: Id,
        /// Whether by the passing of time.
        deemed: bool,
    },
    /// The customer rejected a delivery.
    DeliveryRejected {
        /// The delivery or training round.
        delivery: Id,
        /// The standards that were not met.
        failed: Vec<Metric>,
    },
    /// A statement was put before the customer.
    StatementSubmitted(StatementSummary),
    /// A statement was approved, or the time to object ran out. Clause: class-5.2.
    StatementApproved {
        /// The statement.
        statement: Id,
        /// Whether by the passing of time.
        deemed: bool,
    },
    /// The customer objected to a part of a statement. The rest is approved.
    StatementObjected {
        /// The statement.
        statement: Id,
        /// The lines objected to, counted from 0.
        lines: Vec<u32>,
        /// Their gross amount.
        disputed: Money,
        /// What stays due of the rest, after credits and what is taken from the prepayment.
        undisputed: Money,
        /// A code for the reason: `quantity`, `price`, `quality`, `duplicate`, `other`.
        reason: String,
    },
    /// An invoice was issued; it never changes.
    InvoiceIssued(InvoiceSummary),
    /// A credit note was issued: the only correction of an invoice.
    CreditNoteIssued(CreditNoteSummary),
    /// Money arrived.
    PaymentRecorded(Payment),
    /// An obligation was waived by the party to which it is owed.
    ObligationWaived {
        /// The obligation.
        obligation: Id,
    },
    /// A party told of an event beyond its control. Clause: lease-7.2.3.
    ForceMajeureDeclared {
        /// Its name within the agreement.
        case: Id,
        /// The party that is hindered.
        side: Side,
        /// From when.
        from: Timestamp,
    },
    /// The event was proven.
    ForceMajeureProven {
        /// The case.
        case: Id,
        /// The proof.
        sha256: Sha256,
    },
    /// The event ended.
    ForceMajeureEnded {
        /// The case.
        case: Id,
        /// When.
        to: Timestamp,
    },
    /// A party reminded the other of a breach in writing. Clause: lease-7.2.1.
    BreachReminded {
        /// Its name within the agreement.
        reminder: Id,
        /// Who is in breach.
        breach_by: Side,
        /// Of what kind.
        breach: BreachKind,
        /// Of which clause.
        clause: ClauseId,
    },
    /// The breach was mended.
    BreachCured {
        /// The reminder.
        reminder: Id,
    },
    /// A party gave notice that the agreement ends. Clauses: train-10.1, lease-7.2.
    TerminationNotified {
        /// Who.
        by: Side,
        /// On which ground.
        ground: TerminationGround,
        /// The reminder, case or invoice that supports the ground.
        support: Option<Id>,
        /// When it ends.
        effective: Timestamp,
    },
    /// The agreement ended.
    AgreementEnded {
        /// On which ground.
        ground: TerminationGround,
    },
    /// The customer wished to renew. Clause: lease-2.2.
    RenewalRequested {
        /// The new last day.
        until: Date,
    },
    /// The vendor agreed to renew.
    RenewalAgreed {
        /// The new last day.
        until: Date,
    },
    /// A claim was raised. Clauses: train-8.1, pb-06.
    ClaimRaised(Claim),
    /// The other party answered a claim.
    ClaimAnswered {
        /// The claim.
        claim: Id,
        /// The amount it accepts; zero rejects.
        accepted: Money,
    },
    /// The party that holds harmless took over the defence. Clause: pb-06.
    DefenceAssumed {
        /// The claim.
        claim: Id,
    },
    /// A claim ended with an amount.
    ClaimSettled {
        /// The claim.
        claim: Id,
        /// The amount that is owed, after the liability cap.
        amount: Money,
    },
    /// A dispute was opened. Clause: train-9.1.
    DisputeOpened {
        /// Its name within the agreement.
        dispute: Id,
        /// Who opened it.
        by: Side,
        /// What it is about.
        subject: DisputeSubject,
        /// Under which clause.
        clause: ClauseId,
    },
    /// A party named the terms on which it would settle a dispute; they bind once the other names
    /// the same. Clause: train-9.1.
    DisputeSettlementOffered {
        /// The dispute.
        dispute: Id,
        /// Who offers.
        by: Side,
        /// The amount, where it is about money.
        amount: Option<Money>,
    },
    /// The parties settled a dispute by negotiation.
    DisputeSettled {
        /// The dispute.
        dispute: Id,
        /// The amount agreed, where it is about money.
        amount: Option<Money>,
    },
    /// A dispute went before the chosen forum.
    DisputeFiled {
        /// The dispute.
        dispute: Id,
        /// The docket of the court or institution.
        docket: String,
    },
    /// The forum decided.
    DisputeDecided {
        /// The dispute.
        dispute: Id,
        /// The amount awarded, where it is about money.
        amount: Option<Money>,
    },
    /// An owner proposed to apply for a patent. Clause: train-6.2.
    PatentProposed {
        /// Its name within the agreement.
        proposal: Id,
        /// Who proposed.
        by: Side,
    },
    /// The other owner answered. Clause: train-6.2.
    PatentAnswered {
        /// The proposal.
        proposal: Id,
        /// Whether it joins.
        joins: bool,
    },
}

/// A signature by a party's own key over the SHA-256 of canonical terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signing {
    /// The party.
    pub side: Side,
    /// The person who signed.
    pub signatory: String,
    /// The public key as verifier key text.
    pub key: String,
    /// SHA-256 of what was signed.
    pub terms_sha256: Sha256,
    /// SHA-256 of the manifest of the papers that was signed; absent where the terms alone were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest_sha256: Option<Sha256>,
    /// The signed envelope's signature in base64.
    pub signature: String,
}

/// A record of a metering source: who numbered it and what it held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceRecord {
    /// The source, such as `slurm:lease`.
    pub source: String,
    /// The record's id within the source.
    pub id: String,
    /// Its dense number, where the source numbers its records.
    pub seq: Option<u64>,
    /// SHA-256 of its content.
    pub content: Sha256,
}

/// Why an agreement ends. Clauses: train-10.1.1, train-10.1.2, lease-7.1, lease-7.2.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TerminationGround {
    /// The last day passed. Clause: lease-7.1.
    Expiry,
    /// Both agreed. Clause: train-10.1.1.
    Agreement,
    /// A breach was not mended in time. Clauses: train-10.1.2, lease-7.2.1.
    Breach,
    /// A party is insolvent. Clause: lease-7.2.2.
    Insolvency,
    /// Force majeure lasted too long. Clause: lease-7.2.3.
    ForceMajeure,
    /// Payment was late for too long. Clause: lease-8.1.
    LatePayment,
    /// Without cause, with notice. Clause: pb-07.
    Convenience,
}

impl Actor {
    /// The party that acts; `None` for the deployment.
    #[must_use]
    pub const fn side(&self) -> Option<Side> {
        match self {
            Self::Customer { .. } => Some(Side::Customer),
            Self::Vendor { .. } => Some(Side::Vendor),
            Self::Deployment { .. } => None,
        }
    }

    /// The person or machine.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Customer { name } | Self::Vendor { name } | Self::Deployment { name } => name,
        }
    }

    /// Someone of a party.
    #[must_use]
    pub fn of(side: Side, name: &str) -> Self {
        match side {
            Side::Customer => Self::Customer { name: name.into() },
            Side::Vendor => Self::Vendor { name: name.into() },
        }
    }
}

/// The name by which evidence is cited: `e12` for the entry with sequence 12.
///
/// # Panics
/// Never: a letter and digits make an id.
#[must_use]
pub fn evidence_id(seq: u64) -> Id {
    Id::new(&alloc::format!("e{seq}")).expect("a letter and digits make an id")
}
