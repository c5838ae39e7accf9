//! Terms of a model training agreement.

use alloc::string::String;
use alloc::vec::Vec;

use units::{Date, Decimal, Duration, Id, Percent};

use super::{Milestone, Side, WrittenAmount};
use crate::form::{alternative, choice, record};

record! {
    /// What is trained on what, to which standard, by when and for how much.
    /// Clauses: train-4.1, train-4.2, train-5.1.
    pub struct TrainingTerms {
        /// What the model shall do.
        pub task: String,
        /// Data that is supplied. Clause: train-3.1.
        pub datasets: Vec<SuppliedDataset>,
        /// The test set that decides, sealed before training starts.
        pub test_set: TestSet,
        /// The standards that the model must reach. Clause: train-4.2.
        pub standards: Vec<ModelStandard>,
        /// The day of delivery. Clause: train-2.2.3.
        pub delivery: Date,
        /// How many rounds the vendor owes. Clause: train-4.3.
        pub max_rounds: u32,
        /// How long after feedback the next round is owed. Clause: train-4.3.
        pub round_within: Duration,
        /// How long the customer has to accept a delivered round.
        pub acceptance_period: Duration,
        /// The technical documentation. Clause: train-2.2.4.
        pub documentation: Documentation,
        /// The fee. Clause: train-5.1.
        pub fee: TrainingFee,
        /// When parts of it fall due; the shares make 100 %. Clause: train-5.3.
        pub milestones: Vec<Milestone>,
        /// Whose the model is. Clause: train-6.1.
        pub model: ModelOwnership,
    }

    /// Data that a party supplies. Clause: train-3.1.
    pub struct SuppliedDataset {
        /// Its name within the agreement.
        pub id: Id,
        /// Who supplies it.
        pub by: Side,
        /// By when, counted from the effective day.
        pub due: Duration,
        /// Number of records, where agreed.
        pub records: Option<u64>,
    }

    /// The test set that decides.
    pub struct TestSet {
        /// Its name within the agreement.
        pub id: Id,
        /// Number of items.
        pub items: u64,
    }

    /// A standard of a model. Clause: train-4.2.
    pub struct ModelStandard {
        /// What is measured.
        pub metric: ModelMetric,
        /// Over which classes.
        pub average: Average,
        /// The one class, when `average` is `class`.
        pub class: Option<String>,
        /// The threshold.
        pub threshold: Percent,
    }

    /// The technical documentation. Clause: train-2.2.4.
    pub struct Documentation {
        /// What it must hold.
        pub sections: Vec<DocumentationSection>,
        /// How long after the delivery it is owed.
        pub due: Duration,
    }

    /// A fixed fee. Clause: train-5.1.
    pub struct FixedFee {
        /// The amount.
        pub amount: WrittenAmount,
    }

    /// A fee by complexity, data size and training time. Clause: train-5.1.
    pub struct FactorFee {
        /// Part that is always owed.
        pub base: Decimal,
        /// For each million trainable parameters (model complexity).
        pub per_million_parameters: Decimal,
        /// For each gigabyte (10^9 bytes) of training data.
        pub per_gigabyte: Decimal,
        /// For each hour of training time.
        pub per_hour: Decimal,
        /// The most the fee may reach.
        pub at_most: Option<Decimal>,
    }

    /// The customer owns the model. Clause: train-6.1.1.
    pub struct CustomerOwns {}

    /// The vendor owns it; the customer pays for a licence. Clause: train-6.1.2.
    pub struct VendorOwns {
        /// Licence fee for each period.
        pub licence_fee: Decimal,
        /// The period.
        pub period: LicencePeriod,
    }

    /// Both own it and share its revenue. Clauses: train-6.1.3, train-6.2.
    pub struct SharedOwnership {
        /// The customer's share of revenue; the rest is the vendor's.
        pub customer_share: Percent,
        /// How often each reports its revenue.
        pub report_every: Duration,
        /// How long after the period a report is owed.
        pub report_within: Duration,
        /// How long a party has to answer a proposal to apply for a patent. Clause: train-6.2.
        pub patent_answer: Duration,
    }
}

alternative! {
    /// The fee of a training.
    pub enum TrainingFee {
        /// Fixed.
        Fixed(FixedFee) = "fixed",
        /// By complexity, data size and training time.
        Factors(FactorFee) = "factors",
    }

    /// Whose the model is: the three choices of train-6.1.
    pub enum ModelOwnership {
        /// The customer's.
        Customer(CustomerOwns) = "customer",
        /// The vendor's, under licence.
        Vendor(VendorOwns) = "vendor",
        /// Both parties'.
        Shared(SharedOwnership) = "shared",
    }
}

choice! {
    /// What a model is measured by.
    pub enum ModelMetric {
        /// Accuracy.
        Accuracy = "accuracy",
        /// Precision.
        Precision = "precision",
        /// Recall.
        Recall = "recall",
        /// F1.
        F1 = "f1",
    }

    /// Over which classes a metric is averaged.
    pub enum Average {
        /// Mean over classes.
        Macro = "macro",
        /// Over all decisions.
        Micro = "micro",
        /// One class alone.
        Class = "class",
    }

    /// What a technical documentation holds. Clause: train-2.2.4.
    pub enum DocumentationSection {
        /// Model structure.
        Structure = "structure",
        /// Algorithm.
        Algorithm = "algorithm",
        /// Parameters.
        Parameters = "parameters",
        /// Data.
        Data = "data",
        /// Metrics.
        Metrics = "metrics",
        /// Limits of use.
        Limits = "limits",
    }

    /// The period of a licence fee.
    pub enum LicencePeriod {
        /// Each month.
        Month = "month",
        /// Each year.
        Year = "year",
        /// Once.
        Once = "once",
    }
}
