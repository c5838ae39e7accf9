//! The signature schemes behind keys: Ed25519, ECDSA on P-256 as browsers sign, and SM2 with SM3.
//! All three have secrets of 32 bytes and signatures of 64, and sign without random numbers.
//! Knows no names and no texts of keys.

use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::Signer as _;
use p256::ecdsa::signature::Verifier as _;

/// The identity that SM2 hashes with the key (GM/T 0009): the one that everyone uses by default.
pub const SM2_USER: &str = "1234567812345678";

/// A signature scheme, by the name that envelopes give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// `ed25519`: RFC 8032.
    Ed25519,
    /// `ecdsa-p256-sha256`: FIPS 186-5; a signature is r and s, 32 bytes each, as WebCrypto gives.
    EcdsaP256,
    /// `sm2-sm3`: GB/T 32918 with SM3 and the user [`SM2_USER`]; a signature is r and s.
    Sm2,
}

#[derive(Debug, Clone)]
pub(crate) enum PublicKey {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
    Sm2(sm2::dsa::VerifyingKey),
}

#[derive(Clone)]
pub(crate) enum SecretKey {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
    Sm2(sm2::dsa::SigningKey),
}

impl Algorithm {
    /// Every scheme.
    pub const ALL: [Self; 3] = [Self::Ed25519, Self::EcdsaP256, Self::Sm2];

    /// The name in an envelope.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::EcdsaP256 => "ecdsa-p256-sha256",
            Self::Sm2 => "sm2-sm3",
        }
    }

    /// The scheme of a name.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.code() == code)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl PublicKey {
    /// From 32 bytes of Ed25519, or an uncompressed point of 65 bytes.
    pub(crate) fn new(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        match algorithm {
            Algorithm::Ed25519 => {
                let bytes = bytes.try_into().ok()?;
                ed25519_dalek::VerifyingKey::from_bytes(bytes).ok().map(Self::Ed25519)
            }
            // One key has one text, so other encodings of the point are refused.
            _ if bytes.len() != 65 => None,
            Algorithm::EcdsaP256 => {
                p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).ok().map(Self::P256)
            }
            Algorithm::Sm2 => {
                sm2::dsa::VerifyingKey::from_sec1_bytes(SM2_USER, bytes).ok().map(Self::Sm2)
            }
        }
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::Ed25519,
            Self::P256(_) => Algorithm::EcdsaP256,
            Self::Sm2(_) => Algorithm::Sm2,
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.as_bytes().to_vec(),
            Self::P256(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            Self::Sm2(key) => sm2::PublicKey::from_affine(*key.as_affine()).map_or_else(
                |_| Vec::new(),
                |key| {
                    use sm2::elliptic_curve::sec1::ToSec1Point as _;
                    key.to_sec1_point(false).as_bytes().to_vec()
                },
            ),
        }
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Self::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Self::Sm2(key) => sm2::dsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm() == other.algorithm() && self.bytes() == other.bytes()
    }
}

impl Eq for PublicKey {}

impl SecretKey {
    /// From an Ed25519 seed or the scalar of a curve; a scalar out of range is none.
    pub(crate) fn new(algorithm: Algorithm, secret: &[u8; 32]) -> Option<Self> {
        match algorithm {
            Algorithm::Ed25519 => {
                Some(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(secret)))
            }
            Algorithm::EcdsaP256 => {
                p256::ecdsa::SigningKey::from_slice(secret).ok().map(Self::P256)
            }
            Algorithm::Sm2 => {
                sm2::dsa::SigningKey::from_slice(SM2_USER, secret).ok().map(Self::Sm2)
            }
        }
    }

    pub(crate) fn public(&self) -> PublicKey {
        match self {
            Self::Ed25519(key) => PublicKey::Ed25519(key.verifying_key()),
            Self::P256(key) => PublicKey::P256(*key.verifying_key()),
            Self::Sm2(key) => PublicKey::Sm2(key.verifying_key().clone()),
        }
    }

    pub(crate) fn secret(&self) -> [u8; 32] {
        match self {
            Self::Ed25519(key) => key.to_bytes(),
            Self::P256(key) => key.to_bytes().into(),
            Self::Sm2(key) => key.to_bytes().into(),
        }
    }

    /// 64 bytes, the same for the same message: no random numbers are drawn.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Self::Sm2(key) => {
                let signature: sm2::dsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
        }
    }
}
