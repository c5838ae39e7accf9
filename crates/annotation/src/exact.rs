//! Exact rationals of any size, and binomial tails decided by them. Every acceptance decision at
//! a bound rests on this file; no floating point is used.

use num_bigint::BigUint;
use units::Fraction;

/// A fraction of two whole numbers of any size, not reduced.
#[derive(Debug, Clone)]
pub(crate) struct Rational {
    num: BigUint,
    den: BigUint,
}

impl Rational {
    pub(crate) fn zero() -> Self {
        Self { num: BigUint::ZERO, den: BigUint::from(1_u8) }
    }

    /// Adds `num / den`; `den` is not zero.
    pub(crate) fn add(&mut self, num: u64, den: u64) {
        self.num = &self.num * den + &self.den * num;
        self.den *= den;
    }

    /// Divides by a whole number that is not zero.
    pub(crate) fn divide(&mut self, by: u64) {
        self.den *= by;
    }

    /// The value as a [`Fraction`]: exact where numerator and denominator fit 96 bits, else
    /// rounded down to `10^-18`. The second field says whether it is exact.
    pub(crate) fn fraction(&self) -> (Fraction, bool) {
        let divisor = gcd(self.num.clone(), self.den.clone());
        let (num, den) = (&self.num / &divisor, &self.den / &divisor);
        if num.bits() <= 96 && den.bits() <= 96 {
            return (Fraction::new(whole(&num), whole(&den)), true);
        }
        let scale = 1_000_000_000_000_000_000_u64;
        (Fraction::new(whole(&(num * scale / den)), i128::from(scale)), false)
    }
}

fn whole(value: &BigUint) -> i128 {
    i128::try_from(value).expect("callers hold at most 96 bits, or a share of at most 1")
}

fn gcd(mut a: BigUint, mut b: BigUint) -> BigUint {
    while b != BigUint::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    a.max(BigUint::from(1_u8))
}

/// The largest number of trials that the exact tails take.
pub(crate) const MOST_TRIALS: u64 = 200_000;

/// A share of one as two whole numbers, `num <= den`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chance {
    num: u64,
    den: u64,
}

impl Chance {
    /// `None` when it is not from 0 to 1, or finer than a billionth.
    pub(crate) fn new(value: Fraction) -> Option<Self> {
        let num = u64::try_from(value.num()).ok()?;
        let den = u64::try_from(value.den()).ok()?;
        (num <= den && den <= 1_000_000_000).then_some(Self { num, den })
    }

    pub(crate) const fn complement(self) -> Self {
        Self { num: self.den - self.num, den: self.den }
    }
}

/// Whether the chance of at most `limit` events in `trials`, each with chance `p`, is at most
/// `bound`. Decided exactly: `sum C(n, i) a^i (b - a)^(n - i) <= bound * b^n`, where `p = a / b`.
///
/// The sum runs from the largest term down and stops as soon as it is over the bound, or as soon
/// as a geometric series over the rest proves that it stays below.
pub(crate) fn lower_tail_at_most(trials: u64, limit: u64, p: Chance, bound: Chance) -> bool {
    if limit >= trials || p.num == 0 {
        return bound.num == bound.den;
    }
    if p.num == p.den {
        return true;
    }
    // From the mean on the tail is at least one half: the median lies at its floor or ceiling.
    let over_mean = u128::from(limit) * u128::from(p.den) >= u128::from(trials) * u128::from(p.num);
    if over_mean && 2 * bound.num < bound.den {
        return false;
    }
    let (a, c) = (p.num, p.den - p.num);
    let target = power(p.den, trials) * bound.num;
    let mut term = binomial(trials, limit) * power(a, limit) * power(c, trials - limit);
    term *= bound.den;
    let mut sum = term.clone();
    let mut at = limit;
    loop {
        if sum > target {
            return false;
        }
        if at == 0 {
            return true;
        }
        // The next term is `term * at * c / ((n - at + 1) * a)`; the ratio falls as `at` falls.
        let (up, down) = (product(at, c), product(trials - at + 1, a));
        if up < down {
            let rest = (&term * &up) / (&down - &up) + 1_u8;
            if &sum + rest <= target {
                return true;
            }
        }
        term = term * up / down;
        sum += &term;
        at -= 1;
    }
}

/// The chance of at most `limit` events in `trials`, rounded down to `10^-places`.
pub(crate) fn lower_tail(trials: u64, limit: u64, p: Chance, places: u32) -> BigUint {
    let unit = power(10, u64::from(places));
    if limit >= trials || p.num == 0 {
        return unit;
    }
    if p.num == p.den {
        return BigUint::ZERO;
    }
    // In this direction the first term is `(1 - p)^n`, and each term follows from the last.
    let (a, c) = (p.num, p.den - p.num);
    let mut term = power(c, trials);
    let mut sum = term.clone();
    for at in 0..limit {
        term = term * product(trials - at, a) / product(at + 1, c);
        sum += &term;
    }
    sum * unit / power(p.den, trials)
}

fn product(a: u64, b: u64) -> BigUint {
    BigUint::from(u128::from(a) * u128::from(b))
}

fn power(base: u64, exponent: u64) -> BigUint {
    let exponent = u32::try_from(exponent).expect("at most MOST_TRIALS trials");
    BigUint::from(base).pow(exponent)
}

fn binomial(n: u64, k: u64) -> BigUint {
    let k = k.min(n - k);
    (0..k).fold(BigUint::from(1_u8), |value, i| value * (n - i) / (i + 1))
}
