//! The certificate of a deployment's own key: signed by itself, so that a seal names its signer
//! without any authority. A reader trusts it by its hash, handed over another way.

use const_oid::ObjectIdentifier;
use journal::{Algorithm, SignerKey};
use units::Timestamp;

use super::SealingError;
use crate::asn1::{
    self, BIT_STRING, BOOLEAN, GENERALIZED_TIME, OCTET_STRING, SET, UTC_TIME, UTF8_STRING, context,
    sequence, tlv,
};
use crate::digest::Digest;
use crate::keys;
use crate::x509::ECDSA_SHA256;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const SUBJECT_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
/// The longest common name (RFC 5280).
const MAX_NAME: usize = 64;

/// The key on P-256 that a deployment seals with: made from its own key by a hash, so that there is
/// no second secret to keep. Its name is that of the deployment with `/seal` behind it.
#[must_use]
pub fn key_for(deployment: &SignerKey) -> SignerKey {
    let name = format!("{}/seal", deployment.verifier().name());
    let mut tries = 0u64..;
    let key = tries.find_map(|attempt| {
        let seed = [&b"tallystick seal key v1\n"[..], &deployment.secret(), &attempt.to_be_bytes()];
        let secret = *journal::Hash::of(&seed.concat()).bytes();
        // One hash in four billion is no scalar of the curve.
        SignerKey::of(&name, Algorithm::EcdsaP256, &secret).ok()
    });
    key.expect("a longer name of a key is a name, and some hash is a scalar")
}

/// A certificate in DER of a key on P-256, signed by itself, for signatures only. The same key,
/// name and dates give the same bytes. A name is cut to 64 characters, as certificates have it.
///
/// # Errors
/// When the key is of another kind.
pub fn self_signed(
    key: &SignerKey,
    name: &str,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<u8>, SealingError> {
    if key.verifier().algorithm() != Algorithm::EcdsaP256 {
        return Err(SealingError::Key);
    }
    let spki = keys::spki(&key.verifier());
    let name: String = name.chars().take(MAX_NAME).collect();
    let common = sequence(&[&asn1::oid(COMMON_NAME), &tlv(UTF8_STRING, &[name.as_bytes()])]);
    let name = sequence(&[&tlv(SET, &[&common])]);
    let dates = sequence(&[&time(from), &time(to)]);
    // One number for one certificate: from what is in it, positive, 16 bytes.
    let mut serial = Digest::Sha256.of(&[&spki[..], &name, &dates].concat());
    serial.truncate(16);
    serial[0] = serial[0] & 0x7f | 0x40;
    let scheme = sequence(&[&asn1::oid(ECDSA_SHA256)]);
    let extension = |oid, critical: bool, value: &[u8]| {
        let critical = if critical { tlv(BOOLEAN, &[&[0xff]]) } else { Vec::new() };
        sequence(&[&asn1::oid(oid), &critical, &tlv(OCTET_STRING, &[value])])
    };
    let id = &Digest::Sha256.of(&key.verifier().public_key())[..20];
    let extensions = sequence(&[
        &extension(BASIC_CONSTRAINTS, true, &sequence(&[])),
        // Digital signature and non-repudiation.
        &extension(KEY_USAGE, true, &tlv(BIT_STRING, &[&[6, 0b1100_0000]])),
        &extension(SUBJECT_KEY_ID, false, &tlv(OCTET_STRING, &[id])),
    ]);
    let tbs = sequence(&[
        &tlv(context(0), &[&asn1::integer(&[2])]),
        &asn1::integer(&serial),
        &scheme,
        &name,
        &dates,
        &name,
        &spki,
        &tlv(context(3), &[&extensions]),
    ]);
    let signature = keys::der_signature(&key.sign(&tbs));
    let signature = signature.expect("a signature on P-256 has 64 bytes");
    Ok(sequence(&[&tbs, &scheme, &tlv(BIT_STRING, &[&[0], &signature])]))
}

/// Whole seconds; years from 2050 have four digits (RFC 5280, 4.1.2.5).
fn time(at: Timestamp) -> Vec<u8> {
    let digits = digits(at);
    if ("1950".."2050").contains(&&digits[..4]) {
        tlv(UTC_TIME, &[&digits.as_bytes()[2..], b"Z"])
    } else {
        tlv(GENERALIZED_TIME, &[digits.as_bytes(), b"Z"])
    }
}

/// `YYYYMMDDhhmmss`, UTC.
pub(super) fn digits(at: Timestamp) -> String {
    let text = Timestamp::from_seconds(at.seconds()).to_string();
    text.chars().filter(char::is_ascii_digit).take(14).collect()
}
