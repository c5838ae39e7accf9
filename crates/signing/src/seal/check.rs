//! Whether a seal holds: the byte range covers the whole file, nothing stands behind it, the
//! signature fits, and it forbids changes. Reads the one form that seals here have, digit by digit,
//! so that no byte of a sealed file can be another one.

use journal::{Hash, VerifierKey};
use serde::Serialize;
use units::Timestamp;

use super::signed::read_date;
use super::signed_data;
use crate::asn1;
use crate::cms::{CmsError, DATA, SIGNATURE_TIMESTAMP, SignedData};
use crate::keys;
use crate::manifest::Part;
use crate::pdf::{Dictionary, Object, Pdf, PdfError, get};
use crate::timestamp::{Stamp, TimestampError, verify_token};
use crate::x509::CertificateError;

/// How many zero digits behind the last other digit may belong to a signature.
const ENDING: usize = 256;

/// A seal that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sealed {
    /// The subject of the certificate, such as `CN=Example`. Anybody can make one: see `trusted`.
    pub signer: String,
    /// The hash of the certificate, as viewers show it.
    pub certificate: Hash,
    /// Whether the key is one that the reader trusts.
    pub trusted: bool,
    /// When, by the clock of who sealed.
    pub at: Timestamp,
    /// What an authority says of when, where it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
}

/// Why a seal does not hold.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SealError {
    /// Not a PDF that can be read.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// No seal that forbids changes.
    #[error("the PDF has no seal that closes it")]
    NoSeal,
    /// Not the form that a seal has: a changed byte, or the signature of another program.
    #[error("the seal is not written as seals here are: {part}")]
    Form {
        /// What is not.
        part: &'static str,
    },
    /// The seal does not cover the whole file.
    #[error("the seal covers a part of the file only: something was added or taken away")]
    Range,
    /// The signature.
    #[error(transparent)]
    Signature(#[from] CmsError),
    /// The timestamp on the seal.
    #[error("the timestamp on the seal does not hold")]
    Timestamp(#[source] TimestampError),
}

const fn form(part: &'static str) -> SealError {
    SealError::Form { part }
}

/// Checks the seal on a PDF. `sealers` are the keys that the reader trusts to seal, `authorities`
/// the certificates, in DER, that the reader trusts for timestamps.
///
/// # Errors
/// The first thing that does not hold. An unknown key is no error: see [`Sealed::trusted`].
pub fn verify(
    bytes: &[u8],
    sealers: &[VerifierKey],
    authorities: &[&[u8]],
) -> Result<Sealed, SealError> {
    let pdf = Pdf::read(bytes)?;
    let entries = seal_of(&pdf)?;
    let (from, to) = range(bytes, &entries)?;
    let gap = &bytes[from + 1..to - 1];
    // Zeros fill the room that the signature leaves; it may end in one itself.
    let zeros = gap.iter().rev().take_while(|digit| **digit == b'0').count();
    let digits = &gap[..gap.len().min((gap.len() - zeros).next_multiple_of(2) + ENDING)];
    let written = unhex(digits).ok_or(form("the signature"))?;
    let item = asn1::Reader::new(&written).item().ok_or(form("the signature"))?;
    let data = item.whole;
    if written[data.len()..].iter().any(|byte| *byte != 0) {
        return Err(form("what follows the signature"));
    }
    let read = SignedData::read(data)?;
    if read.content_type != DATA || read.content.is_some() {
        return Err(CmsError::ContentType.into());
    }
    let covered = [&bytes[..from], &bytes[to..]].concat();
    let signer = read.verify(&read.digest().of(&covered))?;
    let token = read.unsigned_attribute(SIGNATURE_TIMESTAMP);
    let attributes = asn1::tlv(asn1::SET, &[read.signed_attributes()]);
    let one_form = signed_data(&attributes, signer.der, read.signature(), token);
    if one_form.as_deref() != Some(data) {
        return Err(form("the signed data"));
    }
    let at = get(&entries, "M").and_then(|at| match at {
        Object::Plain(text) => read_date(text),
        _ => None,
    });
    let at = at.ok_or(form("the date"))?;
    let stamp = token.map(|token| verify_token(token, read.signature(), authorities));
    let stamp = stamp.transpose().map_err(SealError::Timestamp)?;
    let when = stamp.as_ref().map_or(at, |stamp| stamp.at);
    signer.check_dates(when).map_err(CmsError::Certificate)?;
    if !signer.is_for_signatures() {
        return Err(CmsError::Certificate(CertificateError::Usage).into());
    }
    Ok(Sealed {
        signer: signer.subject_text(),
        certificate: Hash::of(signer.der),
        trusted: sealers.iter().any(|key| keys::spki(key) == signer.spki),
        at,
        stamp,
    })
}

/// Whether a sealed PDF starts with the bytes of a part, so that the seal closes what was signed.
#[must_use]
pub fn closes(sealed: &[u8], part: &Part) -> bool {
    let size = usize::try_from(part.size).ok();
    size.and_then(|size| sealed.get(..size)).is_some_and(|bytes| part.matches(bytes))
}

/// The signature that the catalog names as the one that forbids changes.
fn seal_of(pdf: &Pdf<'_>) -> Result<Dictionary, SealError> {
    let (_, catalog) = pdf.catalog()?;
    let permissions = pdf.dictionary(&catalog, "Perms")?.ok_or(SealError::NoSeal)?;
    let entries = pdf.dictionary(&permissions, "DocMDP")?.ok_or(SealError::NoSeal)?;
    let name = |key: &str, want: &str| get(&entries, key) == Some(&Object::name(want));
    if !name("Type", "Sig") || !name("SubFilter", "ETSI.CAdES.detached") {
        return Err(SealError::NoSeal);
    }
    let reference = get(&entries, "Reference").and_then(Object::array);
    let level = reference.and_then(|reference| match reference {
        [one] => {
            let one = one.dictionary()?;
            let method = get(one, "TransformMethod") == Some(&Object::name("DocMDP"));
            let parameters = get(one, "TransformParams")?.dictionary()?;
            method.then(|| get(parameters, "P"))?.and_then(Object::integer)
        }
        _ => None,
    });
    if level == Some(1) { Ok(entries) } else { Err(SealError::NoSeal) }
}

/// The gap of the byte range: from its `<` to behind its `>`.
fn range(bytes: &[u8], entries: &Dictionary) -> Result<(usize, usize), SealError> {
    let numbers = get(entries, "ByteRange").and_then(Object::array);
    let numbers: Option<Vec<usize>> =
        numbers.and_then(|numbers| numbers.iter().map(Object::integer).collect());
    let Some([0, from, to, rest]) =
        numbers.as_deref().and_then(|n| <&[usize; 4]>::try_from(n).ok())
    else {
        return Err(form("the byte range"));
    };
    if to.checked_add(*rest) != Some(bytes.len()) || from >= to {
        return Err(SealError::Range);
    }
    // The gap is exactly the digits of this signature, so nothing else can hide in it.
    match get(entries, "Contents") {
        Some(Object::Plain(text)) if bytes.get(*from..*to) == Some(text) && text.len() > 2 => {
            Ok((*from, *to))
        }
        _ => Err(SealError::Range),
    }
}

/// Lower-case hexadecimal, and nothing else.
fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| Some(value(pair[0])? << 4 | value(pair[1])?)).collect()
}
