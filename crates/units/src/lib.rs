//! Exact quantities of an agreement: money, decimals, ratios, standards, measurements, civil
//! days, working days, amounts in words, ids and languages.
//!
//! Knows nothing of contracts, storage or people's words. No clock, no randomness, no floating
//! point; everything is `no_std` with `alloc`, so that a result is the same on every machine.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod calendar;
mod check_digit;
mod deadline;
mod decimal;
mod fraction;
mod id;
mod lang;
mod measurement;
mod money;
mod percent;
mod ratio;
mod rounding;
mod span;
mod standard;
mod time;
mod wilson;
mod words;

pub use calendar::{Calendar, CalendarError, DayKind, WorkingDay, WorkingDays};
pub use check_digit::{is_credit_code, is_luhn, is_mod_11_2, is_mod_97};
pub use deadline::{Deadline, deadline, deadline_suspended};
pub use decimal::{Decimal, DecimalError};
pub use fraction::Fraction;
pub use id::{ClauseId, EvidenceId, Id, IdError};
pub use lang::Lang;
pub use measurement::{
    Allocation, EndState, Interval, Measurement, Quantity, ServiceState, StateInterval,
    StorageSample, UsageBucket,
};
pub use money::{Currency, Money, MoneyError};
pub use percent::Percent;
pub use ratio::Ratio;
pub use rounding::{Rounding, RoundingMode};
pub use span::{Duration, DurationUnit, Window};
pub use standard::{Comparison, Metric, Standard, Verdict};
pub use time::{Date, TimeError, Timestamp, Zone};
pub use wilson::{Wilson, wilson};
pub use words::{
    AmountWords, WordsError, WordsProblem, amount_in_words_en, amount_in_words_zh, parse_amount_zh,
};
