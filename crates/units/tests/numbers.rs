//! Laws of decimals, percentages, money, fractions, ratios and rounding.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use units::{
    Comparison, Currency, Decimal, Fraction, Metric, Money, Percent, Ratio, RoundingMode, Standard,
    Verdict,
};

pub(crate) const MODES: [RoundingMode; 6] = [
    RoundingMode::HalfUp,
    RoundingMode::HalfEven,
    RoundingMode::Up,
    RoundingMode::Down,
    RoundingMode::Ceiling,
    RoundingMode::Floor,
];

const CURRENCIES: [Currency; 7] = [
    Currency::Cny,
    Currency::Usd,
    Currency::Eur,
    Currency::Gbp,
    Currency::Hkd,
    Currency::Sgd,
    Currency::Jpy,
];

/// Writes and reads as text and as JSON, and must come back the same.
pub(crate) fn text_round_trip<T>(value: &T)
where
    T: Display + FromStr + Debug + PartialEq + Serialize + DeserializeOwned,
    T::Err: Debug,
{
    let text = value.to_string();
    assert_eq!(&text.parse::<T>().expect(&text), value, "{text}");
    json_round_trip(value);
    assert_eq!(serde_json::to_string(value).expect("writable"), format!("\"{text}\""));
}

/// Writes and reads as JSON, and must come back the same.
pub(crate) fn json_round_trip<T: Debug + PartialEq + Serialize + DeserializeOwned>(value: &T) {
    let json = serde_json::to_string(value).expect("writable");
    assert_eq!(&serde_json::from_str::<T>(&json).expect(&json), value, "{json}");
}

fn decimals() -> impl Strategy<Value = Decimal> {
    let most = 10_i128.pow(16) - 1;
    (-most..=most, 0..=Decimal::MAX_SCALE)
        .prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
}

fn fractions() -> impl Strategy<Value = Fraction> {
    (-1_000_i128..1_000, 1_i128..1_000).prop_map(|(num, den)| Fraction::new(num, den))
}

/// What a mode means, said without division: the integer nearest to `num / den` from among the
/// two neighbours.
fn naive(mode: RoundingMode, num: i128, den: i128) -> i128 {
    let limit = num.abs() / den + 2;
    let below = (-limit..=limit).rev().find(|whole| whole * den <= num).expect("in reach");
    let above = (-limit..=limit).find(|whole| whole * den >= num).expect("in reach");
    let (to_below, to_above) = (num - below * den, above * den - num);
    let (nearer_zero, further) = if num < 0 { (above, below) } else { (below, above) };
    match mode {
        RoundingMode::Floor => below,
        RoundingMode::Ceiling => above,
        RoundingMode::Down => nearer_zero,
        RoundingMode::Up => further,
        _ if to_below < to_above => below,
        _ if to_below > to_above => above,
        RoundingMode::HalfUp => further,
        RoundingMode::HalfEven => {
            if below % 2 == 0 {
                below
            } else {
                above
            }
        }
    }
}

proptest! {
    #[test]
    fn decimals_percentages_and_money_survive_text_and_json(
        decimal in decimals(),
        minor in -10_i128.pow(20)..10_i128.pow(20),
        currency in proptest::sample::select(&CURRENCIES[..]),
    ) {
        text_round_trip(&decimal);
        text_round_trip(&Percent::new(decimal));
        json_round_trip(&Money::new(minor, currency));
        let text = decimal.to_string();
        prop_assert_eq!(text.parse::<Decimal>().expect("just written").to_string(), text);
        prop_assert_eq!(decimal.normalized(), decimal);
        prop_assert_eq!(decimal.to_fraction().to_decimal(12, RoundingMode::Down), decimal);
        let money = Money::new(minor, currency);
        prop_assert_eq!(Money::from_decimal(money.amount(), currency), Ok(money));
        for mode in MODES {
            prop_assert_eq!(Money::from_fraction(money.to_fraction(), currency, mode), money);
        }
    }

    #[test]
    fn decimals_order_as_their_cross_products(a in decimals(), b in decimals()) {
        let want = (a.mantissa() * b.denominator()).cmp(&(b.mantissa() * a.denominator()));
        prop_assert_eq!(a.cmp(&b), want);
        prop_assert_eq!(a == b, want.is_eq());
    }

    #[test]
    fn arbitrary_text_never_makes_a_number_panic(text in ".{0,40}") {
        let _ = text.parse::<Percent>();
        if let Ok(decimal) = text.parse::<Decimal>() {
            prop_assert_eq!(decimal.to_string().parse::<Decimal>(), Ok(decimal));
        }
    }

    #[test]
    fn fraction_arithmetic_agrees_with_cross_products(
        (a, b, c, d) in (-1_000_i128..1_000, 1_i128..1_000, -1_000_i128..1_000, 1_i128..1_000)
    ) {
        let (left, right) = (Fraction::new(a, b), Fraction::new(c, d));
        let is = |got: Fraction, num: i128, den: i128| {
            got.num() * den == num * got.den() && got.den() > 0
        };
        prop_assert!(is(left + right, a * d + c * b, b * d));
        prop_assert!(is(left - right, a * d - c * b, b * d));
        prop_assert!(is(left * right, a * c, b * d));
        match left.checked_div(right) {
            Some(got) => prop_assert!(is(got, a * d * c.signum(), b * c.abs())),
            None => prop_assert_eq!(c, 0),
        }
        prop_assert_eq!(left.cmp(&right), (a * d).cmp(&(c * b)));
        json_round_trip(&left);
    }

    #[test]
    fn fractions_add_and_multiply_in_any_order(
        (a, b, c) in (fractions(), fractions(), fractions())
    ) {
        prop_assert_eq!(a + b, b + a);
        prop_assert_eq!((a + b) + c, a + (b + c));
        prop_assert_eq!(a * (b + c), a * b + a * c);
        prop_assert_eq!([a, b, c].into_iter().sum::<Fraction>(), a + b + c);
        prop_assert_eq!(a - a, Fraction::ZERO);
    }

    #[test]
    fn every_mode_rounds_as_its_definition_says(num in -2_000_i128..2_000, den in 1_i128..60) {
        for mode in MODES {
            let want = naive(mode, num, den);
            prop_assert_eq!(mode.divide(num, den), want, "{:?} {}/{}", mode, num, den);
            prop_assert_eq!(mode.divide(-num, -den), want, "{:?} {}/{}", mode, -num, -den);
        }
    }

    #[test]
    fn rounding_moves_by_less_than_one_unit_and_keeps_order(
        a in fractions(), b in fractions(), scale in 0_u8..=12
    ) {
        for mode in MODES {
            let unit = Fraction::new(1, 10_i128.pow(u32::from(scale)));
            let rounded = a.to_decimal(scale, mode).to_fraction();
            prop_assert!(rounded - a < unit && a - rounded < unit);
            prop_assert_eq!(rounded.to_decimal(scale, mode).to_fraction(), rounded);
            if a <= b {
                prop_assert!(a.scaled(scale, mode) <= b.scaled(scale, mode));
            }
        }
    }

    #[test]
    fn money_adds_as_its_minor_units(
        a in -10_i128.pow(30)..10_i128.pow(30), b in -10_i128.pow(30)..10_i128.pow(30)
    ) {
        let (left, right) = (Money::new(a, Currency::Cny), Money::new(b, Currency::Cny));
        let sum = left.checked_add(right).expect("one currency");
        prop_assert_eq!(sum.minor(), a + b);
        prop_assert_eq!(sum.checked_sub(right), Ok(left));
        prop_assert_eq!(left.checked_min(right), right.checked_min(left));
    }

    #[test]
    fn one_more_hit_never_lowers_a_ratio_and_a_higher_threshold_is_harder(
        total in 1_u64..=u64::MAX, part in 0_u64..=u64::MAX,
        a in 0_i64..=10_000, b in 0_i64..=10_000
    ) {
        let hits = part % total;
        let (few, more) = (Ratio::new(hits, total), Ratio::new(hits + 1, total));
        let low = Percent::new(Decimal::new(i128::from(a.min(b)), 2));
        let high = Percent::new(Decimal::new(i128::from(a.max(b)), 2));
        prop_assert!(few.compare(low) <= more.compare(low));
        prop_assert!(few.compare(high) <= few.compare(low));
        prop_assert!(!few.reaches(high) || more.reaches(high));
        prop_assert!(!few.reaches(high) || few.reaches(low));
        let standard = Standard::at_least(Metric::Accuracy, high.share());
        let met = standard.verdict(few.value()) == Verdict::Met;
        prop_assert_eq!(met, few.reaches(high));
    }

    #[test]
    fn the_four_comparisons_divide_every_value(value in fractions(), threshold in fractions()) {
        let met = |comparison| {
            let standard = Standard { metric: Metric::MeanIou, comparison, threshold };
            standard.verdict(Some(value)) == Verdict::Met
        };
        prop_assert_ne!(met(Comparison::AtLeast), met(Comparison::LessThan));
        prop_assert_ne!(met(Comparison::AtMost), met(Comparison::MoreThan));
        let both = met(Comparison::AtLeast) && met(Comparison::AtMost);
        prop_assert_eq!(both, value == threshold);
    }
}
