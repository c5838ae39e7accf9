//! The record of what was answered: numbers without a gap, once for each request, mended ends.

use std::fs;
use std::path::Path;
use std::sync::mpsc::channel;

use classification::{Class, Counted, Entry, Ledger, LedgerError, Outcome, Turning};
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
    Ledger::open(folder, "tally", Turning::default()).expect("it opens")
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
        match Ledger::open(folder.path(), "tally", Turning::default()) {
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
    assert!(matches!(
        Ledger::open(folder.path(), "tally", Turning::default()),
        Err(LedgerError::InUse { .. })
    ));
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

/// Files of a customer by name, each with the numbers in it.
fn files(folder: &Path) -> Vec<(String, Vec<u64>)> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("one").path());
    let mut paths: Vec<_> = entries.filter(|path| path.is_file()).collect();
    paths.sort();
    let lines = paths.iter().filter_map(|path| {
        let name = path.file_name()?.to_str()?.to_owned();
        let text = fs::read_to_string(path).expect("text");
        let number = |line: &str| {
            let value: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
            value["sequence"].as_str().expect("a text").parse().expect("a number")
        };
        name.ends_with("jsonl").then(|| (name, text.lines().map(number).collect()))
    });
    lines.collect()
}

fn named(rows: &[(&str, &[u64])]) -> Vec<(String, Vec<u64>)> {
    rows.iter().map(|(name, numbers)| ((*name).to_owned(), numbers.to_vec())).collect()
}

const SMALL: Turning = Turning { bytes: Some(900), daily: false };

/// Seven lines in files of two.
fn turned(folder: &Path) {
    let (ledger, _) = Ledger::open(folder, "tally", SMALL).expect("it opens");
    for at in 0..7 {
        assert_eq!(record(&ledger, vec![entry(&format!("r{at}"), 0)]), Ok(vec![Counted::New]));
    }
}

#[test]
fn large_files_are_closed_and_the_numbers_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    turned(folder);
    let want = named(&[
        ("acme.000000000001.jsonl", &[1, 2]),
        ("acme.000000000003.jsonl", &[3, 4]),
        ("acme.000000000005.jsonl", &[5, 6]),
        ("acme.jsonl", &[7]),
    ]);
    assert_eq!(files(folder), want);
    let (ledger, opened) = Ledger::open(folder, "tally", SMALL).unwrap();
    assert_eq!((opened.lines, opened.mended_bytes), (7, 0));
    assert_eq!(record(&ledger, vec![entry("r0", 0)]), Ok(vec![Counted::Before]), "in a closed one");
    drop(ledger);
    // Killed between the two steps of closing: the file has both names.
    fs::hard_link(folder.join("acme.jsonl"), folder.join("acme.000000000007.jsonl")).unwrap();
    let (ledger, opened) = Ledger::open(folder, "tally", SMALL).unwrap();
    assert_eq!(opened.lines, 7);
    for request in ["r7", "r8"] {
        assert_eq!(record(&ledger, vec![entry(request, 0)]), Ok(vec![Counted::New]));
    }
    drop(ledger);
    assert_eq!(
        files(folder)[3..],
        named(&[("acme.000000000007.jsonl", &[7, 8]), ("acme.jsonl", &[9]),])
    );
    // The oldest are put away; one out of the middle is missed.
    fs::remove_file(folder.join("acme.000000000001.jsonl")).unwrap();
    fs::remove_file(folder.join("acme.000000000003.jsonl")).unwrap();
    assert_eq!(Ledger::open(folder, "tally", SMALL).unwrap().1.lines, 9);
    fs::remove_file(folder.join("acme.000000000007.jsonl")).unwrap();
    let damaged = Ledger::open(folder, "tally", SMALL).err();
    assert!(matches!(damaged, Some(LedgerError::Damaged { line: 1, .. })), "{damaged:?}");
    fs::remove_file(folder.join("acme.000000000005.jsonl")).unwrap();
    let (ledger, _) = Ledger::open(folder, "tally", SMALL).unwrap();
    record(&ledger, vec![entry("r9", 0)]).unwrap();
    drop(ledger);
    assert_eq!(files(folder), named(&[("acme.jsonl", &[9, 10])]));
}

#[test]
fn a_closed_file_has_no_torn_end() {
    let folder = tempfile::tempdir().unwrap();
    turned(folder.path());
    let path = folder.path().join("acme.000000000003.jsonl");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    match Ledger::open(folder.path(), "tally", SMALL) {
        Err(LedgerError::Damaged { path: found, line: 2 }) => assert_eq!(found, path),
        other => panic!("{:?}", other.map(|opened| opened.1)),
    }
}

#[test]
fn a_day_has_a_file_of_its_own_and_one_that_cannot_be_closed_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let daily = Turning { bytes: None, daily: true };
    let (ledger, _) = Ledger::open(folder, "tally", daily).unwrap();
    let midnight = 1_780_012_800;
    assert_eq!(midnight % 86_400, 0);
    let on = |request: &str, seconds: i64| {
        let at = Timestamp::from_seconds(midnight + seconds);
        record(&ledger, vec![Entry { at, ..entry(request, 0) }]).expect("recorded")
    };
    on("a", -2);
    on("b", -1);
    on("c", 0);
    on("d", -1);
    fs::create_dir(folder.join("acme.new")).unwrap();
    on("e", 86_400);
    fs::remove_dir(folder.join("acme.new")).unwrap();
    on("f", 86_401);
    drop(ledger);
    let want = named(&[
        ("acme.000000000001.jsonl", &[1, 2]),
        ("acme.000000000003.jsonl", &[3, 4, 5]),
        ("acme.jsonl", &[6]),
    ]);
    assert_eq!(files(folder), want);
}
