//! CMS SignedData (RFC 5652) with one signer: what timestamps and seals on PDFs are. What was
//! signed is hashed as it stands in the bytes. Knows nothing of what the content means.

use const_oid::ObjectIdentifier;
use sha1::Digest as _;

use crate::asn1::{self, INTEGER, OCTET_STRING, Reader, SEQUENCE, SET, context, primitive, tlv};
use crate::digest::Digest;
use crate::x509::{Certificate, CertificateError, Scheme};

pub(crate) const SIGNED_DATA: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
pub(crate) const SIGNATURE_TIMESTAMP: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
pub(crate) const CONTENT_TYPE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
pub(crate) const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// The most certificates that are looked at.
const MOST_CERTIFICATES: usize = 32;
/// The most attributes that are looked at.
const MOST_ATTRIBUTES: usize = 64;

/// Why a signature in CMS is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CmsError {
    /// Not SignedData with one signer, its attributes and its certificate.
    #[error("not signed data: {part} cannot be read")]
    Malformed {
        /// What was being read.
        part: &'static str,
    },
    /// A hash other than SHA-256, SHA-384 and SHA-512.
    #[error("a hash that this program does not check")]
    Digest,
    /// The signer's certificate is not in the data.
    #[error("the certificate of the signer is not there")]
    NoCertificate,
    /// The content is not what was signed.
    #[error("the content is not what was signed")]
    Content,
    /// The signed attributes name another kind of content.
    #[error("the signature is over another kind of content")]
    ContentType,
    /// The signed attributes name another certificate, or none.
    #[error("the signature does not name the certificate of its signer")]
    OtherCertificate,
    /// The certificate or its signature.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

/// SignedData, as slices of its bytes.
pub(crate) struct SignedData<'a> {
    pub(crate) content_type: ObjectIdentifier,
    /// What is signed, where it is not detached.
    pub(crate) content: Option<&'a [u8]>,
    pub(crate) certificates: Vec<Certificate<'a>>,
    signer: Signer<'a>,
}

struct Signer<'a> {
    id: SignerId<'a>,
    digest: Digest,
    scheme: Scheme,
    /// The attributes without their tag.
    signed: &'a [u8],
    signature: &'a [u8],
    unsigned: &'a [u8],
}

enum SignerId<'a> {
    Serial { issuer: &'a [u8], serial: &'a [u8] },
    KeyId(&'a [u8]),
}

const fn bad(part: &'static str) -> CmsError {
    CmsError::Malformed { part }
}

impl<'a> SignedData<'a> {
    /// Reads a ContentInfo that holds SignedData.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, CmsError> {
        let open = || {
            let mut info = asn1::single(bytes, SEQUENCE)?;
            if info.oid()? != SIGNED_DATA {
                return None;
            }
            let mut outer = info.enter(context(0))?;
            let inner = outer.enter(SEQUENCE)?;
            outer.end().and(info.end())?;
            Some(inner)
        };
        let mut data = open().ok_or(bad("the content info"))?;
        let version = data.small().ok_or(bad("the version"))?;
        let digests = data.expect(SET).ok_or(bad("the hashes"))?.value;
        let content = data.enter(SEQUENCE).and_then(|mut info| {
            let kind = info.oid()?;
            let content = match info.optional(context(0)) {
                Some(item) => {
                    let mut reader = Reader::new(item.value);
                    let content = reader.expect(OCTET_STRING)?.value;
                    reader.end()?;
                    Some(content)
                }
                None => None,
            };
            info.end()?;
            Some((kind, content))
        });
        let (content_type, content) = content.ok_or(bad("the content"))?;
        let mut certificates = Vec::new();
        if let Some(set) = data.optional(context(0)) {
            let mut reader = Reader::new(set.value);
            while !reader.is_empty() && certificates.len() < MOST_CERTIFICATES {
                let item = reader.item().ok_or(bad("a certificate"))?;
                // Attribute certificates and other old forms sign nothing here.
                if item.tag == SEQUENCE {
                    certificates.push(Certificate::read(item.whole)?);
                }
            }
        }
        data.optional(context(1));
        let mut signers = data.enter(SET).ok_or(bad("the signer"))?;
        let signer = Signer::read(signers.enter(SEQUENCE).ok_or(bad("the signer"))?)?;
        signers.end().and(data.end()).ok_or(bad("the end"))?;
        // The version follows from what is in it (RFC 5652, 5.1), so that it has one form.
        let plain = content_type == DATA && matches!(signer.id, SignerId::Serial { .. });
        if version != if plain { 1 } else { 3 } {
            return Err(bad("the version"));
        }
        // Signed by nobody; a reader that took the hash from here must find the same one.
        let mut named = Reader::new(digests);
        if Digest::read(&mut named) != Some(signer.digest) || !named.is_empty() {
            return Err(bad("the hashes"));
        }
        Ok(Self { content_type, content, certificates, signer })
    }

    /// The hash that the signer took of the content.
    pub(crate) const fn digest(&self) -> Digest {
        self.signer.digest
    }

    /// The bytes of the signature, which a timestamp of it stamps.
    pub(crate) const fn signature(&self) -> &'a [u8] {
        self.signer.signature
    }

    /// The signed attributes, without the tag of their set.
    pub(crate) const fn signed_attributes(&self) -> &'a [u8] {
        self.signer.signed
    }

    /// The only value of an attribute that the signer did not sign.
    pub(crate) fn unsigned_attribute(&self, oid: ObjectIdentifier) -> Option<&'a [u8]> {
        attribute(self.signer.unsigned, oid)
    }

    /// Checks the signature over content of a hash: the attributes, the certificate that they
    /// name, and the signature over them. Whether the certificate is to be trusted is not asked.
    pub(crate) fn verify(&self, hash: &[u8]) -> Result<&Certificate<'a>, CmsError> {
        let signer = &self.signer;
        let certificate = self.certificates.iter().find(|certificate| match signer.id {
            SignerId::Serial { issuer, serial } => {
                certificate.issuer == issuer && certificate.serial() == serial
            }
            SignerId::KeyId(id) => certificate.key_id().as_deref() == Some(id),
        });
        let certificate = certificate.ok_or(CmsError::NoCertificate)?;
        let kind = attribute(signer.signed, CONTENT_TYPE);
        let kind = kind.and_then(|value| Reader::new(value).oid());
        if kind != Some(self.content_type) {
            return Err(CmsError::ContentType);
        }
        let digest = attribute(signer.signed, MESSAGE_DIGEST);
        let digest = digest.and_then(|value| Some(Reader::new(value).expect(OCTET_STRING)?.value));
        if digest != Some(hash) {
            return Err(CmsError::Content);
        }
        if !names_certificate(signer.signed, certificate) {
            return Err(CmsError::OtherCertificate);
        }
        // The attributes are signed as a set, and stored under another tag.
        let message = tlv(SET, &[signer.signed]);
        certificate.verifies(&signer.scheme, &message, signer.signature)?;
        Ok(certificate)
    }
}

impl<'a> Signer<'a> {
    fn read(mut reader: Reader<'a>) -> Result<Self, CmsError> {
        let version = reader.small();
        let id = match reader.optional(primitive(0)) {
            Some(item) => Some(SignerId::KeyId(item.value)),
            None => reader.enter(SEQUENCE).and_then(|mut id| {
                let issuer = id.expect(SEQUENCE)?.whole;
                let serial = id.expect(INTEGER)?.value;
                id.end()?;
                Some(SignerId::Serial { issuer, serial })
            }),
        };
        let id = id.ok_or(bad("the signer's name"))?;
        let want = if matches!(id, SignerId::Serial { .. }) { 1 } else { 3 };
        version.filter(|version| *version == want).ok_or(bad("the signer's version"))?;
        let digest = Digest::read(&mut reader).ok_or(CmsError::Digest)?;
        let signed = reader.optional(context(0)).ok_or(bad("the signed attributes"))?.value;
        let scheme = Scheme::read(&mut reader, Some(digest)).ok_or(CertificateError::Scheme)?;
        let signature = reader.expect(OCTET_STRING).ok_or(bad("the signature"))?.value;
        let unsigned = reader.optional(context(1)).map_or(&[][..], |item| item.value);
        reader.end().ok_or(bad("the end of the signer"))?;
        Ok(Self { id, digest, scheme, signed, signature, unsigned })
    }
}

/// The value of an attribute that stands once and has one value, as a whole item.
fn attribute(attributes: &[u8], oid: ObjectIdentifier) -> Option<&[u8]> {
    let mut reader = Reader::new(attributes);
    let mut found = None;
    for _ in 0..MOST_ATTRIBUTES {
        if reader.is_empty() {
            return found;
        }
        let mut attribute = reader.enter(SEQUENCE)?;
        if attribute.oid()? != oid {
            continue;
        }
        let mut values = attribute.enter(SET)?;
        let value = values.item()?.whole;
        values.end().and(attribute.end())?;
        if found.replace(value).is_some() {
            return None;
        }
    }
    None
}

/// Whether the attributes name this certificate, by SHA-2 or, as old timestamps do, by SHA-1.
fn names_certificate(attributes: &[u8], certificate: &Certificate<'_>) -> bool {
    let by_sha2 = || {
        let value = attribute(attributes, SIGNING_CERTIFICATE_V2)?;
        let mut id = asn1::single(value, SEQUENCE)?.enter(SEQUENCE)?.enter(SEQUENCE)?;
        let digest = match id.optional(SEQUENCE) {
            Some(item) => Digest::read(&mut Reader::new(item.whole))?,
            None => Digest::Sha256,
        };
        Some(id.expect(OCTET_STRING)?.value == digest.of(certificate.der))
    };
    let by_sha1 = || {
        let value = attribute(attributes, SIGNING_CERTIFICATE)?;
        let mut id = asn1::single(value, SEQUENCE)?.enter(SEQUENCE)?.enter(SEQUENCE)?;
        Some(id.expect(OCTET_STRING)?.value == sha1::Sha1::digest(certificate.der).as_slice())
    };
    by_sha2().or_else(by_sha1).unwrap_or(false)
}
