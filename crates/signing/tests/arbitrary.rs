//! Arbitrary bytes, and valid ones with a few bytes exchanged, into every reader: none panics.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use journal::Algorithm;
use proptest::prelude::*;
use signing::keys::{public_pem, raw_signature, read_public, read_secret, secret_pem};
use signing::seal::sign;
use signing::timestamp::{Request, verify_response};
use signing::{Anchors, Manifest, SignedFile};

use crate::openssl::{Authority, P256, installed};
use crate::seals::{options, sealer, with_streams, with_table};
use crate::world::{key, signed};

/// A response of a test authority; nothing where there is none.
static RESPONSE: LazyLock<Vec<u8>> = LazyLock::new(|| match installed("openssl", "version") {
    true => Authority::new(P256, "sha256", "sha256").reply(&Request::new(b"x", [1; 16]).to_der()),
    false => vec![0x30, 0],
});

fn read_all(bytes: &[u8]) {
    let _ =
        Manifest::from_bytes(bytes).map(|manifest| assert_eq!(manifest.to_bytes().unwrap(), bytes));
    let one = BTreeMap::from([("a", bytes)]);
    let (parts, envelopes, tokens, sealed) = (one.clone(), one.clone(), one.clone(), one);
    let file = SignedFile { manifest: bytes, parts, envelopes, tokens, sealed };
    assert!(
        !signing::verify(&file, &Anchors { authorities: &[bytes], ..Anchors::default() }).holds()
    );
    let (key, certificate) = sealer();
    let _ = sign(bytes, &options(), &key, &certificate).map(|sealed| sealed.finish(None));
    let _ = sign(&with_table(), &options(), &key, bytes);
    let request = Request::new(bytes, [1; 16]);
    let _ = verify_response(bytes, &request, &[bytes]);
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
    let (key, certificate) = sealer();
    for pdf in [with_table(), with_streams()] {
        let sealed = sign(&pdf, &options(), &key, &certificate).unwrap().finish(None);
        all.extend([pdf, sealed.unwrap()]);
    }
    all.push(certificate);
    all.push(RESPONSE.clone());
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
        static VALID: LazyLock<Vec<Vec<u8>>> = LazyLock::new(valid);
        let mut bytes = which.get(&VALID).clone();
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
