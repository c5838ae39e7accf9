//! What holds of every statement, whatever the facts.

use proptest::prelude::*;

use super::money::{level, outage, with_prepayment};
use super::*;

/// Worlds of the four kinds with their facts.
fn worlds() -> Vec<(Agreement, Vec<Measurement>)> {
    let mut service = images();
    service.push(outage("2026-03-10"));
    let classes =
        agreement_with(classification(by_images()), &[("/service_level", level("refund", true))]);
    let customer = json!({"type": "customer"});
    alloc::vec![
        (agreement(annotation()), accepted()),
        (agreement(lease()), lease_facts()),
        (classes, service),
        (agreement(training(factors(), customer)), trained()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn order_and_repetition_leave_the_statement(
        world in 0_usize..4, order in Just((0_usize..8).collect::<Vec<_>>()).prop_shuffle(),
        twice in proptest::collection::vec(0_usize..8, 0..6), month_number in 1_u8..7,
    ) {
        let (terms, facts) = worlds().swap_remove(world);
        let period = month(&alloc::format!("2026-{month_number:02}"));
        let want = settled(&terms, &facts, &period, &nothing());
        let other: Vec<Measurement> =
            order.iter().chain(&twice).filter_map(|index| facts.get(*index).cloned()).collect();
        // Every fact is there at least once, in another order, and some of them again.
        prop_assert!(other.len() >= facts.len());
        prop_assert_eq!(settled(&terms, &other, &period, &nothing()), want);
    }

    #[test]
    fn facts_of_later_months_leave_the_statement(
        units in 0_u64..1_000, later in 4_u8..10, evidence in 100_u32..200,
    ) {
        let terms = agreement(annotation());
        let want = settled(&terms, &accepted(), &month("2026-03"), &nothing());
        let mut facts = accepted();
        let when = alloc::format!("2026-{later:02}-15");
        let evidence = alloc::format!("e{evidence}");
        facts.push(count(Metric::ItemsAccepted, "boxes", &when, units, &evidence));
        prop_assert_eq!(settled(&terms, &facts, &month("2026-03"), &nothing()), want);
    }

    /// Rounded once for each line, a split can move each part by less than one minor unit; the
    /// exact values before rounding do not move at all.
    #[test]
    fn split_periods_add_up_exactly_before_rounding(
        counts in proptest::collection::vec((1_u8..28, 1_u64..5_000), 1..8), cut in 2_u8..28,
    ) {
        let terms = agreement_with(
            annotation(),
            &[("/service/items/0/price/price", json!("0.333"))],
        );
        let facts: Vec<Measurement> = (1_u32..)
            .zip(counts)
            .map(|(number, (day, units))| {
                let when = alloc::format!("2026-03-{day:02}T12:00");
                let evidence = alloc::format!("e{number}");
                count(Metric::ItemsAccepted, "boxes", &when, units, &evidence)
            })
            .collect();
        let cut = alloc::format!("2026-03-{cut:02}");
        let part = |from: &str, to: &str, carried: &Carried| {
            let window = window(from, to);
            settled(&terms, &facts, &Period::Window { window }, carried)
        };
        let exact = |statement: &Statement| {
            statement.lines.iter().map(|line| line.working.exact).sum::<Fraction>()
        };
        let whole = part("2026-03-01", "2026-04-01", &nothing());
        let first = part("2026-03-01", &cut, &nothing());
        let second = part(&cut, "2026-04-01", &first.carry);
        prop_assert_eq!(exact(&first) + exact(&second), exact(&whole));
        let drift = first.totals.net.minor() + second.totals.net.minor();
        prop_assert!((drift - whole.totals.net.minor()).abs() <= 1);
    }

    #[test]
    fn milestones_in_any_order_make_the_whole_fee(
        fee in 1_i128..100_000_000,
        order in Just(["signing", "delivery", "acceptance"].to_vec()).prop_shuffle(),
    ) {
        let fee = Money::new(fee, Currency::Cny);
        let terms = agreement(training(
            fixed(&fee.amount().to_string()), json!({"type": "customer"}),
        ));
        let mut carry = nothing();
        let mut sum = Money::zero(Currency::Cny);
        for milestone in order {
            let window = window("2026-01-01", "2026-05-01");
            let period = Period::Milestone { milestone: id(milestone), window };
            let statement = settled(&terms, &trained(), &period, &carry);
            sum = sum.checked_add(statement.totals.net).expect("in range");
            carry = statement.carry;
        }
        prop_assert_eq!(sum, fee);
    }

    #[test]
    fn credits_and_prepayment_are_used_up_exactly(
        prepaid in 0_i128..500_000, months in 1_u8..8,
    ) {
        let terms = with_prepayment(true);
        let mut carry = Carried { prepayment_left: Money::new(prepaid, Currency::Cny), ..nothing() };
        let (mut gross, mut due) = (0, 0);
        for number in 1..=months {
            let period = month(&alloc::format!("2026-{number:02}"));
            let statement = settled(&terms, &[], &period, &carry);
            prop_assert!(!statement.totals.due.is_negative());
            gross += statement.totals.gross.minor();
            due += statement.totals.due.minor();
            carry = statement.carry;
        }
        prop_assert_eq!(gross - due, prepaid - carry.prepayment_left.minor());
        prop_assert_eq!(due, (gross - prepaid).max(0));
    }
}
