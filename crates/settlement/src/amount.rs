//! Exact values on their way to a line: checked arithmetic, and the one rounding of a line by the
//! agreement's rule. Knows no terms but the rounding.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use units::{ClauseId, Currency, Decimal, EvidenceId, Fraction, Id, Money, MoneyError, Rounding};

use crate::working::{Input, Line, LineCode, Working};

/// How amounts of an agreement are rounded: once for each line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AmountRule {
    currency: Currency,
    rounding: Rounding,
}

/// An exact price with the formula and the inputs that made it, before it is rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// The exact value in major units of money.
    pub exact: Fraction,
    /// The formula over the names of the inputs.
    pub formula: String,
    /// The inputs in the order of the formula.
    pub inputs: Vec<Input>,
}

impl AmountRule {
    /// The rule of an agreement; `None` when its number of decimal places is not the currency's,
    /// since an amount could then not be paid.
    #[must_use]
    pub fn new(currency: Currency, rounding: Rounding) -> Option<Self> {
        (rounding.scale == currency.exponent()).then_some(Self { currency, rounding })
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The rounding.
    #[must_use]
    pub const fn rounding(self) -> Rounding {
        self.rounding
    }

    /// Rounds an exact number of major units.
    ///
    /// # Errors
    /// When the amount is out of range.
    pub fn round(self, exact: Fraction) -> Result<Money, MoneyError> {
        Money::checked_from_fraction(exact, self.currency, self.rounding.mode)
    }

    /// A line whose amount is rounded here.
    ///
    /// # Errors
    /// When the amount is out of range.
    pub(crate) fn line(
        self,
        code: LineCode,
        subject: Option<Id>,
        clause: &str,
        rated: Rated,
        evidence: Vec<EvidenceId>,
    ) -> Result<Line, MoneyError> {
        let amount = self.round(rated.exact)?;
        let rounded = amount.to_fraction() != rated.exact;
        let working = Working {
            formula: rated.formula,
            inputs: rated.inputs,
            exact: rated.exact,
            rounding: rounded.then_some(self.rounding),
        };
        Ok(Line { code, subject, clause: clause_id(clause), amount, working, evidence })
    }
}

impl Rated {
    /// An exact value with its formula and inputs.
    #[must_use]
    pub fn new(exact: Fraction, formula: &str, inputs: Vec<Input>) -> Self {
        Self { exact, formula: formula.to_string(), inputs }
    }

    /// A fixed amount.
    #[must_use]
    pub fn fixed(amount: Decimal, currency: Currency) -> Self {
        let inputs = alloc::vec![Input::new("fee", amount, currency.code())];
        Self::new(amount.to_fraction(), "fee", inputs)
    }
}

/// The id of a clause that this crate cites.
pub(crate) fn clause_id(clause: &str) -> ClauseId {
    Id::new(clause).expect("a clause id in the code is well formed")
}

/// `a + b`, refused when out of range.
pub(crate) fn add(a: Fraction, b: Fraction) -> Result<Fraction, MoneyError> {
    a.checked_add(b).ok_or(MoneyError::Range)
}

/// `a - b`, refused when out of range.
pub(crate) fn sub(a: Fraction, b: Fraction) -> Result<Fraction, MoneyError> {
    add(a, -b)
}

/// `a * b`, refused when out of range.
pub(crate) fn mul(a: Fraction, b: Fraction) -> Result<Fraction, MoneyError> {
    a.checked_mul(b).ok_or(MoneyError::Range)
}

/// The sum of amounts of one currency.
pub(crate) fn total(
    currency: Currency,
    amounts: impl IntoIterator<Item = Money>,
) -> Result<Money, MoneyError> {
    amounts.into_iter().try_fold(Money::zero(currency), Money::checked_add)
}
