//! A small made-up log that the tests share: keys from fixed seeds, entries from a counter.

use journal::{Checkpoint, Entry, Frontier, Hash, KeyType, Note, SignerKey, VerifierKey};
use serde_json::json;
use units::{Id, Timestamp};

pub(crate) const ORIGIN: &str = "tallystick/agreement/A-7";
pub(crate) const START: i64 = 1_772_323_200;

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

pub(crate) fn deployment() -> SignerKey {
    SignerKey::new(ORIGIN, KeyType::Note, &[1; 32]).unwrap()
}

pub(crate) fn customer() -> SignerKey {
    SignerKey::new("customer.example/key", KeyType::Cosignature, &[2; 32]).unwrap()
}

pub(crate) fn known() -> Vec<VerifierKey> {
    vec![deployment().verifier(), customer().verifier()]
}

/// Lines with the hash recorded beside each.
#[derive(Clone)]
pub(crate) struct Log(pub(crate) Vec<(Vec<u8>, Hash)>);

pub(crate) fn entry(seq: u64) -> Entry {
    let at = Timestamp::from_seconds(START + 60 * i64::try_from(seq).unwrap());
    let payload =
        json!({ "images": seq * 3, "note": "已验收", "ok": seq.is_multiple_of(2), "at": null });
    Entry::new(seq, at, id("vendor"), id("delivery.received"), &payload).unwrap()
}

pub(crate) fn log(size: u64) -> Log {
    Log((0..size).map(entry).map(|entry| (entry.line(), entry.hash())).collect())
}

impl Log {
    /// The checkpoint of the first `size` entries, signed by both.
    pub(crate) fn note(&self, size: usize) -> Note {
        let mut tree = Frontier::new();
        self.0[..size].iter().for_each(|(_, leaf)| tree.append(*leaf));
        let checkpoint = Checkpoint::new(ORIGIN, tree.size(), tree.root()).unwrap();
        let mut note = checkpoint.sign(&deployment(), Timestamp::from_seconds(START));
        note.cosign(&customer(), Timestamp::from_seconds(START + 5));
        note
    }
}
