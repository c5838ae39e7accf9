//! Durations, percentages and amounts that stand in a sentence, zh and en, exact. A figure in
//! brackets (`thirty (30) days`) is read once. Knows no meaning of them.

use std::sync::LazyLock;

use regex::Regex;
use units::Decimal;

/// The unit of a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Minutes,
    Hours,
    Days,
    BusinessDays,
    Weeks,
    Months,
    Years,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Amount {
    Time(i64, Unit),
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
        match self.amount {
            Amount::Time(n, Unit::Hours) => Some(n),
            Amount::Time(n, Unit::Days | Unit::BusinessDays) => Some(n * 24),
            Amount::Time(n, Unit::Weeks) => Some(n * 168),
            _ => None,
        }
    }

    /// Days of a duration: a month counts as 30, a year as 365.
    pub(crate) fn days(&self) -> Option<i64> {
        match self.amount {
            Amount::Time(n, Unit::Days | Unit::BusinessDays) => Some(n),
            Amount::Time(n, Unit::Weeks) => Some(n * 7),
            Amount::Time(n, Unit::Months) => Some(n * 30),
            Amount::Time(n, Unit::Years) => Some(n * 365),
            Amount::Time(n, Unit::Hours) if n % 24 == 0 => Some(n / 24),
            _ => None,
        }
    }

    /// Months of a duration given in months or years.
    pub(crate) fn months(&self) -> Option<i64> {
        match self.amount {
            Amount::Time(n, Unit::Months) => Some(n),
            Amount::Time(n, Unit::Years) => Some(n * 12),
            _ => None,
        }
    }
}

const WORDS: &str = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|\
    fourteen|fifteen|sixteen|eighteen|twenty(?:[- ](?:one|four|five))?|thirty(?:[- ]six)?|forty|\
    forty[- ](?:five|eight)|fifty|sixty|seventy(?:[- ]two)?|eighty|ninety|hundred|one hundred|\
    one hundred (?:and )?(?:eighty|twenty)|a";

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        concat!(
            r"(?i)(?:\b(\d{{1,4}})|\b(?:{WORDS})\s*[(（]\s*(\d{{1,4}})\s*[)）]|",
            r"\b({WORDS}))[\s-]*(?:[(（][\da-z -]{{1,24}}[)",
            r"）])?\s*((?:full |consecutive |calendar )*)(business |working )?-?(minute|hour|",
            r"day|week|month|year)s?\b",
        ),
        WORDS = WORDS
    ))
});
static TIME_ZH: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(\d{1,4}|[一二三四五六七八九十百两]{1,5})\s*(?:[（(]\s*(\d{1,4})\s*[)）])?\s*个?\s*(分钟|小时|工作日|",
        r"自然日|日历日|日|天|周|星期|个月|月|年)(?:[内之以前后的，。；、\s]|$)",
    ))
});
static PERCENT: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(\d{1,3}(?:\.\d{1,6})?)\s*(?:%|％|percent\b|per cent\b)"));
static PERCENT_ZH: LazyLock<Regex> =
    LazyLock::new(|| regex(r"百分之([一二三四五六七八九十百零点]{1,12})"));
static MONEY: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)(US\$|USD|U\.S\. dollars|\$|€|EUR|£|GBP|¥|CNY|RMB|人民币|SGD|S\$|SEK|",
        r"CHF)\s*(\d[\d,]*(?:\.\d{1,2})",
        r"?)\s*(million|万|亿)?",
    ))
});
static MONEY_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)(\d[\d,]*(?:\.\d{1,2})?)\s*(万|亿)?\s*(?:\)\s*)?(u\.s\. dollars|us dollars|",
        r"dollars|euros|euro|eur|usd|元|人民币|sek|kronor)",
    ))
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a fixed pattern compiles")
}

/// The values in the bytes `start..end`, in order.
pub(crate) fn quantities(text: &str, start: usize, end: usize) -> Vec<Quantity> {
    let part = &text[start..end];
    let mut found = Vec::new();
    let mut push = |amount, from: usize, to: usize| {
        found.push(Quantity { amount, start: start + from, end: start + to });
    };
    for time in TIME.captures_iter(part) {
        let number = time.get(1).or(time.get(2));
        let count = match number {
            Some(digits) => digits.as_str().parse().ok(),
            None => time.get(3).and_then(|word| english(word.as_str())),
        };
        let business = time.get(5).is_some();
        let unit = unit_en(&time[6].to_ascii_lowercase(), business);
        if let (Some(count), Some(all)) = (count, time.get(0)) {
            push(Amount::Time(count, unit), all.start(), all.end());
        }
    }
    for time in TIME_ZH.captures_iter(part) {
        let count = match time.get(2) {
            Some(digits) => digits.as_str().parse().ok(),
            None => time[1].parse().ok().or_else(|| chinese(&time[1])),
        };
        let (Some(count), Some(all), Some(unit)) = (count, time.get(0), time.get(3)) else {
            continue;
        };
        // 2024年3月1日 is a date.
        let counted = all.as_str().contains("个月");
        if !counted
            && matches!(unit.as_str(), "年" | "月" | "日")
            && is_date(part, all.start(), count, unit.as_str())
        {
            continue;
        }
        push(Amount::Time(count, unit_zh(unit.as_str())), all.start(), unit.end());
    }
    for percent in PERCENT.captures_iter(part) {
        if let (Ok(value), Some(all)) = (percent[1].parse(), percent.get(0)) {
            push(Amount::Percent(value), all.start(), all.end());
        }
    }
    for percent in PERCENT_ZH.captures_iter(part) {
        if let (Some(value), Some(all)) = (chinese_decimal(&percent[1]), percent.get(0)) {
            push(Amount::Percent(value), all.start(), all.end());
        }
    }
    for money in MONEY.captures_iter(part) {
        if let (Some(sum), Some(all)) =
            (sum(&money[2], money.get(3).map(|m| m.as_str())), money.get(0))
        {
            push(Amount::Money(currency(&money[1]), sum), all.start(), all.end());
        }
    }
    for money in MONEY_BEHIND.captures_iter(part) {
        if let (Some(sum), Some(all)) =
            (sum(&money[1], money.get(2).map(|m| m.as_str())), money.get(0))
        {
            push(Amount::Money(currency(&money[3]), sum), all.start(), all.end());
        }
    }
    found.sort_by_key(|quantity| quantity.start);
    let mut last = 0;
    found.retain(|quantity| {
        let free = quantity.start >= last;
        if free {
            last = quantity.end;
        }
        free
    });
    found
}

fn is_date(text: &str, start: usize, count: i64, unit: &str) -> bool {
    let before = text[..start].trim_end();
    match unit {
        "年" => count > 200,
        "月" => true,
        _ => before.ends_with('月') || before.ends_with(['每', '第']),
    }
}

fn english(word: &str) -> Option<i64> {
    let mut total = 0;
    for part in word.to_ascii_lowercase().split([' ', '-']) {
        total += match part {
            "a" | "one" => 1,
            "two" => 2,
            "three" => 3,
            "four" => 4,
            "five" => 5,
            "six" => 6,
            "seven" => 7,
            "eight" => 8,
            "nine" => 9,
            "ten" => 10,
            "eleven" => 11,
            "twelve" => 12,
            "thirteen" => 13,
            "fourteen" => 14,
            "fifteen" => 15,
            "sixteen" => 16,
            "eighteen" => 18,
            "twenty" => 20,
            "thirty" => 30,
            "forty" => 40,
            "fifty" => 50,
            "sixty" => 60,
            "seventy" => 70,
            "eighty" => 80,
            "ninety" => 90,
            "hundred" => {
                total = if total == 0 { 100 } else { total * 100 };
                0
            }
            "and" => 0,
            _ => return None,
        };
    }
    Some(total)
}

fn chinese(word: &str) -> Option<i64> {
    let mut total = 0;
    let mut digit = 0;
    for c in word.chars() {
        let value = match c {
            '零' => 0,
            '一' => 1,
            '二' | '两' => 2,
            '三' => 3,
            '四' => 4,
            '五' => 5,
            '六' => 6,
            '七' => 7,
            '八' => 8,
            '九' => 9,
            '十' => {
                total += if digit == 0 { 10 } else { digit * 10 };
                digit = 0;
                continue;
            }
            '百' => {
                total += if digit == 0 { 100 } else { digit * 100 };
                digit = 0;
                continue;
            }
            _ => return None,
        };
        digit = value;
    }
    Some(total + digit)
}

fn chinese_decimal(word: &str) -> Option<Decimal> {
    let (whole, places) = word.split_once('点').unwrap_or((word, ""));
    let whole = chinese(whole)?;
    let places: Option<String> =
        places.chars().map(|c| chinese(&c.to_string()).map(|digit| digit.to_string())).collect();
    let places = places?;
    let text = if places.is_empty() { whole.to_string() } else { format!("{whole}.{places}") };
    text.parse().ok()
}

fn sum(digits: &str, scale: Option<&str>) -> Option<Decimal> {
    let plain = digits.replace(',', "");
    let value: Decimal = plain.parse().ok()?;
    let factor = match scale.map(str::to_lowercase).as_deref() {
        Some("million") => 1_000_000,
        Some("万") => 10_000,
        Some("亿") => 100_000_000,
        _ => return Some(value),
    };
    Some(Decimal::new(value.mantissa().checked_mul(factor)?, value.scale()).normalized())
}

fn currency(mark: &str) -> &'static str {
    match mark.to_lowercase().as_str() {
        "€" | "eur" | "euro" | "euros" => "EUR",
        "£" | "gbp" => "GBP",
        "¥" | "cny" | "rmb" | "人民币" | "元" => "CNY",
        "sgd" | "s$" => "SGD",
        "sek" | "kronor" => "SEK",
        "chf" => "CHF",
        _ => "USD",
    }
}

fn unit_en(unit: &str, business: bool) -> Unit {
    match unit {
        "minute" => Unit::Minutes,
        "hour" => Unit::Hours,
        "day" if business => Unit::BusinessDays,
        "day" => Unit::Days,
        "week" => Unit::Weeks,
        "month" => Unit::Months,
        _ => Unit::Years,
    }
}

fn unit_zh(unit: &str) -> Unit {
    match unit {
        "分钟" => Unit::Minutes,
        "小时" => Unit::Hours,
        "工作日" => Unit::BusinessDays,
        "周" | "星期" => Unit::Weeks,
        "个月" | "月" => Unit::Months,
        "年" => Unit::Years,
        _ => Unit::Days,
    }
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
        check("within seventy-two (72) hours", &[Time(72, Unit::Hours)]);
        check("twelve-month period; thirty days", &[Time(12, Unit::Months), Time(30, Unit::Days)]);
        check("5 business days", &[Time(5, Unit::BusinessDays)]);
        check("在72小时内通知，三十日内删除", &[Time(72, Unit::Hours), Time(30, Unit::Days)]);
        check("过去十二个月的费用", &[Time(12, Unit::Months)]);
        check("2024年3月1日起", &[]);
        check("99.9% uptime", &[percent("99.9")]);
        check("百分之九十九点九", &[percent("99.9")]);
        check(
            "US$100 or €1,000.50",
            &[Money("USD", "100".parse().unwrap()), Money("EUR", "1000.50".parse().unwrap())],
        );
        check("人民币5万元", &[Money("CNY", "50000".parse().unwrap())]);
    }
}
