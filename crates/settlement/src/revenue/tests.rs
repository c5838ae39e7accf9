//! Licence fees by period and shares of reported revenue.

use alloc::string::ToString;
use alloc::vec;

use proptest::prelude::*;
use units::{Fraction, RoundingMode};

use super::*;
use crate::samples::{MODES, at, day, fen, id, percent, proofs, recompute, rule, yuan};

fn owned(fee: &str, period: LicencePeriod) -> VendorOwns {
    VendorOwns { licence_fee: fee.parse().expect("a decimal"), period }
}

fn licence(first: &str, last: Option<&str>) -> Licence {
    Licence { first: day(first), last: last.map(day), evidence: proofs(&["e1"]) }
}

fn days(from: &str, to: &str) -> Window {
    let zone = Zone::shanghai();
    Window::new(day(from).start(&zone), day(to).start(&zone))
}

fn begun(terms: &VendorOwns, licence: &Licence, window: Window) -> Vec<alloc::string::String> {
    let half_up = rule(RoundingMode::HalfUp);
    let lines = licence_fees(terms, &Zone::shanghai(), half_up, licence, window);
    let told = |line: &Line| {
        recompute(line);
        assert_eq!(line.amount.amount().to_string(), "900.00");
        line.subject.as_ref().expect("a subject").as_str().replace("licence:", "")
    };
    lines.expect("computable").iter().map(told).collect()
}

#[test]
fn each_licence_period_is_charged_when_it_begins() {
    use LicencePeriod::{Month, Once, Year};
    let rows = [
        (Month, "2026-01-31", None, "2026-01-01", "2026-02-01", &["2026-01-31"][..]),
        (Month, "2026-01-31", None, "2026-02-01", "2026-04-01", &["2026-02-28", "2026-03-31"]),
        (Month, "2026-01-31", Some("2026-03-30"), "2026-02-01", "2026-04-01", &["2026-02-28"]),
        (Month, "2026-01-15", Some("2026-02-15"), "2026-02-01", "2026-04-01", &["2026-02-15"]),
        (Month, "2026-01-31", None, "2025-12-01", "2026-01-31", &[]),
        (Month, "2026-01-15", None, "2026-02-15", "2026-02-16", &["2026-02-15"]),
        (Month, "2026-01-15", None, "2026-02-16", "2026-03-15", &[]),
        (
            Year,
            "2028-02-29",
            None,
            "2028-01-01",
            "2031-01-01",
            &["2028-02-29", "2029-02-28", "2030-02-28"],
        ),
        (Year, "2026-03-01", Some("2027-02-28"), "2026-01-01", "2030-01-01", &["2026-03-01"]),
        (Once, "2026-03-01", None, "2026-03-01", "2026-04-01", &["2026-03-01"]),
        (Once, "2026-03-01", None, "2026-04-01", "2030-04-01", &[]),
    ];
    for (period, first, last, from, to, want) in rows {
        let found = begun(&owned("900", period), &licence(first, last), days(from, to));
        assert_eq!(found, want, "{period:?} {first} {last:?} {from} {to}");
    }
}

#[test]
fn a_licence_fee_below_zero_is_refused() {
    let terms = owned("-1", LicencePeriod::Once);
    let window = days("2026-01-01", "2027-01-01");
    let licence = licence("2026-03-01", None);
    let half_up = rule(RoundingMode::HalfUp);
    let refused = licence_fees(&terms, &Zone::shanghai(), half_up, &licence, window);
    assert_eq!(refused, Err(RevenueError::NegativeFee { fee: terms.licence_fee }));
}

fn shared(share: &str) -> SharedOwnership {
    SharedOwnership {
        customer_share: percent(share),
        report_every: "3mo".parse().expect("a length"),
        report_within: "30d".parse().expect("a length"),
        patent_answer: "30d".parse().expect("a length"),
    }
}

fn report(by: Side, amount: &str, evidence: &str) -> RevenueReport {
    RevenueReport { by, amount: yuan(amount), evidence: id(evidence) }
}

fn quarter() -> Window {
    Window::new(at("2026-01-01T00:00:00+08:00"), at("2026-04-01T00:00:00+08:00"))
}

fn split(share: &str, reports: &[RevenueReport]) -> Result<RevenueSplit, RevenueError> {
    revenue_split(&shared(share), rule(RoundingMode::HalfUp), quarter(), reports)
}

#[test]
fn who_holds_more_than_its_share_owes_the_rest() {
    use Side::{Customer, Vendor};
    let rows = [
        ("60%", "1000", "0", Some(Customer), "400.00"),
        ("60%", "0", "1000", Some(Vendor), "-600.00"),
        ("60%", "600", "400", None, "0"),
        ("50%", "100", "100.01", Some(Vendor), "-0.01"),
        ("100%", "10", "90", Some(Vendor), "-90.00"),
        ("0%", "10", "90", Some(Customer), "10.00"),
        ("60%", "0", "0", None, "0"),
    ];
    for (share, customer, vendor, owed_by, want) in rows {
        let reports = [report(Customer, customer, "e1"), report(Vendor, vendor, "e2")];
        let split = split(share, &reports).expect("computable");
        assert_eq!(split.owed_by, owed_by, "{share} {customer} {vendor}");
        let amount = split.line.as_ref().map(|line| line.amount.amount().to_string());
        assert_eq!(amount.unwrap_or("0".into()), want, "{share} {customer} {vendor}");
        assert_eq!(split.missing, vec![]);
    }
}

#[test]
fn a_missing_report_is_named_and_nothing_is_split() {
    use Side::{Customer, Vendor};
    let rows = [
        (vec![], vec![Customer, Vendor]),
        (vec![report(Customer, "10", "e1")], vec![Vendor]),
        (vec![report(Vendor, "10", "e1")], vec![Customer]),
    ];
    for (reports, missing) in rows {
        let split = split("50%", &reports).expect("computable");
        assert_eq!(split.missing, missing);
        assert_eq!((split.owed_by, split.line), (None, None));
    }
}

#[test]
fn reports_that_cannot_be_split_are_refused() {
    use Side::{Customer, Vendor};
    let reports = [report(Customer, "1", "e1"), report(Vendor, "1", "e1")];
    let conflict = RevenueError::Conflict { evidence: id("e1") };
    assert_eq!(split("50%", &reports), Err(conflict));
    let below = RevenueError::NegativeRevenue { evidence: id("e1"), amount: yuan("-1") };
    assert_eq!(split("50%", &[report(Customer, "-1", "e1")]), Err(below));
    for share in ["-1%", "100.5%"] {
        let want = RevenueError::Share { share: percent(share) };
        assert_eq!(split(share, &[]), Err(want));
    }
}

proptest! {
    #[test]
    fn each_party_ends_with_its_share_to_half_a_fen(
        reports in prop::collection::vec((any::<bool>(), 0_i128..100_000), 0..6),
        share in 0_i128..=10_000,
        mode in prop::sample::select(MODES.to_vec()),
        turn in 0_usize..6,
    ) {
        let reports: Vec<RevenueReport> = reports
            .into_iter()
            .enumerate()
            .map(|(number, (customer, amount))| RevenueReport {
                by: if customer { Side::Customer } else { Side::Vendor },
                amount: fen(amount),
                evidence: id(&alloc::format!("e{number}")),
            })
            .collect();
        let share = Percent::new(units::Decimal::new(share, 2));
        let terms = SharedOwnership { customer_share: share, ..shared("50%") };
        let found = revenue_split(&terms, rule(mode), quarter(), &reports).expect("computable");
        if let (Some(customer), Some(vendor)) = (found.customer, found.vendor) {
            let moved = found.line.as_ref().map_or(0, |line| line.amount.minor());
            let due = Fraction::whole(customer.minor() + vendor.minor()) * share.share();
            let off = Fraction::whole(customer.minor() - moved) - due;
            prop_assert!(off.max(-off) < Fraction::whole(1));
        }
        let mut other = reports.clone();
        other.extend(reports.iter().take(turn).cloned());
        other.reverse();
        prop_assert_eq!(revenue_split(&terms, rule(mode), quarter(), &other), Ok(found));
    }

    #[test]
    fn split_windows_charge_each_licence_period_once(first in 0_i64..400, cut in 0_i64..1_000) {
        let zone = Zone::shanghai();
        let licence = Licence { first: day("2026-01-01").plus_days(first), last: None, evidence: vec![] };
        let middle = day("2026-01-01").plus_days(cut).start(&zone);
        let whole = days("2026-01-01", "2028-12-31");
        let terms = owned("900", LicencePeriod::Month);
        let mut parts = begun(&terms, &licence, Window::new(whole.from, middle));
        parts.extend(begun(&terms, &licence, Window::new(middle, whole.to)));
        prop_assert_eq!(parts, begun(&terms, &licence, whole));
    }
}
