//! Verification of whole logs: every damage is named, and nothing sound is accused.

use journal::{Entry, Finding, Hash, LogVerifier, NoteError, Report, write_record};
use proptest::prelude::*;
use serde_json::json;
use units::Timestamp;

use crate::world::{Log, ORIGIN, START, deployment, entry, id, known, log};

fn verify(log: &Log, checkpoints: &[String]) -> Report {
    let texts: Vec<&str> = checkpoints.iter().map(String::as_str).collect();
    let mut verifier = LogVerifier::new(ORIGIN, &known(), &texts);
    log.0.iter().for_each(|(line, leaf)| verifier.entry(line, *leaf));
    verifier.finish()
}

fn notes(log: &Log, sizes: &[usize]) -> Vec<String> {
    sizes.iter().map(|size| log.note(*size).to_string()).collect()
}

/// Damages a log of 12 entries and looks at the findings other than checkpoints out of reach.
fn check(damage: impl FnOnce(&mut Log), want: &[Finding]) {
    let mut log = log(12);
    let kept = notes(&log, &[3, 12]);
    damage(&mut log);
    let report = verify(&log, &kept);
    let consequence = |finding: &&Finding| !matches!(finding, Finding::NotReached { .. });
    let found: Vec<Finding> = report.findings.iter().filter(consequence).cloned().collect();
    assert_eq!(found, want);
    assert!(!report.is_sound());
}

fn dropped(from_seq: u64, to_seq: u64) -> Finding {
    Finding::Dropped { from_seq, to_seq }
}

fn moved(from_seq: u64, to_seq: u64, position: u64) -> Finding {
    Finding::Moved { from_seq, to_seq, position }
}

fn duplicated(from_seq: u64, to_seq: u64, position: u64) -> Finding {
    Finding::Duplicated { from_seq, to_seq, position }
}

fn swapped(first_seq: u64, second_seq: u64) -> Finding {
    let (first_position, second_position) = (second_seq, first_seq);
    Finding::Swapped {
        first_seq: second_seq,
        first_position: second_position,
        second_seq: first_seq,
        second_position: first_position,
    }
}

#[test]
fn a_sound_log_is_sound_with_every_checkpoint_anyone_kept() {
    let log = log(40);
    let kept = notes(&log, &[40, 0, 7, 7, 1, 33]);
    let report = verify(&log, &kept);
    assert_eq!(report.findings, []);
    assert!(report.is_sound());
    assert_eq!((report.entries, report.covered, report.checkpoints.len()), (40, 40, 6));
    assert!(report.checkpoints.iter().all(|checkpoint| checkpoint.holds));
    assert_eq!(report.first_at, Some(Timestamp::from_seconds(START)));
    assert_eq!(report.last_at, Some(Timestamp::from_seconds(START + 39 * 60)));
    let alone = verify(&log, &[]);
    assert_eq!((alone.is_sound(), alone.covered), (true, 0));
    assert!(verify(&Log(vec![]), &[]).is_sound());
}

#[test]
fn structural_damage_is_named_exactly() {
    check(|log| drop(log.0.remove(5)), &[dropped(5, 5)]);
    check(|log| drop(log.0.remove(0)), &[dropped(0, 0)]);
    check(|log| drop(log.0.drain(4..9)), &[dropped(4, 8)]);
    check(|log| log.0.truncate(10), &[Finding::Truncated { checkpoint: 1, size: 12, have: 10 }]);
    check(|log| log.0.swap(4, 5), &[swapped(4, 5)]);
    check(|log| log.0.swap(2, 9), &[swapped(2, 9)]);
    check(
        |log| {
            log.0.swap(0, 11);
            log.0.swap(5, 6);
        },
        &[swapped(0, 11), swapped(5, 6)],
    );
    check(|log| log.0[2..8].rotate_left(1), &[moved(2, 2, 7)]);
    check(|log| log.0[2..8].rotate_right(2), &[moved(6, 7, 2)]);
    check(|log| log.0.insert(5, log.0[4].clone()), &[duplicated(4, 4, 5)]);
    check(|log| log.0.push(log.0[4].clone()), &[duplicated(4, 4, 12)]);
    check(
        |log| {
            let again = log.0[3..6].to_vec();
            log.0.splice(9..9, again);
        },
        &[duplicated(3, 5, 9)],
    );
    check(
        |log| {
            drop(log.0.remove(8));
            log.0.swap(2, 3);
        },
        &[dropped(8, 8), swapped(2, 3)],
    );
}

#[test]
fn a_changed_line_is_named_beside_other_damage() {
    let change = |log: &mut Log, index: usize, from: &str, to: &str| {
        let text = String::from_utf8(log.0[index].0.clone()).unwrap();
        assert!(text.contains(from));
        log.0[index].0 = text.replace(from, to).into_bytes();
        let (recorded, computed) = (log.0[index].1, Hash::leaf(&log.0[index].0));
        (recorded, computed)
    };
    let mut probe = log(12);
    let (recorded, computed) = change(&mut probe, 6, "\"images\":18", "\"images\":81");
    let changed = |seq, position| Finding::Changed { seq, position, recorded, computed };
    check(
        |log| {
            change(log, 6, "\"images\":18", "\"images\":81");
        },
        &[changed(6, 6)],
    );
    check(
        |log| {
            change(log, 6, "\"images\":18", "\"images\":81");
            log.0.remove(5);
        },
        &[changed(6, 5), dropped(5, 5)],
    );
    // The number itself was rewritten: the line is still the sixth one.
    let mut probe = log(12);
    let (recorded, computed) = change(&mut probe, 6, "\"seq\":6", "\"seq\":9");
    check(
        |log| {
            change(log, 6, "\"seq\":6", "\"seq\":9");
        },
        &[Finding::Changed { seq: 6, position: 6, recorded, computed }],
    );
}

#[test]
fn a_rewritten_history_is_a_fork_at_the_first_checkpoint_that_was_kept() {
    let ours = log(12);
    let mut theirs = log(12);
    let at = Timestamp::from_seconds(START + 300);
    let other = Entry::new(5, at, id("vendor"), id("delivery.received"), &json!({ "images": 900 }));
    let other = other.unwrap();
    theirs.0[5] = (other.line(), other.hash());
    let kept = notes(&ours, &[4, 9, 12]);
    let report = verify(&theirs, &kept);
    let root = |log: &Log, size| log.note(size).text().lines().nth(2).unwrap().to_string();
    let forks: Vec<_> = report
        .findings
        .iter()
        .map(|finding| match finding {
            Finding::Forked { checkpoint, size, signed, computed, same_up_to } => {
                (*checkpoint, *size, signed.to_base64(), computed.to_base64(), *same_up_to)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        forks,
        [
            (1, 9, root(&ours, 9), root(&theirs, 9), 4),
            (2, 12, root(&ours, 12), root(&theirs, 12), 4),
        ]
    );
    assert_eq!(report.covered, 4);
    // Both histories signed: the signer showed each side another one.
    let both = [ours.note(9).to_string(), theirs.note(9).to_string()];
    let report = verify(&ours, &both);
    assert!(matches!(report.findings[0], Finding::SplitView { size: 9, first: 0, second: 1, .. }));
    assert!(matches!(report.findings[1], Finding::Forked { checkpoint: 1, .. }));
}

#[test]
fn bad_checkpoints_are_named_and_prove_nothing() {
    let log = log(4);
    let good = log.note(4).to_string();
    let foreign = good.replace(ORIGIN, "tallystick/agreement/A-8");
    let checkpoint = journal::Checkpoint::new("elsewhere", 4, Hash::of(b"")).unwrap();
    let elsewhere = checkpoint.sign(&deployment(), Timestamp::from_seconds(START)).to_string();
    let mut text = journal::Note::new("no checkpoint\n").unwrap();
    text.cosign(&deployment(), Timestamp::from_seconds(START));
    let bad = |checkpoint, error| Finding::BadNote { checkpoint, error };
    let customer = NoteError::BadSignature { name: "customer.example/key".to_string() };
    let report = verify(
        &log,
        &[
            good.replacen("\n4\n", "\n5\n", 1),
            foreign,
            "nothing".to_string(),
            elsewhere,
            text.to_string(),
        ],
    );
    let deployment = NoteError::BadSignature { name: ORIGIN.to_string() };
    assert_eq!(report.findings[0], bad(0, deployment));
    assert_eq!(report.findings[1], bad(1, customer));
    assert_eq!(report.findings[2], bad(2, NoteError::Form));
    let origin = "elsewhere".to_string();
    assert_eq!(report.findings[3], Finding::WrongOrigin { checkpoint: 3, origin });
    assert!(matches!(report.findings[4], Finding::BadCheckpoint { checkpoint: 4, .. }));
    assert_eq!((report.findings.len(), report.covered), (5, 0));
}

#[test]
fn lines_recorded_wrongly_are_named() {
    let line = |text: &str| (text.as_bytes().to_vec(), Hash::leaf(text.as_bytes()));
    let mut log = log(6);
    log.0[1] = line("{\"b\":1,\"a\":2}");
    log.0[2] = line("{\"v\":1}");
    let newer = String::from_utf8(log.0[3].0.clone()).unwrap().replace("\"v\":1", "\"v\":2");
    log.0[3] = line(&newer);
    let early = Timestamp::from_seconds(START - 1);
    let late = Entry::new(5, early, id("vendor"), id("k"), &json!({})).unwrap();
    log.0[5] = (late.line(), late.hash());
    let report = verify(&log, &[]);
    let previous = Timestamp::from_seconds(START + 4 * 60);
    let order = journal::canonical::CheckError::KeyOrder { at: 7 };
    assert_eq!(
        report.findings,
        [
            Finding::NotCanonical { position: 1, error: order },
            Finding::NotEntry { position: 2, at: 2 },
            Finding::UnknownVersion { position: 3, version: 2 },
            Finding::TimeBackwards { seq: 5, at: early, previous },
        ]
    );
}

#[test]
fn a_thoroughly_shuffled_log_is_refused_in_bounded_memory() {
    let size = 6_000;
    let mut log = log(size);
    log.0.reverse();
    let report = verify(&log, &[]);
    assert!(matches!(report.findings[0], Finding::Shuffled { position: 2_048 }));
    assert!(report.findings.len() <= 1_000 && report.more > 0);
}

#[test]
fn a_flipped_bit_anywhere_in_a_journal_file_names_the_entry() {
    let log = log(9);
    let kept = notes(&log, &[4, 9]);
    let texts: Vec<&str> = kept.iter().map(String::as_str).collect();
    let records: Vec<Vec<u8>> = log.0.iter().map(|(line, leaf)| record(line, leaf)).collect();
    for position in [0, 3, 8] {
        for at in 0..records[position].len() {
            for bit in 0..8 {
                let mut verifier = LogVerifier::new(ORIGIN, &known(), &texts);
                for (index, record) in records.iter().enumerate() {
                    let mut record = record.clone();
                    if index == position {
                        record[at] ^= 1 << bit;
                    }
                    verifier.record(&record);
                }
                let report = verifier.finish();
                let [finding] = &report.findings[..] else { panic!("{:?}", report.findings) };
                let seen = match finding {
                    Finding::Changed { seq, position, .. } if at >= 65 => (*seq, *position),
                    Finding::HashChanged { seq, position, .. } if at < 64 => (*seq, *position),
                    Finding::NotRecord { position } if at <= 64 => (*position, *position),
                    other => panic!("byte {at} bit {bit}: {other:?}"),
                };
                assert_eq!(seen, (position as u64, position as u64));
                assert!(report.checkpoints.iter().all(|checkpoint| checkpoint.holds));
            }
        }
    }
}

fn record(line: &[u8], leaf: &Hash) -> Vec<u8> {
    let mut record = Vec::new();
    write_record(&mut record, line, leaf);
    assert_eq!(record.pop(), Some(b'\n'));
    record
}

#[test]
fn every_pair_that_is_swapped_and_every_entry_that_is_dropped_is_named() {
    for (first, second) in (0..12).flat_map(|first| (first + 1..12).map(move |it| (first, it))) {
        check(|log| log.0.swap(first, second), &[swapped(first as u64, second as u64)]);
    }
    for index in 0..11 {
        check(|log| drop(log.0.remove(index)), &[dropped(index as u64, index as u64)]);
    }
}

proptest! {
    #[test]
    fn appended_entries_verify_under_any_checkpoints(
        size in 1_usize..60, cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..5)
    ) {
        let log = log(size as u64);
        let sizes: Vec<usize> = cuts.iter().map(|cut| cut.index(size + 1)).collect();
        let report = verify(&log, &notes(&log, &sizes));
        prop_assert_eq!(&report.findings, &[]);
        prop_assert_eq!(report.covered, sizes.iter().copied().max().unwrap_or(0) as u64);
    }

    #[test]
    fn what_is_dropped_is_named_exactly(
        gone in prop::collection::btree_set(0_u64..29, 1..12)
    ) {
        let mut log = log(30);
        let kept = notes(&log, &[30]);
        log.0 = (0..30)
            .filter(|seq| !gone.contains(seq))
            .map(entry)
            .map(|entry| (entry.line(), entry.hash()))
            .collect();
        let named: Vec<u64> = verify(&log, &kept)
            .findings
            .into_iter()
            .flat_map(|finding| match finding {
                Finding::Dropped { from_seq, to_seq } => from_seq..to_seq + 1,
                Finding::NotReached { .. } => 0..0,
                other => panic!("{other:?}"),
            })
            .collect();
        prop_assert_eq!(named, gone.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn no_permutation_but_the_identity_is_sound_and_none_looks_like_a_loss(
        order in Just((0_u64..14).collect::<Vec<_>>()).prop_shuffle()
    ) {
        let entries = order.iter().map(|seq| entry(*seq));
        let log = Log(entries.map(|entry| (entry.line(), entry.hash())).collect());
        let report = verify(&log, &[]);
        prop_assert_eq!(report.is_sound(), order.is_sorted());
        for finding in report.findings {
            let named = match finding {
                Finding::Swapped { first_seq, first_position, second_seq, second_position } => {
                    order[first_position as usize] == first_seq
                        && order[second_position as usize] == second_seq
                }
                Finding::Moved { from_seq, position, .. } => order[position as usize] == from_seq,
                _ => false,
            };
            prop_assert!(named);
        }
    }
}
