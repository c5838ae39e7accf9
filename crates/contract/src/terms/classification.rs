//! Terms of an image classification service.

use alloc::string::String;
use alloc::vec::Vec;

use units::{Duration, Id, Percent};

use super::{Milestone, Price, WrittenAmount};
use crate::form::{alternative, choice, record};

record! {
    /// What is classified, how well, how fast and for how much. Clauses: class-3.1, class-4.1.
    pub struct ClassificationTerms {
        /// Classes of the initial model.
        pub classes: Vec<String>,
        /// How soon the initial model is delivered. Clause: class-4.1.
        pub delivery: Duration,
        /// Accuracy. Clause: class-4.2.
        pub accuracy: AccuracyTerms,
        /// Response time. Clause: class-4.3.
        pub response: ResponseTerms,
        /// The plan by which it is paid. Clause: class-5.1.
        pub plan: Plan,
        /// Fees for custom models, each once. Clause: class-3.1.3.
        pub custom_models: Vec<CustomModel>,
        /// When a statement is drawn up. Clause: class-5.2.
        pub settlement: SettlementCycle,
    }

    /// Accuracy at the start and after. Clause: class-4.2.
    pub struct AccuracyTerms {
        /// The agreed test set.
        pub test_set: Id,
        /// Of the initial model.
        pub initial: Percent,
        /// Ever after.
        pub ongoing: Percent,
        /// How often it is evaluated. Clauses: class-3.1.4, class-4.2.
        pub evaluate_every: Duration,
        /// How long the vendor has to bring it back.
        pub restore_within: Duration,
    }

    /// Response time. Clause: class-4.3.
    pub struct ResponseTerms {
        /// How soon a standard request is answered.
        pub standard_within: Duration,
        /// The share of standard requests that must be.
        pub standard_share: Percent,
        /// How soon an urgent one is, where agreed.
        pub urgent_within: Option<Duration>,
        /// The share of urgent requests that must be.
        pub urgent_share: Option<Percent>,
    }

    /// By the number of images. Clause: class-5.1.
    pub struct ByImages {
        /// The price; per package of 1,000 images, with tiers, or per image.
        pub price: Price,
        /// Price of urgent images, where it differs.
        pub urgent_price: Option<Price>,
    }

    /// A fixed fee for each month. Clause: class-5.1.
    pub struct Monthly {
        /// The fee.
        pub fee: WrittenAmount,
        /// Images that it includes; beyond them `overage` is charged.
        pub included: Option<u64>,
        /// Price of further images.
        pub overage: Option<Price>,
    }

    /// A fixed fee for the project. Clause: class-5.1.
    pub struct Project {
        /// The fee.
        pub fee: WrittenAmount,
        /// When parts of it fall due; the shares make 100 %.
        pub milestones: Vec<Milestone>,
    }

    /// A model made for the customer. Clause: class-3.1.3.
    pub struct CustomModel {
        /// Its name within the agreement.
        pub id: Id,
        /// Its fee.
        pub fee: WrittenAmount,
        /// The accuracy that it must reach.
        pub accuracy: Percent,
    }

    /// A statement for each calendar month. Clause: class-5.2.
    pub struct EachMonth {
        /// How soon after the month the statement is owed.
        pub within: Duration,
    }

    /// A statement for each quantity done. Clause: class-5.2.
    pub struct EachQuantity {
        /// How many images.
        pub images: u64,
        /// How soon after it is reached the statement is owed.
        pub within: Duration,
    }
}

alternative! {
    /// The plan by which a classification service is paid. Clause: class-5.1.
    pub enum Plan {
        /// By the number of images.
        Images(ByImages) = "images",
        /// A fixed fee for each month.
        Monthly(Monthly) = "monthly",
        /// A fixed fee for the project.
        Project(Project) = "project",
    }

    /// When a statement is drawn up. Clause: class-5.2.
    pub enum SettlementCycle {
        /// For each month.
        Month(EachMonth) = "month",
        /// For each quantity done.
        Quantity(EachQuantity) = "quantity",
    }
}

choice! {
    /// The class of a request. Clause: class-4.3.
    pub enum RequestClass {
        /// Within the standard time.
        Standard = "standard",
        /// Within the urgent time.
        Urgent = "urgent",
    }
}
