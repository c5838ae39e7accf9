//! Dates: `June 17, 2025`, `17 June 2025`, `1st day of May, 2012`, `2025-10-16`, `2026年1月28日`,
//! `二〇二六年一月`. A date that cannot be (31 June) is none.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use crate::Span;
use crate::numeral::zh_whole;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

static HAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        concat!(
            r"([0-9]{4}|[〇○零一二三四五六七八九]{4})\s*年\s*(?:([0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*月",
            r"\s*(?:([0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*[日号])?)?",
        ),
    )
    .expect("a fixed pattern")
});
static ISO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b([12][0-9]{3})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})\b").expect("a fixed pattern")
});
static MONTH_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\b((?i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6})\.?\s+",
        r"(?:([0-9]{1,2})(?:st|nd|rd|th)?\s*,?\s+)?([12][0-9]{3})\b",
    ))
    .expect("a fixed pattern")
});
static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\b([0-9]{1,2})(?:st|nd|rd|th)?(?:\s+day)?(?:\s+of)?\s+((?i:Jan|Feb|Mar|A",
        r"pr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6})\.?,?\s+([12][0-9]{3})\b",
    ))
    .expect("a fixed pattern")
});

/// Finds the dates of a text.
pub(super) fn find(text: &str, found: &mut Vec<(Span, Kind)>) {
    if text.contains('年') {
        for parts in HAN.captures_iter(text) {
            let number = |at: usize| parts.get(at).and_then(|part| zh_whole(part.as_str()));
            let year = number(1);
            // 2025年度, 2025年AI… : the year alone.
            push(text, found, parts.get(0), year, number(2), number(3));
        }
    }
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return;
    }
    for parts in ISO.captures_iter(text) {
        let number = |at: usize| parts.get(at).and_then(|part| part.as_str().parse().ok());
        push(text, found, parts.get(0), number(1), number(2), number(3));
    }
    for parts in DAY_FIRST.captures_iter(text) {
        let number = |at: usize| parts.get(at).and_then(|part| part.as_str().parse().ok());
        push(text, found, parts.get(0), number(3), month(&parts[2]), number(1));
    }
    for parts in MONTH_FIRST.captures_iter(text) {
        let number = |at: usize| parts.get(at).and_then(|part| part.as_str().parse().ok());
        push(text, found, parts.get(0), number(3), month(&parts[1]), number(2));
    }
}

fn month(word: &str) -> Option<u64> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let lower = word.to_lowercase();
    let full = NAMES.iter().any(|name| *name == lower) || lower.len() <= 4;
    let at = MONTHS.iter().position(|name| lower.starts_with(name)).filter(|_| full)?;
    u64::try_from(at + 1).ok()
}

fn push(
    text: &str,
    found: &mut Vec<(Span, Kind)>,
    whole: Option<regex::Match<'_>>,
    year: Option<u64>,
    month: Option<u64>,
    day: Option<u64>,
) {
    let (Some(whole), Some(year)) = (whole, year) else { return };
    let Ok(year) = i16::try_from(year) else { return };
    let small = |value: Option<u64>| value.and_then(|value| i8::try_from(value).ok());
    let (month, day) = (small(month), small(day));
    let real = units::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).is_some();
    let start = whole.start();
    let end = start + whole.as_str().trim_end().len();
    let place = Span { start, end };
    let taken = found.iter().any(|(other, _)| other.start < end && start < other.end);
    let inside = text[..start].ends_with(|letter: char| letter.is_ascii_digit());
    if real && !taken && !inside && (1_000..3_000).contains(&year) {
        found.push((place, Kind::Date { year, month, day }));
    }
}
