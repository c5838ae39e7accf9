//! Why something about labelling work did not go through. Codes and fields; sentences are made at
//! the edge.

use labelling::{Action, BodyError, ConsensusError, GuidelineError, State};

use crate::book::DeskError;
use crate::people::{EnterError, Fault, PeopleError};

/// Why a use case of labelling work did not go through.
#[derive(Debug, thiserror::Error)]
pub enum LabellingError {
    /// The caller, a field, or the register.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The guideline has problems.
    #[error(transparent)]
    Guideline(#[from] GuidelineError),
    /// The save is none.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The replicas are no replicas.
    #[error(transparent)]
    Consensus(#[from] ConsensusError),
    /// The mode table does not allow it now.
    #[error("{} is not for the caller while the item is {}", action.code(), state.code())]
    NotNow {
        /// The state.
        state: State,
        /// What was asked for.
        action: Action,
    },
    /// A required attribute is missing, so that the item is not finished.
    #[error("label {label} lacks {attribute}")]
    Unfinished {
        /// The label.
        label: String,
        /// The attribute.
        attribute: String,
    },
    /// The project has no item of this kind.
    #[error("{modality} does not fit the project")]
    Modality {
        /// What was given.
        modality: &'static str,
    },
    /// A file of labels could not be read at all.
    #[error(transparent)]
    File(#[from] Box<annotation::ReadError>),
    /// The desk failed.
    #[error(transparent)]
    Desk(#[from] Box<DeskError>),
}

impl From<EnterError> for LabellingError {
    fn from(error: EnterError) -> Self {
        Self::People(error.into())
    }
}

impl From<Fault> for LabellingError {
    fn from(fault: Fault) -> Self {
        Self::People(fault.into())
    }
}

impl From<store::RegisterError> for LabellingError {
    fn from(error: store::RegisterError) -> Self {
        Self::People(error.into())
    }
}

impl LabellingError {
    /// Whether somebody else changed a row meanwhile, so that it can be tried again.
    pub(super) const fn is_stale(&self) -> bool {
        matches!(self, Self::People(PeopleError::Changed))
    }

    pub(super) const fn absent(what: &'static str) -> Self {
        Self::People(PeopleError::NotFound { what })
    }

    pub(super) const fn field(field: &'static str) -> Self {
        Self::People(PeopleError::Invalid { field })
    }
}
