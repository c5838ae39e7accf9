//! Service credits: the vectors of the domain, public tier tables, and the law of the cap.

use alloc::string::{String, ToString};
use alloc::vec;

use contract::terms::{Availability, CreditTier, DegradedAs, ExclusionReason, Grain, UnknownAs};
use proptest::prelude::*;
use units::{ServiceState, StateInterval, Timestamp, Window, Zone};

use super::*;
use crate::availability::availability;
use crate::samples::{MODES, day, fen, id, percent, proofs, recompute, rule, yuan};
use crate::storage::month_window;

fn hourly(hours: HourRounding, degraded: Option<&str>) -> Credits {
    let degraded_rate = degraded.map(percent);
    let method = CreditMethod::Hourly(HourlyCredit { rate: percent("5%"), degraded_rate, hours });
    with_method(method)
}

fn with_method(method: CreditMethod) -> Credits {
    Credits {
        method,
        base: CreditBase::WithoutTax,
        cap: percent("50%"),
        automatic: true,
        at_end: CreditAtEnd::Refund,
    }
}

fn tiered(tiers: &[(&str, &str)]) -> Credits {
    let tier = |row: &(&str, &str)| CreditTier { below: percent(row.0), credit: percent(row.1) };
    let tiers = tiers.iter().map(tier).collect();
    with_method(CreditMethod::Tiered(TieredCredit { tiers, degraded_rate: None }))
}

/// April 2026, promised 99.9 %, with tenths of a second down and degraded.
fn april(down: i64, degraded: i64) -> AvailabilityReport {
    let terms = Availability {
        target: percent("99.9%"),
        grain: Grain::Exact,
        min_outage: None,
        unknown_as: UnknownAs::Up,
        degraded_as: DegradedAs::Separate,
        exclusions: vec![ExclusionReason::Maintenance],
        max_excluded: None,
        service_hours: None,
    };
    let window = month_window(day("2026-04-15"), &Zone::shanghai());
    let stretch = |from: i64, tenths: i64| {
        let from = window.from.plus_seconds(from);
        Window::new(from, Timestamp::from_micros(from.micros() + tenths * 100_000))
    };
    let report = |window, state, evidence| StateInterval { window, state, evidence: id(evidence) };
    let states = [
        report(window, ServiceState::Up, "probe"),
        report(stretch(86_400, down), ServiceState::Down, "outage"),
        report(stretch(15 * 86_400, degraded), ServiceState::Degraded, "slow"),
    ];
    availability(&terms, &Zone::shanghai(), window, &states, &[]).expect("computable terms")
}

const ASKED: CreditRequest = CreditRequest { claimed: false, next_invoice: true };

fn fees(without_tax: &str, with_tax: &str) -> MonthFees {
    MonthFees { without_tax: yuan(without_tax), with_tax: yuan(with_tax) }
}

fn credit(terms: &Credits, report: &AvailabilityReport) -> Option<ServiceCredit> {
    let fees = fees("10000", "10600");
    let half_up = rule(RoundingMode::HalfUp);
    service_credit(terms, report, fees, ASKED, half_up, Some(id("api"))).expect("computable")
}

fn amount(terms: &Credits, down_tenths: i64, degraded_tenths: i64) -> String {
    let credit = credit(terms, &april(down_tenths, degraded_tenths));
    credit.map_or("none".to_string(), |credit| {
        recompute(&credit.line);
        credit.line.amount.amount().to_string()
    })
}

#[test]
fn hours_beyond_the_allowance_cost_five_percent_each() {
    use HourRounding::{Ceiling, Floor, ProRata};
    // 43.2 min are allowed; down time in tenths of a second, fees of 10,000 yuan.
    let rows = [
        (ProRata, 133_920, "-1500.00"), // 3 h 43.2 min
        (Floor, 133_920, "-1500.00"),
        (Ceiling, 133_920, "-1500.00"),
        (ProRata, 385_920, "-5000.00"), // 10 h 43.2 min
        (ProRata, 745_920, "-5000.00"), // 20 h 43.2 min: the cap
        (Floor, 25_800, "none"),        // 43 min
        (Ceiling, 25_800, "none"),
        (ProRata, 25_800, "none"),
        (Floor, 26_400, "none"), // 44 min
        (Ceiling, 26_400, "-500.00"),
        (ProRata, 26_400, "-6.67"), // 0.0667 %
        (Ceiling, 25_920, "none"),  // 43.2 min: the allowance itself
        (Ceiling, 25_921, "-500.00"),
        (Floor, 61_919, "none"), // a tenth of a second below one hour over
        (Floor, 61_920, "-500.00"),
    ];
    for (hours, tenths, want) in rows {
        assert_eq!(amount(&hourly(hours, None), tenths, 0), want, "{hours:?} {tenths}");
    }
}

#[test]
fn pro_rata_is_exact_before_it_is_rounded() {
    let credit = credit(&hourly(HourRounding::ProRata, None), &april(26_400, 0)).expect("a credit");
    assert_eq!(credit.share, Fraction::new(1, 1_500));
    assert_eq!(credit.line.working.exact, Fraction::new(-20, 3));
    assert!(!credit.capped);
    assert_eq!(credit.line.evidence, proofs(&["outage"]));
}

#[test]
fn degraded_hours_have_their_own_rate_and_no_allowance() {
    use HourRounding::{Ceiling, Floor, ProRata};
    let rows = [
        (ProRata, Some("1%"), 0, 36_000, "-100.00"),
        (ProRata, None, 0, 36_000, "none"),
        (Ceiling, Some("1%"), 0, 10, "-100.00"),
        (Floor, Some("1%"), 0, 35_999, "none"),
        (ProRata, Some("1%"), 61_920, 36_000, "-600.00"),
        (ProRata, Some("1%"), 385_920, 36_000, "-5000.00"),
    ];
    for (hours, rate, down, degraded, want) in rows {
        let terms = hourly(hours, rate);
        assert_eq!(amount(&terms, down, degraded), want, "{hours:?} {rate:?} {down} {degraded}");
    }
}

#[test]
fn the_lowest_tier_that_was_missed_decides() {
    let table = [("99.99%", "10%"), ("99%", "30%"), ("95%", "100%")];
    let share = |down: i64, cap: &str| {
        let terms = Credits { cap: percent(cap), ..tiered(&table) };
        let credit = credit(&terms, &april(down, 0));
        credit.map_or(Fraction::ZERO, |credit| credit.share)
    };
    // April has 25,920,000 tenths of a second.
    let rows = [
        (0, "100%", Fraction::ZERO),
        (2_592, "100%", Fraction::ZERO),
        (2_593, "100%", Fraction::new(1, 10)),
        (259_200, "100%", Fraction::new(1, 10)),
        (259_201, "100%", Fraction::new(3, 10)),
        (1_296_000, "100%", Fraction::new(3, 10)),
        (1_296_001, "100%", Fraction::whole(1)),
        (1_296_001, "50%", Fraction::new(1, 2)),
    ];
    for (down, cap, want) in rows {
        assert_eq!(share(down, cap), want, "{down} {cap}");
    }
}

#[test]
fn tiers_may_stand_in_any_order_and_degraded_hours_add() {
    let mut terms = tiered(&[("95%", "100%"), ("99.99%", "10%"), ("99%", "30%")]);
    assert_eq!(amount(&terms, 2_593, 0), "-1000.00");
    if let CreditMethod::Tiered(tiered) = &mut terms.method {
        tiered.degraded_rate = Some(percent("1%"));
    }
    assert_eq!(amount(&terms, 2_593, 18_000), "-1050.00");
    assert_eq!(amount(&terms, 0, 18_000), "-50.00");
}

#[test]
fn the_base_is_with_or_without_tax() {
    let terms = hourly(HourRounding::Floor, None);
    let with_tax = Credits { base: CreditBase::WithTax, ..terms.clone() };
    assert_eq!(amount(&terms, 61_920, 0), "-500.00");
    assert_eq!(amount(&with_tax, 61_920, 0), "-530.00");
}

#[test]
fn a_credit_goes_where_the_terms_send_it() {
    use CreditRoute::{Forfeit, NextInvoice, Refund, Unclaimed};
    let rows = [
        (true, false, true, CreditAtEnd::Refund, NextInvoice),
        (true, false, false, CreditAtEnd::Refund, Refund),
        (true, false, false, CreditAtEnd::Forfeit, Forfeit),
        (false, false, true, CreditAtEnd::Refund, Unclaimed),
        (false, false, false, CreditAtEnd::Refund, Unclaimed),
        (false, true, true, CreditAtEnd::Refund, NextInvoice),
        (false, true, false, CreditAtEnd::Refund, Refund),
        (false, true, false, CreditAtEnd::Forfeit, Forfeit),
    ];
    for (automatic, claimed, next_invoice, at_end, want) in rows {
        let terms = Credits { automatic, at_end, ..hourly(HourRounding::Floor, None) };
        let request = CreditRequest { claimed, next_invoice };
        let month = april(61_920, 0);
        let half_up = rule(RoundingMode::HalfUp);
        let credit = service_credit(&terms, &month, fees("100", "106"), request, half_up, None);
        let credit = credit.expect("computable").expect("a credit");
        assert_eq!(credit.route, want, "{automatic} {claimed} {next_invoice} {at_end:?}");
    }
}

#[test]
fn fees_and_shares_below_zero_are_refused() {
    let (month, half_up) = (april(61_920, 0), rule(RoundingMode::HalfUp));
    let terms = hourly(HourRounding::Floor, None);
    let below = MonthFees { without_tax: fen(-1), with_tax: fen(0) };
    let refused = service_credit(&terms, &month, below, ASKED, half_up, None);
    assert_eq!(refused, Err(CreditError::NegativeFees { fees: fen(-1) }));
    let terms = Credits { cap: percent("-1%"), ..terms };
    let refused = service_credit(&terms, &month, fees("1", "1"), ASKED, half_up, None);
    assert_eq!(refused, Err(CreditError::NegativeShare { share: percent("-1%") }));
    let dollars = Money::new(1, units::Currency::Usd);
    let terms = hourly(HourRounding::Floor, None);
    let fees = MonthFees { without_tax: dollars, with_tax: dollars };
    let refused = service_credit(&terms, &month, fees, ASKED, half_up, None);
    assert_eq!(refused, Err(CreditError::Money(MoneyError::Currency)));
}

proptest! {
    #[test]
    fn a_credit_never_passes_its_cap_or_the_fees(
        fee in 0_i128..1_000_000,
        down in 0_i64..2_000_000,
        degraded in 0_i64..2_000_000,
        hours in prop::sample::select(HourRounding::ALL),
        mode in prop::sample::select(MODES.to_vec()),
        cap in 0_i64..=10_000,
    ) {
        let cap = Percent::new(units::Decimal::new(i128::from(cap), 2));
        let terms = Credits { cap, ..hourly(hours.1, Some("1.7%")) };
        let fees = MonthFees { without_tax: fen(fee), with_tax: fen(fee) };
        let month = april(down, degraded);
        let credit = service_credit(&terms, &month, fees, ASKED, rule(mode), None);
        if let Some(credit) = credit.expect("computable") {
            recompute(&credit.line);
            let credited = -credit.line.amount.to_fraction();
            prop_assert!(credited >= Fraction::ZERO);
            prop_assert!(credited <= fen(fee).to_fraction() * cap.share());
        }
    }

    #[test]
    fn a_longer_outage_never_costs_less(down in 0_i64..600_000, more in 0_i64..100_000) {
        for (_, hours) in HourRounding::ALL {
            let share = |tenths| {
                let credit = credit(&hourly(*hours, None), &april(tenths, 0));
                credit.map_or(Fraction::ZERO, |credit| credit.share)
            };
            prop_assert!(share(down) <= share(down + more));
        }
    }
}
