//! The agreement as typed terms: what both parties sign. A term says which clause it fills; what
//! follows from it is decided elsewhere (`obligation`, `settlement`).

mod annotation;
mod classification;
mod clause;
mod common;
mod lease;
mod money;
mod party;
mod service_level;
mod training;

pub use annotation::*;
pub use classification::*;
pub use clause::{clause_of, paths_with_clauses};
pub use common::*;
pub use lease::*;
pub use money::*;
pub use party::*;
pub use service_level::*;
pub use training::*;

use alloc::string::String;
use alloc::vec::Vec;

use units::{Currency, Date, Duration, Id, Lang, Rounding, Zone};

use crate::form::{alternative, choice, record};

choice! {
    /// The format of an agreement file.
    pub enum Format {
        /// The first.
        V1 = "tallystick.agreement/1",
    }

    /// A calendar of working days.
    pub enum CalendarName {
        /// Public holidays and swapped workdays of the People's Republic of China.
        China = "china",
        /// Monday to Friday.
        Weekends = "weekends",
    }

    /// A rank of documents: where two disagree, the earlier one in `precedence` decides.
    pub enum DocumentRank {
        /// A signed supplement or amendment (补充协议).
        Supplement = "supplement",
        /// A signed quotation or order form (报价单).
        Quotation = "quotation",
        /// The agreement itself.
        Agreement = "agreement",
        /// An annex to it (附件).
        Annex = "annex",
    }

    /// How a disagreement ends when negotiation fails. One of the two must be chosen: a clause
    /// that names both is void as to arbitration.
    pub enum Forum {
        /// A people's court or another court.
        Court = "court",
        /// An arbitration institution.
        Arbitration = "arbitration",
    }
}

record! {
    /// One agreement between a Customer and a Vendor.
    pub struct Agreement {
        /// The format of this file.
        pub format: Format,
        /// The name of this agreement; unique in a deployment.
        pub id: Id,
        /// The title in both languages.
        pub title: Bilingual,
        /// The language whose text decides where the two differ.
        pub prevailing_language: Lang,
        /// The zone in which civil days of this agreement begin and end.
        pub zone: Zone,
        /// The calendar by which working days are counted.
        pub calendar: CalendarName,
        /// The currency of every amount.
        pub currency: Currency,
        /// How amounts are rounded; `scale` is the currency's number of decimal places.
        pub rounding: Rounding,
        /// The order in which documents decide, strongest first. Clause: class-5.1.
        pub precedence: Vec<DocumentRank>,
        /// The party that receives the service and pays.
        pub customer: Party,
        /// The party that renders the service and is paid.
        pub vendor: Party,
        /// Beginning, end and renewal. Clauses: lease-2.1, lease-2.2.
        pub term: TermOfAgreement,
        /// Annexes, quotations and supplements that belong to the agreement.
        pub documents: Vec<Document>,
        /// What is rendered, and for what price.
        pub service: Service,
        /// When and how money is due. Clauses: class-5.2, lease-3.3, train-5.2, train-5.3.
        pub payment: Payment,
        /// Whose the data is, and when it is deleted. Clause: pb-01.
        pub data_rights: DataRights,
        /// Whether the vendor may train on customer data. Clause: pb-02.
        pub training_use: TrainingUse,
        /// Secrets, security and breach notice. Clause: pb-03.
        pub security: Security,
        /// Availability and service credits. Clause: pb-04.
        pub service_level: Option<ServiceLevel>,
        /// Whose the results are. Clause: pb-05.
        pub intellectual_property: IntellectualProperty,
        /// Loss, damages, indemnity and the cap. Clauses: pb-06, train-8.1, train-8.2.
        pub liability: Liability,
        /// Grounds of ending, and what follows. Clause: pb-07.
        pub termination: Termination,
        /// Laws, audits and reports. Clause: pb-08.
        pub compliance: Compliance,
        /// Events beyond control. Clauses: lease-7.2.3.
        pub force_majeure: ForceMajeure,
        /// Negotiation, then the chosen forum. Clause: train-9.1.
        pub disputes: DisputeTerms,
        /// Support tickets and consulting. Clauses: lease-6.1, class-3.1.5.
        pub support: Option<Support>,
        /// What the customer must supply. Clauses: class-3.2.1, train-2.1.5, anno-3.4.
        pub customer_duties: Vec<CustomerDuty>,
    }

    /// A text in both languages.
    pub struct Bilingual {
        /// Simplified Chinese.
        pub zh: String,
        /// English.
        pub en: String,
    }

    /// Beginning, end and renewal of an agreement.
    pub struct TermOfAgreement {
        /// The first day.
        pub starts: Date,
        /// The last day, inclusive.
        pub ends: Date,
        /// How long before the end a wish to renew must be told. Clause: lease-2.2.
        pub renewal_notice: Option<Duration>,
    }

    /// An annex, quotation or supplement that was signed with the agreement.
    pub struct Document {
        /// Its name within the agreement.
        pub id: Id,
        /// Its rank.
        pub rank: DocumentRank,
        /// Its title.
        pub title: Bilingual,
        /// SHA-256 of the signed file in hexadecimal, once there is one.
        pub sha256: Option<String>,
        /// The day from which it holds.
        pub effective: Option<Date>,
        /// Terms that it replaces, by path. Clause: class-5.1.
        pub replaces: Vec<Replacement>,
    }

    /// A term that a document replaces.
    pub struct Replacement {
        /// The path of the term, such as `service.items[0].price.price`.
        pub path: String,
        /// The new value as it would stand in the agreement file; exact numbers as text.
        pub value: String,
    }

    /// How disagreements are handled. Clause: train-9.1.
    pub struct DisputeTerms {
        /// How long the parties negotiate before either may turn to the forum.
        pub negotiation: Duration,
        /// Court or arbitration, not both.
        pub forum: Forum,
        /// The name of the court or institution.
        pub forum_name: String,
        /// The law of the agreement. Clause: train-11.2.
        pub governing_law: String,
    }
}

alternative! {
    /// The four kinds of service.
    pub enum Service {
        /// Data annotation.
        Annotation(AnnotationTerms) = "annotation",
        /// Model training.
        Training(TrainingTerms) = "training",
        /// Lease of training resources.
        Lease(LeaseTerms) = "lease",
        /// Image classification service.
        Classification(ClassificationTerms) = "classification",
    }
}

impl Service {
    /// The code of the kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Annotation(_) => "annotation",
            Self::Training(_) => "training",
            Self::Lease(_) => "lease",
            Self::Classification(_) => "classification",
        }
    }
}

impl CalendarName {
    /// The table of days behind the name.
    #[must_use]
    pub const fn calendar(self) -> units::Calendar {
        match self {
            Self::China => units::Calendar::china(),
            Self::Weekends => units::Calendar::weekends_only(),
        }
    }
}
