//! Envelopes: what a signature covers, and that nothing unsigned is believed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use journal::{
    Algorithm, Envelope, EnvelopeError, EnvelopeKind, EnvelopeSignature, KeyError, KeyType,
    SignerKey, Subject, Verdict, VerifierKey,
};
use serde_json::json;

use crate::world::{customer, id};

fn vendor() -> SignerKey {
    SignerKey::new("vendor.example/signing", KeyType::Note, &[3; 32]).unwrap()
}

pub(crate) fn envelope() -> Envelope {
    let subject = vec![Subject::of("agreement.toml", b"kind = \"lease\"\n")];
    let statement = json!({ "agreement": "A-7", "text_zh": "符合" });
    let mut envelope = Envelope::new(EnvelopeKind::Agreement, 1, subject, statement);
    envelope.sign(id("vendor"), &vendor()).unwrap();
    envelope
}

fn verdicts(envelope: &Envelope) -> Vec<Verdict> {
    let checks = envelope.verify(&[vendor().verifier()]).unwrap();
    checks.into_iter().map(|check| check.verdict).collect()
}

#[test]
fn a_signature_covers_the_role_the_key_and_the_body() {
    let envelope = envelope();
    let key = vendor().verifier().to_string();
    let body = "{\"format\":\"tallystick.envelope/1\",\"kind\":\"agreement\",\"statement\":\
        {\"agreement\":\"A-7\",\"text_zh\":\"符合\"},\"subject\":[{\"name\":\"agreement.toml\",\
        \"sha256\":\"SUM\",\"size\":15}],\"version\":1}"
        .replace("SUM", &journal::Hash::of(b"kind = \"lease\"\n").to_string());
    let message =
        format!("tallystick.envelope/1 6 vendor {} {key} {} {body}", key.len(), body.len());
    let signature = SigningKey::from_bytes(&[3; 32]).sign(message.as_bytes());
    assert_eq!(envelope.signatures[0].signature, STANDARD.encode(signature.to_bytes()));
    assert_eq!(envelope.signatures[0].key, key);
    assert_eq!(verdicts(&envelope), [Verdict::Valid]);
    assert!(envelope.subject[0].matches(b"kind = \"lease\"\n"));
    assert!(!envelope.subject[0].matches(b"kind = \"Lease\"\n"));
}

#[test]
fn every_change_has_its_verdict() {
    type Change = fn(&mut Envelope);
    let rows: [(Change, Verdict); 12] = [
        (|_| {}, Verdict::Valid),
        (|envelope| envelope.kind = EnvelopeKind::Document, Verdict::Invalid),
        (|envelope| envelope.version = 2, Verdict::Invalid),
        (|envelope| envelope.statement = json!({ "agreement": "A-8" }), Verdict::Invalid),
        (|envelope| envelope.subject.clear(), Verdict::Invalid),
        (|envelope| envelope.signatures[0].role = id("customer"), Verdict::Invalid),
        (|envelope| envelope.signatures[0].signature = STANDARD.encode([0; 64]), Verdict::Invalid),
        (|envelope| envelope.signatures[0].signature = "AAAA".to_string(), Verdict::Invalid),
        (|envelope| envelope.signatures[0].signature = "*".to_string(), Verdict::Malformed),
        (|envelope| envelope.signatures[0].key = "vendor".to_string(), Verdict::Malformed),
        (
            |envelope| envelope.signatures[0].key = customer().verifier().to_string(),
            Verdict::Malformed,
        ),
        (
            |envelope| envelope.signatures[0].algorithm = "sm2".to_string(),
            Verdict::UnknownAlgorithm,
        ),
    ];
    for (index, (change, want)) in rows.into_iter().enumerate() {
        let mut changed = envelope();
        change(&mut changed);
        assert_eq!(verdicts(&changed), [want], "row {index}");
    }
    let unknown = envelope().verify(&[]).unwrap();
    assert_eq!(unknown[0].verdict, Verdict::UnknownKey);
}

#[test]
fn two_parties_sign_one_envelope_and_signing_again_replaces() {
    let mut envelope = envelope();
    let customer_key = SignerKey::new("customer.example/key", KeyType::Note, &[4; 32]).unwrap();
    envelope.sign(id("customer"), &customer_key).unwrap();
    envelope.sign(id("vendor"), &vendor()).unwrap();
    assert_eq!(verdicts(&envelope), [Verdict::UnknownKey, Verdict::Valid]);
    let refused = envelope.sign(id("customer"), &customer());
    assert!(matches!(refused, Err(EnvelopeError::KeyType)));
    let bytes = envelope.to_bytes().unwrap();
    assert_eq!(Envelope::from_bytes(&bytes, bytes.len()).unwrap(), envelope);
}

#[test]
fn what_is_not_this_format_is_refused() {
    let text = String::from_utf8(envelope().to_bytes().unwrap()).unwrap();
    let read = |text: &str| Envelope::from_bytes(text.as_bytes(), 10_000);
    let later = text.replace("envelope/1", "envelope/2");
    assert!(matches!(read(&later), Err(EnvelopeError::Format { .. })));
    // A member that no signature covers is not passed over.
    let unsigned = text.replace("\"version\":1", "\"version\":1,\"volume\":1");
    assert!(matches!(read(&unsigned), Err(EnvelopeError::Read(_))));
    assert!(matches!(read(&format!("{text}\n")), Err(EnvelopeError::Read(_))));
    let mut half = envelope();
    half.statement = json!(0.5);
    assert!(matches!(half.to_bytes(), Err(EnvelopeError::Statement(_))));
    assert!(matches!(half.verify(&[]), Err(EnvelopeError::Statement(_))));
}

#[test]
fn kinds_have_one_name_each() {
    for (name, kind) in [
        ("agreement", EnvelopeKind::Agreement),
        ("bundle", EnvelopeKind::Bundle),
        ("certificate", EnvelopeKind::Certificate),
        ("checkpoint", EnvelopeKind::Checkpoint),
        ("document", EnvelopeKind::Document),
        ("model", EnvelopeKind::Model),
        ("probe_report", EnvelopeKind::ProbeReport),
        ("seal", EnvelopeKind::Other(id("seal"))),
    ] {
        assert_eq!((name.parse::<EnvelopeKind>(), kind.to_string()), (Ok(kind), name.to_string()));
    }
    let unknown = EnvelopeSignature {
        algorithm: "p256".to_string(),
        key: "k".to_string(),
        role: id("auditor"),
        signature: String::new(),
    };
    let mut envelope = envelope();
    envelope.signatures = vec![unknown];
    assert_eq!(verdicts(&envelope), [Verdict::UnknownAlgorithm]);
}

#[test]
fn each_scheme_signs_and_its_key_has_a_text() {
    for (algorithm, prefix) in [
        (Algorithm::Ed25519, &b"\x01"[..]),
        (Algorithm::EcdsaP256, b"\xfftallystick/ecdsa-p256-sha256:\x04"),
        (Algorithm::Sm2, b"\xfftallystick/sm2-sm3:\x04"),
    ] {
        let signer = SignerKey::of("vendor.example/key", algorithm, &[9; 32]).unwrap();
        let key = signer.verifier();
        assert_eq!((key.algorithm(), key.key_type()), (algorithm, KeyType::Note));
        assert_eq!(key.to_string().parse::<VerifierKey>(), Ok(key.clone()));
        let text = key.to_string();
        // Base64 has plus signs of its own.
        let encoded = text.splitn(3, '+').last().unwrap();
        assert!(STANDARD.decode(encoded).unwrap().starts_with(prefix));
        assert_eq!(VerifierKey::of(key.name(), algorithm, &key.public_key()), Ok(key.clone()));
        let mut envelope = Envelope::new(EnvelopeKind::Agreement, 2, vec![], json!({}));
        envelope.sign(id("vendor"), &signer).unwrap();
        assert_eq!(envelope.signatures[0].algorithm, algorithm.code());
        let verdict =
            |envelope: &Envelope| envelope.verify(std::slice::from_ref(&key)).unwrap()[0].verdict;
        assert_eq!(verdict(&envelope), Verdict::Valid);
        let mut moved = envelope.clone();
        moved.version = 3;
        assert_eq!(verdict(&moved), Verdict::Invalid);
        let mut other = envelope.clone();
        let sm2 = algorithm == Algorithm::Sm2;
        other.signatures[0].algorithm = if sm2 { "ed25519" } else { "sm2-sm3" }.to_string();
        assert_eq!(verdict(&other), Verdict::Malformed);
    }
}

#[test]
fn a_signature_made_elsewhere_is_taken_only_when_it_holds() {
    let signer = SignerKey::of("customer.example/browser", Algorithm::EcdsaP256, &[7; 32]).unwrap();
    let key = signer.verifier();
    let mut envelope = envelope();
    let message = envelope.signed_bytes(&id("customer"), &key.to_string()).unwrap();
    let signature = signer.sign(&message);
    let refused = envelope.attach(id("vendor"), &key, &signature);
    assert!(matches!(refused, Err(EnvelopeError::Signature { .. })));
    let cosigner = customer().verifier();
    let refused = envelope.attach(id("customer"), &cosigner, &signature);
    assert!(matches!(refused, Err(EnvelopeError::KeyType)));
    envelope.attach(id("customer"), &key, &signature).unwrap();
    envelope.attach(id("customer"), &key, &signature).unwrap();
    assert_eq!(verdicts(&envelope), [Verdict::Valid, Verdict::UnknownKey]);
}

#[test]
fn what_is_no_key_of_a_scheme_is_refused() {
    for algorithm in [Algorithm::EcdsaP256, Algorithm::Sm2] {
        let secret = |bytes| SignerKey::of("k", algorithm, &bytes).map(|_| ());
        assert_eq!(secret([0; 32]), Err(KeyError::Secret));
        assert_eq!(secret([0xff; 32]), Err(KeyError::Secret));
        let key = SignerKey::of("k", algorithm, &[9; 32]).unwrap().verifier();
        let point = key.public_key();
        // Compressed, it would be a second text of the same key.
        let compressed = [&[2 + (point[64] & 1)], &point[1..33]].concat();
        for bytes in [&compressed[..], &[4; 65], &point[..64], &[]] {
            assert_eq!(VerifierKey::of("k", algorithm, bytes), Err(KeyError::Point));
        }
        assert_eq!(key.with_type(KeyType::Cosignature), key);
        assert_eq!(VerifierKey::of("a b", algorithm, &point), Err(KeyError::Name));
    }
    let later = format!("k+00000000+{}", STANDARD.encode(b"\xffanother/scheme"));
    assert_eq!(later.parse::<VerifierKey>(), Err(KeyError::Type { key_type: 255 }));
}
