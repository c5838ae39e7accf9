//! Keys and signatures as other programs write them: PKCS #8 and SPKI in PEM, signatures in DER.
//! `openssl` makes and checks each kind. Knows no passwords: an encrypted key is refused by name.

use const_oid::ObjectIdentifier;
use journal::{Algorithm, KeyError, SignerKey, VerifierKey};
use pem_rfc7468::{LineEnding, decode_vec, encode_string};

use crate::asn1::{self, BIT_STRING, OCTET_STRING, Reader, SEQUENCE, context, sequence, tlv};

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
pub(crate) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(crate) const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const SM2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");
const SECRET: &str = "PRIVATE KEY";
const PUBLIC: &str = "PUBLIC KEY";
/// The longest PEM text of a key.
const MAX_PEM: usize = 64 << 10;

/// Why a text is no key of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// No PEM text.
    #[error("not a PEM text")]
    Pem,
    /// PEM, but of something else.
    #[error("a PEM text of {label:?}; a key has {want:?}")]
    Label {
        /// What it says it is.
        label: String,
        /// What was looked for.
        want: &'static str,
    },
    /// A key under a password.
    #[error("the key has a password; take it off with `openssl pkcs8` first")]
    Encrypted,
    /// Not PKCS #8 or SPKI.
    #[error("not a key in PKCS #8 or SPKI")]
    Structure,
    /// A key of another kind, such as RSA.
    #[error("a key of another kind; Ed25519, P-256 and SM2 sign here")]
    Algorithm,
    /// The public half does not belong to the private one.
    #[error("the public half does not belong to the private one")]
    Halves,
    /// The name or the bytes.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// A public key as SPKI in PEM.
#[must_use]
pub fn public_pem(key: &VerifierKey) -> String {
    pem(PUBLIC, &spki(key))
}

/// A private key as PKCS #8 in PEM, without a password: for a file that its owner alone reads.
#[must_use]
pub fn secret_pem(key: &SignerKey) -> String {
    let algorithm = identifier(key.verifier().algorithm());
    let secret = key.secret();
    let inner = match key.verifier().algorithm() {
        Algorithm::Ed25519 => tlv(OCTET_STRING, &[&secret]),
        Algorithm::EcdsaP256 | Algorithm::Sm2 => {
            let public = tlv(BIT_STRING, &[&[0], &key.verifier().public_key()]);
            let secret = tlv(OCTET_STRING, &[&secret]);
            sequence(&[&asn1::integer(&[1]), &secret, &tlv(context(1), &[&public])])
        }
    };
    let key = tlv(OCTET_STRING, &[&inner]);
    pem(SECRET, &sequence(&[&asn1::integer(&[0]), &algorithm, &key]))
}

/// Reads a public key in SPKI, and gives it a name.
///
/// # Errors
/// When the text is no public key of a known kind, or the name cannot stand in a note.
pub fn read_public(name: &str, text: &str) -> Result<VerifierKey, PemError> {
    let bytes = unpem(text, PUBLIC)?;
    let (algorithm, key) = read_spki(&bytes)?;
    Ok(VerifierKey::of(name, algorithm, key)?)
}

/// Reads a private key in PKCS #8, and gives it a name.
///
/// # Errors
/// When the text is no private key of a known kind, or the name cannot stand in a note.
pub fn read_secret(name: &str, text: &str) -> Result<SignerKey, PemError> {
    let bytes = unpem(text, SECRET)?;
    let (algorithm, key) = split_secret(&bytes).ok_or(PemError::Structure)?;
    let algorithm = algorithm.ok_or(PemError::Algorithm)?;
    let (secret, public) = inner_secret(algorithm, key).ok_or(PemError::Structure)?;
    let key = SignerKey::of(name, algorithm, &secret)?;
    match public {
        Some(public) if public != key.verifier().public_key() => Err(PemError::Halves),
        _ => Ok(key),
    }
}

/// The 64 bytes r || s of a signature that another program gave in DER; 64 bytes stay as they are.
#[must_use]
pub fn raw_signature(algorithm: Algorithm, signature: &[u8]) -> Option<Vec<u8>> {
    if signature.len() == 64 {
        return Some(signature.to_vec());
    }
    if algorithm == Algorithm::Ed25519 {
        return None;
    }
    asn1::halves::<64>(signature).map(Vec::from)
}

/// A signature of 64 bytes as DER, which `openssl` reads for P-256 and SM2.
#[must_use]
pub fn der_signature(raw: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = raw.split_at_checked(32).filter(|(_, s)| s.len() == 32)?;
    Some(sequence(&[&asn1::integer(r), &asn1::integer(s)]))
}

pub(crate) fn spki(key: &VerifierKey) -> Vec<u8> {
    let bits = tlv(BIT_STRING, &[&[0], &key.public_key()]);
    sequence(&[&identifier(key.algorithm()), &bits])
}

fn identifier(algorithm: Algorithm) -> Vec<u8> {
    match algorithm {
        Algorithm::Ed25519 => sequence(&[&asn1::oid(ED25519)]),
        Algorithm::EcdsaP256 => sequence(&[&asn1::oid(EC), &asn1::oid(P256)]),
        Algorithm::Sm2 => sequence(&[&asn1::oid(EC), &asn1::oid(SM2)]),
    }
}

fn read_identifier(mut reader: Reader<'_>) -> Option<Algorithm> {
    let kind = reader.oid()?;
    if kind == ED25519 {
        reader.end()?;
        return Some(Algorithm::Ed25519);
    }
    let curve = reader.oid()?;
    reader.end()?;
    match curve {
        P256 if kind == EC => Some(Algorithm::EcdsaP256),
        // Some programs name the curve in both places.
        SM2 if kind == EC || kind == SM2 => Some(Algorithm::Sm2),
        _ => None,
    }
}

fn read_spki(bytes: &[u8]) -> Result<(Algorithm, &[u8]), PemError> {
    let split = || {
        let mut reader = asn1::single(bytes, SEQUENCE)?;
        let algorithm = reader.enter(SEQUENCE)?;
        let key = reader.expect(BIT_STRING)?.value.strip_prefix(&[0])?;
        reader.end()?;
        Some((algorithm, key))
    };
    let (algorithm, key) = split().ok_or(PemError::Structure)?;
    Ok((read_identifier(algorithm).ok_or(PemError::Algorithm)?, key))
}

/// The scheme, if it is one of ours, and the octets of the private key.
fn split_secret(bytes: &[u8]) -> Option<(Option<Algorithm>, &[u8])> {
    let mut reader = asn1::single(bytes, SEQUENCE)?;
    // Version 1 may carry the public half behind the key.
    if reader.small()? > 1 {
        return None;
    }
    let algorithm = read_identifier(reader.enter(SEQUENCE)?);
    let key = reader.expect(OCTET_STRING)?.value;
    Some((algorithm, key))
}

/// The secret, and the public half where the key carries it.
fn inner_secret(algorithm: Algorithm, key: &[u8]) -> Option<([u8; 32], Option<&[u8]>)> {
    if algorithm == Algorithm::Ed25519 {
        let mut reader = Reader::new(key);
        let secret = reader.expect(OCTET_STRING)?.value;
        reader.end()?;
        return Some((secret.try_into().ok()?, None));
    }
    let mut reader = asn1::single(key, SEQUENCE)?;
    if reader.small()? != 1 {
        return None;
    }
    let secret = reader.expect(OCTET_STRING)?.value.try_into().ok()?;
    reader.optional(context(0));
    let public = match reader.optional(context(1)) {
        Some(item) => Some(Reader::new(item.value).expect(BIT_STRING)?.value.strip_prefix(&[0])?),
        None => None,
    };
    reader.end()?;
    Some((secret, public))
}

fn pem(label: &str, bytes: &[u8]) -> String {
    encode_string(label, LineEnding::LF, bytes).expect("a key is short and its label plain")
}

fn unpem(text: &str, want: &'static str) -> Result<Vec<u8>, PemError> {
    if text.len() > MAX_PEM {
        return Err(PemError::Pem);
    }
    let (label, bytes) = decode_vec(text.as_bytes()).map_err(|_| PemError::Pem)?;
    if label == "ENCRYPTED PRIVATE KEY" {
        return Err(PemError::Encrypted);
    }
    if label != want {
        return Err(PemError::Label { label: label.to_owned(), want });
    }
    Ok(bytes)
}
