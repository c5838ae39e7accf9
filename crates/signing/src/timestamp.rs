//! Timestamps by RFC 3161: the request that an authority is sent, and whether its token proves
//! that some bytes existed at an instant. Serves the time of a signature, which no party's own
//! clock proves.
//!
//! Sends nothing: the caller carries the request and the response. Knows no revocation.

mod token;

use const_oid::ObjectIdentifier;
use journal::Hash;
use serde::Serialize;
use units::Timestamp;

pub use token::{
    MAX_BYTES, TimestampError, check_response, check_token, read_response, token_of,
    verify_response, verify_token,
};

pub(crate) use token::{read_time, stamps};

use crate::asn1::{self, BOOLEAN, OCTET_STRING, sequence, tlv};
use crate::digest::Digest;

/// The media type of a request.
pub const REQUEST_TYPE: &str = "application/timestamp-query";
/// The media type of a response.
pub const RESPONSE_TYPE: &str = "application/timestamp-reply";

/// What an authority is asked to stamp: a hash, never the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    digest: Digest,
    hash: Vec<u8>,
    nonce: [u8; 16],
    policy: Option<ObjectIdentifier>,
}

/// What a token proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// When the authority saw the hash, by its clock.
    pub at: Timestamp,
    /// How far its clock may be off, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_micros: Option<u64>,
    /// Under which rules the authority works, an object identifier.
    pub policy: String,
    /// The number of the token, in hexadecimal.
    pub serial: String,
    /// The subject of the authority's certificate.
    pub authority: String,
    /// The hash of that certificate.
    pub certificate: Hash,
    /// Who vouches for it, by the certificates that the token brings along: the subject of each,
    /// and last the issuer that it only names.
    pub chain: Vec<String>,
}

impl Request {
    /// Asks for a stamp of some bytes, by their SHA-256. The nonce is drawn anew for each request,
    /// so that no old response passes for the answer.
    #[must_use]
    pub fn new(content: &[u8], nonce: [u8; 16]) -> Self {
        Self::with_digest(Digest::Sha256, content, nonce)
    }

    /// As [`Request::new`], by another hash.
    #[must_use]
    pub fn with_digest(digest: Digest, content: &[u8], nonce: [u8; 16]) -> Self {
        Self { digest, hash: digest.of(content), nonce, policy: None }
    }

    /// Asks for the rules of an object identifier, such as `1.2.3.4.1`; none when it is not one.
    #[must_use]
    pub fn under(self, policy: &str) -> Option<Self> {
        Some(Self { policy: Some(policy.parse().ok()?), ..self })
    }

    /// The request in DER, to be posted as [`REQUEST_TYPE`]. The certificate of the authority is
    /// asked for, so that the token can be checked alone.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let policy = self.policy.map(asn1::oid).unwrap_or_default();
        sequence(&[
            &asn1::integer(&[1]),
            &self.imprint(),
            &policy,
            &asn1::integer(&self.nonce),
            &tlv(BOOLEAN, &[&[0xff]]),
        ])
    }

    fn imprint(&self) -> Vec<u8> {
        sequence(&[&self.digest.identifier(), &tlv(OCTET_STRING, &[&self.hash])])
    }
}
