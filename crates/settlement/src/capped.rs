//! A line that must not pass a limit: credits, late fees and damages with a cap. Rounding by the
//! agreed mode may step over a cap by less than one minor unit; then the line is cut off instead.

use alloc::vec::Vec;

use units::{EvidenceId, Fraction, Id, MoneyError, Rounding, RoundingMode};

use crate::amount::{AmountRule, Rated};
use crate::working::{Line, LineCode};

/// A line whose amount is rounded once and is never further from zero than `limit`. The exact
/// value lies within the limit already; without a limit this is the plain line.
pub(crate) fn capped_line(
    rule: AmountRule,
    code: LineCode,
    subject: Option<Id>,
    clause: &str,
    rated: Rated,
    limit: Option<Fraction>,
    evidence: Vec<EvidenceId>,
) -> Result<Line, MoneyError> {
    let within = limit.is_none_or(|limit| {
        rule.round(rated.exact).is_ok_and(|amount| size(amount.to_fraction()) <= limit)
    });
    let rule = if within { rule } else { with_mode(rule, RoundingMode::Down) };
    rule.line(code, subject, clause, rated, evidence)
}

/// The rule of the same currency with another mode.
pub(crate) fn with_mode(rule: AmountRule, mode: RoundingMode) -> AmountRule {
    let rounding = Rounding { mode, scale: rule.rounding().scale };
    AmountRule::new(rule.currency(), rounding).expect("the scale of a rule is its currency's")
}

/// The value without its sign.
pub(crate) fn size(value: Fraction) -> Fraction {
    value.max(-value)
}
