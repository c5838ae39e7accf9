//! Facts: evidence that a party or a machine recorded. Each names the clause that makes it count.

use alloc::string::String;
use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{
    EndState, Fraction, Id, Metric, Money, Ratio, ServiceState, Timestamp, Verdict, Window,
};

use super::Sha256;
use crate::terms::{
    Average, DocumentationSection, ExclusionReason, IndemnityScope, ModelMetric, Purpose,
    RequestClass, Side,
};

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
        /// The report of the run; entries of earlier versions have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<Sha256>,
    },
    /// The sealed test set was opened to judge the model of a round, before it was judged.
    /// Clause: train-4.2.
    TestSetOpened {
        /// The round.
        round: u32,
        /// The test set.
        test_set: Id,
        /// Its content as it was found.
        sha256: Sha256,
        /// The model that is to be judged.
        model: Sha256,
    },
    /// A model was evaluated on the sealed test set. Clause: train-4.2.
    ModelEvaluated {
        /// The round.
        round: u32,
        /// The test set.
        test_set: Id,
        /// The results.
        results: Vec<ModelResult>,
        /// The report of the evaluation; entries of earlier versions have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<Sha256>,
    },
    /// A model was handed over. Clause: train-2.2.3.
    ModelDelivered {
        /// The round.
        round: u32,
        /// Its content.
        sha256: Sha256,
        /// Why it was handed over although a standard was not seen to be reached.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        although: Option<Sha256>,
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
