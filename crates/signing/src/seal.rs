//! The seal on a PDF: a PAdES signature of the deployment over the whole file, so that any viewer
//! shows tampering. It forbids every later change (DocMDP level 1).
//!
//! A seal does not stand for the signatures of the parties, which are envelopes over the manifest:
//! it says that this deployment closed these pages. Knows no clock, no network and no revocation.

mod certificate;
mod check;
mod signed;

use journal::{Algorithm, SignerKey};
use units::Timestamp;

pub use certificate::{key_for, self_signed};
pub use check::{SealError, Sealed, closes, verify};

use crate::asn1::{self, OCTET_STRING, SEQUENCE, SET, context, sequence, set, tlv};
use crate::cms::{
    CONTENT_TYPE, DATA, MESSAGE_DIGEST, SIGNATURE_TIMESTAMP, SIGNED_DATA, SIGNING_CERTIFICATE_V2,
};
use crate::digest::Digest;
use crate::keys;
use crate::pdf::{Dictionary, Object, Pdf, PdfError, Update, text_string};
use crate::timestamp::Request;
use crate::x509::{Certificate, ECDSA_SHA256};
use signed::{Layout, place_seal};

/// The most bytes of a signature with its certificate and its timestamp.
const ROOM: usize = 16 << 10;

/// What a seal says.
#[derive(Debug, Clone)]
pub struct SealOptions<'a> {
    /// When, by the clock of the deployment. A timestamp proves it.
    pub at: Timestamp,
    /// Whose seal it is, as viewers show it.
    pub name: &'a str,
    /// Why, as viewers show it.
    pub reason: &'a str,
}

/// Why a PDF cannot be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    /// Not a PDF that can be read.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// It has a signature already, which a second one would void.
    #[error("the PDF is signed already; seal the one that is not")]
    Signed,
    /// The key is not on P-256, which viewers know.
    #[error("a seal is made with a key on P-256")]
    Key,
    /// The certificate is not of this key.
    #[error("the certificate is not of this key")]
    Certificate,
    /// The timestamp is of something else.
    #[error("the timestamp is not of this signature")]
    Timestamp,
    /// The signature with its timestamp is longer than the room that was left.
    #[error("the timestamp is too long: {have} bytes, and there is room for {room}")]
    Room {
        /// How long it is.
        have: usize,
        /// How much room there is.
        room: usize,
    },
}

/// A PDF with a seal that has been signed, and may be stamped before it is written.
#[derive(Debug, Clone)]
pub struct Signature {
    layout: Layout,
    attributes: Vec<u8>,
    certificate: Vec<u8>,
    signature: Vec<u8>,
}

/// Signs a PDF. The certificate is that of the key, in DER: see [`self_signed`].
///
/// # Errors
/// When the file is no plain PDF, is signed already, or key and certificate do not fit.
pub fn sign(
    pdf: &[u8],
    options: &SealOptions<'_>,
    key: &SignerKey,
    certificate: &[u8],
) -> Result<Signature, SealingError> {
    if key.verifier().algorithm() != Algorithm::EcdsaP256 {
        return Err(SealingError::Key);
    }
    let own = Certificate::read(certificate).map_err(|_| SealingError::Certificate)?;
    if own.spki != keys::spki(&key.verifier()) {
        return Err(SealingError::Certificate);
    }
    let pdf = Pdf::read(pdf)?;
    let layout = place_seal(&pdf, options)?;
    let attributes = attributes(&Digest::Sha256.of(&layout.covered()), certificate);
    let signature = key.sign(&attributes);
    let signature = keys::der_signature(&signature).expect("a signature on P-256 has 64 bytes");
    Ok(Signature { layout, attributes, certificate: certificate.to_vec(), signature })
}

impl Signature {
    /// Asks an authority to stamp the signature.
    #[must_use]
    pub fn timestamp_request(&self, nonce: [u8; 16]) -> Request {
        Request::new(&self.signature, nonce)
    }

    /// The sealed PDF. A token is the one of [`crate::timestamp::read_response`], checked before.
    ///
    /// # Errors
    /// When the token stamps something else, or is too long.
    pub fn finish(self, token: Option<&[u8]>) -> Result<Vec<u8>, SealingError> {
        if token.is_some_and(|token| !crate::timestamp::stamps(token, &self.signature)) {
            return Err(SealingError::Timestamp);
        }
        let data = signed_data(&self.attributes, &self.certificate, &self.signature, token);
        let data = data.ok_or(SealingError::Certificate)?;
        let have = data.len();
        self.layout.fill(&data).ok_or(SealingError::Room { have, room: ROOM })
    }
}

/// The signed attributes, as the set that is signed.
fn attributes(hash: &[u8], certificate: &[u8]) -> Vec<u8> {
    let attribute = |kind, value: &[u8]| sequence(&[&asn1::oid(kind), &tlv(SET, &[value])]);
    let named = tlv(OCTET_STRING, &[&Digest::Sha256.of(certificate)]);
    let named = sequence(&[&sequence(&[&sequence(&[&named])])]);
    set(vec![
        attribute(CONTENT_TYPE, &asn1::oid(DATA)),
        attribute(MESSAGE_DIGEST, &tlv(OCTET_STRING, &[hash])),
        attribute(SIGNING_CERTIFICATE_V2, &named),
    ])
}

/// The one form of SignedData that a seal has; none where the certificate cannot be read.
fn signed_data(
    attributes: &[u8],
    certificate: &[u8],
    signature: &[u8],
    token: Option<&[u8]>,
) -> Option<Vec<u8>> {
    let own = Certificate::read(certificate).ok()?;
    let digest = Digest::Sha256.identifier();
    let serial = tlv(asn1::INTEGER, &[own.serial()]);
    let stamped = token.map(|token| {
        let kind = asn1::oid(SIGNATURE_TIMESTAMP);
        tlv(context(1), &[&sequence(&[&kind, &tlv(SET, &[token])])])
    });
    let signed = asn1::single(attributes, SET)?;
    let signer = sequence(&[
        &asn1::integer(&[1]),
        &sequence(&[&own.issuer, &serial]),
        &digest,
        &tlv(context(0), &[signed.rest()]),
        &sequence(&[&asn1::oid(ECDSA_SHA256)]),
        &tlv(OCTET_STRING, &[signature]),
        stamped.as_deref().unwrap_or_default(),
    ]);
    let data = sequence(&[
        &asn1::integer(&[1]),
        &tlv(SET, &[&digest]),
        &sequence(&[&asn1::oid(DATA)]),
        &tlv(context(0), &[certificate]),
        &tlv(SET, &[&signer]),
    ]);
    Some(tlv(SEQUENCE, &[&asn1::oid(SIGNED_DATA), &tlv(context(0), &[&data])]))
}
