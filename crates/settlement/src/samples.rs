//! Short ways to write values in tests.

use alloc::vec::Vec;

use units::{Currency, Date, EvidenceId, Id, Money, Percent, Rounding, RoundingMode, Timestamp};

use crate::amount::AmountRule;
use crate::working::Line;

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).expect("an id")
}

pub(crate) fn proofs(names: &[&str]) -> Vec<EvidenceId> {
    names.iter().map(|name| id(name)).collect()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub(crate) fn percent(text: &str) -> Percent {
    text.parse().expect("a percentage")
}

/// Major units as text, in yuan.
pub(crate) fn yuan(text: &str) -> Money {
    Money::from_decimal(text.parse().expect("a decimal"), Currency::Cny).expect("an amount")
}

/// Minor units.
pub(crate) fn fen(minor: i128) -> Money {
    Money::new(minor, Currency::Cny)
}

pub(crate) fn rule(mode: RoundingMode) -> AmountRule {
    AmountRule::new(Currency::Cny, Rounding { mode, scale: 2 }).expect("two places")
}

pub(crate) const MODES: [RoundingMode; 6] = [
    RoundingMode::HalfUp,
    RoundingMode::HalfEven,
    RoundingMode::Up,
    RoundingMode::Down,
    RoundingMode::Ceiling,
    RoundingMode::Floor,
];

/// A line's amount is its exact value after its one rounding.
pub(crate) fn recompute(line: &Line) {
    let currency = line.amount.currency();
    match line.working.rounding {
        Some(rounding) => {
            let again = Money::from_fraction(line.working.exact, currency, rounding.mode);
            assert_eq!(again, line.amount);
        }
        None => assert_eq!(line.amount.to_fraction(), line.working.exact),
    }
}
