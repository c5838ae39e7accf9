//! De-duplication and conflicts: one row for each case, laws, and naive counts beside them.

use alloc::vec::Vec;

use units::{EndState, Metric, Quantity, StorageSample};

use super::{Facts, in_order};
use crate::fixture::{allocation, at, count, gpu, id, measurement, sample, window};

fn evidence(names: &[&str]) -> Vec<units::EvidenceId> {
    names.iter().map(|name| id(name)).collect()
}

#[test]
fn evidence_stands_in_the_order_of_the_journal() {
    let mixed = evidence(&["probe-2", "e100", "e9", "e12-e90", "e9", "e12", "a"]);
    assert_eq!(in_order(mixed), evidence(&["e9", "e12", "e12-e90", "e100", "a", "probe-2"]));
}

#[test]
fn a_fact_counts_once_and_two_facts_of_one_instant_both_count() {
    let march = window("2026-03-01", "2026-04-01");
    let row = |units, evidence: &str| {
        count(Metric::ItemsAccepted, "boxes", "2026-03-05", units, evidence)
    };
    for (facts, sum, conflicts) in [
        (alloc::vec![row(5, "e1"), row(5, "e1")], 5, 0),
        (alloc::vec![row(5, "e1"), row(5, "e2")], 10, 0),
        (alloc::vec![row(5, "e1"), row(7, "e1")], 5, 1),
        (alloc::vec![row(7, "e1"), row(5, "e1"), row(5, "e1")], 5, 1),
        (alloc::vec![row(1, "e10"), row(2, "e9"), row(2, "e9")], 3, 0),
    ] {
        let read = Facts::of(&facts);
        let found = read.counted(Metric::ItemsAccepted, march, |_| true).expect("counts");
        assert_eq!(found.map(|sum| sum.value), Some(sum), "{facts:?}");
        assert_eq!(read.conflicts.len(), conflicts, "{facts:?}");
    }
}

#[test]
fn partly_shared_evidence_is_a_conflict() {
    let mut first = count(Metric::ItemsAccepted, "boxes", "2026-03-05", 5, "e1");
    first.evidence = evidence(&["e1", "e2"]);
    let mut second = first.clone();
    second.evidence = evidence(&["e2", "e3"]);
    let facts = [second, first];
    let read = Facts::of(&facts);
    let [conflict] = read.conflicts.as_slice() else { panic!("one conflict") };
    assert_eq!(conflict.counted, evidence(&["e1", "e2"]));
}

#[test]
fn allocations_of_overlapping_imports_are_joined_row_by_row() {
    let (one, two) = (
        allocation("a:0", "1", 0, 10, EndState::Completed),
        allocation("a:0", "2", 10, 20, EndState::Completed),
    );
    let changed = allocation("a:0", "1", 0, 99, EndState::Completed);
    let imports = [gpu(alloc::vec![one.clone()]), gpu(alloc::vec![one.clone(), two.clone()])];
    let mut read = Facts::of(&imports);
    assert_eq!(read.allocations(), Some(alloc::vec![one.clone(), two.clone()]));
    assert_eq!(read.conflicts, []);
    let imports = [gpu(alloc::vec![changed]), gpu(alloc::vec![one.clone(), two.clone()])];
    let mut read = Facts::of(&imports);
    assert_eq!(read.allocations(), Some(alloc::vec![one, two]));
    assert_eq!(read.conflicts.len(), 1);
}

#[test]
fn samples_are_kept_apart_by_volume() {
    let of = |volume: &str, rows: Vec<StorageSample>, evidence: &str| {
        let rows = Quantity::Storage(rows);
        measurement(Metric::StorageSamples, volume, "2026-03-01", rows, evidence)
    };
    let when = at("2026-03-01");
    let facts = [
        of("home", alloc::vec![sample(when, 1, "e2")], "e2"),
        of("home", alloc::vec![sample(when, 2, "e1")], "e1"),
        of("data", alloc::vec![sample(when, 3, "e3")], "e3"),
    ];
    let mut read = Facts::of(&facts);
    let volumes = read.samples();
    let bytes = |volume: &str| volumes[&Some(id(volume))].iter().map(|row| row.bytes).sum::<u64>();
    assert_eq!((bytes("home"), bytes("data")), (2, 3));
    assert_eq!(read.conflicts.len(), 1);
}
