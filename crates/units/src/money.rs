//! Money: integer minor units and a currency. Nothing here rounds but [`Money::from_fraction`].

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::fraction::Fraction;
use crate::rounding::RoundingMode;

/// An ISO 4217 currency that agreements here are written in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Renminbi yuan; minor unit fen.
    Cny,
    /// United States dollar.
    Usd,
    /// Euro.
    Eur,
    /// Pound sterling.
    Gbp,
    /// Hong Kong dollar.
    Hkd,
    /// Singapore dollar.
    Sgd,
    /// Japanese yen; no minor unit.
    Jpy,
}

/// An amount in integer minor units (fen, cent, yen).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "RawMoney", into = "RawMoney")]
pub struct Money {
    minor: i128,
    currency: Currency,
}

/// The written form: `{"amount": "1234.50", "currency": "CNY"}`.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawMoney {
    amount: String,
    currency: Currency,
}

/// Why an amount cannot be formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two different currencies met.
    #[error("amounts of different currencies")]
    Currency,
    /// Not a decimal number.
    #[error("not an amount")]
    Malformed,
    /// More decimal places than the currency has.
    #[error("more decimal places than the currency has")]
    TooPrecise,
    /// Beyond what an amount may be.
    #[error("amount out of range")]
    Range,
}

impl Currency {
    /// Number of decimal places of the minor unit.
    #[must_use]
    pub const fn exponent(self) -> u8 {
        match self {
            Self::Jpy => 0,
            _ => 2,
        }
    }

    /// The ISO 4217 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cny => "CNY",
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Gbp => "GBP",
            Self::Hkd => "HKD",
            Self::Sgd => "SGD",
            Self::Jpy => "JPY",
        }
    }
}

impl Money {
    /// An amount of minor units.
    #[must_use]
    pub const fn new(minor: i128, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The amount of minor units.
    #[must_use]
    pub const fn minor(self) -> i128 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether the amount is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Rounds an exact number of major units (yuan) to minor units. The one place where money is
    /// rounded.
    #[must_use]
    pub fn from_fraction(major: Fraction, currency: Currency, mode: RoundingMode) -> Self {
        Self::new(major.scaled(currency.exponent(), mode), currency)
    }

    /// As [`Self::from_fraction`], for values that a term or a measurement may push out of range.
    ///
    /// # Errors
    /// When the amount is out of range.
    pub fn checked_from_fraction(
        major: Fraction,
        currency: Currency,
        mode: RoundingMode,
    ) -> Result<Self, MoneyError> {
        let minor = major.checked_scaled(currency.exponent(), mode).ok_or(MoneyError::Range)?;
        Ok(Self::new(minor, currency))
    }

    /// The amount in major units as an exact fraction.
    #[must_use]
    pub fn to_fraction(self) -> Fraction {
        Fraction::new(self.minor, 10_i128.pow(u32::from(self.currency.exponent())))
    }

    /// Reads major units written as a decimal, `1234.50`.
    ///
    /// # Errors
    /// When the decimal has more places than the currency.
    pub fn from_decimal(major: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let major = major.normalized();
        let exponent = currency.exponent();
        let missing = exponent.checked_sub(major.scale()).ok_or(MoneyError::TooPrecise)?;
        let minor = major
            .mantissa()
            .checked_mul(10_i128.pow(u32::from(missing)))
            .ok_or(MoneyError::Range)?;
        Ok(Self::new(minor, currency))
    }

    /// The sum; refused for two currencies.
    ///
    /// # Errors
    /// When the currencies differ or the sum is out of range.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Currency);
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Range)?;
        Ok(Self::new(minor, self.currency))
    }

    /// The difference; refused for two currencies.
    ///
    /// # Errors
    /// When the currencies differ or the difference is out of range.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.checked_add(other.negated())
    }

    /// The amount with the opposite sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self::new(-self.minor, self.currency)
    }

    /// The smaller of two amounts.
    ///
    /// # Errors
    /// When the currencies differ.
    pub fn checked_min(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Currency);
        }
        Ok(Self::new(self.minor.min(other.minor), self.currency))
    }

    /// Major units as a plain decimal, `1234.50`.
    #[must_use]
    pub fn amount(self) -> Decimal {
        Decimal::new(self.minor, self.currency.exponent())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.amount(), self.currency.code()))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        [Self::Cny, Self::Usd, Self::Eur, Self::Gbp, Self::Hkd, Self::Sgd, Self::Jpy]
            .into_iter()
            .find(|currency| currency.code() == text)
            .ok_or(MoneyError::Malformed)
    }
}

impl From<Money> for RawMoney {
    fn from(value: Money) -> Self {
        Self { amount: value.amount().to_string(), currency: value.currency }
    }
}

impl TryFrom<RawMoney> for Money {
    type Error = MoneyError;
    fn try_from(raw: RawMoney) -> Result<Self, MoneyError> {
        let major: Decimal = raw.amount.parse().map_err(|_| MoneyError::Malformed)?;
        Self::from_decimal(major, raw.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_and_print_in_major_units() {
        let amount =
            Money::from_decimal(Decimal::new(12_345, 2), Currency::Cny).expect("two places");
        assert_eq!(amount.minor(), 12_345);
        assert_eq!(amount.to_string(), "123.45 CNY");
        assert_eq!(
            Money::from_decimal(Decimal::new(1, 3), Currency::Cny),
            Err(MoneyError::TooPrecise)
        );
        assert_eq!(
            Money::from_decimal(Decimal::new(15, 1), Currency::Jpy),
            Err(MoneyError::TooPrecise)
        );
    }

    #[test]
    fn two_currencies_never_add() {
        let yuan = Money::new(1, Currency::Cny);
        let dollar = Money::new(1, Currency::Usd);
        assert_eq!(yuan.checked_add(dollar), Err(MoneyError::Currency));
    }
}
