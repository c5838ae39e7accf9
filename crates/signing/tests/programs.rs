//! The real `openssl`: our signatures under its eyes, and its signatures under ours.

use journal::Algorithm;
use signing::keys::{der_signature, public_pem, raw_signature, read_secret, secret_pem};

use crate::world::{installed, key, manifest, must, run};

/// How `openssl` is told to check or make a signature of the scheme over `message`.
fn options(algorithm: Algorithm) -> &'static [&'static str] {
    match algorithm {
        Algorithm::Ed25519 => &["-rawin"],
        Algorithm::EcdsaP256 => &["-rawin", "-digest", "sha256"],
        Algorithm::Sm2 => &["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"],
    }
}

fn encoded(algorithm: Algorithm, raw: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::Ed25519 => raw.to_vec(),
        Algorithm::EcdsaP256 | Algorithm::Sm2 => der_signature(raw).unwrap(),
    }
}

#[test]
fn openssl_verifies_the_envelope_signature_of_each_scheme() {
    if !installed("openssl", "version") {
        return;
    }
    for algorithm in Algorithm::ALL {
        let folder = tempfile::tempdir().unwrap();
        let (at, key) = (folder.path(), key("vendor", algorithm));
        let manifest = manifest();
        let envelope = manifest.envelope(&manifest.signatories[1]).unwrap();
        let role = manifest.signatories[1].side.clone();
        let message = envelope.signed_bytes(&role, &key.verifier().to_string()).unwrap();
        std::fs::write(at.join("public.pem"), public_pem(&key.verifier())).unwrap();
        std::fs::write(at.join("message"), &message).unwrap();
        std::fs::write(at.join("signature"), encoded(algorithm, &key.sign(&message))).unwrap();
        let mut verify = vec!["pkeyutl", "-verify", "-pubin", "-inkey", "public.pem"];
        verify.extend(["-in", "message", "-sigfile", "signature"]);
        verify.extend(options(algorithm));
        must(at, "openssl", &verify);
        std::fs::write(at.join("message"), b"another message").unwrap();
        assert!(!run(at, "openssl", &verify).status.success(), "{algorithm}");
    }
}

#[test]
fn an_envelope_takes_the_signature_that_openssl_makes() {
    if !installed("openssl", "version") {
        return;
    }
    for (algorithm, make) in [
        (Algorithm::Ed25519, &["genpkey", "-algorithm", "ed25519"][..]),
        (
            Algorithm::EcdsaP256,
            &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        ),
        (Algorithm::Sm2, &["genpkey", "-algorithm", "SM2"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        must(at, "openssl", &[make, &["-out", "key.pem"]].concat());
        let text = std::fs::read_to_string(at.join("key.pem")).unwrap();
        let key = read_secret("vendor.example/openssl", &text).unwrap();
        let manifest = manifest();
        let role = manifest.signatories[1].side.clone();
        let mut envelope = manifest.envelope(&manifest.signatories[1]).unwrap();
        let message = envelope.signed_bytes(&role, &key.verifier().to_string()).unwrap();
        std::fs::write(at.join("message"), &message).unwrap();
        let mut sign = vec!["pkeyutl", "-sign", "-inkey", "key.pem", "-in", "message"];
        sign.extend(["-out", "signature"]);
        sign.extend(options(algorithm));
        must(at, "openssl", &sign);
        let signature = std::fs::read(at.join("signature")).unwrap();
        let raw = raw_signature(algorithm, &signature).unwrap();
        envelope.attach(role.clone(), &key.verifier(), &raw).unwrap();
        let checks = envelope.verify(&[key.verifier()]).unwrap();
        assert_eq!(checks[0].verdict, journal::Verdict::Valid, "{algorithm}");
        let another = manifest.envelope(&manifest.signatories[0]).unwrap();
        assert!(another.clone().attach(role, &key.verifier(), &raw).is_err());
        // Our PEM of the same key is openssl's, byte for byte.
        std::fs::write(at.join("ours.pem"), secret_pem(&key)).unwrap();
        let pkey = |file: &str| must(at, "openssl", &["pkey", "-in", file, "-outform", "PEM"]);
        assert_eq!(pkey("ours.pem"), pkey("key.pem"));
    }
}
