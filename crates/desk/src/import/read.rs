//! Values of one field: exact integers, times, names. Each says which field it was and why not.

use units::{Decimal, Timestamp};

use super::finding::clip;
use super::json::Json;
use super::{Limits, Problem, Shape};

/// A field that must be there.
pub(crate) fn required<T>(field: &str, value: Option<T>) -> Result<T, Problem> {
    value.ok_or_else(|| Problem::MissingField { field: field.to_owned() })
}

/// A name or other short text: not too long, no control characters.
pub(crate) fn name(field: &str, text: &str, limits: &Limits) -> Result<String, Problem> {
    if text.len() > limits.text_bytes {
        let (have, limit) = (text.len() as u64, limits.text_bytes as u64);
        return Err(Problem::TextTooLong { field: field.to_owned(), have, limit });
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::NotAName { field: field.to_owned(), text: clip(text) });
    }
    Ok(text.to_owned())
}

/// An exact integer from 0 on, written plainly.
pub(crate) fn integer(field: &str, text: &str) -> Result<u64, Problem> {
    let (field, quoted) = (field.to_owned(), clip(text));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if text.strip_prefix('-').is_some_and(digits) {
        return Err(Problem::NegativeQuantity { field, text: quoted });
    }
    if !digits(text) || (text.len() > 1 && text.starts_with('0')) {
        return Err(Problem::NotAnInteger { field, text: quoted });
    }
    text.parse().map_err(|_| Problem::TooLarge { field, text: quoted })
}

/// An instant with its offset. Digits beyond the microsecond are cut off: many systems write
/// nanoseconds.
pub(crate) fn time(field: &str, text: &str) -> Result<Timestamp, Problem> {
    let refused = || Problem::NotATime { field: field.to_owned(), text: clip(text) };
    let cut = match text.split_once('.') {
        Some((whole, fraction)) => {
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            let (kept, rest) = (&fraction[..digits.min(6)], &fraction[digits..]);
            format!("{whole}.{kept}{rest}")
        }
        None => text.to_owned(),
    };
    cut.parse().map_err(|_| refused())
}

/// `true` or `false`, or 1 or 0.
pub(crate) fn boolean(field: &str, text: &str) -> Result<bool, Problem> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Problem::NotABoolean { field: field.to_owned(), text: clip(text) }),
    }
}

/// The exact integer of a JSON value; a number with a point or an exponent is none.
pub(crate) fn json_integer(field: &str, value: &Json) -> Result<u64, Problem> {
    match value {
        Json::Integer(number) => integer(field, &number.to_string()),
        Json::Float { text, .. } if text.starts_with('-') => {
            Err(Problem::NotAnInteger { field: field.to_owned(), text: clip(text) })
        }
        Json::Float { text, above_u64: true } => {
            Err(Problem::TooLarge { field: field.to_owned(), text: clip(text) })
        }
        Json::Float { text, .. } => {
            Err(Problem::NotAnInteger { field: field.to_owned(), text: clip(text) })
        }
        _ => Err(wrong(field, Shape::Integer)),
    }
}

/// The exact decimal of a JSON value: an integer, or a decimal written as text.
pub(crate) fn json_decimal(field: &str, value: &Json) -> Result<Decimal, Problem> {
    let text = match value {
        Json::Integer(number) => number.to_string(),
        Json::Text(text) | Json::Float { text, .. } => text.clone(),
        _ => return Err(wrong(field, Shape::Text)),
    };
    let refused = || Problem::NotADecimal { field: field.to_owned(), text: clip(&text) };
    if matches!(value, Json::Float { .. }) {
        return Err(refused());
    }
    text.parse().map_err(|_| refused())
}

/// A text that is there and not empty.
pub(crate) fn json_text<'j>(field: &str, value: Option<&'j Json>) -> Result<&'j str, Problem> {
    match required(field, value)? {
        Json::Text(text) if text.is_empty() => {
            Err(Problem::MissingField { field: field.to_owned() })
        }
        Json::Text(text) => Ok(text),
        Json::Null => Err(Problem::MissingField { field: field.to_owned() }),
        _ => Err(wrong(field, Shape::Text)),
    }
}

pub(crate) fn wrong(field: &str, want: Shape) -> Problem {
    Problem::WrongShape { field: field.to_owned(), want }
}
