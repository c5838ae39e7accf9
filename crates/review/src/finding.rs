//! What a review says about one place of a document: clause, status, risk, quoted words, typed
//! parameters, why, and what to do. Knows no rule and no playbook.

use std::collections::BTreeMap;

use serde::Serialize;
use units::Decimal;
use wording::Wording;

/// From whose view a document is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The party that buys.
    Customer,
    /// The party that sells.
    Vendor,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Customer => Self::Vendor,
            Self::Vendor => Self::Customer,
        }
    }
}

/// How a document stands to a clause of the playbook, or to a check of the whole document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The preferred position is written down.
    Met,
    /// The fallback position is written down.
    MetByFallback,
    /// Something is written and falls short of the fallback.
    Below,
    /// What is written works against the side under review.
    Adverse,
    /// Nothing is written.
    Missing,
    /// Two places of the document contradict each other.
    Conflict,
    /// The rules cannot decide; a person must read it. Never counts as met.
    Unclear,
}

impl Status {
    /// How bad it is, from 0: the worst finding of a clause stands for the clause.
    #[must_use]
    pub const fn weight(self) -> u8 {
        match self {
            Self::Met => 0,
            Self::MetByFallback => 1,
            Self::Unclear => 2,
            Self::Below => 3,
            Self::Missing => 4,
            Self::Conflict => 5,
            Self::Adverse => 6,
        }
    }
}

/// How much hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// A blemish.
    Low,
    /// To be negotiated.
    Medium,
    /// Not to be signed without an approval.
    High,
}

/// The position of the playbook that the words reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// The preferred position.
    Preferred,
    /// The fallback position.
    Fallback,
    /// Short of the fallback, above the walk-away.
    BelowFallback,
    /// The walk-away position: do not sign so.
    WalkAway,
    /// Nothing to measure.
    Nothing,
}

/// How far a machine can be trusted with the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Confidence {
    /// Decided by the words themselves.
    D,
    /// A rule of thumb: look at the place.
    H,
    /// Only a person can say.
    J,
}

/// One sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both languages of a sentence.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// No words, in both languages.
    #[must_use]
    pub const fn none() -> Self {
        Self { zh: String::new(), en: String::new() }
    }

    /// The sentence in one language.
    #[must_use]
    pub fn get(&self, lang: units::Lang) -> &str {
        match lang {
            units::Lang::Zh => &self.zh,
            units::Lang::En => &self.en,
        }
    }
}

/// A value read from the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A whole number; the name of the parameter says the unit.
    Whole(i64),
    /// An exact decimal, written as a string.
    #[serde(serialize_with = "as_text")]
    Exact(Decimal),
    /// One word of a closed list, or an amount with its currency (`USD 100`).
    Word(String),
    /// Several words of a closed list, sorted.
    Words(Vec<String>),
}

fn as_text<S: serde::Serializer>(value: &Decimal, out: S) -> Result<S::Ok, S::Error> {
    out.collect_str(value)
}

/// The parameters of a finding by name (`notice_hours`, `cap_months`, `uptime`).
pub type Parameters = BTreeMap<&'static str, Value>;

/// What the review says about one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The clause of the playbook (`pb-02`) or the id of a check of the whole document.
    pub clause: String,
    /// How the words stand to it.
    pub status: Status,
    /// How much hangs on it.
    pub risk: Risk,
    /// The rule that speaks, stable over versions.
    pub rule: String,
    /// The words, verbatim from [`Wording::text`]; empty where nothing is written.
    pub quote: String,
    /// First character of the quote in [`Wording::text`]; 0 where nothing is written.
    pub start: usize,
    /// Character after its last.
    pub end: usize,
    /// The anchor of the block that holds the quote.
    pub anchor: Option<String>,
    /// What was read from the words.
    pub parameters: Parameters,
    /// Why.
    pub reason: Text,
    /// What to ask for.
    pub advice: Text,
    /// Words to put in its place, in the language of the document.
    pub suggestion: Option<String>,
    /// The position of the playbook that is reached.
    pub reached: Reached,
    /// How far a machine can be trusted here.
    pub confidence: Confidence,
}

/// Words of a document and where they stand, in characters.
pub(crate) struct Place {
    pub(crate) quote: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) anchor: Option<String>,
}

impl Finding {
    /// A finding without place, parameters and advice; the builder methods add them.
    #[must_use]
    pub fn new(clause: &str, rule: &str, status: Status, risk: Risk, reason: Text) -> Self {
        Self {
            clause: clause.to_owned(),
            status,
            risk,
            rule: rule.to_owned(),
            quote: String::new(),
            start: 0,
            end: 0,
            anchor: None,
            parameters: Parameters::new(),
            reason,
            advice: Text::none(),
            suggestion: None,
            reached: match status {
                Status::Met => Reached::Preferred,
                Status::MetByFallback => Reached::Fallback,
                Status::Below | Status::Unclear => Reached::BelowFallback,
                Status::Adverse | Status::Conflict => Reached::WalkAway,
                Status::Missing => Reached::Nothing,
            },
            confidence: Confidence::H,
        }
    }

    /// Quotes the bytes `start..end` of the canonical text. Outer white space is left out; bytes
    /// that are no place of the text leave the finding without a quote.
    #[must_use]
    pub fn quoting(self, wording: &Wording, start: usize, end: usize) -> Self {
        let Some(Place { quote, start, end, anchor }) = Self::place(wording, start, end) else {
            return self;
        };
        Self { quote, start, end, anchor, ..self }
    }

    /// The words that stand at the bytes `start..end`, without outer white space.
    pub(crate) fn place(wording: &Wording, start: usize, end: usize) -> Option<Place> {
        let text = wording.text.get(start..end)?;
        let from = start + (text.len() - text.trim_start().len());
        let quote = text.trim().to_owned();
        let start = wording.chars(from);
        let end = start + quote.chars().count();
        let block = wording.blocks.partition_point(|block| block.start <= from).checked_sub(1);
        let anchor = block.map(|index| wording.blocks[index].anchor.clone());
        Some(Place { quote, start, end, anchor })
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        self.parameters.insert(name, value);
        self
    }

    /// Says what to ask for.
    #[must_use]
    pub fn advising(mut self, advice: Text) -> Self {
        self.advice = advice;
        self
    }

    /// Offers words to put in its place.
    #[must_use]
    pub fn suggesting(mut self, words: impl Into<String>) -> Self {
        self.suggestion = Some(words.into());
        self
    }

    /// Says how far a machine can be trusted here.
    #[must_use]
    pub fn sure(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }
}
