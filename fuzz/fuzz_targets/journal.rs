//! What a journal takes from outside: lines, envelopes, notes, checkpoints, proofs, records.
#![no_main]

use journal::{
    Checkpoint, Entry, EntryRef, Envelope, Hash, LogVerifier, Note, TlogProof, VerifierKey,
};
use libfuzzer_sys::fuzz_target;

const MOST: usize = 1 << 20;

fuzz_target!(|data: &[u8]| {
    data.split(|byte| *byte == b'\n').for_each(line);
    let _ = journal::canonical::check(data, MOST);
    if let Ok(envelope) = Envelope::from_bytes(data, MOST) {
        assert_eq!(envelope.to_bytes().expect("what was read is written"), data);
        let _ = envelope.verify(&[]);
    }
    let mut verifier = LogVerifier::new("origin", &[], &[]);
    data.split(|byte| *byte == b'\n').for_each(|record| verifier.record(record));
    let _ = verifier.finish();
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = (text.parse::<VerifierKey>(), Hash::from_base64(text), text.parse::<TlogProof>());
    if let Ok(note) = text.parse::<Note>() {
        assert_eq!(note.to_string(), text);
        let _ = (Checkpoint::of(&note), note.verify(&[]));
    }
});

fn line(line: &[u8]) {
    let scanned = EntryRef::scan(line);
    match Entry::decode(line) {
        Ok(entry) => {
            assert_eq!(entry.line(), line);
            assert_eq!(scanned.expect("what is decoded is scanned").to_entry(), entry);
        }
        Err(_) => assert!(scanned.is_err()),
    }
}
