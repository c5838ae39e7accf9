//! Why something about datasets and jobs of a training did not go through. Codes and fields;
//! sentences are made at the edge.

use contract::Refusal;

use crate::book::DeskError;
use crate::people::{EnterError, Fault, PeopleError};

/// Why a use case of training did not go through.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// The caller, a field, or the register.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The contract refuses, or the desk failed.
    #[error(transparent)]
    Desk(#[from] Box<DeskError>),
    /// There are no folders of classes, or only one of them to learn from.
    #[error("{classes} classes, and at least {least} are needed")]
    Classes {
        /// Classes that were found.
        classes: u64,
        /// How many it takes.
        least: u64,
    },
    /// Images of the sealed test set are among those to learn from. Clause: train-4.2.
    #[error("{images} images of the sealed test set are among them")]
    Leak {
        /// How many.
        images: u64,
    },
    /// The job is not in a state for it.
    #[error("not while the job is as it is")]
    NotNow,
    /// Another job of the agreement works.
    #[error("another job works")]
    Busy,
    /// A folder or a process fails.
    #[error("a folder or a process of a job fails")]
    Io(#[from] std::io::Error),
}

impl From<DeskError> for TrainingError {
    fn from(error: DeskError) -> Self {
        Self::Desk(Box::new(error))
    }
}

impl From<Refusal> for TrainingError {
    fn from(refusal: Refusal) -> Self {
        DeskError::from(refusal).into()
    }
}

impl From<EnterError> for TrainingError {
    fn from(error: EnterError) -> Self {
        Self::People(error.into())
    }
}

impl From<Fault> for TrainingError {
    fn from(fault: Fault) -> Self {
        Self::People(fault.into())
    }
}

impl From<store::RegisterError> for TrainingError {
    fn from(error: store::RegisterError) -> Self {
        Self::People(error.into())
    }
}

impl TrainingError {
    pub(super) const fn absent(what: &'static str) -> Self {
        Self::People(PeopleError::NotFound { what })
    }

    pub(super) const fn field(field: &'static str) -> Self {
        Self::People(PeopleError::Invalid { field })
    }
}
