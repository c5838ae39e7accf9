//! The interval in which the true share lies, for display beside an observed one. By integers, so
//! that it is the same on every machine.

use serde::Serialize;

/// The Wilson interval of a share at 95 %, in millionths: rounded down below and up above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Wilson {
    /// Not below this.
    pub lower: u64,
    /// Not above this.
    pub upper: u64,
}

/// The Wilson interval at 95 % (z = 1.96) by integers; `None` where nothing was counted.
#[must_use]
pub fn wilson(hits: u64, total: u64) -> Option<Wilson> {
    const ONE: u128 = 1_000_000_000;
    // Beyond 10^9 the interval is narrower than what is shown.
    if total == 0 || hits > total || total > 1_000_000_000 {
        return None;
    }
    let (h, n) = (u128::from(hits), u128::from(total));
    // z^2 = 38416 / 10^4. All in units of 10^-9.
    let middle = h * ONE + 38_416 * ONE / 20_000;
    let spread = 38_416 * h * (n - h) * (ONE * ONE / 10_000) / n;
    let spread = spread + 38_416 * 38_416 * (ONE * ONE / 400_000_000);
    let root = spread.isqrt() + 1;
    let whole = n * 10_000 + 38_416;
    let lower = middle.saturating_sub(root) * 10_000 / (whole * 1_000);
    let upper = ((middle + root) * 10_000).div_ceil(whole * 1_000);
    let small = |value: u128| u64::try_from(value.min(1_000_000)).unwrap_or(1_000_000);
    let lower = if hits == 0 { 0 } else { small(lower) };
    let upper = if hits == total { 1_000_000 } else { small(upper) };
    Some(Wilson { lower, upper })
}
