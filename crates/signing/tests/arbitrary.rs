//! Arbitrary bytes, and valid ones with a few bytes exchanged, into every reader: none panics.

use std::collections::BTreeMap;

use journal::Algorithm;
use proptest::prelude::*;
use signing::keys::{public_pem, raw_signature, read_public, read_secret, secret_pem};
use signing::{Anchors, Manifest};

use crate::world::{key, signed};

fn read_all(bytes: &[u8]) {
    let _ =
        Manifest::from_bytes(bytes).map(|manifest| assert_eq!(manifest.to_bytes().unwrap(), bytes));
    let one = BTreeMap::from([("a", bytes)]);
    let verdict = signing::verify(bytes, &one, &one, &Anchors::default());
    assert!(!verdict.holds());
    let text = String::from_utf8_lossy(bytes);
    let _ = read_public("k", &text);
    let _ = read_secret("k", &text);
    for algorithm in Algorithm::ALL {
        let _ = raw_signature(algorithm, bytes);
    }
}

/// One valid text of each form.
fn valid() -> Vec<Vec<u8>> {
    let file = signed(Algorithm::Ed25519);
    let key = key("vendor", Algorithm::Sm2);
    let mut all = vec![file.manifest, public_pem(&key.verifier()).into(), secret_pem(&key).into()];
    all.extend(file.envelopes.into_values());
    all
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
