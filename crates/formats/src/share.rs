//! Places given as shares of an image's width and height, without drift: the shares are written
//! with as many places as it takes to get the same millionths of a pixel back.

use annotation::{CoordinateError, divided};

use crate::hold::pixels;

/// Decimal places that a share is read with.
const PLACES: u32 = 16;
const ONE: i128 = 10_i128.pow(PLACES);
/// The largest absolute share: far outside, and still within 128 bits.
const LARGEST: i128 = 1_000_000 * ONE;

/// A decimal number in units of `10^-16`; further places are cut off.
pub(crate) fn parse(text: &str) -> Result<i128, CoordinateError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if matches!(digits.to_ascii_lowercase().as_str(), "nan" | "inf" | "infinity") {
        return Err(CoordinateError::NotFinite);
    }
    let (number, exponent) = match digits.split_once(['e', 'E']) {
        Some((number, exponent)) => {
            (number, exponent.parse::<i64>().map_err(|_| CoordinateError::Malformed)?)
        }
        None => (digits, 0),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && part.is_empty() || whole.len() + part.len() > 400 {
        return Err(CoordinateError::Malformed);
    }
    let point = i64::try_from(whole.len()).unwrap_or(i64::MAX).saturating_add(exponent);
    let mut value = 0_i128;
    for (at, byte) in (0_i64..).zip(whole.bytes().chain(part.bytes())) {
        if !byte.is_ascii_digit() {
            return Err(CoordinateError::Malformed);
        }
        let place = point.saturating_sub(at).saturating_sub(1);
        let digit = i128::from(byte - b'0');
        if digit == 0 || place < -i64::from(PLACES) {
            continue;
        }
        let power = u32::try_from(place.saturating_add(i64::from(PLACES))).ok();
        let scale = power.and_then(|power| 10_i128.checked_pow(power));
        value = scale
            .and_then(|scale| value.checked_add(digit.checked_mul(scale)?))
            .filter(|value| *value <= LARGEST)
            .ok_or(CoordinateError::OutOfRange)?;
    }
    Ok(if negative { -value } else { value })
}

/// Left and right edge in millionths, from a centre and a width as shares of `size` pixels.
pub(crate) fn around(centre: i128, width: i128, size: u32) -> [i64; 2] {
    let edge = |twice: i128| whole(twice * i128::from(pixels(size)), 2 * ONE);
    [edge(2 * centre - width), edge(2 * centre + width)]
}

/// Left and right edge in millionths, from a start and a width in percent of `size` pixels.
pub(crate) fn percent(start: i128, width: i128, size: u32) -> [i64; 2] {
    let edge = |share: i128| whole(share * i128::from(pixels(size)), 100 * ONE);
    [edge(start), edge(start + width)]
}

fn whole(value: i128, by: i128) -> i64 {
    i64::try_from(divided(value, by)).expect("a share below a million of a million pixels")
}

/// `value / by` as decimal text, with places enough that `size` pixels of it keep their millionths.
pub(crate) fn text(value: i128, by: i128, size: u32) -> String {
    let places = 8 + size.to_string().len();
    let scale = 10_i128.pow(u32::try_from(places).expect("at most 18 places"));
    let scaled = divided(value * scale, by);
    let (sign, scaled) = (if scaled < 0 { "-" } else { "" }, scaled.unsigned_abs());
    let scale = scale.unsigned_abs();
    let written = format!("{sign}{}.{:0places$}", scaled / scale, scaled % scale);
    written.trim_end_matches('0').trim_end_matches('.').to_owned()
}
