//! Between the errors of the use cases and the problems of this interface: what is a normal answer,
//! what is a fault. A fault's cause goes to the log alone.

use desk::DeskError;
use desk::bundle::BundleError;
use desk::inspection::InspectionError;
use desk::intake::DeliveryError;
use desk::papers::PapersError;
use desk::people::{EnterError, Fault, FoundError, PeopleError, SignInError};
use desk::verify::VerifyError;
use document::words::Words;
use store::{AppendError, ObjectError, StoreError};
use units::{Lang, Timestamp};

use crate::problem::{Code, Problem};
use crate::words::DeskWords as _;

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Refused(refusal) => refusal.into(),
            DeskError::Store(StoreError::NotFound { .. })
            | DeskError::Append(AppendError::NotFound { .. })
            | DeskError::Object(ObjectError::NotFound) => Code::NotFound.into(),
            DeskError::Store(StoreError::Exists { .. } | StoreError::Differs { .. }) => {
                Self::new(Code::Exists).field("what", "agreement")
            }
            DeskError::Store(StoreError::NoCheckpoint { .. }) => Code::NotFound.into(),
            DeskError::Append(AppendError::Conflict { .. }) => Self::new(Code::Busy).retry_after(1),
            DeskError::Append(
                AppendError::LineTooLarge { limit, .. } | AppendError::BatchTooLarge { limit, .. },
            )
            | DeskError::Object(ObjectError::TooLarge { limit }) => {
                Self::new(Code::TooLarge).field("limit", limit)
            }
            DeskError::Period { text } => Self::new(Code::UnknownPeriod).field("period", text),
            DeskError::StatementDiffers { .. } => Code::StatementDiffers.into(),
            DeskError::Signature | DeskError::UnknownKey { .. } => Code::Signature.into(),
            DeskError::Papers(papers) => papers_problem(papers),
            DeskError::Settle(_)
            | DeskError::Invoice(_)
            | DeskError::Money(_)
            | DeskError::Encode(_)
            | DeskError::Timestamp(_)
            | DeskError::Account(_) => cannot(&error),
            other => Self::fault(&other),
        }
    }
}

/// Papers that cannot be made or signed, with their sentence in both languages.
fn papers_problem(error: PapersError) -> Problem {
    let code = match &error {
        PapersError::Absent { .. } => return Code::NotFound.into(),
        PapersError::Red { findings } => {
            let findings = findings.clone();
            return Problem::new(Code::RedFinding).field("findings", findings);
        }
        PapersError::Word(_) | PapersError::Text(_) | PapersError::Terms(_) => Code::UnreadableFile,
        PapersError::Wording(_) | PapersError::Change(_) => Code::BadTerms,
        PapersError::Picture(_) => Code::UnreadableFile,
        PapersError::Manifest(_) | PapersError::Name { .. } => Code::InvalidField,
        PapersError::Print(_) => Code::CannotSettle,
        PapersError::Seal(_) => return Problem::fault(&error),
    };
    let error = DeskError::Papers(error);
    let say = |lang| Words::new(lang).desk_error(&error);
    Problem::new(code).field("field", "papers").said(say(Lang::Zh), say(Lang::En))
}

/// A computation that the amounts or the terms do not allow, with its sentence in both languages.
fn cannot(error: &DeskError) -> Problem {
    let say = |lang| Words::new(lang).desk_error(error);
    Problem::new(Code::CannotSettle).said(say(Lang::Zh), say(Lang::En))
}

impl From<BundleError> for Problem {
    fn from(error: BundleError) -> Self {
        match error {
            BundleError::Desk(error) => error.into(),
            BundleError::NoEntry { .. } => Code::NotFound.into(),
            BundleError::Io { .. } => Self::fault(&error),
        }
    }
}

impl From<DeliveryError> for Problem {
    fn from(error: DeliveryError) -> Self {
        match error {
            DeliveryError::Desk(error) => error.into(),
            DeliveryError::Io { .. } => Self::fault(&error),
            other => {
                let say = |lang| Words::new(lang).delivery_error(&other);
                Self::new(Code::UnreadableFile).said(say(Lang::Zh), say(Lang::En))
            }
        }
    }
}

impl From<InspectionError> for Problem {
    fn from(error: InspectionError) -> Self {
        match error {
            InspectionError::Desk(error) => error.into(),
            InspectionError::Delivery(error) => error.into(),
            other => {
                let say = |lang| Words::new(lang).inspection_error(&other);
                Self::new(Code::UnreadableFile).said(say(Lang::Zh), say(Lang::En))
            }
        }
    }
}

impl From<VerifyError> for Problem {
    fn from(error: VerifyError) -> Self {
        Self::fault(&error)
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Desk(error) => (*error).into(),
            other => Self::fault(&other),
        }
    }
}

impl From<EnterError> for Problem {
    fn from(error: EnterError) -> Self {
        match error {
            EnterError::NotFound => Code::NotFound.into(),
            EnterError::Forbidden => Code::RoleMissing.into(),
            EnterError::ConfirmNeeded => Code::ConfirmNeeded.into(),
            EnterError::Fault(fault) => fault.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Code::WrongCredentials.into(),
            SignInError::Locked { until } => locked(until),
            SignInError::Fault(fault) => fault.into(),
        }
    }
}

/// Too many failures. How long it lasts is the deployment's to tell, and no more than an hour.
fn locked(until: Timestamp) -> Problem {
    Problem::new(Code::RateLimited).field("until", until.to_string()).retry_after(60)
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Enter(error) => error.into(),
            PeopleError::NotFound { .. } => Code::NotFound.into(),
            PeopleError::Taken { what } => Self::new(Code::Exists).field("what", what),
            PeopleError::Invalid { field } => Self::invalid(field),
            PeopleError::ShortPassword { least } => {
                Self::new(Code::ShortPassword).field("least", least)
            }
            PeopleError::WrongProof => Code::WrongProof.into(),
            PeopleError::Locked { until } => locked(until),
            PeopleError::LastOwner => Code::LastOwner.into(),
            PeopleError::TooMany { limit } => Self::new(Code::TooMany).field("limit", limit),
            PeopleError::Changed => Code::ChangedMeanwhile.into(),
            PeopleError::Fault(fault) => fault.into(),
        }
    }
}

impl From<FoundError> for Problem {
    fn from(error: FoundError) -> Self {
        match error {
            FoundError::People(error) => error.into(),
            FoundError::Desk(error) => error.into(),
        }
    }
}
