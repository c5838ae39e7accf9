//! Durations, percentages and amounts that stand in a sentence, as rules want them. Reads them
//! where every reader of contracts does ([`wording::values::quantities`]) and knows no meaning of
//! them.

use units::Decimal;
use wording::values::{self, Kind, TimeUnit};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Amount {
    Time(i64, TimeUnit),
    Percent(Decimal),
    /// Currency as written in ISO 4217, and the sum.
    Money(&'static str, Decimal),
}

/// A value and its place in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quantity {
    pub(crate) amount: Amount,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Quantity {
    /// Hours of a duration; business days count as days, months not at all.
    pub(crate) fn hours(&self) -> Option<i64> {
        let hours = match self.amount {
            Amount::Time(_, TimeUnit::Hours) => 1,
            Amount::Time(_, TimeUnit::Days | TimeUnit::WorkingDays) => 24,
            Amount::Time(_, TimeUnit::Weeks) => 168,
            _ => return None,
        };
        self.count()?.checked_mul(hours)
    }

    /// Days of a duration: a month counts as 30, a year as 365.
    pub(crate) fn days(&self) -> Option<i64> {
        let days = match self.amount {
            Amount::Time(_, TimeUnit::Days | TimeUnit::WorkingDays) => 1,
            Amount::Time(_, TimeUnit::Weeks) => 7,
            Amount::Time(_, TimeUnit::Months) => 30,
            Amount::Time(_, TimeUnit::Quarters) => 91,
            Amount::Time(_, TimeUnit::Years) => 365,
            Amount::Time(n, TimeUnit::Hours) if n % 24 == 0 => return Some(n / 24),
            _ => return None,
        };
        self.count()?.checked_mul(days)
    }

    /// Months of a duration given in months or more.
    pub(crate) fn months(&self) -> Option<i64> {
        let months = match self.amount {
            Amount::Time(_, TimeUnit::Months) => 1,
            Amount::Time(_, TimeUnit::Quarters) => 3,
            Amount::Time(_, TimeUnit::Years) => 12,
            _ => return None,
        };
        self.count()?.checked_mul(months)
    }

    const fn count(&self) -> Option<i64> {
        match self.amount {
            Amount::Time(count, _) => Some(count),
            _ => None,
        }
    }
}

/// The values in the bytes `start..end`, in order.
pub(crate) fn quantities(text: &str, start: usize, end: usize) -> Vec<Quantity> {
    let found = values::quantities(&text[start..end]);
    found
        .into_iter()
        .filter_map(|(place, kind)| {
            let amount = match kind {
                Kind::Duration { number, unit } => Amount::Time(whole(number.value)?, unit),
                Kind::Percent { number, .. } => Amount::Percent(number.value),
                Kind::Money { number, currency, .. } => Amount::Money(currency, number.value),
                _ => return None,
            };
            Some(Quantity { amount, start: start + place.start, end: start + place.end })
        })
        .collect()
}

/// A number of whole units; `1.5 years` is none.
fn whole(value: Decimal) -> Option<i64> {
    let value = value.normalized();
    (value.scale() == 0).then(|| i64::try_from(value.mantissa()).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[Amount]) {
        let found: Vec<_> =
            quantities(text, 0, text.len()).into_iter().map(|found| found.amount).collect();
        assert_eq!(found, expected, "{text}");
    }

    fn percent(text: &str) -> Amount {
        Amount::Percent(text.parse().unwrap())
    }

    #[test]
    fn values_are_read_in_both_languages() {
        use Amount::{Money, Time};
        use TimeUnit as Unit;
        check("within seventy-two (72) hours", &[Time(72, Unit::Hours)]);
        check("twelve-month period; thirty days", &[Time(12, Unit::Months), Time(30, Unit::Days)]);
        check("5 business days", &[Time(5, Unit::WorkingDays)]);
        check("在72小时内通知，三十日内删除", &[Time(72, Unit::Hours), Time(30, Unit::Days)]);
        check("过去十二个月的费用", &[Time(12, Unit::Months)]);
        check("2024年3月1日起", &[]);
        check("99.9% uptime", &[percent("99.9")]);
        check("百分之九十九点九", &[percent("99.9")]);
        check(
            "US$100 or €1,000.50",
            &[Money("USD", "100".parse().unwrap()), Money("EUR", "1000.50".parse().unwrap())],
        );
        check("(B) USD100.", &[Money("USD", "100".parse().unwrap())]);
        check("人民币5万元", &[Money("CNY", "50000".parse().unwrap())]);
    }
}
