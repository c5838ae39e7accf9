//! Drafting: from the typed terms of an agreement to its wording, in Chinese, English or both.
//! Serves pb-01.2 to pb-08.2 and every clause of the four source contracts. The templates say what
//! a clause reads like; here they are filled, numbered and put in order. The same terms give the
//! same draft, byte for byte. Whether the terms are sound is `contract::check`'s to say.

mod amendment;
mod back;
mod compose;
mod controls;
mod fill;
mod format;
mod lines;
mod model;
mod page;
mod paths;
mod pattern;
mod seal;
mod source;
mod text;
mod untext;
mod word;

#[cfg(test)]
mod tests;

use contract::form::{WriteError, to_node};
use contract::terms::Agreement;

pub use amendment::document_text;
pub use back::{BackError, ChangeError, Outcome, TermBack, TermsBack, rebound, terms_of};
pub use format::Format;
pub use model::{
    Block, Clause, Draft, Edition, Level, Line, LineRole, Run, Said, Signature, Table, TermMark,
};
pub use page::{PageError, pdf, text_pdf};
pub use pattern::PatternError;
pub use seal::{PictureError, PictureFormat, Seal, SealPicture};
pub use source::TemplateError;
pub use text::text;
pub use untext::{TextError, terms_of_text};
pub use word::{TERMS, word};

/// Why an agreement has no wording.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftProblem {
    /// A term that a clause needs is not there.
    #[error("{clause} needs the term {path}")]
    Absent {
        /// The clause.
        clause: String,
        /// The term.
        path: String,
    },
    /// A term chooses between wordings, and there is none for its value.
    #[error("{clause} has no wording for {path} = {value:?}")]
    Unchosen {
        /// The clause.
        clause: String,
        /// The term.
        path: String,
        /// Its value.
        value: Option<String>,
    },
    /// A value that cannot be written in the format that the clause asks for.
    #[error("{clause} cannot say {path} as {format}")]
    Words {
        /// The clause.
        clause: String,
        /// The term.
        path: String,
        /// The format.
        format: String,
    },
    /// A clause refers to one that does not stand in this agreement.
    #[error("{clause} refers to {to}, which does not stand here")]
    Reference {
        /// The clause.
        clause: String,
        /// The clause that it refers to.
        to: String,
    },
    /// Phrases within each other without end.
    #[error("phrases of {clause} stand too deep within each other")]
    Deep {
        /// The clause.
        clause: String,
    },
    /// The template cannot be used: a bug.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The terms have no written form: a bug.
    #[error(transparent)]
    Terms(#[from] WriteError),
}

/// The wording of an agreement.
///
/// # Errors
/// Every term that the wording needs and the agreement lacks, and every value without words.
pub fn draft(agreement: &Agreement, edition: Edition) -> Result<Draft, Vec<DraftProblem>> {
    let node = to_node(agreement).map_err(|error| vec![error.into()])?;
    let template =
        source::template(agreement.service.kind()).map_err(|error| vec![error.into()])?;
    compose::compose(agreement, &node, template, edition)
}
