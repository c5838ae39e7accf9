//! Arbitrary bytes, and valid texts with a few bytes exchanged, into every reader: none panics.

use journal::{
    Checkpoint, Entry, Envelope, Hash, LogVerifier, Note, TlogProof, Tree, VerifierKey, canonical,
};
use proptest::prelude::*;

use crate::envelopes::envelope;
use crate::world::{ORIGIN, entry, known, log};

fn read_all(bytes: &[u8]) {
    let _ = canonical::check(bytes, 10_000);
    let _ = canonical::read::<serde_json::Value>(bytes, 10_000);
    let _ = Entry::decode(bytes).map(|entry| assert_eq!(entry.line(), bytes));
    let _ = Envelope::from_bytes(bytes, 10_000).map(|envelope| envelope.verify(&known()));
    let text = String::from_utf8_lossy(bytes);
    let _ = text.parse::<Hash>();
    let _ = text.parse::<VerifierKey>().map(|key| assert_eq!(key.to_string(), text));
    let _ = text.parse::<Checkpoint>().map(|point| assert_eq!(point.to_string(), text));
    let _ = text.parse::<Note>().map(|note| {
        assert_eq!(note.to_string(), text);
        note.verify(&known())
    });
    let _ = text.parse::<TlogProof>().map(|proof| {
        assert_eq!(proof.to_string(), text);
        proof.verify(&Hash::of(b""), ORIGIN, &known())
    });
    let mut verifier = LogVerifier::new(ORIGIN, &known(), &[&text]);
    verifier.record(bytes);
    verifier.entry(bytes, Hash::leaf(bytes));
    assert!(!verifier.finish().is_sound());
}

/// One valid text of each form.
fn valid() -> Vec<Vec<u8>> {
    let log = log(5);
    let tree: Tree = log.0.iter().map(|(_, leaf)| *leaf).collect();
    let path = tree.inclusion_proof(2, 5).unwrap();
    let proof = TlogProof { extra: Some(vec![1]), index: 2, path, checkpoint: log.note(5) };
    vec![
        entry(1).line(),
        envelope().to_bytes().unwrap(),
        log.note(5).text().as_bytes().to_vec(),
        log.note(5).to_string().into_bytes(),
        proof.to_string().into_bytes(),
        known()[0].to_string().into_bytes(),
    ]
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
    }

    #[test]
    fn damaged_texts_never_panic(
        which in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let mut bytes = which.get(&valid()).clone();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len() + 1));
        }
        read_all(&bytes);
    }
}
