//! Signatures of messages as Standard Webhooks 1.0 has them: `v1a` (Ed25519) and, where an
//! endpoint asks for it, `v1` (HMAC-SHA256).
//!
//! Ed25519 is what we give unasked: both parties of an agreement are adversaries, and with a shared
//! secret the receiver could forge what it says it received. Knows nothing of rows or requests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The bytes of an HMAC secret.
const SECRET_BYTES: usize = 32;

/// What signs the messages of one endpoint.
#[derive(Clone)]
pub enum Secret {
    /// Ed25519: the receiver holds the public half.
    Pair(Box<SigningKey>),
    /// HMAC-SHA256: the receiver holds the same secret.
    Shared([u8; SECRET_BYTES]),
}

/// How messages of an endpoint are signed.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// `v1a`: only this deployment can sign.
    #[default]
    Ed25519,
    /// `v1`: who holds the secret can sign.
    Hmac,
}

/// A stored secret cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signing key of this endpoint cannot be read")]
pub struct UnreadableSecret;

impl Secret {
    /// A secret from 32 random bytes.
    #[must_use]
    pub fn new(scheme: Scheme, random: [u8; 32]) -> Self {
        match scheme {
            Scheme::Ed25519 => Self::Pair(Box::new(SigningKey::from_bytes(&random))),
            Scheme::Hmac => Self::Shared(random),
        }
    }

    /// Reads `whsk_…` or `whsec_…`.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn parse(text: &str) -> Result<Self, UnreadableSecret> {
        if let Some(text) = text.strip_prefix("whsk_") {
            let pair: [u8; 64] = decode(text)?;
            let key = SigningKey::from_keypair_bytes(&pair).map_err(|_| UnreadableSecret)?;
            return Ok(Self::Pair(Box::new(key)));
        }
        let text = text.strip_prefix("whsec_").ok_or(UnreadableSecret)?;
        Ok(Self::Shared(decode(text)?))
    }

    /// The secret as it is kept: `whsk_…` (seed and public key) or `whsec_…`.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Pair(key) => format!("whsk_{}", STANDARD.encode(key.to_keypair_bytes())),
            Self::Shared(secret) => format!("whsec_{}", STANDARD.encode(secret)),
        }
    }

    /// What the receiver is given: `whpk_…`, the public key, or the shared `whsec_…` itself.
    #[must_use]
    pub fn for_receiver(&self) -> String {
        match self {
            Self::Pair(key) => {
                format!("whpk_{}", STANDARD.encode(key.verifying_key().as_bytes()))
            }
            Self::Shared(_) => self.to_text(),
        }
    }

    /// The value of `webhook-signature` for a message. `timestamp` is in whole seconds since 1970.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let head = format!("{id}.{timestamp}.");
        match self {
            Self::Pair(key) => {
                let signature = key.sign(&[head.as_bytes(), body].concat());
                format!("v1a,{}", STANDARD.encode(signature.to_bytes()))
            }
            Self::Shared(secret) => {
                let mut mac =
                    Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
                mac.update(head.as_bytes());
                mac.update(body);
                format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
            }
        }
    }
}

fn decode<const N: usize>(text: &str) -> Result<[u8; N], UnreadableSecret> {
    let bytes = STANDARD.decode(text).map_err(|_| UnreadableSecret)?;
    bytes.try_into().map_err(|_| UnreadableSecret)
}

#[cfg(test)]
mod tests {
    use super::{Scheme, Secret};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn the_shared_secret_signs_as_an_independent_hmac_does() {
        let secret = Secret::new(Scheme::Hmac, [7; 32]);
        let body = br#"{"type":"tallystick.test"}"#;
        // Computed with Python: hmac.new(bytes([7])*32, b"msg_1.1700000000." + body, sha256).
        assert_eq!(
            secret.sign("msg_1", 1_700_000_000, body),
            "v1,DHUQuh7f0gGAOIVHLkjyku08SRC0jeWAnpMiokdYqFA="
        );
    }

    #[test]
    fn a_public_key_verifies_the_message_and_nothing_else() {
        let secret = Secret::new(Scheme::Ed25519, [9; 32]);
        let public = secret.for_receiver();
        let bytes = STANDARD.decode(public.strip_prefix("whpk_").unwrap()).unwrap();
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes.try_into().unwrap()).unwrap();
        let text = secret.sign("msg_1", 17, b"{}");
        let signature = STANDARD.decode(text.strip_prefix("v1a,").unwrap()).unwrap();
        let signature = ed25519_dalek::Signature::from_slice(&signature).unwrap();
        let verifies = |text: &[u8]| key.verify_strict(text, &signature).is_ok();
        assert!(verifies(b"msg_1.17.{}"));
        for other in [b"msg_2.17.{}".as_slice(), b"msg_1.18.{}", b"msg_1.17.{ }", b"{}"] {
            assert!(!verifies(other));
        }
    }

    #[test]
    fn secrets_read_back_as_written_and_other_texts_are_refused() {
        for scheme in [Scheme::Ed25519, Scheme::Hmac] {
            let secret = Secret::new(scheme, [3; 32]);
            let again = Secret::parse(&secret.to_text()).unwrap();
            assert_eq!(again.to_text(), secret.to_text());
            assert_eq!(again.sign("m", 1, b"x"), secret.sign("m", 1, b"x"));
        }
        let pair = Secret::new(Scheme::Ed25519, [3; 32]).to_text();
        for text in ["", "whsk_", "whsec_AAAA", "whpk_AAAA", &pair[..20], "whsk_!!"] {
            assert!(Secret::parse(text).is_err(), "{text}");
        }
    }
}
