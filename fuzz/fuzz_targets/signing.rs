//! What a signed file brings: a manifest, keys, certificates, timestamps, the seal on a PDF.
#![no_main]

use std::collections::BTreeMap;

use journal::Algorithm;
use libfuzzer_sys::fuzz_target;
use signing::keys::{der_signature, raw_signature, read_public, read_secret};
use signing::timestamp::{Request, read_response, verify_response, verify_token};
use signing::{Anchors, Manifest, SignedFile};

fuzz_target!(|data: &[u8]| {
    if let Ok(manifest) = Manifest::from_bytes(data) {
        assert_eq!(manifest.to_bytes().expect("what was read is written"), data);
    }
    let one = BTreeMap::from([("a", data)]);
    let (parts, envelopes, tokens, sealed) = (one.clone(), one.clone(), one.clone(), one);
    let file = SignedFile { manifest: data, parts, envelopes, tokens, sealed };
    assert!(
        !signing::verify(&file, &Anchors { authorities: &[data], ..Anchors::default() }).holds()
    );
    let _ = signing::seal::verify(data, &[], &[data]);
    let _ = (read_response(data), verify_token(data, b"", &[data]), der_signature(data));
    let _ = verify_response(data, &Request::new(b"x", [1; 16]), &[data]);
    for algorithm in Algorithm::ALL {
        let _ = raw_signature(algorithm, data);
    }
    let text = String::from_utf8_lossy(data);
    let _ = (read_public("k", &text), read_secret("k", &text).is_ok());
});
