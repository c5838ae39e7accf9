//! What the words of a document state, as typed values with their places: numbers, percentages,
//! money, durations, dates, blanks, references; and of the whole document its parties and
//! definitions.
//!
//! Exact: no floating point, nothing is rounded. A word that disagrees with its figure is kept
//! beside it. Judges nothing.

mod blank;
mod bound;
mod date;
mod definition;
mod number;
mod party;
mod quantity;
mod reference;

use serde::Serialize;
use units::Decimal;

use crate::{Span, Wording};

pub use definition::{Definition, definitions};
pub use party::{Party, Role, parties, role_of};
pub use reference::{Index, index};

/// A value and its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Value {
    /// The block that holds it.
    pub block: usize,
    /// Its bytes in the canonical text.
    pub place: Span,
    /// What it is.
    #[serde(flatten)]
    pub kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Kind {
    /// A figure with no unit that is known.
    Number {
        /// How much.
        #[serde(flatten)]
        number: Number,
    },
    /// A share, in percentage points: 99.9 for `99.9%`, 0.05 for `万分之五`.
    Percent {
        /// How much, in points.
        #[serde(flatten)]
        number: Number,
        /// The time that it counts for (`per day`, `年利率`).
        per: Option<TimeUnit>,
    },
    /// An amount of money in major units.
    Money {
        /// How much.
        #[serde(flatten)]
        number: Number,
        /// The ISO 4217 code.
        currency: &'static str,
        /// What it is paid for (`hour`, `GB/月`).
        per: Option<String>,
    },
    /// A length of time.
    Duration {
        /// How much.
        #[serde(flatten)]
        number: Number,
        /// In which unit.
        unit: TimeUnit,
    },
    /// Round the clock: `7x24`, `24/7`.
    Coverage {
        /// Hours a day.
        hours: u8,
        /// Days a week.
        days: u8,
    },
    /// A civil date, or a month or year of the calendar.
    Date {
        /// The year.
        year: i16,
        /// The month, from 1.
        month: Option<i8>,
        /// The day, from 1.
        day: Option<i8>,
    },
    /// A place that is still to be filled in.
    Blank {
        /// What is to be filled in, as the document puts it; empty for a line.
        hint: String,
    },
    /// Alternatives of which none was chosen.
    Alternatives {
        /// The bytes of each.
        options: Vec<Span>,
    },
    /// A reference to another place.
    Reference {
        /// The number or annex that is meant (`3.1.a`, `附件1`).
        label: String,
        /// The block, where there is one.
        target: Option<usize>,
        /// Whether the place is in another document (a statute, another agreement).
        external: bool,
    },
}

/// A number as the document states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Number {
    /// The value; of the figure where there are both figure and words.
    pub value: Decimal,
    /// The value of the words beside the figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<Decimal>,
    /// Which side of the number is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
}

/// Which side of a number is meant, and whether the number itself counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// The number or more (`at least`, 不低于, 以上).
    AtLeast,
    /// More than the number (`exceeding`, 超过).
    MoreThan,
    /// The number or less (`up to`, `within`, 不超过, 以内).
    AtMost,
    /// Less than the number (`below`, 低于, 不满).
    LessThan,
    /// About the number (`approximately`, 约).
    About,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeUnit {
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days of the calendar (`days`, `calendar days`, 日, 天, 自然日).
    Days,
    /// Working or business days (工作日).
    WorkingDays,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Quarters of a year.
    Quarters,
    /// Years.
    Years,
}

impl Number {
    /// Whether the words say another value than the figure.
    #[must_use]
    pub fn is_mismatch(&self) -> bool {
        self.words.is_some_and(|words| words != self.value)
    }
}

impl Value {
    /// The number in it, where it has one.
    #[must_use]
    pub const fn number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number { number }
            | Kind::Percent { number, .. }
            | Kind::Money { number, .. }
            | Kind::Duration { number, .. } => Some(number),
            _ => None,
        }
    }
}

/// The most values that are read out of one document.
pub const MOST_VALUES: usize = 200_000;

/// The values of a document, in the order of its text. A blank may hold other values.
#[must_use]
pub fn values(wording: &Wording) -> Vec<Value> {
    let index = reference::index(wording);
    let mut out = Vec::new();
    for (at, block) in wording.blocks.iter().enumerate() {
        if out.len() >= MOST_VALUES {
            break;
        }
        let text = &wording.text[block.body..block.end];
        let mut found: Vec<(Span, Kind)> = Vec::new();
        reference::find(text, &index, &mut found);
        date::find(text, &mut found);
        quantity::find(text, &mut found);
        blank::find(text, &mut found);
        found.sort_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)));
        out.extend(found.into_iter().map(|(place, kind)| Value {
            block: at,
            place: Span { start: block.body + place.start, end: block.body + place.end },
            kind,
        }));
    }
    out
}

/// The numbers, percentages, money and durations of a text of its own; dates are none.
#[must_use]
pub fn quantities(text: &str) -> Vec<(Span, Kind)> {
    let mut found = Vec::new();
    date::find(text, &mut found);
    let dates = found.len();
    quantity::find(text, &mut found);
    let mut found = found.split_off(dates);
    found.sort_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)));
    found
}

/// What was left to be filled in, and the alternatives of a text of its own.
#[must_use]
pub fn blanks(text: &str) -> Vec<(Span, Kind)> {
    let mut found = Vec::new();
    blank::find(text, &mut found);
    found
}

/// The values inside a stretch of bytes; `all` is what [`values`] gave.
pub fn within(all: &[Value], place: Span) -> impl Iterator<Item = &Value> {
    let from = all.partition_point(|value| value.place.start < place.start);
    all[from..].iter().take_while(move |value| value.place.start < place.end)
}
