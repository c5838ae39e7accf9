//! Prices: one row for each case, laws, and naive counts beside them.

use alloc::vec::Vec;

use contract::terms::{
    Flat, Graduated, Package, PartialPackage, PerUnit, Price, Tier, WrittenAmount,
};
use proptest::prelude::*;
use units::{Currency, Decimal, Fraction};

use super::{RateError, rate};

fn decimal(text: &str) -> Decimal {
    text.parse().expect(text)
}

fn tiers(rows: &[(u64, &str, &str)]) -> Vec<Tier> {
    rows.iter()
        .map(|(up_to, price, flat)| Tier {
            up_to: (*up_to > 0).then_some(*up_to),
            price: decimal(price),
            flat: (!flat.is_empty()).then(|| decimal(flat)),
        })
        .collect()
}

fn three_tiers() -> Vec<Tier> {
    tiers(&[(1_000, "0.10", "50"), (10_000, "0.08", ""), (0, "0.05", "20")])
}

fn graduated() -> Price {
    Price::Graduated(Graduated { tiers: three_tiers() })
}

fn volume() -> Price {
    Price::Volume(contract::terms::Volume { tiers: three_tiers() })
}

fn package(partial: PartialPackage) -> Price {
    Price::Package(Package { size: 1_000, price: decimal("12"), partial })
}

fn flat() -> Price {
    let amount = WrittenAmount { figure: decimal("99.90"), words: None };
    Price::Flat(Flat { amount })
}

fn exact(price: &Price, quantity: u64, already: u64) -> Result<Fraction, RateError> {
    rate(price, quantity, already, "unit", Currency::Cny).map(|rated| rated.exact)
}

#[test]
fn prices_of_quantities() {
    fn check(price: &Price, rows: &[(u64, u64, &str)]) {
        for (already, quantity, want) in rows {
            let found = exact(price, *quantity, *already).expect("in range");
            assert_eq!(found, decimal(want).to_fraction(), "{price:?} {already}+{quantity}");
        }
    }
    check(
        &Price::PerUnit(PerUnit { price: decimal("0.35") }),
        &[(0, 0, "0"), (0, 1, "0.35"), (7, 3, "1.05")],
    );
    check(
        &graduated(),
        &[
            (0, 0, "0"),
            (0, 1, "50.10"),
            (0, 1_000, "150"),
            (0, 1_001, "150.08"),
            (1_000, 1, "0.08"),
            (0, 10_000, "870"),
            (0, 10_001, "890.05"),
            (10_000, 1, "20.05"),
            (500, 1_000, "90"),
        ],
    );
    check(
        &volume(),
        &[
            (0, 0, "0"),
            (0, 1_000, "150"),
            (0, 1_001, "80.08"),
            (1_000, 1, "-69.92"),
            (0, 20_000, "1020"),
            (10_000, 10_000, "220"),
        ],
    );
    check(
        &package(PartialPackage::Full),
        &[(0, 1, "12"), (0, 1_000, "12"), (0, 1_001, "24"), (1, 999, "0"), (1, 1_000, "12")],
    );
    check(
        &package(PartialPackage::Free),
        &[(0, 999, "0"), (0, 1_000, "12"), (999, 1, "12"), (0, 1_999, "12")],
    );
    check(&package(PartialPackage::ProRata), &[(0, 1, "0.012"), (0, 1_500, "18"), (5, 250, "3")]);
    check(&flat(), &[(0, 0, "0"), (0, 1, "99.90"), (0, 500, "99.90"), (1, 500, "0")]);
}

#[test]
fn terms_that_cannot_be_priced_are_refused() {
    let price = |rows: &[(u64, &str, &str)]| Price::Graduated(Graduated { tiers: tiers(rows) });
    let bounded = price(&[(10, "1", "")]);
    let beyond = Err(RateError::BeyondTiers { quantity: 11, last: 10 });
    assert_eq!(exact(&bounded, 11, 0), beyond);
    assert_eq!(exact(&bounded, 5, 6), beyond);
    assert_eq!(exact(&bounded, 10, 0), Ok(Fraction::whole(10)));
    let order = |tier| Err(RateError::TierOrder { tier });
    assert_eq!(exact(&price(&[(10, "1", ""), (10, "1", "")]), 1, 0), order(2));
    assert_eq!(exact(&price(&[(0, "1", ""), (10, "1", "")]), 1, 0), order(1));
    assert_eq!(exact(&price(&[]), 1, 0), order(1));
    let empty = Package { size: 0, price: Decimal::ONE, partial: PartialPackage::Full };
    assert_eq!(exact(&Price::Package(empty), 1, 0), Err(RateError::EmptyPackage));
    assert_eq!(exact(&graduated(), u64::MAX, 1), Err(RateError::Units));
    let dear = Price::PerUnit(PerUnit { price: decimal("9999999999999999999999999999") });
    let range = Err(RateError::Money(units::MoneyError::Range));
    assert_eq!(exact(&dear, u64::MAX, 0), range);
}

/// Each unit priced on its own: the oracle of tiers.
fn unit_by_unit(tiers: &[Tier], already: u64, quantity: u64) -> Fraction {
    let mut sum = Fraction::ZERO;
    for unit in already + 1..=already + quantity {
        let index = tiers.iter().position(|tier| tier.up_to.is_none_or(|up| unit <= up));
        let tier = &tiers[index.expect("the last tier has no bound")];
        let first = index
            .and_then(|index| index.checked_sub(1))
            .map_or(1, |below| tiers[below].up_to.expect("only the last tier has no bound") + 1);
        sum = sum + tier.price.to_fraction();
        if unit == first {
            sum = sum + tier.flat.map_or(Fraction::ZERO, Decimal::to_fraction);
        }
    }
    sum
}

fn any_tiers() -> impl Strategy<Value = Vec<Tier>> {
    let tier = (1_u64..40, 0_i128..500, proptest::option::of(0_i128..5_000));
    proptest::collection::vec(tier, 1..5).prop_map(|rows| {
        let last = rows.len() - 1;
        let mut below = 0;
        let tiers = rows.into_iter().enumerate().map(|(index, (width, price, flat))| {
            below += width;
            Tier {
                up_to: (index < last).then_some(below),
                price: Decimal::new(price, 2),
                flat: flat.map(|flat| Decimal::new(flat, 2)),
            }
        });
        tiers.collect()
    })
}

fn any_price() -> impl Strategy<Value = Price> {
    let partial = proptest::sample::select(PartialPackage::ALL);
    prop_oneof![
        any_tiers().prop_map(|tiers| Price::Graduated(Graduated { tiers })),
        any_tiers().prop_map(|tiers| Price::Volume(contract::terms::Volume { tiers })),
        (1_u64..20, 0_i128..500, partial).prop_map(|(size, price, (_, partial))| {
            Price::Package(Package { size, price: Decimal::new(price, 2), partial })
        }),
        (0_i128..500).prop_map(|price| Price::PerUnit(PerUnit { price: Decimal::new(price, 3) })),
        Just(flat()),
    ]
}

proptest! {
    #[test]
    fn graduated_tiers_price_each_unit_on_its_own(
        tiers in any_tiers(), already in 0_u64..150, quantity in 0_u64..150,
    ) {
        let want = unit_by_unit(&tiers, already, quantity);
        let price = Price::Graduated(Graduated { tiers });
        prop_assert_eq!(exact(&price, quantity, already).expect("in range"), want);
    }

    #[test]
    fn the_parts_of_any_price_add_up_to_the_whole(
        price in any_price(), parts in proptest::collection::vec(0_u64..60, 0..6),
    ) {
        let mut already = 0;
        let mut sum = Fraction::ZERO;
        for part in parts {
            sum = sum + exact(&price, part, already).expect("in range");
            already += part;
        }
        prop_assert_eq!(sum, exact(&price, already, 0).expect("in range"));
    }

    #[test]
    fn every_price_can_be_recomputed_from_its_working(
        price in any_price(), already in 0_u64..150, quantity in 0_u64..150,
    ) {
        let rated = rate(&price, quantity, already, "unit", Currency::Cny).expect("in range");
        let working = crate::working::Working {
            formula: rated.formula, inputs: rated.inputs, exact: rated.exact, rounding: None,
        };
        prop_assert_eq!(working.recompute().expect("a formula"), rated.exact);
    }

    #[test]
    fn twice_the_units_cost_twice_as_much_where_each_costs_the_same(
        price in 0_i128..1_000_000, quantity in 0_u64..1_000_000,
    ) {
        let price = Price::PerUnit(PerUnit { price: Decimal::new(price, 4) });
        let once = exact(&price, quantity, 0).expect("in range");
        prop_assert_eq!(exact(&price, 2 * quantity, 0).expect("in range"), once + once);
    }
}
