//! Dense source sequences: a dropped record shows.

use journal::{Hash, SourceFinding, SourceRecord, SourceSeal, canonical, check_sources};
use proptest::prelude::*;

use crate::world::id;

fn record(seq: u64) -> SourceRecord {
    let quantity = i64::try_from(seq).unwrap() * 10 - 25;
    SourceRecord { source: id("meter-a"), seq, hash: Hash::leaf(&seq.to_be_bytes()), quantity }
}

fn records(seqs: impl IntoIterator<Item = u64>) -> Vec<SourceRecord> {
    seqs.into_iter().map(record).collect()
}

fn seal(from: u64, to: u64) -> SourceSeal {
    SourceSeal::over(&records(from..=to)).unwrap()
}

fn missing(from_seq: u64, to_seq: u64) -> SourceFinding {
    SourceFinding::Missing { source: id("meter-a"), from_seq, to_seq }
}

#[test]
fn each_deviation_is_named() {
    let source = id("meter-a");
    let mut other = record(4);
    other.hash = Hash::of(b"another record");
    let mut more = record(4);
    more.quantity += 1;
    let (first, second) = (record(4).hash.min(other.hash), record(4).hash.max(other.hash));
    let conflict = SourceFinding::Conflict { source: source.clone(), seq: 4, first, second };
    let duplicate = SourceFinding::Duplicate { source: source.clone(), seq: 2 };
    let sum = SourceFinding::SealSum { seal: seal(1, 5), sum: "26".to_string() };
    let unsealed = SourceFinding::Unsealed { source: source.clone(), from_seq: 4, to_seq: 4 };
    let overlap = SourceFinding::SealsOverlap { source: source.clone(), seq: 3 };
    let mut short = seal(1, 3);
    short.count = 2;
    let replaced: Vec<_> = records([1, 2, 3, 5]).into_iter().chain([more]).collect();
    let both: Vec<_> = records(1..=4).into_iter().chain([other]).collect();
    for (records, seals, want) in [
        (records(1..=5), vec![], vec![]),
        (records(1..=5), vec![seal(1, 5)], vec![]),
        (records([5, 3, 1, 4, 2]), vec![seal(1, 3), seal(4, 5)], vec![]),
        (records([1, 2, 5]), vec![], vec![missing(3, 4)]),
        (records([2, 3]), vec![], vec![missing(1, 1)]),
        (records([1, 2, 3]), vec![seal(1, 5)], vec![missing(4, 5)]),
        (vec![], vec![seal(1, 5)], vec![missing(1, 5)]),
        (records([1, 2, 2, 3]), vec![seal(1, 3)], vec![duplicate]),
        (both, vec![], vec![conflict]),
        (replaced, vec![seal(1, 5)], vec![sum]),
        (records(1..=6), vec![seal(1, 3), seal(5, 6)], vec![unsealed]),
        (records(1..=5), vec![seal(1, 3), seal(3, 5)], vec![overlap]),
        (records(0..=1), vec![], vec![SourceFinding::NumberZero { source }]),
        (records(1..=3), vec![short.clone()], vec![SourceFinding::SealRange { seal: short }]),
    ] {
        assert_eq!(check_sources(records, &seals), want);
    }
}

#[test]
fn a_replaced_record_breaks_the_root_of_its_seal() {
    let mut changed = records(1..=4);
    changed[2].hash = Hash::of(b"rewritten");
    let root = SourceSeal::over(&changed).unwrap().root;
    let want = SourceFinding::SealRoot { seal: seal(1, 4), root };
    assert_eq!(check_sources(changed, &[seal(1, 4)]), [want]);
}

#[test]
fn a_seal_is_made_over_a_dense_range_only() {
    assert!(SourceSeal::over(&[]).is_none());
    assert!(SourceSeal::over(&records([1, 3])).is_none());
    assert!(SourceSeal::over(&records([0, 1])).is_none());
    let bytes = canonical::to_vec(&seal(2, 9)).unwrap();
    assert_eq!(canonical::read::<SourceSeal>(&bytes, 1000).unwrap(), seal(2, 9));
    let padded = String::from_utf8(bytes).unwrap().replace("\"240\"", "\"0240\"");
    assert!(canonical::read::<SourceSeal>(padded.as_bytes(), 1000).is_err());
}

proptest! {
    #[test]
    fn dropped_records_show_exactly_in_any_order(
        size in 1_u64..40,
        dropped in prop::collection::btree_set(1_u64..40, 0..6),
        turn in 0_usize..40,
    ) {
        let mut left = records((1..=size).filter(|seq| !dropped.contains(seq)));
        let turn = turn % left.len().max(1);
        left.rotate_left(turn);
        let found = check_sources(left, &[seal(1, size)]);
        let numbers: Vec<u64> = found
            .iter()
            .flat_map(|finding| match finding {
                SourceFinding::Missing { from_seq, to_seq, .. } => *from_seq..=*to_seq,
                other => panic!("{other:?}"),
            })
            .collect();
        let want: Vec<u64> = dropped.into_iter().filter(|seq| *seq <= size).collect();
        prop_assert_eq!(numbers, want);
    }
}
