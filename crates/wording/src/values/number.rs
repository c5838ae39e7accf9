//! Finds numerals in a text: figures with their separators, Chinese numerals, English words.

use units::Decimal;

use crate::Span;
use crate::numeral::{self, en_decimal, is_en_numeral, is_zh_numeral, zh_decimal};

/// How a numeral is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// `30`, `1,000.50`, `３０`.
    Figure,
    /// `三十`, `壹拾万`.
    Han,
    /// `thirty`.
    Words,
}

/// A numeral in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeral {
    pub(super) place: Span,
    pub(super) value: Decimal,
    pub(super) script: Script,
}

/// The numerals of a text, from left to right.
pub(super) fn numerals(text: &str) -> Vec<Numeral> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        let found = if is_figure(letter)
            && (!before.is_some_and(is_part_of_figure) || follows_code(text, at))
        {
            figure(text, at)
        } else if is_zh_numeral(letter) || letter == '半' {
            han(text, at)
        } else if letter.is_ascii_alphabetic() && !before.is_some_and(|b| b.is_ascii_alphanumeric())
        {
            words(text, at)
        } else {
            None
        };
        match found {
            Some(numeral) => {
                at = numeral.place.end;
                out.push(numeral);
            }
            None => at += skip(text, at, letter),
        }
    }
    out
}

/// Currencies that stand right in front of their figure: `USD100`, `RMB5万`.
const CODES: [&str; 9] = ["USD", "EUR", "GBP", "CNY", "RMB", "HKD", "SGD", "JPY", "CHF"];

fn follows_code(text: &str, at: usize) -> bool {
    CODES.iter().any(|code| text[..at].ends_with(code))
}

/// Over the rest of a word or a run of figures that is no numeral.
fn skip(text: &str, at: usize, letter: char) -> usize {
    if !letter.is_ascii_alphanumeric() {
        return letter.len_utf8();
    }
    let rest = &text[at..];
    let word = word_at(rest);
    if CODES.contains(&word) {
        return word.len();
    }
    rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len()).max(1)
}

const fn is_figure(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, '０'..='９')
}

const fn is_part_of_figure(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '０'..='９')
}

fn figure(text: &str, start: usize) -> Option<Numeral> {
    let rest = &text[start..];
    let mut digits = String::new();
    let mut places = None::<u8>;
    let mut end = 0;
    for (at, letter) in rest.char_indices() {
        if let Some(digit) = is_figure(letter).then(|| numeral::zh_digit(letter)).flatten() {
            digits.push(char::from(b'0' + digit));
            places = places.map(|count| count.saturating_add(1));
            end = at + letter.len_utf8();
        } else {
            let after = &rest[at + letter.len_utf8()..];
            let next = after.chars().next().is_some_and(is_figure);
            match letter {
                ',' | '，' if places.is_none() && groups(after) => {}
                '.' | '．' if places.is_none() && next => places = Some(0),
                _ => break,
            }
        }
        if digits.len() > 28 {
            return None;
        }
    }
    let scale = places.unwrap_or(0);
    if scale > Decimal::MAX_SCALE {
        return None;
    }
    let mantissa: i128 = digits.parse().ok()?;
    // `3.1.2` and `1.2.3.4` are numbers of clauses or addresses.
    if rest[end..].starts_with('.') && rest[end + 1..].starts_with(is_figure) {
        return None;
    }
    let place = Span { start, end: start + end };
    Some(Numeral { place, value: Decimal::new(mantissa, scale), script: Script::Figure })
}

/// Whether exactly three figures come, as behind a thousands separator.
fn groups(text: &str) -> bool {
    let mut letters = text.chars();
    let three = letters.by_ref().take(3).filter(|letter| is_figure(*letter)).count() == 3;
    three && !letters.next().is_some_and(is_figure)
}

fn han(text: &str, start: usize) -> Option<Numeral> {
    let rest = &text[start..];
    if rest.starts_with('半') {
        let place = Span { start, end: start + '半'.len_utf8() };
        return Some(Numeral { place, value: Decimal::new(5, 1), script: Script::Han });
    }
    let inside = |letter: char| is_zh_numeral(letter) || letter == '点';
    let end = rest.find(|letter| !inside(letter)).unwrap_or(rest.len());
    let run = rest[..end].trim_end_matches('点');
    // `十一二` and the like are read as far as they are a numeral.
    let value = zh_decimal(run)?;
    let place = Span { start, end: start + run.len() };
    Some(Numeral { place, value, script: Script::Han })
}

fn words(text: &str, start: usize) -> Option<Numeral> {
    let rest = &text[start..];
    let first = word_at(rest);
    if first.len() > 12 || !is_en_numeral(&first.to_ascii_lowercase()) {
        return None;
    }
    let mut read: Vec<String> = Vec::new();
    let mut end = 0;
    let mut at = 0;
    while read.len() < 24 {
        let word = word_at(&rest[at..]);
        let lower = word.to_ascii_lowercase();
        let joins = lower == "and" || lower == "point" || lower == "a";
        if word.is_empty()
            || word.len() > 12
            || !(is_en_numeral(&lower) || joins && !read.is_empty())
        {
            break;
        }
        at += word.len();
        if !joins {
            end = at;
        }
        read.push(lower);
        let gap = &rest[at..];
        let over = gap.len() - gap.trim_start_matches([' ', '-', '–']).len();
        if over == 0 || over > 2 {
            break;
        }
        at += over;
    }
    while read.last().is_some_and(|word| matches!(word.as_str(), "and" | "point" | "a")) {
        read.pop();
    }
    let parts: Vec<&str> = read.iter().map(String::as_str).collect();
    let value = en_decimal(&parts)?;
    Some(Numeral { place: Span { start, end: start + end }, value, script: Script::Words })
}

fn word_at(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(text.len());
    &text[..end]
}
