//! The state of an agreement: a fold over its journal. Holds what was agreed, what happened and
//! what is owed; prices nothing.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use units::{Date, EndState, Fraction, Id, Money, Ratio, ServiceState, Timestamp, Window};

use crate::event::{
    Actor, Claim, CreditNoteSummary, DisputeSubject, InvoiceSummary, ItemCount, ModelResult,
    Papers, Payment, Sha256, Signing, StandardResult, StatementSummary, TerminationGround, Version,
};
use crate::obligation::Obligation;
use crate::terms::{
    Agreement, BreachKind, Document, ExclusionReason, IndemnityScope, Purpose, RequestClass, Side,
};

/// The state of one agreement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// The terms as they were drafted and signed.
    pub drafted: Option<Agreement>,
    /// The terms as they hold: with signed documents in force, and renewals.
    pub agreement: Option<Agreement>,
    /// SHA-256 of the drafted terms.
    pub terms_sha256: String,
    /// The versions of the papers that were offered, the last one last.
    pub versions: Vec<OfferedVersion>,
    /// Signatures on the drafted terms, or on the papers of the last version.
    pub signings: Vec<Signing>,
    /// Times that authorities stamped on signatures, in the order of their entries.
    pub stamps: Vec<SignatureStamp>,
    /// The sequence, instant and civil day at which it took effect.
    pub effective: Option<Effective>,
    /// Documents proposed after the signing, by name.
    pub documents: BTreeMap<Id, ProposedDocument>,
    /// The notice by which the agreement ends: of those given the one that ends it first.
    pub notice: Option<Notice>,
    /// Proposals to end by agreement; they bind once both name the same instant.
    pub proposed_ends: BTreeMap<Side, Notice>,
    /// The end.
    pub ended: Option<Ended>,
    /// A request to renew that the vendor did not answer yet.
    pub renewal: Option<Date>,
    /// What is owed, in the order in which it came to be owed.
    pub obligations: Vec<Obligation>,
    /// Open obligations by name, as positions in `obligations`.
    pub(crate) open: BTreeMap<Id, usize>,
    /// Cases of force majeure.
    pub force_majeure: BTreeMap<Id, ForceMajeureCase>,
    /// Reminders of breach.
    pub reminders: BTreeMap<Id, Reminder>,
    /// What was recorded as evidence.
    pub facts: Facts,
    /// Statements, invoices, payments.
    pub money: Ledger,
    /// Claims.
    pub claims: BTreeMap<Id, ClaimState>,
    /// Disputes.
    pub disputes: BTreeMap<Id, Dispute>,
    /// Proposals to apply for a patent.
    pub patents: BTreeMap<Id, PatentProposal>,
    /// Consents in force.
    pub consents: BTreeMap<Purpose, u64>,
    /// The sequence of the next entry.
    pub next_seq: u64,
    /// When the last entry was recorded.
    pub last_at: Option<Timestamp>,
}

/// When an agreement took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effective {
    /// The entry.
    pub seq: u64,
    /// The instant of the second signature: clocks run from here.
    pub at: Timestamp,
    /// The civil day.
    pub on: Date,
}

/// A version of the papers that was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedVersion {
    /// The version.
    pub version: Version,
    /// The terms that stood before, where it carries others.
    pub replaced: Option<Agreement>,
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
}

/// A document proposed after the signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedDocument {
    /// The document.
    pub document: Document,
    /// SHA-256 of its canonical JSON.
    pub terms_sha256: String,
    /// What is signed, and by whom; absent where the document alone is.
    pub papers: Option<Papers>,
    /// Who signed, and when.
    pub signed: BTreeMap<Side, DocumentSigning>,
    /// The entry of its proposal.
    pub seq: u64,
}

/// A party's signature on a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentSigning {
    /// When it was recorded.
    pub at: Timestamp,
    /// The signature.
    pub signing: Signing,
}

/// A time that an authority stamped on a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureStamp {
    /// Whose signature.
    pub side: Side,
    /// The document that was signed; none for the agreement itself.
    pub document: Option<Id>,
    /// The token: DER in base64.
    pub token: String,
}

impl State {
    /// A party's signature on a proposed document, or on the agreement itself.
    #[must_use]
    pub fn signing(&self, side: Side, document: Option<&Id>) -> Option<&Signing> {
        match document {
            None => self.signings.iter().find(|signing| signing.side == side),
            Some(document) => Some(&self.documents.get(document)?.signed.get(&side)?.signing),
        }
    }
}

/// A notice that the agreement ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The entry.
    pub seq: u64,
    /// Who gave it.
    pub by: Side,
    /// On which ground.
    pub ground: TerminationGround,
    /// When the agreement ends.
    pub effective: Timestamp,
}

/// The end of an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The entry.
    pub seq: u64,
    /// From when it is no longer in force: the instant that the term or the notice names, however
    /// late it was recorded.
    pub at: Timestamp,
    /// On which ground.
    pub ground: TerminationGround,
}

/// A case of force majeure, `[from, to)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForceMajeureCase {
    /// The hindered party.
    pub side: Side,
    /// From when.
    pub from: Timestamp,
    /// Until when; open while it lasts.
    pub to: Option<Timestamp>,
    /// Whether it was proven.
    pub proven: bool,
    /// The entry of its declaration.
    pub seq: u64,
}

/// A written reminder of a breach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// The party in breach.
    pub breach_by: Side,
    /// Of what kind.
    pub breach: BreachKind,
    /// When it was sent.
    pub at: Timestamp,
    /// When the breach was mended.
    pub cured: Option<Timestamp>,
}

/// What was recorded as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Versions of the guideline, with their entries.
    pub guidelines: BTreeMap<u32, u64>,
    /// Batches and datasets handed over: units and entry.
    pub data: BTreeMap<Id, (u64, u64)>,
    /// Manifests of what was handed over, so that the same one counts once.
    pub manifests: BTreeSet<(Id, String)>,
    /// Deliveries of annotation.
    pub deliveries: BTreeMap<Id, Delivery>,
    /// The sealed test set and its entry.
    pub test_set: Option<SealedTestSet>,
    /// Rounds of training.
    pub rounds: BTreeMap<u32, Round>,
    /// Documentation handed over.
    pub documentation: Option<(Timestamp, u64)>,
    /// Reports of revenue.
    pub revenue: Vec<Revenue>,
    /// Jobs.
    pub jobs: Vec<Job>,
    /// Storage samples.
    pub storage: Vec<StoragePoint>,
    /// Outages of nodes, in the order of time.
    pub outages: BTreeMap<String, Vec<Outage>>,
    /// Reports on nodes; outages follow from them.
    pub(crate) node_reports: BTreeMap<String, NodeReports>,
    /// Probes at hand-over.
    pub probes: Vec<Probe>,
    /// Images by hour and class.
    pub images: BTreeMap<(i64, RequestClass), ImageBucket>,
    /// Images of all hours and classes.
    pub images_total: u64,
    /// States of the service.
    pub service: Vec<ServiceStretch>,
    /// Stretches left out of availability.
    pub exclusions: BTreeMap<Id, Exclusion>,
    /// When the service was delivered.
    pub service_delivered: Option<(Timestamp, u64)>,
    /// Evaluations of the service, in order.
    pub evaluations: Vec<Evaluation>,
    /// Custom models: result, instant and entry.
    pub custom_models: BTreeMap<Id, (Ratio, Timestamp, u64)>,
    /// Support and migration help.
    pub support: Vec<SupportWork>,
    /// Uses of resources.
    pub uses: Vec<Use>,
    /// Audits asked for: when.
    pub audits: BTreeMap<Id, Timestamp>,
    /// When use stopped.
    pub use_stopped: Option<Timestamp>,
    /// When the export was handed over.
    pub exported: Option<Timestamp>,
    /// When the export was accepted.
    pub export_accepted: Option<Timestamp>,
    /// When data was deleted.
    pub deleted: Option<Timestamp>,
    /// Dense sources: last number and gaps.
    pub sources: BTreeMap<String, SourceState>,
    /// Conflicting records, by source and id.
    pub conflicts: Vec<(String, String, u64)>,
}

/// Reports on one node by instant and entry: whether up, and why.
pub(crate) type NodeReports = BTreeMap<(Timestamp, u64), (bool, String)>;

/// A delivery of annotation work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The latest round.
    pub round: u32,
    /// Units of each work item.
    pub items: Vec<ItemCount>,
    /// When the latest round was handed over, and its entry.
    pub submitted: (Timestamp, u64),
    /// Results of the latest inspection, its round and entry.
    pub inspected: Option<(u32, Vec<StandardResult>, u64)>,
    /// When it was accepted, and the entry.
    pub accepted: Option<(Timestamp, u64)>,
    /// When the latest round was rejected, and the entry.
    pub rejected: Option<(Timestamp, u64)>,
    /// Commitments to the sampling seed by party.
    pub commitments: BTreeMap<Side, String>,
    /// Revealed halves of the seed by party.
    pub seeds: BTreeMap<Side, String>,
}

/// The test set that decides, sealed before training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedTestSet {
    /// Its content.
    pub sha256: Sha256,
    /// The entry.
    pub seq: u64,
    /// For which round it was opened, and the entry.
    pub openings: Vec<(u32, u64)>,
}

/// A round of training.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Round {
    /// Parameters, bytes, seconds and the entry of the finished run.
    pub run: Option<(u64, u64, u64, u64)>,
    /// The report of the run, where it has one.
    pub report: Option<Sha256>,
    /// Results on the sealed test set and their entry.
    pub results: Option<(Vec<ModelResult>, u64)>,
    /// The report of the judgement, where it has one.
    pub evaluation: Option<Sha256>,
    /// When its model was handed over, and the entry.
    pub delivered: Option<(Timestamp, u64)>,
    /// When it was accepted, and the entry.
    pub accepted: Option<(Timestamp, u64)>,
    /// When it was rejected or feedback was given.
    pub returned: Option<Timestamp>,
}

/// A report of revenue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revenue {
    /// Who reported.
    pub side: Side,
    /// Over which time.
    pub window: Window,
    /// How much.
    pub amount: Money,
    /// The entry.
    pub seq: u64,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The scheduler's id.
    pub job: String,
    /// Devices.
    pub devices: Vec<String>,
    /// When.
    pub window: Window,
    /// How it ended.
    pub end: EndState,
    /// The entry.
    pub seq: u64,
}

/// A storage sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoragePoint {
    /// When.
    pub at: Timestamp,
    /// Occupied bytes.
    pub bytes: u64,
    /// The entry.
    pub seq: u64,
}

/// An outage of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// When it went down.
    pub from: Timestamp,
    /// When it came back.
    pub to: Option<Timestamp>,
    /// The scheduler's reason.
    pub reason: String,
    /// The entries.
    pub seqs: Vec<u64>,
}

/// A probe at hand-over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The resource.
    pub resource: Id,
    /// What was measured.
    pub metric: units::Metric,
    /// The value.
    pub value: Fraction,
    /// The host's load in percent.
    pub load_percent: u32,
    /// The entry.
    pub seq: u64,
}

/// Images of one class answered in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageBucket {
    /// Images.
    pub count: u64,
    /// Of them in time.
    pub in_time: u64,
    /// Records.
    pub records: u64,
    /// First entry.
    pub first_seq: u64,
    /// Last entry.
    pub last_seq: u64,
}

/// A stretch of service state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceStretch {
    /// When.
    pub window: Window,
    /// Which state.
    pub state: ServiceState,
    /// The entry.
    pub seq: u64,
}

/// A stretch left out of availability; it counts when both parties agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// When.
    pub window: Window,
    /// Why.
    pub reason: ExclusionReason,
    /// Who agreed.
    pub sides: BTreeSet<Side>,
    /// The entry of the latest agreement.
    pub seq: u64,
}

/// An evaluation of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The test set.
    pub test_set: Id,
    /// Right answers of all.
    pub ratio: Ratio,
    /// When it was recorded.
    pub at: Timestamp,
    /// The entry.
    pub seq: u64,
}

/// Support or migration help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportWork {
    /// When.
    pub window: Window,
    /// Hours.
    pub hours: Fraction,
    /// Whether it is migration help.
    pub migration: bool,
    /// The entry.
    pub seq: u64,
}

/// A use of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Who.
    pub side: Side,
    /// For what.
    pub purpose: Purpose,
    /// Of what.
    pub resource: String,
    /// When.
    pub at: Timestamp,
    /// The entry.
    pub seq: u64,
}

/// A dense source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceState {
    /// Numbers that were recorded, as disjoint closed ranges in order.
    pub ranges: Vec<(u64, u64)>,
    /// The last number that the source vouched for.
    pub sealed_to: Option<u64>,
}

/// Statements, invoices, payments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Statements by name.
    pub statements: BTreeMap<Id, StatementState>,
    /// Invoices; the number is the position plus one.
    pub invoices: Vec<Invoice>,
    /// Credit notes; the number is the position plus one.
    pub credit_notes: Vec<CreditNoteSummary>,
    /// Payments in order.
    pub payments: Vec<(Payment, u64)>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementState {
    /// Its totals.
    pub summary: StatementSummary,
    /// When it was submitted, and the entry.
    pub submitted: (Timestamp, u64),
    /// When it was approved.
    pub approved: Option<Timestamp>,
    /// The part objected to.
    pub objected: Option<ObjectedPart>,
    /// The invoice that bills it.
    pub invoice: Option<u32>,
}

/// The part of a statement that the customer objected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectedPart {
    /// The lines, counted from 0.
    pub lines: Vec<u32>,
    /// Their gross amount.
    pub disputed: Money,
    /// What stays due of the rest.
    pub undisputed: Money,
    /// When.
    pub at: Timestamp,
}

/// An invoice with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// As issued.
    pub summary: InvoiceSummary,
    /// When it was issued.
    pub at: Timestamp,
    /// The entry.
    pub seq: u64,
    /// Gross amount of its credit notes, in minor units.
    pub credited_minor: i128,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimState {
    /// As raised.
    pub claim: Claim,
    /// When it was raised, and the entry.
    pub raised: (Timestamp, u64),
    /// The amount accepted.
    pub accepted: Option<Money>,
    /// When the other party was told of a third party's claim.
    pub notified: Option<(Timestamp, IndemnityScope)>,
    /// When the defence was taken over.
    pub defended: Option<Timestamp>,
    /// The amount that is owed in the end.
    pub settled: Option<Money>,
}

/// A dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Who opened it.
    pub by: Side,
    /// About what.
    pub subject: DisputeSubject,
    /// When, and the entry.
    pub opened: (Timestamp, u64),
    /// The terms on which each party would settle it.
    pub offers: BTreeMap<Side, Option<Money>>,
    /// When it went before the forum.
    pub filed: Option<Timestamp>,
    /// When and how it ended: the amount, where it is about money.
    pub ended: Option<(Timestamp, Option<Money>)>,
}

/// A proposal to apply for a patent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatentProposal {
    /// Who proposed.
    pub by: Side,
    /// When.
    pub at: Timestamp,
    /// Whether the other joins, once it answered.
    pub joins: Option<bool>,
}

/// The phase of an agreement's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Nothing was laid down.
    Empty,
    /// Drafted, not signed by both.
    Draft,
    /// In force.
    InForce,
    /// Ended; wind-down.
    Ended,
}

impl State {
    /// The phase of life.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        match (&self.drafted, &self.effective, &self.ended) {
            (None, ..) => Phase::Empty,
            (_, _, Some(_)) => Phase::Ended,
            (_, Some(_), None) => Phase::InForce,
            _ => Phase::Draft,
        }
    }

    /// The stretches in which force majeure stopped a party's clocks, up to `as_of`.
    #[must_use]
    pub fn suspensions(&self, side: Side, as_of: Timestamp) -> Vec<Window> {
        let of_side = self.force_majeure.values().filter(|case| case.side == side);
        of_side.map(|case| Window::new(case.from, case.to.unwrap_or(as_of))).collect()
    }

    /// An open obligation by its name.
    #[must_use]
    pub fn open_obligation(&self, name: &Id) -> Option<&Obligation> {
        self.open.get(name).and_then(|index| self.obligations.get(*index))
    }
}

impl Ended {
    /// The last instant at which the agreement was in force; periods after the end run from it.
    #[must_use]
    pub const fn last_in_force(&self) -> Timestamp {
        crate::obligation::just_before(self.at)
    }
}

impl Ledger {
    /// An invoice by its number.
    #[must_use]
    pub fn invoice(&self, number: u32) -> Option<&Invoice> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        self.invoices.get(index).filter(|invoice| invoice.summary.number == number)
    }
}

impl Invoice {
    /// What has to be paid less credit notes, in minor units; never below zero.
    #[must_use]
    pub fn owed_minor(&self) -> i128 {
        self.summary.payable.minor().saturating_sub(self.credited_minor).max(0)
    }

    /// What credit notes may still take off, in minor units.
    #[must_use]
    pub fn creditable_minor(&self) -> i128 {
        self.summary.gross.minor().saturating_sub(self.credited_minor)
    }

    /// What credit notes took off beyond what had to be paid, in minor units: the prepayment or an
    /// earlier credit had covered it.
    #[must_use]
    pub fn overcredited_minor(&self) -> i128 {
        self.credited_minor.saturating_sub(self.summary.payable.minor()).max(0)
    }
}

impl SourceState {
    /// Takes note of a number; false when it was there already.
    pub fn insert(&mut self, seq: u64) -> bool {
        let at = self.ranges.partition_point(|(_, last)| *last < seq);
        if self.ranges.get(at).is_some_and(|(first, last)| *first <= seq && seq <= *last) {
            return false;
        }
        let joins_left = at > 0 && self.ranges[at - 1].1.checked_add(1) == Some(seq);
        let joins_right =
            self.ranges.get(at).is_some_and(|(first, _)| seq.checked_add(1) == Some(*first));
        match (joins_left, joins_right) {
            (true, true) => {
                self.ranges[at - 1].1 = self.ranges[at].1;
                self.ranges.remove(at);
            }
            (true, false) => self.ranges[at - 1].1 = seq,
            (false, true) => self.ranges[at].0 = seq,
            (false, false) => self.ranges.insert(at, (seq, seq)),
        }
        true
    }

    /// Numbers that are missing between the first and the last that were seen or vouched for.
    #[must_use]
    pub fn gaps(&self) -> Vec<(u64, u64)> {
        let mut gaps: Vec<(u64, u64)> =
            self.ranges.windows(2).map(|pair| (pair[0].1 + 1, pair[1].0 - 1)).collect();
        if let (Some((_, last)), Some(sealed)) = (self.ranges.last(), self.sealed_to)
            && sealed > *last
        {
            gaps.push((last + 1, sealed));
        }
        gaps
    }
}

impl Actor {
    /// Whether the actor is of a party.
    #[must_use]
    pub fn is_of(&self, side: Side) -> bool {
        self.side() == Some(side)
    }
}
