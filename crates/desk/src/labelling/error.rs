//! Why something about labelling work did not go through. Codes and fields; sentences are made at
//! the edge.

use contract::Refusal;
use labelling::{Action, BodyError, ConsensusError, GuidelineError, State};

use crate::book::DeskError;
use crate::inspection::InspectionError;
use crate::intake::DeliveryError;
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
    /// The item is with the customer, or was accepted by them. Clause: anno-4.1.1.
    #[error("the item was delivered")]
    Delivered,
    /// Items are not finished, so that the whole cannot be delivered. Clause: anno-3.6.
    #[error("{open} items are not accepted yet")]
    Open {
        /// How many.
        open: u64,
    },
    /// The agreement names other formats. Clause: anno-3.5.
    #[error("{format} is no agreed format that holds these items")]
    DeliveryFormat {
        /// As asked for.
        format: String,
        /// What is agreed.
        agreed: Vec<String>,
    },
    /// Two items have one name, so that a sample could not tell them apart. Clause: anno-4.1.1.
    #[error("two items are called {name}")]
    OneName {
        /// The name.
        name: String,
    },
    /// The project's latest delivery is not under inspection. Clause: anno-4.1.1.
    #[error("no round of the project is under inspection")]
    NoInspection,
    /// The sample is not drawn yet. Clause: anno-4.1.1.
    #[error("the sample is not drawn")]
    NotDrawn,
    /// Drawn items are not decided yet. Clause: anno-4.1.1.
    #[error("{left} drawn items are not decided")]
    Undecided {
        /// How many.
        left: u64,
    },
    /// The delivery was not recorded.
    #[error(transparent)]
    Delivery(#[from] Box<DeliveryError>),
    /// The delivery was not inspected.
    #[error(transparent)]
    Inspection(#[from] Box<InspectionError>),
    /// A file of the delivery cannot be read or written.
    #[error("a file of the delivery cannot be read or written")]
    Io(#[from] std::io::Error),
}

impl From<DeskError> for LabellingError {
    fn from(error: DeskError) -> Self {
        Self::Desk(Box::new(error))
    }
}

impl From<Refusal> for LabellingError {
    fn from(refusal: Refusal) -> Self {
        DeskError::from(refusal).into()
    }
}

impl From<DeliveryError> for LabellingError {
    fn from(error: DeliveryError) -> Self {
        Self::Delivery(Box::new(error))
    }
}

impl From<InspectionError> for LabellingError {
    fn from(error: InspectionError) -> Self {
        Self::Inspection(Box::new(error))
    }
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
