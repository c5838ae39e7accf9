//! What a language model proposes beside the findings: what it is asked, how its answer is read,
//! and what of it may be shown. A proposal points at words of the document and never changes a
//! finding; what is not well-formed, names no clause of the playbook or quotes words that do not
//! stand in the document is dropped and counted.
//!
//! Sends nothing: the caller carries question and answer. Clauses: pb-01 to pb-08.

mod ask;
mod quote;
mod read;

use std::collections::BTreeMap;

use serde::Serialize;

pub use ask::{AskError, MAX_CHARACTERS, Question};
pub use read::{AnswerError, MAX_BYTES, MAX_OF_CLAUSE, MAX_PROPOSALS};

/// A passage that a model holds to speak of a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The clause of the playbook.
    pub clause: String,
    /// The words, verbatim from the document.
    pub quote: String,
    /// First character of the quote in the text of the document.
    pub start: usize,
    /// Character after its last.
    pub end: usize,
    /// The anchor of the block in which it begins.
    pub anchor: Option<String>,
    /// Why, in the model's words.
    pub reason: String,
    /// The model.
    pub model: String,
    /// Whether the rules found nothing on the clause: a person should look here.
    pub look_here: bool,
}

/// What is left of a model's answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Proposals {
    /// What may be shown, by place.
    pub proposals: Vec<Proposal>,
    /// How many were dropped, by reason.
    pub dropped: BTreeMap<Dropped, usize>,
}

/// Why a proposal is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dropped {
    /// It is not an object of clause, quote and reason.
    Malformed,
    /// It names no clause of the playbook.
    UnknownClause,
    /// Its quote stands nowhere in the document.
    QuoteNotFound,
    /// Its quote is too short to point at anything.
    QuoteTooShort,
    /// Its quote or its reason is too long.
    TooLong,
    /// It gives no reason.
    NoReason,
    /// It says again what another one says.
    Repeated,
    /// There are more than a person would read.
    TooMany,
}

impl Dropped {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Malformed,
        Self::UnknownClause,
        Self::QuoteNotFound,
        Self::QuoteTooShort,
        Self::TooLong,
        Self::NoReason,
        Self::Repeated,
        Self::TooMany,
    ];
}
