//! Ticks and seconds. A time is kept as ticks of a timebase; seconds are shown from it.

use std::str::FromStr;

use serde::{Serialize, Serializer};
use units::{Fraction, RoundingMode};

/// Places of seconds that are shown: nanoseconds.
const PLACES: u8 = 9;

/// How long a tick is, in seconds, as the file says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timebase {
    num: u32,
    den: u32,
}

impl Timebase {
    /// `num / den` seconds; `None` where one of them is zero.
    #[must_use]
    pub const fn new(num: u32, den: u32) -> Option<Self> {
        if num == 0 || den == 0 { None } else { Some(Self { num, den }) }
    }

    /// Seconds in a tick, as numerator and denominator.
    #[must_use]
    pub const fn parts(self) -> (u32, u32) {
        (self.num, self.den)
    }

    /// The exact seconds of a number of ticks.
    #[must_use]
    pub fn seconds(self, ticks: i64) -> Fraction {
        Fraction::new(i128::from(ticks) * i128::from(self.num), i128::from(self.den))
    }

    /// The ticks of exact seconds, rounded down.
    #[must_use]
    pub fn ticks(self, seconds: Fraction) -> Option<i64> {
        let ticks = seconds.checked_mul(Fraction::new(self.den.into(), self.num.into()))?;
        i64::try_from(ticks.num().div_euclid(ticks.den())).ok()
    }
}

impl std::fmt::Display for Timebase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

impl FromStr for Timebase {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (num, den) = text.split_once('/').ok_or(())?;
        Self::new(num.parse().map_err(|_| ())?, den.parse().map_err(|_| ())?).ok_or(())
    }
}

impl Serialize for Timebase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Seconds as they are shown: a decimal, and whether it is the whole truth. A third of a second has
/// no decimal; ticks and timebase have it exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seconds {
    /// Seconds with at most nine places, the rest rounded to even.
    pub time: String,
    /// Whether nothing was rounded away.
    pub time_is_exact: bool,
}

impl From<Fraction> for Seconds {
    fn from(value: Fraction) -> Self {
        let decimal = value.to_decimal(PLACES, RoundingMode::HalfEven);
        let time_is_exact = decimal.to_fraction() == value;
        Self { time: decimal.normalized().to_string(), time_is_exact }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_exact_where_a_decimal_can_say_them() {
        for (base, ticks, want, exact) in [
            ("1/12800", 512, "0.04", true),
            ("1/90000", 3000, "0.033333333", false),
            ("1001/30000", 112, "3.737066667", false),
            ("1/1000", -40, "-0.04", true),
            ("1/1", 7, "7", true),
        ] {
            let base: Timebase = base.parse().expect("a timebase");
            let seconds = Seconds::from(base.seconds(ticks));
            assert_eq!((seconds.time.as_str(), seconds.time_is_exact), (want, exact), "{base}");
            assert_eq!(base.ticks(base.seconds(ticks)), Some(ticks), "{base}");
        }
        for text in ["0/1", "1/0", "25", "-1/25", "1/99999999999"] {
            assert_eq!(text.parse::<Timebase>(), Err(()), "{text}");
        }
    }
}
