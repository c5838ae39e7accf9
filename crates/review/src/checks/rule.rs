//! The words and the weight of one rule of a check. A rule decides nothing: checks use it to say
//! what they found.

use units::Lang;

use super::source::{Place, Source};
use crate::finding::{Confidence, Finding, Risk, Status, Text, Value};

/// What a check says when it finds something. `{name}` in a text is the parameter of that name.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) check: &'static str,
    pub(super) name: &'static str,
    pub(super) status: Status,
    pub(super) risk: Risk,
    pub(super) sure: Confidence,
    pub(super) reason: Words,
    pub(super) advice: Words,
    /// Words for the document itself; empty where a person must write them.
    pub(super) suggestion: Words,
}

/// One text in both languages.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
}

/// Both languages of a text.
pub(super) const fn words(zh: &'static str, en: &'static str) -> Words {
    Words { zh, en }
}

/// No words.
pub(super) const NONE: Words = words("", "");

/// Values that a finding carries, by name.
pub(super) type Values<'v> = &'v [(&'static str, Value)];

/// A value of one word.
pub(super) fn word(text: impl Into<String>) -> Value {
    Value::Word(text.into())
}

/// The rule that something is missing: a rule of thumb of medium risk.
pub(super) const fn missing(
    check: &'static str,
    name: &'static str,
    reason: Words,
    advice: Words,
    suggestion: Words,
) -> Rule {
    let (status, risk, sure) = (Status::Missing, Risk::Medium, Confidence::H);
    Rule { check, name, status, risk, sure, reason, advice, suggestion }
}

impl Rule {
    /// The finding at a place.
    pub(super) fn at(&self, source: &Source<'_>, place: Place, values: Values<'_>) -> Finding {
        let mut found = self.nowhere(source, values);
        found = found.quoting(source.wording, place.start, place.end);
        found
    }

    /// The finding of a document that says nothing on it.
    pub(super) fn nowhere(&self, source: &Source<'_>, values: Values<'_>) -> Finding {
        let reason = Text::new(fill(self.reason.zh, values), fill(self.reason.en, values));
        let advice = Text::new(fill(self.advice.zh, values), fill(self.advice.en, values));
        let mut found = Finding::new(self.check, self.name, self.status, self.risk, reason)
            .advising(advice)
            .sure(self.sure);
        for (name, value) in values {
            found = found.with(name, value.clone());
        }
        let suggestion = match source.wording.lang {
            Lang::Zh => self.suggestion.zh,
            Lang::En => self.suggestion.en,
        };
        if suggestion.is_empty() { found } else { found.suggesting(fill(suggestion, values)) }
    }
}

fn fill(text: &str, values: Values<'_>) -> String {
    let mut filled = text.to_owned();
    for (name, value) in values {
        let shown = match value {
            Value::Flag(flag) => flag.to_string(),
            Value::Whole(whole) => whole.to_string(),
            Value::Exact(exact) => exact.to_string(),
            Value::Word(word) => word.clone(),
            Value::Words(words) => words.join(", "),
        };
        filled = filled.replace(&format!("{{{name}}}"), &shown);
    }
    filled
}
