//! Amounts, shares, instants and lengths of time as people write them. Shares are cut off, never
//! rounded up: 89.99999 % must not read as 90 %.

use units::{
    Currency, Date, Decimal, Duration, DurationUnit, Fraction, Lang, Money, Percent, Ratio,
    RoundingMode, Timestamp, Window,
};

use super::Words;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

impl Words {
    /// `¥12,345.00`, `CNY 12,345.00`; other currencies by their code in both languages.
    #[must_use]
    pub fn money(&self, amount: Money) -> String {
        let figure = self.decimal(amount.amount());
        match (self.lang, amount.currency(), figure.strip_prefix('-')) {
            (Lang::Zh, Currency::Cny, None) => format!("¥{figure}"),
            (Lang::Zh, Currency::Cny, Some(figure)) => format!("-¥{figure}"),
            (_, currency, _) => format!("{} {figure}", currency.code()),
        }
    }

    /// An amount of minor units in the agreement's currency, or plain where none is known.
    #[must_use]
    pub fn minor(&self, minor: i128) -> String {
        match self.currency {
            Some(currency) => self.money(Money::new(minor, currency)),
            None => grouped(&minor.to_string()),
        }
    }

    /// `12,345.678`.
    #[must_use]
    pub fn decimal(&self, value: Decimal) -> String {
        grouped(&value.to_string())
    }

    /// `12,345`.
    #[must_use]
    pub fn count(&self, value: u64) -> String {
        grouped(&value.to_string())
    }

    /// A decimal, or a fraction as `1/3` where it has no short decimal.
    #[must_use]
    pub fn exact(&self, value: Fraction) -> String {
        let decimal = value
            .checked_scaled(6, RoundingMode::Down)
            .map(|scaled| Decimal::new(scaled, 6).normalized())
            .filter(|decimal| decimal.to_fraction() == value);
        match decimal {
            Some(decimal) => self.decimal(decimal),
            None => grouped_fraction(&format!("{}/{}", value.num(), value.den())),
        }
    }

    /// A value of a working with its unit, such as `1,234 GPU 秒`.
    #[must_use]
    pub fn quantity(&self, value: &str, unit: &str) -> String {
        let value = match value.split_once('/').map(|(num, den)| (num.parse(), den.parse())) {
            Some((Ok(num), Ok(den))) if den != 0 => self.exact(Fraction::new(num, den)),
            _ => grouped_fraction(value),
        };
        match super::lines::unit_of(unit, self.lang) {
            Some("%") => format!("{value} %"),
            Some("") => value,
            Some(unit) => format!("{value} {unit}"),
            None => format!("{value} {unit}"),
        }
    }

    /// `90 %`, `99.95 %`: exact.
    #[must_use]
    pub fn percent(&self, value: Percent) -> String {
        format!("{} %", self.decimal(value.points().normalized()))
    }

    /// `93.12 %`: at most four places, cut off.
    #[must_use]
    pub fn share(&self, value: Fraction) -> String {
        match value.checked_scaled(6, RoundingMode::Down) {
            Some(scaled) => format!("{} %", self.decimal(Decimal::new(scaled, 4).normalized())),
            None => self.exact(value),
        }
    }

    /// `9,312 / 10,000 (93.12 %)`; without a share when nothing was counted.
    #[must_use]
    pub fn ratio(&self, ratio: Ratio) -> String {
        let (hits, total) = (self.count(ratio.hits), self.count(ratio.total));
        match ratio.value() {
            Some(value) => format!("{hits} / {total} ({})", self.share(value)),
            None => format!("{hits} / {total}"),
        }
    }

    /// `2026-03-01`.
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        date.to_string()
    }

    /// `2026-03-01 08:00` in the agreement's zone; with seconds where there are any.
    #[must_use]
    pub fn instant(&self, at: Timestamp) -> String {
        let local = at.to_local(&self.zone).replace('T', " ");
        local.strip_suffix(":00").map_or(local.clone(), str::to_owned)
    }

    /// The end of a time limit: `2026-03-31 24:00` where it ends with the day.
    #[must_use]
    pub fn limit(&self, at: Timestamp) -> String {
        let day = at.date(&self.zone);
        if day.start(&self.zone) == at {
            return format!("{} 24:00", day.plus_days(-1));
        }
        self.instant(at)
    }

    /// `2026-03-01 08:00 至 2026-03-31 24:00`.
    #[must_use]
    pub fn window(&self, window: Window) -> String {
        let (from, to) = (self.instant(window.from), self.limit(window.to));
        say!(self, "{from} 至 {to}", "{from} to {to}")
    }

    /// `3 个工作日`, `3 working days`.
    #[must_use]
    pub fn duration(&self, duration: Duration) -> String {
        let unit = self.name(duration.unit);
        let unit = if duration.count == 1 { unit.trim_end_matches('s') } else { unit };
        format!("{} {unit}", duration.count)
    }

    /// A length of exact time by its two largest units: `2 天 3 小时`, `2 d 3 h`.
    #[must_use]
    pub fn length(&self, seconds: u64) -> String {
        let (days, hours) = (seconds / DAY, seconds % DAY / HOUR);
        let (minutes, rest) = (seconds % HOUR / MINUTE, seconds % MINUTE);
        match (days, hours, minutes) {
            (0, 0, 0) => say!(self, "{rest} 秒", "{rest} s"),
            (0, 0, _) if rest == 0 => say!(self, "{minutes} 分钟", "{minutes} min"),
            (0, 0, _) => say!(self, "{minutes} 分 {rest} 秒", "{minutes} min {rest} s"),
            (0, _, 0) => say!(self, "{hours} 小时", "{hours} h"),
            (0, ..) => say!(self, "{hours} 小时 {minutes} 分", "{hours} h {minutes} min"),
            (_, 0, _) => say!(self, "{days} 天", "{days} d"),
            _ => say!(self, "{days} 天 {hours} 小时", "{days} d {hours} h"),
        }
    }

    /// What is left until a time limit, or how long it is over.
    #[must_use]
    pub fn remaining(&self, due: Timestamp, as_of: Timestamp) -> String {
        let length = self.length(due.seconds_since(as_of).unsigned_abs());
        if as_of <= due {
            say!(self, "还剩 {length}", "{length} left")
        } else {
            say!(self, "逾期 {length}", "{length} overdue")
        }
    }

    /// A number of bytes with a decimal unit, cut off: `1.50 GB`.
    #[must_use]
    pub fn bytes(&self, bytes: u64) -> String {
        const UNITS: [(&str, u64); 4] =
            [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
        match UNITS.into_iter().find(|(_, size)| bytes >= *size) {
            Some((unit, size)) => {
                format!("{}.{:02} {unit}", bytes / size, bytes % size / (size / 100))
            }
            None => say!(self, "{bytes} 字节", "{bytes} bytes"),
        }
    }
}

names! { DurationUnit {
    Minutes => "分钟", "minutes";
    Hours => "小时", "hours";
    Days => "日", "days";
    WorkingDays => "个工作日", "working days";
    Months => "个月", "months";
    Years => "年", "years";
} }

/// Commas between groups of three digits before the decimal point.
fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, places) = digits.split_once('.').map_or((digits, None), |(a, b)| (a, Some(b)));
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(places) = places {
        out.push('.');
        out.push_str(places);
    }
    out
}

/// The same on both sides of a stroke.
fn grouped_fraction(text: &str) -> String {
    match text.split_once('/') {
        Some((num, den)) => format!("{}/{}", grouped(num), grouped(den)),
        None => grouped(text),
    }
}
