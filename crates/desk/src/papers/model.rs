//! Whether a language model may be shown a document. The agreement of the customer whose paper it
//! is decides, by `contract::may`; here stands only which agreements are asked. The model is run by
//! the house and not by the customer, so that they are asked as of the vendor, whoever asks; the
//! customer's consent to `language_model` is what opens it. Clause: pb-02.

use contract::event::Version;
use contract::state::{Effective, Phase, State};
use contract::terms::{Agreement, Purpose, Side};
use contract::{Refusal, Resource, may};
use units::Timestamp;

/// A document that a model would be shown.
#[derive(Debug, Clone, Copy)]
pub struct Paper<'a> {
    /// Its text.
    pub text: &'a str,
    /// SHA-256 of the file.
    pub sha256: &'a str,
}

impl Paper<'_> {
    /// Whether an agreement has a say in it, at which the person who asks is on a side. For the
    /// customer: every agreement of its own that is in force. For the vendor: a signed one whose
    /// customer the document names, or to which the file was offered as a version.
    #[must_use]
    pub fn concerns(&self, state: &State, side: Side) -> bool {
        match side {
            Side::Customer => state.phase() == Phase::InForce,
            Side::Vendor => state.effective.is_some() && (self.names(state) || self.is_of(state)),
        }
    }

    fn names(&self, state: &State) -> bool {
        let known = |terms: &Option<Agreement>| {
            terms.as_ref().is_some_and(|terms| self.text.contains(terms.customer.name.as_str()))
        };
        known(&state.agreement) || known(&state.drafted)
    }

    fn is_of(&self, state: &State) -> bool {
        let has = |version: &Version| {
            let files = std::iter::once(&version.word).chain(&version.annexes);
            files.into_iter().any(|file| file.sha256.as_str() == self.sha256)
        };
        state.versions.iter().any(|offered| has(&offered.version))
    }
}

/// Whether a language model may read what belongs to the customer of an agreement.
///
/// # Errors
/// The refusal with the clause; an agreement that is not in force permits nothing.
pub fn model_may_read(state: &State, at: Timestamp) -> Result<(), Refusal> {
    may(state, Side::Vendor, Resource::CustomerData, Purpose::LanguageModel, at)
}

/// As [`model_may_read`], of terms alone: as if both had signed and nobody had consented to
/// anything since.
///
/// # Errors
/// The refusal with the clause.
pub fn terms_let_model_read(terms: &Agreement, at: Timestamp) -> Result<(), Refusal> {
    let mut state = State::default();
    state.drafted = Some(terms.clone());
    state.agreement = Some(terms.clone());
    state.effective = Some(Effective { seq: 0, at, on: at.date(&terms.zone) });
    model_may_read(&state, at)
}
