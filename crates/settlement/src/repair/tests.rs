//! Late repair: the promised time in hours, days and working days, with and without suspension.

use alloc::string::ToString;
use alloc::vec;

use contract::terms::{
    FlopsBasis, GpuPrice, GpuServers, JobEnd, Precision, RoundedPer, Side, Verification,
};
use units::{Decimal, RoundingMode};

use super::*;
use crate::samples::{at, id, percent, proofs, recompute, rule};

fn terms(within: &str, hour: Option<&str>) -> LeaseTerms {
    let decimal = |text: &str| -> Decimal { text.parse().expect("a decimal") };
    LeaseTerms {
        servers: vec![GpuServers {
            id: id("a100"),
            count: 1,
            model: "A100".into(),
            gpus_per_server: 8,
            teraflops: decimal("2496"),
            precision: Precision::Bf16,
            flops_basis: FlopsBasis::Achieved,
        }],
        network: None,
        storage: None,
        datasets: vec![],
        software: vec![],
        gpu_price: GpuPrice {
            price: decimal("18.50"),
            step_seconds: 1,
            step_rounding: RoundingMode::Ceiling,
            rounded_per: RoundedPer::Job,
            billable_ends: vec![JobEnd::Completed],
        },
        storage_price: None,
        one_off: vec![],
        total: None,
        permitted_purposes: vec![],
        non_compete: false,
        modifications_owner: Side::Vendor,
        repair_within: within.parse().expect("a length"),
        late_repair_hour: hour.map(decimal),
        upgrades: None,
        verification: Verification { runs: 3, required: 2, max_load: percent("50%") },
    }
}

fn incident(name: &str, from: &str, to: &str) -> RepairIncident {
    RepairIncident {
        id: id(name),
        outage: Window::new(at(from), at(to)),
        evidence: proofs(&["down", "up"]),
    }
}

fn price(
    terms: &LeaseTerms,
    incidents: &[RepairIncident],
    suspensions: &[Window],
) -> Result<Vec<Line>, RepairError> {
    let (zone, half_up) = (Zone::shanghai(), rule(RoundingMode::HalfUp));
    late_repair(terms, &zone, Calendar::china(), half_up, incidents, suspensions)
}

#[test]
fn hours_beyond_the_promise_are_credited() {
    let day = |hour: &str| alloc::format!("2026-03-{hour}:00+08:00");
    let rows = [
        ("4h", "02T08:00", "02T12:00", "none"),
        ("4h", "02T08:00", "02T13:00", "-60.00"),
        ("4h", "02T08:00", "02T12:01", "-1.00"),
        ("4h", "02T08:00", "03T08:00", "-1200.00"),
        ("1d", "02T08:00", "03T23:59", "none"),
        ("1d", "02T08:00", "04T01:00", "-60.00"),
        ("1wd", "06T08:00", "09T23:00", "none"),
        ("1wd", "06T08:00", "10T02:00", "-120.00"),
    ];
    for (within, from, to, want) in rows {
        let incidents = [incident("i1", &day(from), &day(to))];
        let lines = price(&terms(within, Some("60")), &incidents, &[]).expect("computable");
        lines.iter().for_each(recompute);
        let amounts = lines.iter().map(|line| line.amount.amount().to_string()).next();
        assert_eq!(amounts.unwrap_or("none".into()), want, "{within} {from} {to}");
    }
}

#[test]
fn a_lease_without_a_price_for_late_hours_credits_nothing() {
    let late = [incident("i1", "2026-03-02T08:00:00+08:00", "2026-03-09T08:00:00+08:00")];
    assert_eq!(price(&terms("4h", None), &late, &[]), Ok(vec![]));
}

#[test]
fn force_majeure_stops_the_repair_clock_before_and_after_it_ran_out() {
    let late = [incident("i1", "2026-03-02T08:00:00+08:00", "2026-03-02T18:00:00+08:00")];
    // Four hours promised, ten taken: six late. One hour is suspended before, two after.
    let suspended = [
        Window::new(at("2026-03-02T09:00:00+08:00"), at("2026-03-02T10:00:00+08:00")),
        Window::new(at("2026-03-02T15:00:00+08:00"), at("2026-03-02T17:00:00+08:00")),
    ];
    let lines = price(&terms("4h", Some("60")), &late, &suspended).expect("computable");
    assert_eq!(lines[0].amount.amount().to_string(), "-180.00");
}

#[test]
fn an_incident_counts_once_and_two_of_one_name_are_refused() {
    let first = incident("i1", "2026-03-02T08:00:00+08:00", "2026-03-02T13:00:00+08:00");
    let other = incident("i2", "2026-03-03T08:00:00+08:00", "2026-03-03T14:00:00+08:00");
    let terms = terms("4h", Some("60"));
    let ordered = price(&terms, &[first.clone(), other.clone()], &[]);
    let mixed = price(&terms, &[other.clone(), first.clone(), other.clone()], &[]);
    assert_eq!(ordered, mixed);
    assert_eq!(ordered.expect("computable").len(), 2);
    let changed = RepairIncident { id: id("i1"), ..other };
    let refused = price(&terms, &[first, changed], &[]);
    assert_eq!(refused, Err(RepairError::Conflict { id: id("i1") }));
}
