//! What happened, as it stands in the journal. Events hold codes and fields, never a sentence.
//! Facts are evidence that a party or a machine recorded; the rest are acts of the parties.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{
    ClauseId, Date, EndState, Fraction, Id, Metric, Money, Ratio, ServiceState, Timestamp, Verdict,
    Window,
};

use crate::terms::{
    Agreement, Average, BreachKind, Document, DocumentationSection, ExclusionReason,
    IndemnityScope, ModelMetric, Purpose, RequestClass, Side,
};

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
    },
    /// A party signed a proposed document.
    DocumentSigned {
        /// The document.
        document: Id,
        /// The signing.
        signing: Signing,
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

/// A fact that was recorded as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// The customer handed over a guideline. Clause: anno-3.3.
    GuidelineProvided {
        /// Its version, from 1.
        version: u32,
        /// Its content.
        sha256: Sha256,
    },
    /// A party handed over data. Clauses: anno-3.4, train-3.1.
    DataProvided {
        /// The batch or dataset of the agreement.
        batch: Id,
        /// How many units or records.
        quantity: u64,
        /// The manifest.
        sha256: Sha256,
    },
    /// The customer did what a duty asks. Clause: class-3.2.1.
    DutyFulfilled {
        /// The duty of the agreement.
        duty: Id,
    },
    /// A delivery was handed over. Clause: anno-3.5.
    DeliverySubmitted {
        /// Its name; each round of rework keeps it.
        delivery: Id,
        /// The round, from 1.
        round: u32,
        /// Units of each work item.
        items: Vec<ItemCount>,
        /// Its content.
        sha256: Sha256,
    },
    /// A party committed to its half of a sampling seed, before the delivery was seen.
    SeedCommitted {
        /// The delivery.
        delivery: Id,
        /// The party.
        side: Side,
        /// SHA-256 commitment to the seed.
        commitment: Sha256,
    },
    /// A party revealed its half.
    SeedRevealed {
        /// The delivery.
        delivery: Id,
        /// The party.
        side: Side,
        /// The seed in hexadecimal.
        seed: String,
    },
    /// A sample was drawn with the common seed.
    SampleDrawn {
        /// The delivery.
        delivery: Id,
        /// The work item.
        item: Id,
        /// Units in the lot.
        lot: u64,
        /// Units drawn.
        sample: u64,
        /// The list of drawn units.
        sha256: Sha256,
    },
    /// A delivery was inspected against the standards. Clause: anno-4.1.1.
    Inspected {
        /// The delivery.
        delivery: Id,
        /// The round.
        round: u32,
        /// A result for each standard.
        results: Vec<StandardResult>,
        /// The report.
        sha256: Sha256,
    },
    /// The test set was sealed before training.
    TestSetSealed {
        /// The test set of the agreement.
        test_set: Id,
        /// Number of items.
        items: u64,
        /// Its content.
        sha256: Sha256,
    },
    /// A training round finished.
    RunFinished {
        /// The round, from 1.
        round: u32,
        /// Trainable parameters.
        parameters: u64,
        /// Bytes of training data.
        data_bytes: u64,
        /// Seconds of training.
        training_seconds: u64,
    },
    /// A model was evaluated on the sealed test set. Clause: train-4.2.
    ModelEvaluated {
        /// The round.
        round: u32,
        /// The test set.
        test_set: Id,
        /// The results.
        results: Vec<ModelResult>,
    },
    /// A model was handed over. Clause: train-2.2.3.
    ModelDelivered {
        /// The round.
        round: u32,
        /// Its content.
        sha256: Sha256,
    },
    /// The documentation was handed over. Clause: train-2.2.4.
    DocumentationDelivered {
        /// What it holds.
        sections: Vec<DocumentationSection>,
        /// Its content.
        sha256: Sha256,
    },
    /// The customer gave feedback on a round. Clause: train-4.3.
    FeedbackGiven {
        /// The round.
        round: u32,
    },
    /// A party reported its revenue from a shared model. Clause: train-6.1.3.
    RevenueReported {
        /// The party.
        side: Side,
        /// Over which time.
        window: Window,
        /// How much.
        amount: Money,
    },
    /// A job held devices. Clause: lease-3.1.1.
    JobRan {
        /// The scheduler's job id.
        job: String,
        /// Devices that it held, such as `node1:gpu0`.
        devices: Vec<String>,
        /// When.
        window: Window,
        /// How it ended.
        end: EndState,
        /// Its declared purpose. Clause: lease-4.1.
        purpose: Option<String>,
    },
    /// Occupied storage at an instant. Clause: lease-3.1.2.
    StorageSampled {
        /// When.
        taken: Timestamp,
        /// Occupied bytes.
        bytes: u64,
    },
    /// A node went down or came back. Clause: lease-6.2.
    NodeChanged {
        /// The node.
        node: String,
        /// When.
        since: Timestamp,
        /// Whether it works.
        up: bool,
        /// The scheduler's reason.
        reason: String,
    },
    /// A promise was probed at hand-over. Clause: lease-1.2.
    Probed {
        /// The resource of the agreement.
        resource: Id,
        /// What was measured.
        metric: Metric,
        /// The value.
        value: Fraction,
        /// The host's load in percent of its processors.
        load_percent: u32,
        /// The report.
        sha256: Sha256,
    },
    /// An upgrade was announced. Clause: lease-6.3.
    UpgradeAnnounced {
        /// When it will happen.
        planned: Timestamp,
    },
    /// Software was upgraded. Clause: lease-6.3.
    Upgraded {
        /// Name.
        software: String,
        /// Version.
        version: String,
    },
    /// The initial model was put into service. Clause: class-4.1.
    ServiceDelivered {
        /// Version of the model.
        version: String,
    },
    /// Images were answered. Clause: class-5.1.
    ImagesAnswered {
        /// The class of the requests.
        class: RequestClass,
        /// When.
        window: Window,
        /// How many.
        count: u64,
        /// How many of them in the agreed time. Clause: class-4.3.
        in_time: u64,
    },
    /// The state of the service over a stretch of time. Clauses: pb-04, class-4.1.
    ServiceObserved {
        /// When.
        window: Window,
        /// Which state.
        state: ServiceState,
    },
    /// The service's accuracy was evaluated. Clause: class-4.2.
    AccuracyEvaluated {
        /// The agreed test set, or a sample of corrected answers.
        test_set: Id,
        /// Version of the model.
        version: String,
        /// Right answers of all.
        ratio: Ratio,
    },
    /// A custom model was put into service. Clause: class-3.1.3.
    CustomModelDelivered {
        /// The custom model of the agreement.
        model: Id,
        /// Right answers of all.
        ratio: Ratio,
    },
    /// A stretch of time that one party proposes to leave out of availability; it counts once the
    /// other recorded the same. Clause: pb-04.
    ExclusionAgreed {
        /// Its name within the agreement.
        exclusion: Id,
        /// Who agrees.
        side: Side,
        /// When.
        window: Window,
        /// Why.
        reason: ExclusionReason,
    },
    /// A support ticket was opened. Clause: lease-6.1.
    TicketOpened {
        /// The ticket.
        ticket: Id,
    },
    /// A ticket was answered.
    TicketAnswered {
        /// The ticket.
        ticket: Id,
    },
    /// A ticket was resolved.
    TicketResolved {
        /// The ticket.
        ticket: Id,
    },
    /// Consulting or migration help was given. Clauses: class-3.1.5, pb-07.
    SupportRendered {
        /// When.
        window: Window,
        /// Hours.
        hours: Fraction,
        /// Whether it is migration help after the end.
        migration: bool,
    },
    /// A security incident was discovered. Clause: pb-03.
    BreachDiscovered {
        /// The incident.
        incident: Id,
        /// When it was discovered.
        discovered: Timestamp,
    },
    /// The customer was told of it. Clause: pb-03.
    BreachNotified {
        /// The incident.
        incident: Id,
    },
    /// A security report was handed over. Clauses: pb-03, pb-08.
    SecurityReportProvided {
        /// The standard it reports on.
        standard: String,
        /// Its content.
        sha256: Sha256,
    },
    /// The customer asked for an audit or a report. Clause: pb-08.
    AuditRequested {
        /// Its name within the agreement.
        audit: Id,
    },
    /// The vendor gave access or a report. Clause: pb-08.
    AuditAnswered {
        /// The audit.
        audit: Id,
    },
    /// The customer consented to a purpose in writing. Clauses: pb-02, train-3.3.
    ConsentGiven {
        /// The purpose.
        purpose: Purpose,
    },
    /// The customer withdrew its consent. Clause: pb-02.
    ConsentWithdrawn {
        /// The purpose.
        purpose: Purpose,
    },
    /// A party used a resource for a purpose; recorded by the service that used it.
    ResourceUsed {
        /// The party.
        side: Side,
        /// The purpose.
        purpose: Purpose,
        /// The resource.
        resource: String,
    },
    /// Use of the leased resources stopped. Clause: lease-7.3.
    UseStopped,
    /// All data was handed back in an agreed format. Clause: pb-07.
    ExportProvided {
        /// The manifest.
        sha256: Sha256,
    },
    /// The customer confirmed that the export is complete. Clause: pb-07.
    ExportAccepted,
    /// The customer's data was deleted. Clause: pb-01.
    DataDeleted {
        /// The certificate.
        sha256: Sha256,
    },
    /// A third party's claim was told to the party that holds harmless. Clause: pb-06.
    IndemnityNotified {
        /// The claim.
        claim: Id,
        /// Against what.
        scope: IndemnityScope,
    },
    /// A source vouched for its records up to a number.
    SourceSealed {
        /// The source.
        source: String,
        /// First number.
        from_seq: u64,
        /// Last number.
        to_seq: u64,
        /// How many records.
        count: u64,
    },
}

/// Units of one work item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemCount {
    /// The work item of the agreement.
    pub item: Id,
    /// How many units.
    pub quantity: u64,
}

/// A measure held against a standard of a work item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StandardResult {
    /// The work item.
    pub item: Id,
    /// What was measured.
    pub metric: Metric,
    /// The value as counted; absent for a mean.
    pub ratio: Option<Ratio>,
    /// The exact value; absent when nothing could be measured.
    pub value: Option<Fraction>,
    /// The outcome under the signed acceptance rule.
    pub verdict: Verdict,
}

/// A measure of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelResult {
    /// What was measured.
    pub metric: ModelMetric,
    /// Over which classes.
    pub average: Average,
    /// The one class, when `average` is `class`.
    pub class: Option<String>,
    /// The exact value.
    pub value: Fraction,
    /// Test items that it was measured on.
    pub items: u64,
}

/// A statement in the journal: its totals and the hash of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementSummary {
    /// Its name within the agreement, such as `2026-03` or `milestone:signing`.
    pub statement: Id,
    /// What it covers.
    pub window: Window,
    /// The milestones that it bills.
    pub milestones: Vec<Id>,
    /// Units billed for each work item or request class.
    pub billed: Vec<ItemCount>,
    /// One-off fees that it bills.
    pub one_off: Vec<Id>,
    /// Without tax.
    pub net: Money,
    /// Tax.
    pub tax: Money,
    /// With tax: what is due.
    pub gross: Money,
    /// Taken from the prepayment.
    pub drawdown: Money,
    /// Service credits given with it.
    pub credits: Money,
    /// Number of lines.
    pub lines: u32,
    /// SHA-256 of its canonical JSON.
    pub sha256: Sha256,
}

/// An invoice in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceSummary {
    /// Its number in the agreement's series, from 1, without gaps.
    pub number: u32,
    /// The statement that it bills.
    pub statement: Id,
    /// Without tax.
    pub net: Money,
    /// Tax.
    pub tax: Money,
    /// With tax.
    pub gross: Money,
    /// The day of issue.
    pub issued: Date,
    /// The day by which it must be paid.
    pub due: Date,
    /// SHA-256 of its canonical JSON.
    pub sha256: Sha256,
}

/// A credit note in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditNoteSummary {
    /// Its number in the agreement's series of credit notes, from 1, without gaps.
    pub number: u32,
    /// The invoice that it corrects.
    pub invoice: u32,
    /// Gross amount taken off.
    pub gross: Money,
    /// The tax in it.
    pub tax: Money,
    /// A code for the reason: `objection`, `service_credit`, `dispute`, `error`.
    pub reason: String,
    /// The day of issue.
    pub issued: Date,
    /// SHA-256 of its canonical JSON.
    pub sha256: Sha256,
}

/// Money that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// Its name within the agreement: the bank's reference.
    pub payment: Id,
    /// Who paid.
    pub by: Side,
    /// How much.
    pub amount: Money,
    /// The day on which it arrived.
    pub on: Date,
    /// What it is for, when the payer said so.
    pub towards: PaymentPurpose,
}

/// What a payment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "towards", rename_all = "snake_case")]
pub enum PaymentPurpose {
    /// Whatever is open, in the agreed order.
    Open,
    /// One invoice.
    Invoice {
        /// Its number.
        number: u32,
    },
    /// The prepayment.
    Prepayment,
    /// A refund from the vendor.
    Refund,
}

/// A claim of one party against the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Its name within the agreement.
    pub claim: Id,
    /// Who claims.
    pub by: Side,
    /// On which basis.
    pub basis: ClaimBasis,
    /// For which breach.
    pub breach: BreachKind,
    /// Under which clause.
    pub clause: ClauseId,
    /// Direct loss, or the agreed damages.
    pub direct: Money,
    /// Indirect loss.
    pub indirect: Money,
    /// When the cause happened.
    pub occurred: Timestamp,
    /// The evidence.
    pub evidence: Vec<Id>,
}

/// On which basis a claim stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum ClaimBasis {
    /// Loss that must be proven. Clause: train-8.1.
    Loss,
    /// Damages agreed beforehand.
    Liquidated {
        /// The agreed damages.
        damages: Id,
    },
    /// A promise to hold harmless. Clause: pb-06.
    Indemnity {
        /// The promise.
        indemnity: Id,
    },
}

/// What a dispute is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum DisputeSubject {
    /// A statement.
    Statement {
        /// The statement.
        statement: Id,
    },
    /// A measurement by its evidence.
    Measurement {
        /// The evidence.
        evidence: Id,
    },
    /// A claim.
    Claim {
        /// The claim.
        claim: Id,
    },
    /// The reading of a clause.
    Clause,
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
