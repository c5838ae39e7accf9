//! A model's answer read: limits on its size and number, then proposal by proposal. A fault of the
//! whole answer is an error; a fault of one proposal drops that one.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::quote::Squeezed;
use super::{Dropped, Proposal, Proposals, Question};
use crate::{Finding, Status};

/// The longest answer that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// The most proposals of an answer that are looked at.
pub const MAX_PROPOSALS: usize = 64;
/// The most proposals of one clause that are shown.
pub const MAX_OF_CLAUSE: usize = 5;
/// The longest quote, in characters.
pub(super) const MAX_QUOTE: usize = 2_000;
/// The longest reason, in characters.
pub(super) const MAX_REASON: usize = 600;
/// The fewest characters of a quote that are no white space.
const MIN_QUOTE: usize = 4;

/// Why nothing of an answer can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// It is longer than is read.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// The most bytes.
        limit: usize,
    },
    /// It is no JSON.
    #[error("the answer is not JSON")]
    NotJson,
    /// It is JSON, but no completion of a chat.
    #[error("the answer is no Chat Completions answer")]
    NotCompletion,
    /// The model declined to answer.
    #[error("the model declined to answer")]
    Declined,
    /// The model broke off before it had said all.
    #[error("the model's answer breaks off")]
    Cut,
    /// What the model said is not of the asked form.
    #[error("what the model said is not of the asked form")]
    Form,
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    proposals: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    clause: String,
    quote: String,
    reason: String,
}

impl Question<'_> {
    /// Reads the body of the answer. The findings stay as they are.
    ///
    /// # Errors
    /// [`AnswerError`], where nothing of it can be used.
    pub fn read(&self, answer: &[u8]) -> Result<Proposals, AnswerError> {
        if answer.len() > MAX_BYTES {
            return Err(AnswerError::TooLong { limit: MAX_BYTES });
        }
        let said = said(answer)?;
        let text = Squeezed::new(&self.wording.text);
        let mut read = Reading { question: self, text, seen: BTreeSet::new(), of: BTreeMap::new() };
        let mut found = Proposals::default();
        for (at, value) in said.into_iter().enumerate() {
            let one = match at < MAX_PROPOSALS {
                true => read.one(value),
                false => Err(Dropped::TooMany),
            };
            match one {
                Ok(proposal) => found.proposals.push(proposal),
                Err(why) => *found.dropped.entry(why).or_default() += 1,
            }
        }
        found.proposals.sort_by(|a, b| (a.start, &a.clause).cmp(&(b.start, &b.clause)));
        Ok(found)
    }
}

/// What the model said, as values.
fn said(answer: &[u8]) -> Result<Vec<Value>, AnswerError> {
    let value: Value = serde_json::from_slice(answer).map_err(|_| AnswerError::NotJson)?;
    let read = serde_json::from_value(value).map_err(|_| AnswerError::NotCompletion);
    let Completion { choices } = read?;
    let Some(choice) = choices.into_iter().next() else { return Err(AnswerError::NotCompletion) };
    match choice.finish_reason.as_deref() {
        Some("length") => return Err(AnswerError::Cut),
        Some("content_filter") => return Err(AnswerError::Declined),
        _ => {}
    }
    if choice.message.refusal.is_some_and(|refusal| !refusal.is_empty()) {
        return Err(AnswerError::Declined);
    }
    let content = choice.message.content.ok_or(AnswerError::NotCompletion)?;
    let said: Said = serde_json::from_str(&content).map_err(|_| AnswerError::Form)?;
    Ok(said.proposals)
}

/// Proposals as they are read, one after another.
struct Reading<'a> {
    question: &'a Question<'a>,
    text: Squeezed<'a>,
    seen: BTreeSet<(String, usize, usize)>,
    of: BTreeMap<String, usize>,
}

impl Reading<'_> {
    fn one(&mut self, value: Value) -> Result<Proposal, Dropped> {
        let one: One = serde_json::from_value(value).map_err(|_| Dropped::Malformed)?;
        let Question { wording, playbook, review, model } = *self.question;
        if playbook.clause(&one.clause).is_none() {
            return Err(Dropped::UnknownClause);
        }
        let reason = plain(&one.reason);
        if reason.is_empty() {
            return Err(Dropped::NoReason);
        }
        if one.quote.chars().count() > MAX_QUOTE || reason.chars().count() > MAX_REASON {
            return Err(Dropped::TooLong);
        }
        if one.quote.chars().filter(|letter| !letter.is_whitespace()).count() < MIN_QUOTE {
            return Err(Dropped::QuoteTooShort);
        }
        let (start, end) = self.text.find(&one.quote).ok_or(Dropped::QuoteNotFound)?;
        if !self.seen.insert((one.clause.clone(), start, end)) {
            return Err(Dropped::Repeated);
        }
        let of = self.of.entry(one.clause.clone()).or_default();
        if *of == MAX_OF_CLAUSE {
            return Err(Dropped::TooMany);
        }
        *of += 1;
        let place = Finding::place(wording, start, end).ok_or(Dropped::QuoteNotFound)?;
        Ok(Proposal {
            look_here: review.summary.clauses.get(&one.clause) == Some(&Status::Missing),
            clause: one.clause,
            quote: place.quote,
            start: place.start,
            end: place.end,
            anchor: place.anchor,
            reason,
            model: model.to_owned(),
        })
    }
}

/// A text on one line, without the characters that steer terminals or turn the direction of text.
fn plain(text: &str) -> String {
    let turns = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept = text.chars().filter(|letter| !turns(*letter));
    let spaced: String = kept.map(|one| if one.is_control() { ' ' } else { one }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
