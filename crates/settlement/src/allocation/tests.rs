//! What a payment settles first, and that nothing of it is lost.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;
use units::Currency;

use super::*;
use crate::samples::{day, fen, id, yuan};

use AllocationTarget::{Costs, Interest, Principal};

fn debt(name: &str, due: &str, costs: &str, interest: &str, principal: &str) -> OpenDebt {
    OpenDebt {
        invoice: id(name),
        due: day(due),
        costs: yuan(costs),
        interest: yuan(interest),
        principal: yuan(principal),
    }
}

fn told(allocation: &PaymentAllocation) -> Vec<String> {
    let part = |part: &AllocatedPart| {
        alloc::format!("{} {} {}", part.invoice, part.target.code(), part.amount.amount())
    };
    let mut told: Vec<String> = allocation.parts.iter().map(part).collect();
    told.push(allocation.left.amount().to_string());
    told
}

#[test]
fn costs_then_interest_then_the_oldest_principal() {
    let debts = [
        debt("new", "2026-04-10", "0", "20", "500"),
        debt("old", "2026-03-10", "10", "30", "1000"),
    ];
    let rows: [(&[AllocationTarget], &str, &[&str]); 8] = [
        (&[], "0", &["0.00"]),
        (&[], "7", &["old costs 7.00", "0.00"]),
        (&[], "35", &["old costs 10.00", "old interest 25.00", "0.00"]),
        (
            &[],
            "1100",
            &[
                "old costs 10.00",
                "old interest 30.00",
                "new interest 20.00",
                "old principal 1000.00",
                "new principal 40.00",
                "0.00",
            ],
        ),
        (
            &[],
            "2000",
            &[
                "old costs 10.00",
                "old interest 30.00",
                "new interest 20.00",
                "old principal 1000.00",
                "new principal 500.00",
                "440.00",
            ],
        ),
        (
            &[Principal, Interest, Costs],
            "1200",
            &["old principal 1000.00", "new principal 200.00", "0.00"],
        ),
        (
            &[Principal],
            "1505",
            &["old principal 1000.00", "new principal 500.00", "old costs 5.00", "0.00"],
        ),
        (
            &[Interest, Interest, Principal],
            "60",
            &["old interest 30.00", "new interest 20.00", "old principal 10.00", "0.00"],
        ),
    ];
    for (order, payment, want) in rows {
        let allocation = allocate(order, yuan(payment), &debts).expect("allocatable");
        assert_eq!(told(&allocation), want, "{order:?} {payment}");
    }
}

#[test]
fn amounts_below_zero_and_of_another_currency_are_refused() {
    let debts = [debt("a", "2026-03-10", "0", "0", "-1")];
    let refused = allocate(&[], yuan("-5"), &[]);
    assert_eq!(refused, Err(AllocationError::NegativePayment { amount: yuan("-5") }));
    let refused = allocate(&[], yuan("5"), &debts);
    let want = AllocationError::NegativeDebt { invoice: id("a"), amount: yuan("-1") };
    assert_eq!(refused, Err(want));
    let debts = [debt("a", "2026-03-10", "0", "0", "1")];
    let refused = allocate(&[], Money::new(5, Currency::Usd), &debts);
    assert_eq!(refused, Err(AllocationError::Money(MoneyError::Currency)));
}

fn any_debts() -> impl Strategy<Value = Vec<OpenDebt>> {
    let amounts = (0_i128..200, 0_i128..200, 0_i128..200, 1_i8..28);
    prop::collection::vec(amounts, 0..6).prop_map(|rows| {
        let debt = |(number, row): (usize, (i128, i128, i128, i8))| OpenDebt {
            invoice: id(&alloc::format!("i{number}")),
            due: units::Date::new(2026, 3, row.3).expect("a day of March"),
            costs: fen(row.0),
            interest: fen(row.1),
            principal: fen(row.2),
        };
        rows.into_iter().enumerate().map(debt).collect()
    })
}

fn any_order() -> impl Strategy<Value = Vec<AllocationTarget>> {
    prop::collection::vec(prop::sample::select(&[Costs, Interest, Principal][..]), 0..5)
}

proptest! {
    #[test]
    fn parts_and_rest_add_up_to_the_payment(
        order in any_order(),
        debts in any_debts(),
        payment in 0_i128..2_000,
    ) {
        let allocation = allocate(&order, fen(payment), &debts).expect("allocatable");
        let parts: i128 = allocation.parts.iter().map(|part| part.amount.minor()).sum();
        prop_assert_eq!(parts + allocation.left.minor(), payment);
        prop_assert!(allocation.left.minor() >= 0);
        prop_assert!(allocation.parts.iter().all(|part| part.amount.minor() > 0));
        let open: i128 = debts
            .iter()
            .flat_map(|debt| [debt.costs, debt.interest, debt.principal])
            .map(Money::minor)
            .sum();
        prop_assert_eq!(allocation.left.minor(), (payment - open).max(0));
    }

    #[test]
    fn nothing_is_settled_beyond_what_is_open(
        order in any_order(),
        debts in any_debts(),
        payment in 0_i128..2_000,
    ) {
        let allocation = allocate(&order, fen(payment), &debts).expect("allocatable");
        for debt in &debts {
            for target in [Costs, Interest, Principal] {
                let settled: Vec<i128> = allocation
                    .parts
                    .iter()
                    .filter(|part| part.invoice == debt.invoice && part.target == target)
                    .map(|part| part.amount.minor())
                    .collect();
                prop_assert!(settled.len() <= 1);
                prop_assert!(settled.iter().sum::<i128>() <= debt.open(target).minor());
            }
        }
    }

    #[test]
    fn the_order_of_debts_changes_nothing(debts in any_debts(), payment in 0_i128..2_000) {
        let mut other = debts.clone();
        other.reverse();
        prop_assert_eq!(allocate(&[], fen(payment), &debts), allocate(&[], fen(payment), &other));
    }
}
