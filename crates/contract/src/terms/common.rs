//! The eight common clauses, and what else every kind of agreement has: force majeure, support.

use alloc::string::String;
use alloc::vec::Vec;

use units::{Decimal, Duration, Id};

use super::{Side, WrittenAmount};
use crate::form::{alternative, choice, record};

record! {
    /// Whose the data is, and when it is deleted. Clauses: pb-01, anno-5.1, anno-5.2.
    pub struct DataRights {
        /// Who owns what the customer hands over.
        pub input_owner: Side,
        /// Who owns what the service makes of it.
        pub output_owner: Side,
        /// What the vendor may use the data for. Clauses: train-3.3, class-6.2.
        pub vendor_purposes: Vec<Purpose>,
        /// How long after the start event all copies must be gone.
        pub delete_within: Duration,
        /// From which event the deletion period runs; the two periods of pb-01 and pb-07 collide
        /// when it is the end of the agreement.
        pub delete_after: DeletionStart,
    }

    /// Whether the vendor may train on customer data. Clause: pb-02.
    pub struct TrainingUse {
        /// The rule.
        pub policy: TrainingPolicy,
        /// Damages for each breach.
        pub liquidated_damages: Option<WrittenAmount>,
    }

    /// Secrets, security and breach notice. Clauses: pb-03, train-7.1, class-4.4, anno-6.3.
    pub struct Security {
        /// Standards that the vendor holds, such as `SOC 2 Type II`.
        pub certifications: Vec<String>,
        /// Whether a current report is a precondition of signing.
        pub report_before_signing: bool,
        /// How often a report is owed.
        pub report_every: Option<Duration>,
        /// How soon after discovery a breach must be told.
        pub breach_notice: Duration,
        /// How long secrets are kept after the end. Clauses: train-7.2, anno-5.3.
        pub confidentiality_after_end: Duration,
    }

    /// Whose the results are. Clauses: pb-05, train-6.1, class-6.1, lease-5.1.
    pub struct IntellectualProperty {
        /// Who owns the outputs.
        pub outputs: OwnershipOfOutputs,
        /// Whether the vendor may use customer-specific outputs for others.
        pub third_party_use: bool,
        /// How long after the end the customer may go on using the vendor's technology.
        /// Clause: class-6.1.
        pub licence_after_end: Option<Duration>,
    }

    /// Loss, damages, indemnity and the cap. Clauses: pb-06, train-8.1, train-8.2.
    pub struct Liability {
        /// Which loss is made good. Clause: train-8.2.
        pub loss: LossScope,
        /// The most a party owes in all.
        pub cap: LiabilityCap,
        /// What the cap does not limit.
        pub carve_outs: Vec<CarveOut>,
        /// Damages agreed beforehand.
        pub liquidated: Vec<LiquidatedDamages>,
        /// Who holds whom harmless, for what.
        pub indemnities: Vec<Indemnity>,
    }

    /// Fees paid in the months before the claim.
    pub struct TrailingFees {
        /// How many months; 12 in the usual clause.
        pub months: u32,
    }

    /// A fixed amount.
    pub struct FixedCap {
        /// The amount.
        pub amount: WrittenAmount,
    }

    /// No limit.
    pub struct Unlimited {}

    /// Damages agreed beforehand for one kind of breach.
    pub struct LiquidatedDamages {
        /// Its name within the agreement.
        pub id: Id,
        /// For which breach.
        pub breach: BreachKind,
        /// Who owes it.
        pub by: Side,
        /// For each occurrence, or for each day of lateness.
        pub basis: DamagesBasis,
        /// The amount.
        pub amount: WrittenAmount,
        /// The most it may reach.
        pub cap: Option<Decimal>,
    }

    /// A promise to hold the other party harmless against claims of others.
    pub struct Indemnity {
        /// Its name within the agreement.
        pub id: Id,
        /// Against which claims.
        pub against: IndemnityScope,
        /// Who promises.
        pub by: Side,
        /// How soon the protected party must tell of a claim.
        pub notice: Duration,
        /// How soon after the notice the other takes over the defence.
        pub defence: Duration,
    }

    /// Grounds of ending, and what follows. Clauses: pb-07, train-10.1, lease-7.2, lease-7.3.
    pub struct Termination {
        /// How long a party has to mend a breach after a written reminder. Clause: lease-7.2.1.
        pub cure: Duration,
        /// Whether insolvency is a ground. Clause: lease-7.2.2.
        pub insolvency: bool,
        /// How long force majeure must last. Clause: lease-7.2.3.
        pub force_majeure: Option<Duration>,
        /// How long payment must be late for the vendor to end it. Clause: lease-8.1.
        pub late_payment: Option<Duration>,
        /// Notice of an end without cause, for each side that may.
        pub convenience: Vec<Convenience>,
        /// How soon after the end use must stop. Clause: lease-7.3.
        pub stop_use: Option<Duration>,
        /// How long after the end the customer may take out its data.
        pub export_window: Duration,
        /// In which formats.
        pub export_formats: Vec<String>,
        /// Hours of migration help free of charge.
        pub free_migration_hours: Option<u32>,
        /// Price of an hour of migration help beyond.
        pub migration_hour_price: Option<Decimal>,
    }

    /// An end without cause.
    pub struct Convenience {
        /// Who may.
        pub by: Side,
        /// With which notice.
        pub notice: Duration,
    }

    /// Laws, audits and reports. Clauses: pb-08, anno-6.1.
    pub struct Compliance {
        /// Laws that both keep, by short name.
        pub laws: Vec<String>,
        /// Audits that the customer may make in a year.
        pub audits_per_year: u32,
        /// Notice of an audit.
        pub audit_notice: Duration,
        /// Whether a third party's current report may stand in for an audit.
        pub report_instead: bool,
        /// How soon after a request the report or the access is owed.
        pub answer_within: Duration,
    }

    /// Events beyond control. Clause: lease-7.2.3.
    pub struct ForceMajeure {
        /// How soon it must be told.
        pub notice: Duration,
        /// How soon it must be proven.
        pub proof: Duration,
        /// Whether it suspends payment as well; it usually does not.
        pub suspends_payment: bool,
    }

    /// Support tickets and consulting. Clauses: lease-6.1, class-3.1.5.
    pub struct Support {
        /// When support answers.
        pub hours: SupportHours,
        /// How soon a ticket is answered.
        pub first_response: Duration,
        /// How soon a ticket is resolved, where promised.
        pub resolution: Option<Duration>,
        /// Hours of consulting without charge in a month.
        pub free_consulting_hours: Option<u32>,
        /// Price of an hour of consulting beyond.
        pub consulting_hour_price: Option<Decimal>,
    }
}

alternative! {
    /// The most a party owes in all. Clause: pb-06.
    pub enum LiabilityCap {
        /// Fees paid in the months before the claim.
        TrailingFees(TrailingFees) = "trailing_fees",
        /// A fixed amount.
        Fixed(FixedCap) = "fixed",
        /// No limit.
        Unlimited(Unlimited) = "unlimited",
    }
}

choice! {
    /// What data may be used for.
    pub enum Purpose {
        /// To render the agreed service.
        ProvideService = "provide_service",
        /// To train the model that the agreement orders.
        OrderedTraining = "ordered_training",
        /// To train, fine-tune or improve any other model.
        ModelImprovement = "model_improvement",
        /// To evaluate models.
        Evaluation = "evaluation",
        /// To make pre-labels with a model.
        PreLabelling = "pre_labelling",
        /// To be read by a language model.
        LanguageModel = "language_model",
        /// To produce statistics without personal data.
        Statistics = "statistics",
        /// To show it to a third party. Clauses: train-3.2, train-7.1, class-4.4, anno-4.2.3.
        Disclosure = "disclosure",
    }

    /// From which event the deletion period runs.
    pub enum DeletionStart {
        /// The end of the agreement.
        Termination = "termination",
        /// The customer accepted the export, or the export window ended.
        Export = "export",
    }

    /// Whether the vendor may train on customer data.
    pub enum TrainingPolicy {
        /// Never.
        Forbidden = "forbidden",
        /// With the customer's prior written consent.
        WithConsent = "with_consent",
        /// Always.
        Allowed = "allowed",
    }

    /// Who owns the outputs.
    pub enum OwnershipOfOutputs {
        /// The customer.
        Customer = "customer",
        /// The vendor; the customer holds a licence.
        Vendor = "vendor",
        /// Both together.
        Shared = "shared",
    }

    /// Which loss is made good.
    pub enum LossScope {
        /// Direct loss.
        Direct = "direct",
        /// Direct and indirect loss. Clause: train-8.2.
        DirectAndIndirect = "direct_and_indirect",
    }

    /// What the liability cap does not limit.
    pub enum CarveOut {
        /// Breach of confidentiality.
        Confidentiality = "confidentiality",
        /// Breach of data security.
        DataSecurity = "data_security",
        /// Infringement of intellectual property.
        IpInfringement = "ip_infringement",
        /// Intent or gross negligence.
        WilfulMisconduct = "wilful_misconduct",
        /// Fees that are owed.
        Fees = "fees",
    }

    /// A kind of breach.
    pub enum BreachKind {
        /// Delivery after its day.
        LateDelivery = "late_delivery",
        /// Training on customer data without consent.
        TrainingWithoutConsent = "training_without_consent",
        /// Disclosure of secrets.
        Disclosure = "disclosure",
        /// A data breach, or telling of it too late.
        DataBreach = "data_breach",
        /// A standard that stays unmet.
        StandardNotMet = "standard_not_met",
        /// Payment after its day.
        LatePayment = "late_payment",
        /// Use beyond what is permitted.
        ImpermissibleUse = "impermissible_use",
        /// Repair after its time.
        LateRepair = "late_repair",
        /// Anything else.
        Other = "other",
    }

    /// What agreed damages are counted on.
    pub enum DamagesBasis {
        /// Each occurrence.
        Occurrence = "occurrence",
        /// Each day of lateness.
        Day = "day",
    }

    /// Against which claims of others a party is held harmless.
    pub enum IndemnityScope {
        /// Infringement of intellectual property.
        IpInfringement = "ip_infringement",
        /// Breach of data protection.
        DataProtection = "data_protection",
        /// Illegal content of supplied data.
        DataLegality = "data_legality",
    }

    /// When support answers.
    pub enum SupportHours {
        /// Around the clock (7x24).
        Always = "always",
        /// On working days.
        WorkingDays = "working_days",
    }
}
