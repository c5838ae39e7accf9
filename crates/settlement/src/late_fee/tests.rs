//! Late fees: the vectors of the domain, a naive count day by day, and the laws.

use alloc::string::ToString;
use alloc::vec;

use contract::terms::{AnnualRate, DailyRate, LprCap, NoCap, PrincipalCap};
use proptest::prelude::*;
use units::RoundingMode;

use super::*;
use crate::samples::{MODES, day, fen, id, percent, proofs, recompute, rule, yuan};

fn daily(rate: &str) -> LateRate {
    LateRate::Daily(DailyRate { rate: percent(rate) })
}

fn annual(rate: &str, day_count: DayCount) -> LateRate {
    LateRate::Annual(AnnualRate { rate: percent(rate), day_count })
}

fn terms(rate: LateRate, inclusion: DayInclusion) -> LateFee {
    LateFee {
        rate,
        base: LateBase::WithTax,
        inclusion,
        grace: None,
        cap: LateCap::None(NoCap {}),
        rounding: RoundingMode::HalfUp,
    }
}

fn debt(due: &str, with_tax: &str, without_tax: &str) -> DuePrincipal {
    DuePrincipal {
        invoice: id("inv-1"),
        due: day(due),
        with_tax: yuan(with_tax),
        without_tax: yuan(without_tax),
        evidence: proofs(&["e1"]),
    }
}

fn paid(on: &str, amount: &str) -> PrincipalPayment {
    PrincipalPayment { on: day(on), amount: yuan(amount), evidence: id("e2") }
}

fn accrue(
    terms: &LateFee,
    debt: &DuePrincipal,
    payments: &[PrincipalPayment],
    as_of: Date,
) -> LateFeeAccrual {
    let half_up = rule(RoundingMode::HalfUp);
    let accrual = late_fee(terms, Calendar::china(), half_up, debt, payments, as_of);
    let accrual = accrual.expect("computable");
    if let Some(line) = &accrual.line {
        recompute(line);
        assert_eq!(line.amount, accrual.accrued);
    }
    accrual
}

#[test]
fn thirty_days_at_five_ten_thousandths_are_fifteen_hundred_yuan() {
    use DayInclusion::{Both, EndOnly, Neither, StartOnly};
    let debt = debt("2026-03-10", "100000", "100000");
    let rows = [
        (EndOnly, "2026-04-09", 30, "1500.00"),
        (StartOnly, "2026-04-09", 30, "1500.00"),
        (Both, "2026-04-09", 31, "1550.00"),
        (Neither, "2026-04-09", 29, "1450.00"),
        (EndOnly, "2026-03-11", 1, "50.00"),
        (StartOnly, "2026-03-11", 1, "50.00"),
        (Both, "2026-03-11", 2, "100.00"),
        (Neither, "2026-03-11", 0, "0.00"),
        (EndOnly, "2026-03-10", 0, "0.00"),
        (Both, "2026-03-10", 0, "0.00"),
        (StartOnly, "2026-03-10", 0, "0.00"),
        (Both, "2026-03-09", 0, "0.00"),
    ];
    for (inclusion, on, days, want) in rows {
        let accrual =
            accrue(&terms(daily("0.05%"), inclusion), &debt, &[paid(on, "100000")], day(on));
        let counted: u32 = accrual.rows.iter().map(|row| row.days).sum();
        assert_eq!(counted, days, "{inclusion:?} {on}");
        assert_eq!(accrual.accrued.amount().to_string(), want, "{inclusion:?} {on}");
        assert_eq!(accrual.open_principal, yuan("0"));
    }
}

#[test]
fn a_year_is_divided_as_agreed() {
    use DayCount::{Actual360, Actual365, ActualActual};
    // 36,500 yuan at 10 % from the turn of a leap year: 10 days of 2027 and 50 of 2028.
    let debt = debt("2027-12-21", "36500", "36500");
    let rows = [
        (Actual360, 1, Fraction::new(36_500 * 60, 3_600)),
        (Actual365, 1, Fraction::whole(600)),
        (ActualActual, 2, Fraction::whole(100) + Fraction::new(36_500 * 50, 3_660)),
    ];
    for (day_count, count, want) in rows {
        let terms = terms(annual("10%", day_count), DayInclusion::EndOnly);
        let accrual = accrue(&terms, &debt, &[], day("2028-02-19"));
        assert_eq!(accrual.rows.len(), count, "{day_count:?}");
        assert_eq!(accrual.exact, want, "{day_count:?}");
    }
}

#[test]
fn a_row_for_each_principal_and_the_fee_outlives_the_debt() {
    let debt = debt("2026-03-10", "100000", "100000");
    let payments = [paid("2026-03-20", "40000"), paid("2026-04-09", "60000")];
    let terms = terms(daily("0.05%"), DayInclusion::EndOnly);
    // Ten days on 100,000 and twenty on 60,000; paying the rest ends the growth, not the fee.
    for as_of in ["2026-04-09", "2026-04-30", "2030-01-01"] {
        let accrual = accrue(&terms, &debt, &payments, day(as_of));
        let rows: Vec<_> = accrual
            .rows
            .iter()
            .map(|row| (row.from.to_string(), row.to.to_string(), row.days, row.principal))
            .collect();
        let want = vec![
            ("2026-03-11".to_string(), "2026-03-20".to_string(), 10, yuan("100000")),
            ("2026-03-21".to_string(), "2026-04-09".to_string(), 20, yuan("60000")),
        ];
        assert_eq!(rows, want, "{as_of}");
        assert_eq!(accrual.accrued, yuan("1100"), "{as_of}");
        assert_eq!(accrual.open_principal, yuan("0"), "{as_of}");
        let line = accrual.line.expect("a line");
        assert_eq!(line.working.formula, "row_1 + row_2");
        assert_eq!(line.evidence, proofs(&["e1", "e2"]));
    }
}

#[test]
fn what_is_paid_on_the_due_day_is_never_late() {
    let debt = debt("2026-03-10", "100000", "100000");
    for (_, inclusion) in DayInclusion::ALL {
        let terms = terms(daily("0.05%"), *inclusion);
        let accrual = accrue(&terms, &debt, &[paid("2026-03-10", "100000")], day("2026-12-31"));
        assert_eq!(accrual.line, None, "{inclusion:?}");
    }
}

#[test]
fn days_of_grace_accrue_nothing() {
    // 10 March 2026 is a Tuesday; 1 to 5 May are a holiday with a worked Saturday on the 9th.
    let rows = [
        ("2026-03-10", None, "2026-03-13", 3, false),
        ("2026-03-10", Some("0d"), "2026-03-13", 3, false),
        ("2026-03-10", Some("3d"), "2026-03-13", 0, false),
        ("2026-03-10", Some("3d"), "2026-03-14", 1, false),
        ("2026-03-10", Some("3wd"), "2026-03-14", 1, false),
        ("2026-03-13", Some("3wd"), "2026-03-19", 1, false),
        ("2026-04-30", Some("2wd"), "2026-05-09", 2, false),
        ("2026-03-31", Some("1mo"), "2026-05-02", 2, false),
        ("2028-02-29", Some("1y"), "2029-03-02", 2, false),
        ("2029-03-12", Some("3wd"), "2029-03-16", 1, true),
    ];
    for (due, grace, as_of, days, provisional) in rows {
        for inclusion in [DayInclusion::EndOnly, DayInclusion::Both] {
            let grace = grace.map(|grace| grace.parse().expect("a length"));
            let none = grace.is_none_or(|grace: Duration| grace.count == 0);
            let terms = LateFee { grace, ..terms(daily("0.05%"), inclusion) };
            let accrual = accrue(&terms, &debt(due, "100", "100"), &[], day(as_of));
            let counted: u32 = accrual.rows.iter().map(|row| row.days).sum();
            let with_due_day = u32::from(none && inclusion == DayInclusion::Both);
            assert_eq!(counted, days + with_due_day, "{due} {grace:?} {as_of} {inclusion:?}");
            assert_eq!(accrual.provisional, provisional, "{due} {grace:?}");
        }
    }
}

#[test]
fn the_base_may_leave_the_tax_out() {
    let debt = debt("2026-03-10", "106000", "100000");
    let terms =
        LateFee { base: LateBase::WithoutTax, ..terms(daily("0.05%"), DayInclusion::EndOnly) };
    let accrual = accrue(&terms, &debt, &[], day("2026-04-09"));
    assert_eq!(accrual.accrued, yuan("1500"));
    let accrual = accrue(&terms, &debt, &[paid("2026-03-25", "53000")], day("2026-04-09"));
    assert_eq!(accrual.accrued, yuan("1125"));
    assert_eq!(accrual.open_principal, yuan("53000"));
}

#[test]
fn a_cap_holds_on_the_day_that_it_is_reached() {
    let debt = debt("2026-03-10", "100000", "100000");
    let share = LateCap::Principal(PrincipalCap { share: percent("1%") });
    // 4 x 3.45 % = 13.8 % a year, against 18.25 %.
    let lpr = LateCap::Lpr(LprCap { lpr: percent("3.45%"), times: 4 });
    let rows = [
        (&share, "2026-03-30", "1000.00", 1_000),
        (&share, "2026-03-29", "950.00", 1_000),
        (&share, "2027-03-10", "1000.00", 1_000),
        (&lpr, "2027-03-10", "13800.00", 13_800),
    ];
    for (cap, as_of, want, limit) in rows {
        let terms = LateFee { cap: cap.clone(), ..terms(daily("0.05%"), DayInclusion::EndOnly) };
        let accrual = accrue(&terms, &debt, &[], day(as_of));
        assert_eq!(accrual.accrued.amount().to_string(), want, "{as_of}");
        assert_eq!(accrual.cap, Some(Fraction::whole(limit)), "{as_of}");
    }
}

#[test]
fn a_cap_is_a_share_of_what_became_overdue() {
    let debt = debt("2026-03-10", "100000", "100000");
    let cap = LateCap::Principal(PrincipalCap { share: percent("1%") });
    let terms = LateFee { cap, ..terms(daily("0.05%"), DayInclusion::EndOnly) };
    for (on, limit) in [("2026-03-09", 600), ("2026-03-10", 600), ("2026-03-11", 1_000)] {
        let accrual = accrue(&terms, &debt, &[paid(on, "40000")], day("2027-03-10"));
        assert_eq!(accrual.cap, Some(Fraction::whole(limit)), "{on}");
    }
}

#[test]
fn five_ten_thousandths_a_day_are_above_four_times_the_lpr() {
    use DayCount::{Actual360, Actual365, ActualActual};
    let rows = [
        (daily("0.05%"), "3.45%", true),
        (daily("0.03%"), "3.45%", false),
        (annual("13.8%", Actual365), "3.45%", false),
        (annual("13.8%", ActualActual), "3.45%", false),
        (annual("13.8%", Actual360), "3.45%", true),
        (annual("13.81%", Actual365), "3.45%", true),
    ];
    for (rate, lpr, want) in rows {
        assert_eq!(exceeds_four_lpr(&rate, percent(lpr)), want, "{rate:?} {lpr}");
    }
}

#[test]
fn what_cannot_be_computed_is_refused() {
    let half_up = rule(RoundingMode::HalfUp);
    let good = terms(daily("0.05%"), DayInclusion::EndOnly);
    let owed = debt("2026-03-10", "100", "94");
    let check = |terms: &LateFee, debt: &DuePrincipal, paid: &[PrincipalPayment], want| {
        let as_of = day("2026-04-09");
        let refused = late_fee(terms, Calendar::china(), half_up, debt, paid, as_of);
        assert_eq!(refused, Err(want));
    };
    check(
        &good,
        &debt("2026-03-10", "94", "100"),
        &[],
        LateFeeError::Principal {
            invoice: id("inv-1"),
            with_tax: yuan("94"),
            without_tax: yuan("100"),
        },
    );
    check(
        &good,
        &owed,
        &[paid("2026-03-20", "-1")],
        LateFeeError::Payment { evidence: id("e2"), amount: yuan("-1") },
    );
    check(
        &good,
        &owed,
        &[paid("2026-03-20", "100"), paid("2026-03-21", "0.01")],
        LateFeeError::Overpaid {
            invoice: id("inv-1"),
            with_tax: yuan("100"),
            paid: yuan("100.01"),
        },
    );
    let rate = percent("-0.05%");
    let negative = LateFee { rate: daily("-0.05%"), ..good.clone() };
    check(&negative, &owed, &[], LateFeeError::NegativeRate { rate });
    let grace: Duration = "12h".parse().expect("a length");
    let hours = LateFee { grace: Some(grace), ..good };
    check(&hours, &owed, &[], LateFeeError::Grace { grace });
}

/// The fee by walking over every day.
fn naive(terms: &LateFee, debt: &DuePrincipal, paid: &[PrincipalPayment], as_of: Date) -> Fraction {
    let mut fee = Fraction::ZERO;
    let share = Fraction::new(debt.without_tax.minor(), debt.with_tax.minor());
    let share = if terms.base == LateBase::WithTax { Fraction::whole(1) } else { share };
    let (start, end) = match terms.inclusion {
        DayInclusion::Neither => (false, false),
        DayInclusion::EndOnly => (false, true),
        DayInclusion::StartOnly => (true, false),
        DayInclusion::Both => (true, true),
    };
    let mut today = debt.due;
    while today <= as_of {
        let before = |limit: Date| if end { today <= limit } else { today < limit };
        let grace = terms.grace.map_or(0, |grace| i64::from(grace.count));
        let begun = match grace {
            0 => today > debt.due || start,
            days => today > debt.due.plus_days(days),
        };
        if begun && before(as_of) && as_of > debt.due {
            let gone: i128 = paid
                .iter()
                .filter(|p| p.on <= debt.due || !before(p.on))
                .map(|p| p.amount.minor())
                .sum();
            let open = Fraction::new(debt.with_tax.minor() - gone, 100) * share;
            let leap = Date::new(today.year(), 2, 29).is_some();
            let rate = match &terms.rate {
                LateRate::Daily(daily) => daily.rate.share(),
                LateRate::Annual(annual) => {
                    let year = match annual.day_count {
                        DayCount::Actual360 => 360,
                        DayCount::Actual365 => 365,
                        DayCount::ActualActual => 365 + i128::from(leap),
                    };
                    annual.rate.share() * Fraction::new(1, year)
                }
            };
            fee = fee + open * rate;
        }
        today = today.plus_days(1);
    }
    fee
}

prop_compose! {
    fn any_terms()(
        by_day in any::<bool>(),
        points in 1_i128..3_000,
        day_count in prop::sample::select(DayCount::ALL),
        inclusion in prop::sample::select(DayInclusion::ALL),
        base in prop::sample::select(LateBase::ALL),
        grace in prop::option::of(0_u32..6),
        rounding in prop::sample::select(MODES.to_vec()),
    ) -> LateFee {
        let rate = Percent::new(units::Decimal::new(points, 2));
        let day_count = day_count.1;
        let rate = match by_day {
            true => LateRate::Daily(DailyRate { rate }),
            false => LateRate::Annual(AnnualRate { rate, day_count }),
        };
        let grace = grace.map(|count| Duration::new(count, DurationUnit::Days));
        let cap = LateCap::None(NoCap {});
        LateFee { rate, base: base.1, inclusion: inclusion.1, grace, cap, rounding }
    }
}

/// A debt of 1,060 yuan due at the end of a leap year, and payments around it.
fn any_payments() -> impl Strategy<Value = Vec<PrincipalPayment>> {
    let payment = (-5_i64..60, 1_i128..26_000).prop_map(|(days, amount)| PrincipalPayment {
        on: day("2028-12-15").plus_days(days),
        amount: fen(amount),
        evidence: id("p"),
    });
    prop::collection::vec(payment, 0..4)
}

proptest! {
    #[test]
    fn the_rows_agree_with_a_count_day_by_day(
        terms in any_terms(),
        payments in any_payments(),
        days in -3_i64..80,
    ) {
        let debt = debt("2028-12-15", "1060", "1000");
        let as_of = debt.due.plus_days(days);
        let accrual = accrue(&terms, &debt, &payments, as_of);
        let seen: Vec<PrincipalPayment> =
            payments.iter().filter(|payment| payment.on <= as_of).cloned().collect();
        prop_assert_eq!(accrual.exact, naive(&terms, &debt, &seen, as_of));
        let paid: i128 = seen.iter().map(|payment| payment.amount.minor()).sum();
        prop_assert_eq!(accrual.open_principal.minor(), debt.with_tax.minor() - paid);
    }

    #[test]
    fn a_fee_never_shrinks_with_the_days_nor_passes_its_cap(
        terms in any_terms(),
        payments in any_payments(),
        cap in 0_u8..3,
        days in -3_i64..70,
        more in 0_i64..20,
    ) {
        let cap = match cap {
            0 => LateCap::None(NoCap {}),
            1 => LateCap::Principal(PrincipalCap { share: percent("1.37%") }),
            _ => LateCap::Lpr(LprCap { lpr: percent("3.45%"), times: 4 }),
        };
        let terms = LateFee { cap, ..terms };
        let debt = debt("2028-12-15", "1060", "1000");
        let sooner = accrue(&terms, &debt, &payments, debt.due.plus_days(days));
        let later = accrue(&terms, &debt, &payments, debt.due.plus_days(days + more));
        prop_assert!(sooner.accrued.minor() <= later.accrued.minor());
        for accrual in [sooner, later] {
            let within = accrual.cap.is_none_or(|cap| accrual.accrued.to_fraction() <= cap);
            prop_assert!(within);
        }
    }

    #[test]
    fn the_order_of_payments_changes_nothing(terms in any_terms(), payments in any_payments()) {
        let debt = debt("2028-12-15", "1060", "1000");
        let as_of = debt.due.plus_days(70);
        let mut other = payments.clone();
        other.reverse();
        let mixed = accrue(&terms, &debt, &other, as_of);
        prop_assert_eq!(accrue(&terms, &debt, &payments, as_of), mixed);
    }
}
