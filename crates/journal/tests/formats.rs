//! Files of every version of the format, kept for ever with what they must say. `GOLDEN=write`
//! writes the current version's files anew, which is right only before that version is released.

use std::fs;
use std::path::PathBuf;

use journal::{
    Entry, Envelope, LogVerifier, Report, TlogProof, Tree, Verdict, VerifierKey, write_record,
};

use crate::envelopes::envelope;
use crate::world::{ORIGIN, known, log};

fn folder(version: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(version)
}

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let log = log(11);
    let mut records = Vec::new();
    log.0.iter().for_each(|(line, leaf)| write_record(&mut records, line, leaf));
    let tree: Tree = log.0.iter().map(|(_, leaf)| *leaf).collect();
    let path = tree.inclusion_proof(6, 11).unwrap();
    let proof = TlogProof { extra: None, index: 6, path, checkpoint: log.note(11) };
    let keys: String = known().iter().map(|key| format!("{key}\n")).collect();
    vec![
        ("journal", records),
        ("keys", keys.into_bytes()),
        ("checkpoint-4", log.note(4).to_string().into_bytes()),
        ("checkpoint-11", log.note(11).to_string().into_bytes()),
        ("entry-6.tlog-proof", proof.to_string().into_bytes()),
        ("envelope.json", envelope().to_bytes().unwrap()),
    ]
}

fn verify(version: &str, damage: impl Fn(usize, &mut Vec<u8>)) -> Report {
    let read = |name: &str| fs::read_to_string(folder(version).join(name)).unwrap();
    let keys: Vec<VerifierKey> = read("keys").lines().map(|line| line.parse().unwrap()).collect();
    let checkpoints = [read("checkpoint-4"), read("checkpoint-11")];
    let checkpoints: Vec<&str> = checkpoints.iter().map(String::as_str).collect();
    let mut verifier = LogVerifier::new(ORIGIN, &keys, &checkpoints);
    for (index, line) in read("journal").lines().enumerate() {
        let mut record = line.as_bytes().to_vec();
        damage(index, &mut record);
        verifier.record(&record);
    }
    verifier.finish()
}

fn text(report: &Report) -> String {
    let bytes = journal::canonical::to_vec(report).unwrap();
    String::from_utf8(bytes).unwrap() + "\n"
}

#[test]
fn version_1_files_are_read_and_written_as_ever() {
    let folder = folder("v1");
    let bless = std::env::var_os("GOLDEN").is_some_and(|value| value == "write");
    for (name, bytes) in files() {
        if bless {
            fs::write(folder.join(name), &bytes).unwrap();
        }
        assert_eq!(fs::read(folder.join(name)).unwrap(), bytes, "{name}");
    }
    let sound = verify("v1", |_, _| {});
    let damaged = verify("v1", |index, record| {
        if index == 8 {
            let last = record.len() - 30;
            record[last] ^= 1;
        }
    });
    for (name, report) in [("report.json", &sound), ("report-damaged.json", &damaged)] {
        if bless {
            fs::write(folder.join(name), text(report)).unwrap();
        }
        assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), text(report), "{name}");
    }
    assert!(sound.is_sound() && !damaged.is_sound());
}

#[test]
fn version_1_proof_and_envelope_still_hold() {
    let read = |name: &str| fs::read(folder("v1").join(name)).unwrap();
    let journal = read("journal");
    let line = journal.split(|byte| *byte == b'\n').nth(6).unwrap();
    let leaf = Entry::decode(&line[65..]).unwrap().hash();
    let proof: TlogProof = String::from_utf8(read("entry-6.tlog-proof")).unwrap().parse().unwrap();
    assert_eq!(proof.verify(&leaf, ORIGIN, &known()).unwrap().0.size, 11);
    let envelope = Envelope::from_bytes(&read("envelope.json"), 10_000).unwrap();
    assert_eq!(envelope.verify(&[]).unwrap()[0].verdict, Verdict::UnknownKey);
}
