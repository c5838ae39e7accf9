//! Boxes in exact fixed-point pixels, and their overlap. Serves anno-3.6 (IoU standard).
//! Coordinates are whole millionths of a pixel read from the number's own text, so that a box on
//! the agreed IoU is decided by integers and not by a rounding of binary floating point.

use serde::{Serialize, Serializer};
use units::{Fraction, RoundingMode};

/// Millionths of a pixel (or of any other unit) in one.
pub const MICROS: i64 = 1_000_000;
/// Largest absolute coordinate: a million pixels.
const LARGEST: i64 = 1_000_000 * MICROS;

/// Why a number cannot be a coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoordinateError {
    /// NaN or infinite.
    #[error("not a finite number")]
    NotFinite,
    /// Not a decimal number.
    #[error("not a decimal number")]
    Malformed,
    /// Beyond a million pixels.
    #[error("beyond a million pixels")]
    OutOfRange,
}

/// Reads a decimal number as whole millionths. Digits beyond the sixth place are rounded half to
/// even, on both sides of a comparison alike.
///
/// # Errors
/// When the text is NaN, infinite, no number at all, or beyond a million.
pub fn parse_micros(text: &[u8]) -> Result<i64, CoordinateError> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if matches!(digits.to_ascii_lowercase().as_slice(), b"nan" | b"inf" | b"infinity") {
        return Err(CoordinateError::NotFinite);
    }
    let number = scan_digits(digits)?;
    let micros = number.micros().ok_or(CoordinateError::OutOfRange)?;
    if micros > LARGEST {
        return Err(CoordinateError::OutOfRange);
    }
    Ok(if negative { -micros } else { micros })
}

/// Whether [`parse_micros`] takes the number as it is written, without rounding.
#[must_use]
pub fn exact_micros(text: &[u8]) -> bool {
    if text.iter().any(|byte| matches!(byte, b'e' | b'E')) {
        return scan_digits(text.strip_prefix(b"-").unwrap_or(text))
            .is_ok_and(|number| number.mantissa == 0 || number.exponent >= -6 && !number.sticky);
    }
    let places = text.iter().position(|byte| *byte == b'.').and_then(|at| text.get(at + 7..));
    places.is_none_or(|rest| rest.iter().all(|byte| *byte == b'0'))
}

/// `mantissa * 10^exponent`, with `sticky` set when nonzero digits were dropped below.
struct Digits {
    mantissa: i128,
    exponent: i64,
    sticky: bool,
}

/// Digits kept exactly; everything below only decides a tie.
const KEPT: u32 = 30;

fn scan_digits(text: &[u8]) -> Result<Digits, CoordinateError> {
    let mut number = Digits { mantissa: 0, exponent: 0, sticky: false };
    let (mut seen, mut kept, mut after_point) = (false, 0_u32, false);
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'0'..=b'9' => {
                seen = true;
                let digit = i128::from(byte - b'0');
                if kept < KEPT {
                    number.mantissa = number.mantissa * 10 + digit;
                    kept += u32::from(number.mantissa != 0);
                    number.exponent -= i64::from(after_point);
                } else {
                    number.sticky |= digit != 0;
                    number.exponent += i64::from(!after_point);
                }
            }
            b'.' if !after_point => after_point = true,
            b'e' | b'E' if seen => break,
            _ => return Err(CoordinateError::Malformed),
        }
        at += 1;
    }
    if !seen {
        return Err(CoordinateError::Malformed);
    }
    if let Some(rest) = text.get(at + 1..) {
        let written = std::str::from_utf8(rest).map_err(|_| CoordinateError::Malformed)?;
        let digits = written.trim_start_matches(['+', '-']);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CoordinateError::Malformed);
        }
        // An exponent of more than nine digits is as good as the largest one: the value is out of
        // range, or zero at the sixth place.
        let shift = written.parse::<i64>().unwrap_or(if written.starts_with('-') {
            -1_000_000_000
        } else {
            1_000_000_000
        });
        number.exponent =
            number.exponent.saturating_add(shift.clamp(-1_000_000_000, 1_000_000_000));
    }
    Ok(number)
}

impl Digits {
    /// The absolute value in millionths; `None` when it is too large.
    fn micros(self) -> Option<i64> {
        if self.mantissa == 0 {
            return Some(0);
        }
        let shift = self.exponent + 6;
        if shift >= 0 {
            let factor = 10_i128.checked_pow(u32::try_from(shift).ok()?)?;
            return i64::try_from(self.mantissa.checked_mul(factor)?).ok();
        }
        let Some(divisor) = u32::try_from(-shift).ok().and_then(|s| 10_i128.checked_pow(s)) else {
            return Some(0);
        };
        let (whole, rest) = (self.mantissa / divisor, self.mantissa % divisor);
        let half = rest.cmp(&(divisor / 2));
        let up = match half {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => self.sticky || whole % 2 == 1,
            std::cmp::Ordering::Less => false,
        };
        i64::try_from(whole + i128::from(up)).ok()
    }
}

/// A box by its edges, in millionths of a pixel; `x0 <= x1`, `y0 <= y1`. Written as
/// `[x, y, width, height]` in exact decimal text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rect {
    /// Left edge.
    pub x0: i64,
    /// Top edge.
    pub y0: i64,
    /// Right edge.
    pub x1: i64,
    /// Bottom edge.
    pub y1: i64,
}

impl Rect {
    /// The area in square millionths.
    #[must_use]
    pub fn area(&self) -> i128 {
        i128::from(self.x1 - self.x0) * i128::from(self.y1 - self.y0)
    }

    /// The area shared with `other`.
    #[must_use]
    pub fn shared(&self, other: &Self) -> i128 {
        let width = self.x1.min(other.x1) - self.x0.max(other.x0);
        let height = self.y1.min(other.y1) - self.y0.max(other.y0);
        if width <= 0 || height <= 0 { 0 } else { i128::from(width) * i128::from(height) }
    }

    /// The overlap with `other` as shared area of joint area.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> Overlap {
        let shared = self.shared(other);
        Overlap { shared, joint: self.area() + other.area() - shared }
    }

    /// Whether the box has no area.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.x0 == self.x1 || self.y0 == self.y1
    }

    /// `[x, y, width, height]` as exact decimal text.
    #[must_use]
    pub fn decimals(&self) -> [String; 4] {
        [self.x0, self.y0, self.x1 - self.x0, self.y1 - self.y0].map(micros_text)
    }
}

impl Serialize for Rect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.decimals().serialize(serializer)
    }
}

/// `value / by`, rounded half to even; `by` is above zero.
#[must_use]
pub const fn divided(value: i128, by: i128) -> i128 {
    let (whole, rest) = (value.div_euclid(by), value.rem_euclid(by));
    let up = rest * 2 > by || rest * 2 == by && whole.rem_euclid(2) == 1;
    whole + if up { 1 } else { 0 }
}

/// Millionths as the shortest exact decimal.
#[must_use]
pub fn micros_text(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let (whole, part) = (micros.unsigned_abs() / 1_000_000, micros.unsigned_abs() % 1_000_000);
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let places = format!("{part:06}");
    format!("{sign}{whole}.{}", places.trim_end_matches('0'))
}

/// Shared area of joint area: the IoU, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap {
    /// Shared area.
    pub shared: i128,
    /// Joint area; zero only for two boxes without area.
    pub joint: i128,
}

impl Overlap {
    /// The IoU in units of `10^-12`, rounded down. Zero when nothing is shared.
    #[must_use]
    pub fn trillionths(&self) -> i128 {
        if self.shared == 0 { 0 } else { self.shared * 1_000_000_000_000 / self.joint }
    }

    /// The IoU with six places, rounded down, so that a value below a threshold never prints as
    /// having reached it.
    #[must_use]
    pub fn text(&self) -> String {
        let millionths = self.trillionths() / 1_000_000;
        format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
    }
}

impl Serialize for Overlap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

/// An agreed IoU, above 0 and at most 1, with at most nine decimal places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IouThreshold {
    num: i128,
    den: i128,
}

/// Why a fraction cannot be an IoU threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an IoU threshold lies above 0 and at most at 1, in steps no finer than a billionth")]
pub struct IouThresholdError;

impl IouThreshold {
    /// From an exact fraction; 0.5 is 1/2.
    ///
    /// # Errors
    /// When it is not above 0, or above 1, or its denominator is above a billion (the bound keeps
    /// every comparison inside 128 bits).
    pub fn new(value: Fraction) -> Result<Self, IouThresholdError> {
        let (num, den) = (value.num(), value.den());
        if num <= 0 || num > den || den > 1_000_000_000 {
            return Err(IouThresholdError);
        }
        Ok(Self { num, den })
    }

    /// The threshold as a fraction.
    #[must_use]
    pub fn fraction(self) -> Fraction {
        Fraction::new(self.num, self.den)
    }

    /// Whether `shared / joint >= threshold`, by integers alone.
    #[must_use]
    pub fn reached_by(self, overlap: Overlap) -> bool {
        overlap.shared > 0 && overlap.shared * self.den >= self.num * overlap.joint
    }
}

impl Serialize for IouThreshold {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.fraction().to_decimal(9, RoundingMode::Down).normalized();
        serializer.collect_str(&text)
    }
}
