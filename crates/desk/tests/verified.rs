//! Bundles, proofs and journals as a stranger checks them: whole ones, and one damage at a time.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use contract::terms::Side;
use desk::bundle::{export, proof};
use desk::intake::ImportOptions;
use desk::verify::{Reader, VerifiedKind, VerifyFinding, VerifyReport, verify};
use journal::VerifierKey;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::scene::{Scene, key, meter};

const JOURNAL: &str = "journal.log";

/// A journal with some usage, a statement's worth of entries, and both cosignatures.
async fn scene() -> Scene {
    let mut scene = Scene::new("classification", "2026-04-01T01:00:00Z").await;
    scene.until("2026-05-20T00:00:00Z").await;
    usage(&scene, 3, "g").await;
    for side in [Side::Customer, Side::Vendor] {
        scene.desk.cosign(&scene.agreement, &key(side)).await.expect("cosigns");
    }
    scene
}

async fn usage(scene: &Scene, count: u64, source: &str) {
    let mut csv = "source,id,time,meter,quantity,subject,sequence,latency_ms\n".to_owned();
    for number in 1..=count {
        csv +=
            &format!("{source},{number},2026-05-01T00:00:0{number}Z,images,{number},,{number},5\n");
    }
    let options = ImportOptions::default();
    let taken = scene.desk.import(&scene.agreement, &meter(), None, csv.as_bytes(), &options).await;
    assert_eq!(taken.expect("the store works").taken, count);
}

async fn bundle(scene: &Scene, name: &str) -> PathBuf {
    let path = scene.path(name);
    export(&scene.desk, &scene.agreement, &path).await.expect("exports");
    path
}

fn deployment(scene: &Scene) -> VerifierKey {
    scene.desk.key.verifier()
}

/// The findings as `code` and, for the journal, the code within with its entries.
fn codes(report: &VerifyReport) -> Vec<String> {
    let of = |finding: &VerifyFinding| {
        let value = serde_json::to_value(finding).expect("a finding is JSON");
        let inner = &value["finding"];
        let code = inner["code"].as_str().or(value["code"].as_str()).unwrap_or("-").to_owned();
        let holder = if inner.is_object() { inner } else { &value };
        let fields = ["seq", "from_seq", "to_seq", "first_seq", "second_seq", "size", "name"];
        let told = fields.iter().filter_map(|field| holder.get(field));
        told.fold(code, |text, value| format!("{text} {}", value.to_string().replace('"', "")))
    };
    report.findings.iter().map(of).collect()
}

fn checked(path: &Path, keys: &[VerifierKey], kept: &[String]) -> VerifyReport {
    let reader = Reader { known: keys, kept, ..Reader::default() };
    verify(path, &reader).expect("the file can be read")
}

/// What becomes of a file of an archive: the files in its place.
type Change<'a> = dyn Fn(&str, Vec<u8>) -> Vec<(String, Vec<u8>)> + 'a;

/// The same archive with some files changed, added or left out.
fn rewrite(from: &Path, to: &Path, change: &Change<'_>) {
    let mut zip = zip::ZipArchive::new(File::open(from).expect("opens")).expect("a zip");
    let mut out = ZipWriter::new(File::create(to).expect("creates"));
    for place in 0..zip.len() {
        let mut file = zip.by_index(place).expect("readable");
        let name = file.name().expect("plain").into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("readable");
        for (name, bytes) in change(&name, bytes) {
            out.start_file(name, SimpleFileOptions::DEFAULT).expect("starts");
            out.write_all(&bytes).expect("writes");
        }
    }
    out.finish().expect("finishes");
}

fn file_of(bundle: &Path, name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(File::open(bundle).expect("opens")).expect("a zip");
    let mut bytes = Vec::new();
    zip.by_name(name).expect("is there").read_to_end(&mut bytes).expect("readable");
    bytes
}

#[tokio::test]
async fn a_bundle_is_sound_and_says_on_whose_word() {
    let scene = scene().await;
    let path = bundle(&scene, "a.tally").await;
    let entries = scene.book().await.state.next_seq;
    let alone = checked(&path, &[], &[]);
    assert_eq!(codes(&alone), Vec::<String>::new());
    assert!(alone.is_sound() && alone.folded);
    assert_eq!(alone.kind, VerifiedKind::Bundle);
    assert_eq!(alone.agreement.as_ref(), Some(&scene.agreement));
    assert_eq!(alone.covered_by_reader, 0, "nobody's word but its own");
    assert!(alone.keys.iter().all(|row| !row.given));
    let known = checked(&path, &[deployment(&scene)], &[]);
    assert!(known.is_sound());
    assert_eq!(known.covered_by_reader, entries);
    let given: Vec<_> = known.keys.iter().filter(|row| row.given).collect();
    assert_eq!(given.len(), 1);
    assert_eq!(given[0].holder.as_deref(), Some("deployment"));
    let holders: Vec<_> = known.keys.iter().filter_map(|row| row.holder.as_deref()).collect();
    assert!(holders.contains(&"customer") && holders.contains(&"vendor"), "{holders:?}");
    let party = checked(&path, &[key(Side::Customer).verifier()], &[]);
    assert_eq!(party.covered_by_reader, entries, "the customer signed the checkpoint itself");
}

#[tokio::test]
async fn the_same_journal_gives_the_same_bytes() {
    let scene = scene().await;
    let first = fs::read(bundle(&scene, "a.tally").await).expect("readable");
    let second = fs::read(bundle(&scene, "b.tally").await).expect("readable");
    assert_eq!(first, second);
}

#[tokio::test]
async fn each_damage_to_the_journal_is_named_with_its_entry() {
    let scene = scene().await;
    let path = bundle(&scene, "a.tally").await;
    let log = String::from_utf8(file_of(&path, JOURNAL)).expect("text");
    let lines: Vec<&str> = log.lines().collect();
    let note = scene.desk.checkpoint(&scene.agreement).await.expect("kept").to_string();
    let keys = [deployment(&scene)];
    let size = lines.len();
    let flipped = lines[2].replacen("\"seq\":2", "\"seq\":2 ", 0).replacen("vendor", "vendos", 1);
    assert_ne!(flipped, lines[2]);
    let write = |lines: &[&str]| {
        let path = scene.path("journal.log");
        fs::write(&path, lines.join("\n") + "\n").expect("writes");
        path
    };
    let with = |at: usize, line: &str| {
        let mut lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        lines[at] = line.to_owned();
        lines
    };
    let check = |name: &str, lines: &[&str], expected: &[&str]| {
        let report = checked(&write(lines), &keys, std::slice::from_ref(&note));
        assert_eq!(codes(&report), expected, "{name}");
        assert_eq!(report.is_sound(), expected.is_empty(), "{name}");
        assert_eq!(report.kind, VerifiedKind::Journal);
    };
    check("whole", &lines, &[]);
    let changed = with(2, &flipped);
    let changed: Vec<&str> = changed.iter().map(String::as_str).collect();
    check("a letter changed", &changed, &["changed 2"]);
    let mut dropped = lines.clone();
    dropped.remove(3);
    check("one dropped", &dropped, &["dropped 3 3", &format!("not_reached {size}")]);
    let mut swapped = lines.clone();
    swapped.swap(1, 4);
    check("two swapped", &swapped, &["swapped 4 1", &format!("not_reached {size}")]);
    check("the end cut off", &lines[..size - 1], &[&format!("truncated {size}")]);
}

#[tokio::test]
async fn another_history_is_a_fork_to_who_kept_a_checkpoint() {
    let one = scene().await;
    let other = {
        let mut scene = Scene::new("classification", "2026-04-01T01:00:00Z").await;
        scene.until("2026-05-20T00:00:00Z").await;
        usage(&scene, 3, "h").await;
        scene
    };
    let kept = one.desk.checkpoint(&one.agreement).await.expect("kept").to_string();
    let path = bundle(&other, "b.tally").await;
    assert!(checked(&path, &[deployment(&one)], &[]).is_sound());
    let report = checked(&path, &[deployment(&one)], &[kept]);
    let size = one.book().await.state.next_seq;
    assert!(codes(&report).contains(&format!("forked {size}")), "{:?}", codes(&report));
    assert!(codes(&report).contains(&format!("split_view {size}")), "{:?}", codes(&report));
}

#[tokio::test]
async fn each_changed_file_of_a_bundle_is_named() {
    let scene = scene().await;
    let path = bundle(&scene, "a.tally").await;
    let out = scene.path("changed.tally");
    let keys = [deployment(&scene)];
    let check = |name: &str, expected: &[&str], change: &Change<'_>| {
        rewrite(&path, &out, change);
        let report = checked(&out, &keys, &[]);
        assert_eq!(codes(&report), expected, "{name}");
        assert_eq!(report.is_sound(), expected.is_empty(), "{name}");
    };
    let same = |name: &str, bytes: Vec<u8>| vec![(name.to_owned(), bytes)];
    check("packed otherwise", &[], &|name, bytes| same(name, bytes));
    check(
        "terms",
        &[
            "file_differs terms.json",
            "file_differs terms.json",
            "file_differs terms.json",
            "terms_differ",
        ],
        &|name, mut bytes| {
            if name == "terms.json" {
                bytes.extend(b" ");
            }
            same(name, bytes)
        },
    );
    check(
        "a signature left out",
        &["missing_file signatures/vendor.json", "signing_differs signatures/vendor.json"],
        &|name, bytes| {
            if name == "signatures/vendor.json" { Vec::new() } else { same(name, bytes) }
        },
    );
    check("a file too many", &["unlisted_file checkpoints/1.note", "bad_note"], &|name, bytes| {
        let mut files = same(name, bytes);
        if name == JOURNAL {
            files.push(("checkpoints/1.note".to_owned(), b"hello\n".to_vec()));
        }
        files
    });
    for hostile in ["../outside", "/etc/passwd", "objects/../../x", "a\\b", "objects/ABC"] {
        check(
            hostile,
            &[&format!("unexpected_file {hostile}").replace('\\', "\\\\")],
            &|name, bytes| {
                let mut files = same(name, bytes);
                if name == JOURNAL {
                    files.push((hostile.to_owned(), b"x".to_vec()));
                }
                files
            },
        );
    }
    check("the list changed", &["signature bundle.json"], &|name, bytes| {
        if name != "bundle.json" {
            return same(name, bytes);
        }
        let text = String::from_utf8(bytes).expect("text");
        same(name, text.replace("\"deployment\":\"desk", "\"deployment\":\"desc").into_bytes())
    });
    assert!(!scene.path("outside").exists());
}

#[tokio::test]
async fn keys_that_the_reader_gave_must_have_signed() {
    let scene = scene().await;
    let path = bundle(&scene, "a.tally").await;
    let stranger = journal::SignerKey::new("stranger", journal::KeyType::Note, &[9; 32]);
    let stranger = stranger.expect("a plain name").verifier();
    assert_eq!(codes(&checked(&path, &[stranger], &[])), ["no_given_key_signed"]);
    let name = deployment(&scene).name().to_owned();
    let false_one = journal::SignerKey::new(&name, journal::KeyType::Note, &[9; 32]);
    let false_one = false_one.expect("a plain name").verifier();
    let found = codes(&checked(&path, &[false_one], &[]));
    assert_eq!(found, [format!("foreign_key {name}"), "no_given_key_signed".to_owned()]);
}

#[tokio::test]
async fn a_gap_of_a_source_is_told_and_the_bundle_holds() {
    let scene = scene().await;
    let csv = "source,id,time,meter,quantity,subject,sequence,latency_ms\n\
               g,6,2026-05-01T00:01:00Z,images,1,,6,5\n";
    let options = ImportOptions::default();
    let taken = scene.desk.import(&scene.agreement, &meter(), None, csv.as_bytes(), &options).await;
    assert_eq!(taken.expect("the store works").taken, 1);
    let report = checked(&bundle(&scene, "a.tally").await, &[], &[]);
    assert_eq!(codes(&report), ["source_gap 4 5"]);
    assert!(report.is_sound());
}

#[tokio::test]
async fn one_entry_is_proven_by_itself() {
    let scene = scene().await;
    let entries = scene.book().await.state.next_seq;
    for seq in 0..entries {
        let text = proof(&scene.desk, &scene.agreement, seq).await.expect("there is one");
        let path = scene.path("entry.tlog-proof");
        fs::write(&path, &text).expect("writes");
        let report = checked(&path, &[deployment(&scene)], &[]);
        assert_eq!(codes(&report), Vec::<String>::new());
        let entry = report.entry.expect("it carries its entry");
        assert_eq!((entry.seq, entry.log_size), (seq, entries));
        assert_eq!(codes(&checked(&path, &[], &[])), ["bad_note"], "nobody's word");
        let moved = text.replacen(&format!("index {seq}\n"), "index 99\n", 1);
        fs::write(&path, moved).expect("writes");
        assert_eq!(codes(&checked(&path, &[deployment(&scene)], &[])), ["bad_proof"]);
    }
    let missing = proof(&scene.desk, &scene.agreement, entries).await;
    assert!(missing.is_err());
}

#[tokio::test]
async fn a_checkpoint_and_an_envelope_are_verified_alone() {
    let scene = scene().await;
    let bundle = bundle(&scene, "a.tally").await;
    let path = scene.path("file");
    let note = scene.desk.checkpoint(&scene.agreement).await.expect("kept").to_string();
    let keys = [deployment(&scene)];
    let check = |name: &str, bytes: &[u8], keys: &[VerifierKey], expected: &[&str]| {
        fs::write(&path, bytes).expect("writes");
        assert_eq!(codes(&checked(&path, keys, &[])), expected, "{name}");
    };
    check("note", note.as_bytes(), &keys, &[]);
    check("changed note", note.replacen('A', "B", 1).as_bytes(), &keys, &["bad_note"]);
    check("note without keys", note.as_bytes(), &[], &["bad_note"]);
    let envelope = file_of(&bundle, "signatures/customer.json");
    let customer = [key(Side::Customer).verifier()];
    check("envelope", &envelope, &customer, &[]);
    check("envelope of a stranger", &envelope, &[], &["unknown_signer envelope"]);
    let changed = String::from_utf8(envelope).expect("text").replace("\"gu\"", "\"gU\"");
    check(
        "changed envelope",
        changed.as_bytes(),
        &customer,
        &["signature envelope", "no_given_key_signed"],
    );
    check("nothing", b"", &keys, &["unknown_format"]);
    check("noise", &[0xFF, 0, 1, 2], &keys, &["unknown_format"]);
    check("no zip", b"PK\x03\x04 and no more", &keys, &["not_an_archive"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever bytes come, verification answers.
    #[test]
    fn hostile_bytes_never_panic(
        kind in 0..5_usize,
        tail in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let starts: [&[u8]; 5] = [
            b"PK\x03\x04",
            b"{",
            b"c2sp.org/tlog-proof@v1\n",
            b"{\"actor\":",
            b"tallystick/agreement/x\n3\n",
        ];
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        fs::write(&path, [starts[kind], &tail].concat()).expect("writes");
        verify(&path, &Reader::default()).expect("the file can be read");
    }
}

/// A bundle with any one byte changed is answered, never with a panic, and what is changed within
/// a file is found.
#[tokio::test]
async fn a_bundle_with_any_byte_changed_is_answered() {
    let scene = scene().await;
    let bytes = fs::read(bundle(&scene, "a.tally").await).expect("readable");
    let path = scene.path("damaged.tally");
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..150 {
        let strategy = (0..bytes.len(), 1..=255_u8);
        let (at, by) = strategy.new_tree(&mut runner).expect("a value").current();
        let mut damaged = bytes.clone();
        damaged[at] ^= by;
        fs::write(&path, &damaged).expect("writes");
        let report = checked(&path, &[deployment(&scene)], &[]);
        // Some bytes of a zip file say nothing, such as the times of its files.
        if report.is_sound() {
            assert_eq!(report.log.expect("a log").covered, scene.book().await.state.next_seq);
        }
    }
}
