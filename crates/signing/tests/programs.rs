//! The real `openssl`: our signatures under its eyes, and its signatures under ours.

use journal::{Algorithm, VerifierKey};
use signing::keys::{der_signature, public_pem, raw_signature, read_secret, secret_pem};

use crate::openssl::{installed, must, run};
use crate::world::{key, manifest};

/// What a page of the console does with WebCrypto: a key that does not leave it, its public half
/// as an uncompressed point, and a signature of the bytes of a file.
const BROWSER: &str = r#"
const { subtle } = globalThis.crypto ?? require("crypto").webcrypto;
const fs = require("fs");
const curve = { name: "ECDSA", namedCurve: "P-256" };
(async () => {
  const pair = await subtle.generateKey(curve, false, ["sign", "verify"]);
  const point = Buffer.from(await subtle.exportKey("raw", pair.publicKey));
  fs.writeFileSync("point", point);
  const text = Buffer.concat([
    Buffer.from([0xff]), Buffer.from("tallystick/ecdsa-p256-sha256:"), point,
  ]);
  const name = Buffer.from("customer.example/browser\n");
  const id = Buffer.from(await subtle.digest("SHA-256", Buffer.concat([name, text])));
  const key = `customer.example/browser+${id.toString("hex", 0, 4)}+${text.toString("base64")}`;
  const [before, after] = fs.readFileSync("message", "utf8").split("KEY");
  const message = Buffer.from(`${before}${key.length} ${key}${after}`);
  const how = { name: "ECDSA", hash: "SHA-256" };
  fs.writeFileSync("signature", Buffer.from(await subtle.sign(how, pair.privateKey, message)));
  fs.writeFileSync("key", key);
})();
"#;

#[test]
fn an_envelope_takes_the_signature_that_webcrypto_makes() {
    if !installed("node", "--version") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let manifest = manifest();
    let role = manifest.signatories[0].side.clone();
    let mut envelope = manifest.envelope(&manifest.signatories[0]).unwrap();
    // The page puts its key into the bytes to sign, where the deployment left a place.
    let message = envelope.signed_bytes(&role, "KEY").unwrap();
    let message = String::from_utf8(message).unwrap().replacen("3 KEY", "KEY", 1);
    std::fs::write(at.join("message"), message).unwrap();
    must(at, "node", &["-e", BROWSER]);
    let point = std::fs::read(at.join("point")).unwrap();
    let key = VerifierKey::of("customer.example/browser", Algorithm::EcdsaP256, &point).unwrap();
    assert_eq!(std::fs::read_to_string(at.join("key")).unwrap(), key.to_string());
    let signature = std::fs::read(at.join("signature")).unwrap();
    envelope.attach(role, &key, &signature).unwrap();
    assert_eq!(envelope.verify(&[key]).unwrap()[0].verdict, journal::Verdict::Valid);
}

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
