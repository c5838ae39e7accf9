//! Certificates: what they say, whether one signs another, and whether a chain reaches an anchor.
//! Checks signatures, dates, basic constraints, key usage and path lengths.
//!
//! Knows no revocation: nothing here asks anybody whether a certificate was withdrawn.

use const_oid::ObjectIdentifier;
use der::{Decode as _, Encode as _};
use units::Timestamp;
use x509_cert::Certificate as Parsed;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages};

use crate::asn1::{self, BIT_STRING, INTEGER, NULL, OID, Reader, SEQUENCE};
use crate::digest::Digest;
use crate::keys::{EC, P256};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(crate) const ECDSA_SHA256: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
/// Signature algorithms: the hash, and whether the key is RSA's.
const SIGNATURES: [(ObjectIdentifier, Digest, bool); 6] = [
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"), Digest::Sha256, true),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12"), Digest::Sha384, true),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13"), Digest::Sha512, true),
    (ECDSA_SHA256, Digest::Sha256, false),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3"), Digest::Sha384, false),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4"), Digest::Sha512, false),
];
/// Extensions that the checks here take into account; another critical one is refused.
const UNDERSTOOD: [&str; 5] = ["2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.32", "2.5.29.14"];
/// The most certificates of a chain.
const MOST_LINKS: usize = 8;
/// The largest certificate.
const MAX_BYTES: usize = 64 << 10;
/// The largest RSA key, in bits.
const MAX_RSA: usize = 8192;

/// A certificate with the bytes that it stands in.
#[derive(Debug, Clone)]
pub(crate) struct Certificate<'a> {
    pub(crate) der: &'a [u8],
    parsed: Parsed,
    /// What its issuer signed.
    tbs: &'a [u8],
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) spki: Vec<u8>,
}

/// Why a certificate or a signature is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CertificateError {
    /// Not a certificate.
    #[error("not a certificate")]
    Malformed,
    /// No way leads to a certificate that the reader trusts.
    #[error("no chain leads to a certificate that you trust")]
    Untrusted,
    /// Outside its dates.
    #[error("the certificate was not valid at that time")]
    Dates,
    /// A signature that does not hold.
    #[error("the signature does not hold")]
    Signature,
    /// A scheme other than RSA (PKCS #1 v1.5) and ECDSA on P-256 or P-384, with SHA-2.
    #[error("a signature scheme that this program does not check")]
    Scheme,
    /// A critical extension that nothing here looks at, or one that cannot be read.
    #[error("the certificate has a condition that this program does not check")]
    Extension,
    /// The certificate is not for this use.
    #[error("the certificate is not for this use")]
    Usage,
}

/// Whether bytes are a certificate in DER.
#[must_use]
pub fn is_certificate(der: &[u8]) -> bool {
    Certificate::read(der).is_ok()
}

impl<'a> Certificate<'a> {
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, CertificateError> {
        let read = || {
            let parsed = (der.len() <= MAX_BYTES).then(|| Parsed::from_der(der).ok())??;
            let tbs = asn1::single(der, SEQUENCE)?.expect(SEQUENCE)?.whole;
            let inner = parsed.tbs_certificate();
            let issuer = inner.issuer().to_der().ok()?;
            let subject = inner.subject().to_der().ok()?;
            let spki = inner.subject_public_key_info().to_der().ok()?;
            Some(Self { der, parsed, tbs, issuer, subject, spki })
        };
        read().ok_or(CertificateError::Malformed)
    }

    /// The digits of the serial number, as they stand.
    pub(crate) fn serial(&self) -> &[u8] {
        self.parsed.tbs_certificate().serial_number().as_bytes()
    }

    /// The subject as text, such as `CN=Example TSA,O=Example`.
    pub(crate) fn subject_text(&self) -> String {
        self.parsed.tbs_certificate().subject().to_string()
    }

    pub(crate) fn key_id(&self) -> Option<Vec<u8>> {
        use x509_cert::ext::pkix::SubjectKeyIdentifier;
        let found = self.parsed.tbs_certificate().get_extension::<SubjectKeyIdentifier>();
        found.ok()?.map(|(_, id)| id.0.as_bytes().to_vec())
    }

    /// Whether this certificate's key signed a message.
    pub(crate) fn verifies(
        &self,
        scheme: &Scheme,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), CertificateError> {
        verify_with(&self.spki, scheme, message, signature)
    }

    /// Whether the only use, and a critical one, is this one.
    pub(crate) fn is_only_for(&self, purpose: ObjectIdentifier) -> bool {
        let found = self.parsed.tbs_certificate().get_extension::<ExtendedKeyUsage>();
        let only = matches!(found, Ok(Some((true, usage))) if usage.0 == [purpose]);
        only && self.is_for_signatures()
    }

    /// Whether its key may sign contents.
    pub(crate) fn is_for_signatures(&self) -> bool {
        self.may(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation)
    }

    /// Whether the key usage, where there is one, has one of these bits.
    fn may(&self, bits: impl Into<flagset::FlagSet<KeyUsages>>) -> bool {
        match self.parsed.tbs_certificate().get_extension::<KeyUsage>() {
            Ok(None) => true,
            Ok(Some((_, usage))) => !(usage.0 & bits.into()).is_empty(),
            Err(_) => false,
        }
    }

    /// Whether it was valid at an instant.
    pub(crate) fn check_dates(&self, at: Timestamp) -> Result<(), CertificateError> {
        let validity = self.parsed.tbs_certificate().validity();
        let from = validity.not_before.to_unix_duration().as_secs();
        let to = validity.not_after.to_unix_duration().as_secs();
        match u64::try_from(at.seconds()) {
            Ok(at) if (from..=to).contains(&at) => Ok(()),
            _ => Err(CertificateError::Dates),
        }
    }

    fn check_extensions(&self) -> Result<(), CertificateError> {
        let all = self.parsed.tbs_certificate().extensions();
        let mut all = all.into_iter().flatten();
        let strange = all.any(|extension| {
            let id = extension.extn_id.to_string();
            extension.critical && !UNDERSTOOD.contains(&id.as_str())
        });
        if strange { Err(CertificateError::Extension) } else { Ok(()) }
    }

    /// How many authorities may stand between this authority and an end; none when it is no
    /// authority.
    fn authority(&self) -> Option<usize> {
        let found = self.parsed.tbs_certificate().get_extension::<BasicConstraints>().ok()??.1;
        let length = found.path_len_constraint.map_or(MOST_LINKS, usize::from);
        (found.ca && self.may(KeyUsages::KeyCertSign)).then_some(length)
    }

    fn issued_by(&self, issuer: &Self) -> Result<(), CertificateError> {
        let signature = asn1::single(self.der, SEQUENCE).and_then(|mut reader| {
            reader.expect(SEQUENCE)?;
            let scheme = Scheme::read(&mut reader, None)?;
            let bits = reader.expect(BIT_STRING)?.value.strip_prefix(&[0])?;
            Some((scheme, bits))
        });
        let (scheme, signature) = signature.ok_or(CertificateError::Scheme)?;
        issuer.verifies(&scheme, self.tbs, signature)
    }
}

/// Whether a chain leads from a certificate to an anchor, through the others, all valid at an
/// instant. A certificate that is an anchor itself needs no chain.
pub(crate) fn check_chain(
    end: &Certificate<'_>,
    others: &[Certificate<'_>],
    anchors: &[Certificate<'_>],
    at: Timestamp,
) -> Result<(), CertificateError> {
    end.check_dates(at)?;
    end.check_extensions()?;
    let mut link = end;
    for authorities in 0..MOST_LINKS {
        if anchors.iter().any(|anchor| anchor.der == link.der) {
            return Ok(());
        }
        // Issuers of the same name are told apart by whether they signed.
        let mut found = anchors.iter().chain(others);
        let issuer = found.find(|issuer| {
            issuer.subject == link.issuer
                && issuer.der != link.der
                && issuer.authority().is_some_and(|most| authorities <= most)
                && link.issued_by(issuer).is_ok()
        });
        link = issuer.ok_or(CertificateError::Untrusted)?;
        link.check_dates(at)?;
        link.check_extensions()?;
    }
    Err(CertificateError::Untrusted)
}

/// The subjects of those who issued one another, from the issuer of a certificate on, as far as the
/// others prove it; last the issuer that is only named. One that issued itself ends the chain.
pub(crate) fn named_chain(end: &Certificate<'_>, others: &[Certificate<'_>]) -> Vec<String> {
    let mut chain = Vec::new();
    let mut link = end;
    while link.issuer != link.subject && chain.len() < MOST_LINKS {
        let mut issuers = others.iter().filter(|issuer| issuer.subject == link.issuer);
        match issuers.find(|issuer| link.issued_by(issuer).is_ok()) {
            Some(issuer) => {
                chain.push(issuer.subject_text());
                link = issuer;
            }
            None => {
                chain.push(link.parsed.tbs_certificate().issuer().to_string());
                return chain;
            }
        }
    }
    chain
}

/// How a signature was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scheme {
    pub(crate) digest: Digest,
    rsa: bool,
}

impl Scheme {
    /// Reads an algorithm identifier. CMS may name the key's kind alone, and the hash elsewhere.
    pub(crate) fn read(reader: &mut Reader<'_>, digest: Option<Digest>) -> Option<Self> {
        let mut inside = reader.enter(SEQUENCE)?;
        let oid = inside.oid()?;
        inside.optional(NULL);
        inside.end()?;
        let named = SIGNATURES.iter().find(|(known, ..)| *known == oid);
        match (named, digest) {
            (Some((_, own, _)), Some(digest)) if *own != digest => None,
            (Some((_, digest, rsa)), _) => Some(Self { digest: *digest, rsa: *rsa }),
            (None, Some(digest)) if oid == RSA => Some(Self { digest, rsa: true }),
            (None, Some(digest)) if oid == EC => Some(Self { digest, rsa: false }),
            _ => None,
        }
    }
}

fn verify_with(
    spki: &[u8],
    scheme: &Scheme,
    message: &[u8],
    signature: &[u8],
) -> Result<(), CertificateError> {
    let split = || {
        let mut reader = asn1::single(spki, SEQUENCE)?;
        let mut algorithm = reader.enter(SEQUENCE)?;
        let kind = algorithm.oid()?;
        let curve = algorithm.optional(OID);
        let curve = curve.and_then(|item| ObjectIdentifier::from_bytes(item.value).ok());
        Some((kind, curve, reader.expect(BIT_STRING)?.value.strip_prefix(&[0])?))
    };
    let (kind, curve, key) = split().ok_or(CertificateError::Scheme)?;
    let hash = scheme.digest.of(message);
    let holds = match (kind, curve, scheme.rsa) {
        (RSA, _, true) => rsa_holds(key, scheme.digest, &hash, signature),
        (EC, Some(P256), false) => p256_holds(key, &hash, signature),
        (EC, Some(P384), false) => p384_holds(key, &hash, signature),
        _ => return Err(CertificateError::Scheme),
    };
    if holds == Some(true) { Ok(()) } else { Err(CertificateError::Signature) }
}

fn rsa_holds(key: &[u8], digest: Digest, hash: &[u8], signature: &[u8]) -> Option<bool> {
    use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
    let mut reader = asn1::single(key, SEQUENCE)?;
    let (n, e) = (reader.expect(INTEGER)?.value, reader.expect(INTEGER)?.value);
    reader.end()?;
    if n.len() > MAX_RSA / 8 + 1 || e.len() > 8 || n.len() < 2048 / 8 {
        return Some(false);
    }
    let (n, e) = (BigUint::from_bytes_be(n), BigUint::from_bytes_be(e));
    let key = RsaPublicKey::new_with_max_size(n, e, MAX_RSA).ok()?;
    let padding = Pkcs1v15Sign {
        hash_len: Some(digest.length()),
        prefix: digest.rsa_prefix().into_boxed_slice(),
    };
    Some(key.verify(padding, hash, signature).is_ok())
}

fn p256_holds(key: &[u8], hash: &[u8], signature: &[u8]) -> Option<bool> {
    use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
    use p256::ecdsa::{Signature, VerifyingKey};
    let key = VerifyingKey::from_sec1_bytes(key).ok()?;
    let signature = Signature::from_slice(&asn1::halves::<64>(signature)?).ok()?;
    Some(key.verify_prehash(hash, &signature).is_ok())
}

fn p384_holds(key: &[u8], hash: &[u8], signature: &[u8]) -> Option<bool> {
    use p384::ecdsa::signature::hazmat::PrehashVerifier as _;
    use p384::ecdsa::{Signature, VerifyingKey};
    let key = VerifyingKey::from_sec1_bytes(key).ok()?;
    let signature = Signature::from_slice(&asn1::halves::<96>(signature)?).ok()?;
    Some(key.verify_prehash(hash, &signature).is_ok())
}
