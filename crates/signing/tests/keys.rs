//! Keys in PEM: out and in again, and what is refused.

use journal::Algorithm;
use signing::keys::{
    PemError, der_signature, public_pem, raw_signature, read_public, read_secret, secret_pem,
};

use crate::world::key;

#[test]
fn keys_of_each_kind_come_back_from_pem() {
    for algorithm in Algorithm::ALL {
        let key = key("vendor", algorithm);
        let public = key.verifier();
        assert_eq!(read_public(public.name(), &public_pem(&public)).unwrap(), public);
        let back = read_secret(public.name(), &secret_pem(&key)).unwrap();
        assert_eq!((back.secret(), back.verifier()), (key.secret(), public));
    }
}

#[test]
fn what_is_no_key_of_ours_is_refused_by_name() {
    let key = key("vendor", Algorithm::EcdsaP256);
    let secret = secret_pem(&key);
    let read = |text: &str| read_secret("k", text).map(|_| ());
    assert_eq!(read("no pem"), Err(PemError::Pem));
    let label = PemError::Label { label: "PUBLIC KEY".to_owned(), want: "PRIVATE KEY" };
    assert_eq!(read(&public_pem(&key.verifier())), Err(label));
    let encrypted = secret.replace("PRIVATE", "ENCRYPTED PRIVATE");
    assert_eq!(read(&encrypted), Err(PemError::Encrypted));
    // The end of the text is the public half.
    let mut lines: Vec<&str> = secret.lines().collect();
    let last =
        lines[3].replacen(&lines[3][..1], if lines[3].starts_with('A') { "B" } else { "A" }, 1);
    lines[3] = &last;
    assert_eq!(read(&format!("{}\n", lines.join("\n"))), Err(PemError::Halves));
    let rsa = "-----BEGIN PUBLIC KEY-----\n\
        MCAwDQYJKoZIhvcNAQEBBQADDwAwDAIFALu6u7sCAwEAAQ==\n-----END PUBLIC KEY-----\n";
    assert_eq!(read_public("k", rsa), Err(PemError::Algorithm));
}

#[test]
fn signatures_in_der_come_back_to_64_bytes() {
    for algorithm in [Algorithm::EcdsaP256, Algorithm::Sm2] {
        for message in 0..20u8 {
            let raw = key("vendor", algorithm).sign(&[message]);
            let der = der_signature(&raw).unwrap();
            assert_eq!(raw_signature(algorithm, &der).as_deref(), Some(raw.as_slice()));
            assert_eq!(raw_signature(algorithm, &raw).as_deref(), Some(raw.as_slice()));
        }
    }
    for bad in [&[][..], &[0x30, 0], &[0x30, 6, 2, 1, 0x80, 2, 1, 1], &[0x30, 3, 2, 1, 1]] {
        assert_eq!(raw_signature(Algorithm::Sm2, bad), None, "{bad:?}");
    }
    assert_eq!(raw_signature(Algorithm::Ed25519, &[0x30, 6, 2, 1, 1, 2, 1, 1]), None);
}
