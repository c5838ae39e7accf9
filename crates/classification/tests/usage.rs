//! The record of what was answered: numbers without a gap, once for each request, mended ends.

use std::fs;
use std::path::Path;
use std::sync::mpsc::channel;

use classification::{Class, Counted, Entry, Ledger, LedgerError, Outcome};
use units::Timestamp;

fn entry(request: &str, position: u32) -> Entry {
    Entry {
        customer: "acme".to_owned(),
        request: request.to_owned(),
        position,
        sha256: [7; 32],
        bytes: 20_000,
        at: Timestamp::from_seconds(1_780_000_000),
        class: Class::Standard,
        latency_us: 12_345,
        model: "colours".to_owned(),
        version: "1".to_owned(),
        package: "ab".repeat(32),
        cached: false,
        outcome: Outcome::Answered,
    }
}

fn record(ledger: &Ledger, entries: Vec<Entry>) -> Result<Vec<Counted>, LedgerError> {
    let (send, receive) = channel();
    ledger.record(entries, move |answer| send.send(answer).unwrap_or_default());
    receive.recv().expect("it is told")
}

fn open(folder: &Path) -> (Ledger, classification::Opened) {
    Ledger::open(folder, "tally").expect("it opens")
}

fn sequences(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("acme.jsonl")).expect("a file");
    let line = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        format!("{} {}", value["sequence"].as_str().expect("a text"), value["id"])
    };
    text.lines().map(line).collect()
}

#[test]
fn a_request_told_again_is_one_line_and_another_image_under_its_id_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, _) = open(folder.path());
    let both = vec![entry("a", 0), entry("a", 1)];
    assert_eq!(record(&ledger, both.clone()), Ok(vec![Counted::New; 2]));
    assert_eq!(record(&ledger, both), Ok(vec![Counted::Before; 2]));
    let other = Entry { sha256: [8; 32], ..entry("a", 1) };
    let refused = record(&ledger, vec![entry("a", 2), other.clone()]);
    assert_eq!(refused, Err(LedgerError::Reused { request: "a".into(), position: 1 }));
    assert_eq!(record(&ledger, vec![entry("a", 2)]), Ok(vec![Counted::New]), "none of it was told");
    let late = Entry { outcome: Outcome::Refused("deadline_passed"), ..entry("b", 0) };
    assert_eq!(record(&ledger, vec![late.clone()]), Ok(vec![Counted::New]));
    assert_eq!(record(&ledger, vec![late]), Ok(vec![Counted::Before]));
    assert_eq!(record(&ledger, vec![entry("b", 0)]), Ok(vec![Counted::New]), "answered later");
    let nowhere = Entry { customer: "../etc".to_owned(), ..entry("c", 0) };
    assert!(matches!(record(&ledger, vec![nowhere]), Err(LedgerError::Name { .. })));
    drop(ledger);
    assert_eq!(sequences(folder.path()), ["1 \"a/0\"", "2 \"a/1\"", "3 \"a/2\"", "4 \"b/0\""]);
    let refused = folder.path().join("refused");
    assert_eq!(sequences(&refused), ["1 \"b/0/deadline_passed\""]);
    let (ledger, opened) = open(folder.path());
    assert_eq!((opened.lines, opened.mended_bytes), (4, 0));
    assert_eq!(record(&ledger, vec![entry("a", 1)]), Ok(vec![Counted::Before]));
    let error = record(&ledger, vec![other]).unwrap_err();
    assert!(matches!(error, LedgerError::Reused { .. }), "{error}");
}

#[test]
fn a_torn_end_is_cut_off_wherever_it_was_torn() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, _) = open(folder.path());
    for at in 0..3 {
        record(&ledger, vec![entry(&format!("r{at}"), 0)]).unwrap();
    }
    drop(ledger);
    let path = folder.path().join("acme.jsonl");
    let whole = fs::read(&path).unwrap();
    let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for cut in last + 1..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let (ledger, opened) = open(folder.path());
        assert_eq!((opened.lines, opened.mended_bytes), (2, (cut - last) as u64));
        drop(ledger);
        assert!(fs::read(&path).unwrap() == whole[..last], "cut at {cut}");
    }
    let zeros = [&whole[..last], &[0; 300]].concat();
    fs::write(&path, zeros).unwrap();
    let (ledger, opened) = open(folder.path());
    assert_eq!(opened.mended_bytes, 300);
    assert_eq!(record(&ledger, vec![entry("r2", 0)]), Ok(vec![Counted::New]));
    drop(ledger);
    assert!(fs::read(&path).unwrap() == whole, "the same line in the end");
}

#[test]
fn damage_within_is_told_and_nothing_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, _) = open(folder.path());
    for at in 0..3 {
        record(&ledger, vec![entry(&format!("r{at}"), 0)]).unwrap();
    }
    drop(ledger);
    let path = folder.path().join("acme.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let [first, second, third] = lines.as_slice() else { panic!("three lines") };
    let rows = [
        (format!("{first}\nnonsense\n{third}\n"), 2),
        (format!("{first}\n{third}\n"), 2),
        (format!("{first}\n{first}\n{second}\n"), 2),
    ];
    for (text, line) in rows {
        fs::write(&path, &text).unwrap();
        match Ledger::open(folder.path(), "tally") {
            Err(LedgerError::Damaged { line: found, .. }) => assert_eq!(found, line),
            other => panic!("{:?}", other.map(|opened| opened.1)),
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn two_processes_do_not_write_to_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, _) = open(folder.path());
    assert!(matches!(Ledger::open(folder.path(), "tally"), Err(LedgerError::InUse { .. })));
    drop(ledger);
    open(folder.path());
}

#[test]
fn many_at_once_leave_no_gap() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, _) = open(folder.path());
    std::thread::scope(|scope| {
        for who in 0..8 {
            let ledger = &ledger;
            scope.spawn(move || {
                for at in 0..20 {
                    record(ledger, vec![entry(&format!("{who}-{at}"), 0)]).expect("recorded");
                }
            });
        }
    });
    drop(ledger);
    let numbers: Vec<_> = sequences(folder.path())
        .iter()
        .map(|line| line.split(' ').next().expect("a number").to_owned())
        .collect();
    assert_eq!(numbers, (1..=160).map(|at: u32| at.to_string()).collect::<Vec<_>>());
}

#[test]
fn a_disk_that_takes_nothing_is_told_and_nothing_counts() {
    let folder = tempfile::tempdir().unwrap();
    let aside = folder.path().join("acme.jsonl");
    let (ledger, _) = open(folder.path());
    fs::create_dir(&aside).unwrap();
    let error = record(&ledger, vec![entry("a", 0)]).unwrap_err();
    assert!(matches!(error, LedgerError::Disk { .. }), "{error}");
    fs::remove_dir(&aside).unwrap();
    assert_eq!(record(&ledger, vec![entry("a", 0)]), Ok(vec![Counted::New]), "room again");
    drop(ledger);
    assert_eq!(sequences(folder.path()).len(), 1);
}
