//! Why something about people did not go through. Codes and fields; sentences are made at the edge.
//! None of them holds a secret.

use store::RegisterError;
use units::Timestamp;

use crate::book::DeskError;
use crate::world::NoRandomness;

/// Trouble with the machine; never the answer to a question.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The register failed.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The desk failed.
    #[error(transparent)]
    Desk(#[from] Box<DeskError>),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// A kept row is not what this program writes.
    #[error("the {kind} {id} cannot be read")]
    Unreadable {
        /// What it is.
        kind: &'static str,
        /// Its name.
        id: String,
    },
    /// A password could not be hashed.
    #[error("the password could not be hashed")]
    Hashing,
}

/// Why a caller may not do something.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    /// There is no such thing, or the caller may not know of it. HTTP 404.
    #[error("there is nothing of this name")]
    NotFound,
    /// The caller may know of it and lacks the role. HTTP 403.
    #[error("the role for this is missing")]
    Forbidden,
    /// The session must prove again who it is, then repeat. HTTP 403, `confirm_needed`.
    #[error("this must be confirmed")]
    ConfirmNeeded,
    /// Trouble with the machine.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why a sign-in, a code or a confirmation failed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The e-mail, the password, the code or the session is wrong; which is not told. HTTP 401.
    #[error("the e-mail, the password or the code is wrong")]
    Wrong,
    /// Too many failures; tried again from then on. HTTP 429.
    #[error("too many failures, wait until {until}")]
    Locked {
        /// From when.
        until: Timestamp,
    },
    /// Trouble with the machine.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why a change of people, keys and the like did not go through.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The caller may not.
    #[error(transparent)]
    Enter(#[from] EnterError),
    /// There is no such thing. HTTP 404.
    #[error("there is no such {what}")]
    NotFound {
        /// Of which kind: `person`, `key`, `invitation`.
        what: &'static str,
    },
    /// It is somebody else's already. HTTP 409.
    #[error("the {what} is taken")]
    Taken {
        /// `email`, `seat`, `agreement`.
        what: &'static str,
    },
    /// A field cannot be used. HTTP 422.
    #[error("{field} cannot be used")]
    Invalid {
        /// Which.
        field: &'static str,
    },
    /// A password of fewer than [`super::LEAST_PASSWORD`] characters. HTTP 422.
    #[error("a password has at least {least} characters")]
    ShortPassword {
        /// How many there must be.
        least: usize,
    },
    /// The current password or the code is wrong. HTTP 422.
    #[error("the proof is wrong")]
    WrongProof,
    /// Too many failures; tried again from then on. HTTP 429.
    #[error("too many failures, wait until {until}")]
    Locked {
        /// From when.
        until: Timestamp,
    },
    /// An organisation keeps an owner. HTTP 409.
    #[error("the last owner cannot leave")]
    LastOwner,
    /// More than there may be. HTTP 409.
    #[error("there may be {limit} and no more")]
    TooMany {
        /// How many there may be.
        limit: u64,
    },
    /// Somebody else changed it meanwhile: look again, decide again. HTTP 409.
    #[error("it was changed meanwhile")]
    Changed,
    /// Trouble with the machine.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl EnterError {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::ConfirmNeeded => "confirm_needed",
            Self::Fault(_) => "fault",
        }
    }
}

impl SignInError {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Wrong => "wrong_credentials",
            Self::Locked { .. } => "locked",
            Self::Fault(_) => "fault",
        }
    }
}

impl PeopleError {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Enter(error) => error.code(),
            Self::NotFound { .. } => "not_found",
            Self::Taken { .. } => "taken",
            Self::Invalid { .. } => "invalid_field",
            Self::ShortPassword { .. } => "short_password",
            Self::WrongProof => "wrong_proof",
            Self::Locked { .. } => "locked",
            Self::LastOwner => "last_owner",
            Self::TooMany { .. } => "too_many",
            Self::Changed => "changed_meanwhile",
            Self::Fault(_) => "fault",
        }
    }
}

impl From<RegisterError> for EnterError {
    fn from(error: RegisterError) -> Self {
        Self::Fault(error.into())
    }
}

impl From<RegisterError> for SignInError {
    fn from(error: RegisterError) -> Self {
        Self::Fault(error.into())
    }
}

impl From<RegisterError> for PeopleError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Stale { .. } | RegisterError::Taken { .. } => Self::Changed,
            other => Self::Fault(other.into()),
        }
    }
}

impl From<SignInError> for PeopleError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Self::WrongProof,
            SignInError::Locked { until } => Self::Locked { until },
            SignInError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<DeskError> for Fault {
    fn from(error: DeskError) -> Self {
        Self::Desk(Box::new(error))
    }
}
