//! Who the parties are. Code says Customer and Vendor; 甲方 and 乙方 live in `document`.

use alloc::string::String;
use alloc::vec::Vec;

use units::Duration;

use crate::form::{choice, record};

choice! {
    /// A side of the agreement.
    pub enum Side {
        /// Receives the service and pays.
        Customer = "customer",
        /// Renders the service and is paid.
        Vendor = "vendor",
    }
}

record! {
    /// A party as the agreement names it: its registration and whom to write to.
    /// Clauses: train-0.1, lease-0.1, class-1.1, class-1.2, anno-2.1, anno-2.2.
    pub struct Party {
        /// Full name.
        pub name: String,
        /// Unified social credit code, where the party has one.
        pub credit_code: Option<String>,
        /// Legal representative or person in charge.
        pub representative: Option<String>,
        /// Registered address.
        pub address: String,
        /// Whom to write to; notices go there.
        pub contact: Option<Contact>,
        /// Where money is received. Clauses: class-5.2, lease-3.3.
        pub account: Option<BankAccount>,
    }

    /// Whom to write to.
    pub struct Contact {
        /// Department.
        pub department: Option<String>,
        /// Person.
        pub person: String,
        /// Telephone.
        pub phone: Option<String>,
        /// E-mail.
        pub email: String,
    }

    /// A bank account. Its holder must be the party that is paid.
    pub struct BankAccount {
        /// Name of the holder.
        pub holder: String,
        /// Bank and branch.
        pub bank: String,
        /// Account number.
        pub number: String,
    }

    /// Something the customer must supply or do. Clauses: class-3.2.1, class-3.2.2, train-2.1.5.
    pub struct CustomerDuty {
        /// Its name within the agreement.
        pub id: units::Id,
        /// What is owed.
        pub duty: DutyKind,
        /// By when, counted from the effective day.
        pub due: Duration,
        /// What exactly, in the parties' words.
        pub detail: Vec<String>,
    }
}

choice! {
    /// What a customer may owe.
    pub enum DutyKind {
        /// Supply data. Clauses: class-3.2.1, anno-3.4, train-3.1.
        SupplyData = "supply_data",
        /// Explain the business and the task. Clause: train-2.1.5.
        ProvideKnowledge = "provide_knowledge",
        /// Label or describe data as the vendor asks. Clause: class-3.2.2.
        DescribeData = "describe_data",
        /// Answer the vendor's questions about the guideline. Clause: anno-4.1.2.
        AnswerQuestions = "answer_questions",
        /// Tell how the service is used and what should improve. Clause: class-3.2.3.
        GiveFeedback = "give_feedback",
        /// De-identify personal data before handing it over. Clause: anno-6.2.
        DeIdentify = "de_identify",
    }
}

impl Side {
    /// The other side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Customer => Self::Vendor,
            Self::Vendor => Self::Customer,
        }
    }
}
