//! What an actor may ask for. Imperative; `decide` answers with events or a refusal.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{ClauseId, Date, Id, Metric, Money, Timestamp};

use crate::event::{
    Actor, Claim, CreditNoteSummary, DisputeSubject, Fact, InvoiceSummary, Papers, Payment, Sha256,
    Signing, SourceRecord, StatementSummary, TerminationGround, Version,
};
use crate::terms::{Agreement, BreachKind, Document, Side};

/// A request by an actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// Who asks.
    pub actor: Actor,
    /// For what.
    pub action: Action,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// Lay down the terms.
    Draft {
        /// The terms.
        agreement: Box<Agreement>,
        /// SHA-256 of their canonical JSON.
        terms_sha256: Sha256,
    },
    /// Offer a version of the papers, before the signing.
    Offer(Box<Version>),
    /// Sign the terms, or the papers of the last version.
    Sign(Signing),
    /// Propose a document after the signing. Clauses: train-11.1, class-5.1.
    ProposeDocument {
        /// The document.
        document: Document,
        /// SHA-256 of its canonical JSON.
        terms_sha256: Sha256,
        /// What is signed, and by whom; absent where the document alone is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        papers: Option<Papers>,
    },
    /// Sign a proposed document.
    SignDocument {
        /// The document.
        document: Id,
        /// The signing.
        signing: Signing,
    },
    /// Keep the time that an authority stamped on a signature. Clauses: train-11.1, class-5.1.
    StampSignature {
        /// Whose signature.
        side: Side,
        /// The document that was signed; the agreement itself where absent.
        #[serde(default)]
        document: Option<Id>,
        /// The authority's token over the envelope of the signature: DER in base64.
        token: String,
    },
    /// Record a fact.
    Record {
        /// The fact.
        fact: Fact,
        /// The record of a source that it came from.
        source: Option<SourceRecord>,
    },
    /// Note that a source sent the same record with other content.
    NoteConflict {
        /// The record that stands.
        have: SourceRecord,
        /// The content that came later.
        got: Sha256,
    },
    /// Accept a delivery or training round.
    Accept {
        /// The delivery.
        delivery: Id,
    },
    /// Reject a delivery or training round.
    Reject {
        /// The delivery.
        delivery: Id,
        /// The standards that were not met.
        failed: Vec<Metric>,
    },
    /// Put a statement before the customer.
    SubmitStatement(StatementSummary),
    /// Approve a statement.
    ApproveStatement {
        /// The statement.
        statement: Id,
    },
    /// Object to a part of a statement.
    ObjectToStatement {
        /// The statement.
        statement: Id,
        /// The lines objected to.
        lines: Vec<u32>,
        /// Their gross amount.
        disputed: Money,
        /// What stays due of the rest.
        undisputed: Money,
        /// A code for the reason.
        reason: String,
    },
    /// Issue an invoice for an approved statement.
    IssueInvoice(InvoiceSummary),
    /// Issue a credit note for an invoice.
    IssueCreditNote(CreditNoteSummary),
    /// Record that money arrived.
    RecordPayment(Payment),
    /// Waive an obligation of the other party.
    Waive {
        /// The obligation.
        obligation: Id,
    },
    /// Tell of force majeure.
    DeclareForceMajeure {
        /// Its name.
        case: Id,
        /// From when.
        from: Timestamp,
    },
    /// Prove it.
    ProveForceMajeure {
        /// The case.
        case: Id,
        /// The proof.
        sha256: Sha256,
    },
    /// Tell that it ended.
    EndForceMajeure {
        /// The case.
        case: Id,
        /// When.
        to: Timestamp,
    },
    /// Remind the other party of a breach.
    RemindBreach {
        /// Its name.
        reminder: Id,
        /// Of what kind.
        breach: BreachKind,
        /// Of which clause.
        clause: ClauseId,
    },
    /// Confirm that the other party mended a breach.
    ConfirmCure {
        /// The reminder.
        reminder: Id,
    },
    /// Give notice that the agreement ends.
    GiveNotice {
        /// On which ground.
        ground: TerminationGround,
        /// What supports it: a reminder, a case or an invoice number.
        support: Option<Id>,
        /// When it ends.
        effective: Timestamp,
    },
    /// Wish to renew.
    RequestRenewal {
        /// The new last day.
        until: Date,
    },
    /// Agree to renew.
    AgreeRenewal,
    /// Raise a claim.
    RaiseClaim(Claim),
    /// Answer a claim.
    AnswerClaim {
        /// The claim.
        claim: Id,
        /// The amount accepted.
        accepted: Money,
    },
    /// Take over the defence.
    AssumeDefence {
        /// The claim.
        claim: Id,
    },
    /// Settle a claim with an amount.
    SettleClaim {
        /// The claim.
        claim: Id,
        /// The amount after the cap.
        amount: Money,
    },
    /// Open a dispute.
    OpenDispute {
        /// Its name.
        dispute: Id,
        /// About what.
        subject: DisputeSubject,
        /// Under which clause.
        clause: ClauseId,
    },
    /// Settle a dispute by negotiation.
    SettleDispute {
        /// The dispute.
        dispute: Id,
        /// The amount, where it is about money.
        amount: Option<Money>,
    },
    /// Take a dispute to the chosen forum.
    FileDispute {
        /// The dispute.
        dispute: Id,
        /// The docket.
        docket: String,
    },
    /// Record the forum's decision.
    RecordDecision {
        /// The dispute.
        dispute: Id,
        /// The amount, where it is about money.
        amount: Option<Money>,
    },
    /// Propose to apply for a patent.
    ProposePatent {
        /// Its name.
        proposal: Id,
    },
    /// Answer such a proposal.
    AnswerPatent {
        /// The proposal.
        proposal: Id,
        /// Whether to join.
        joins: bool,
    },
    /// Let the clock act: deemed decisions, and the end.
    Tick,
}

impl Command {
    /// A request by an actor.
    #[must_use]
    pub const fn new(actor: Actor, action: Action) -> Self {
        Self { actor, action }
    }
}
