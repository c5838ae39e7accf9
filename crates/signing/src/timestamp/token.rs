//! Responses and tokens of RFC 3161: what they say, and whether to believe them.

use const_oid::ObjectIdentifier;
use journal::Hash;
use units::Timestamp;

use super::{Request, Stamp};
use crate::asn1::{
    self, BOOLEAN, GENERALIZED_TIME, INTEGER, OCTET_STRING, Reader, SEQUENCE, context, primitive,
    small,
};
use crate::cms::{CmsError, SignedData};
use crate::digest::Digest;
use crate::x509::{Certificate, CertificateError, check_chain, named_chain};

const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// The largest response.
pub const MAX_BYTES: usize = 64 << 10;
/// The most certificates that a reader may trust.
const MOST_ANCHORS: usize = 1000;

/// Why a response or a token proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum TimestampError {
    /// Larger than any response.
    #[error("too large for a timestamp")]
    TooLarge,
    /// Not a response or token.
    #[error("not a timestamp: {part} cannot be read")]
    Malformed {
        /// What was being read.
        part: &'static str,
    },
    /// The authority refused.
    #[error("the authority gave no timestamp (status {status})")]
    Refused {
        /// PKIStatus: 2 is a rejection, 3 waiting, 4 and 5 about revocation.
        status: u64,
    },
    /// Stamps other bytes.
    #[error("the timestamp is of other bytes")]
    Imprint,
    /// Answers another request.
    #[error("the timestamp answers another request")]
    Nonce,
    /// Given under other rules than asked for.
    #[error("the timestamp was given under other rules than asked for")]
    Policy,
    /// The signature.
    #[error(transparent)]
    Signature(#[from] CmsError),
    /// The authority's certificate.
    #[error("the authority's certificate is not to be believed")]
    Authority(#[source] CertificateError),
}

/// What a token says, before it is believed.
struct Info<'a> {
    policy: ObjectIdentifier,
    digest: Digest,
    hash: &'a [u8],
    serial: &'a [u8],
    at: Timestamp,
    accuracy_micros: Option<u64>,
    nonce: Option<&'a [u8]>,
}

const fn bad(part: &'static str) -> TimestampError {
    TimestampError::Malformed { part }
}

/// The token of a response in DER: what is kept beside what it stamps.
///
/// # Errors
/// When the bytes are no response, or the authority refused.
pub fn read_response(response: &[u8]) -> Result<&[u8], TimestampError> {
    if response.len() > MAX_BYTES {
        return Err(TimestampError::TooLarge);
    }
    let mut reader = asn1::single(response, SEQUENCE).ok_or(bad("the response"))?;
    let status = reader.enter(SEQUENCE).and_then(|mut status| status.small());
    let status = status.ok_or(bad("the status"))?;
    // Granted, or granted with changes, which are checked as everything else.
    if status > 1 {
        return Err(TimestampError::Refused { status });
    }
    let token = reader.expect(SEQUENCE).ok_or(bad("the token"))?.whole;
    reader.end().ok_or(bad("the end"))?;
    Ok(token)
}

/// The token of a file: of a response, or the token by itself.
///
/// # Errors
/// As [`read_response`]; whether a token by itself can be read is not asked.
pub fn token_of(bytes: &[u8]) -> Result<&[u8], TimestampError> {
    // A token begins with the identifier of its kind, a response with its status.
    let token = asn1::single(bytes, SEQUENCE).and_then(|mut reader| reader.oid());
    if token.is_some() && bytes.len() <= MAX_BYTES { Ok(bytes) } else { read_response(bytes) }
}

/// Checks a response against its request: the status, what is stamped, the nonce, the policy, and
/// the token itself as [`verify_token`] does. `anchors` are certificates in DER.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_response(
    response: &[u8],
    request: &Request,
    anchors: &[&[u8]],
) -> Result<Stamp, TimestampError> {
    answers(response, request, Some(anchors))
}

/// As [`verify_response`], on the word of the authority's own certificate: whether anybody vouches
/// for it is not asked.
///
/// # Errors
/// The first thing that does not hold.
pub fn check_response(response: &[u8], request: &Request) -> Result<Stamp, TimestampError> {
    answers(response, request, None)
}

fn answers(
    response: &[u8],
    request: &Request,
    anchors: Option<&[&[u8]]>,
) -> Result<Stamp, TimestampError> {
    let token = read_response(response)?;
    let data = SignedData::read(token)?;
    let info = read_info(&data)?;
    if info.digest != request.digest || info.hash != request.hash {
        return Err(TimestampError::Imprint);
    }
    let digits = |number: &[u8]| {
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        number[zeros..].to_vec()
    };
    if info.nonce.map(digits) != Some(digits(&request.nonce)) {
        return Err(TimestampError::Nonce);
    }
    if request.policy.is_some_and(|policy| policy != info.policy) {
        return Err(TimestampError::Policy);
    }
    believe(&data, &info, anchors)
}

/// Checks a token over some bytes: what it stamps, its signature, and that a chain leads from the
/// authority's certificate to one of the `anchors`, certificates in DER, valid when it was given.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_token(
    token: &[u8],
    content: &[u8],
    anchors: &[&[u8]],
) -> Result<Stamp, TimestampError> {
    holds(token, content, Some(anchors))
}

/// As [`verify_token`], on the word of the authority's own certificate: whether anybody vouches for
/// it is not asked.
///
/// # Errors
/// The first thing that does not hold.
pub fn check_token(token: &[u8], content: &[u8]) -> Result<Stamp, TimestampError> {
    holds(token, content, None)
}

fn holds(token: &[u8], content: &[u8], anchors: Option<&[&[u8]]>) -> Result<Stamp, TimestampError> {
    if token.len() > MAX_BYTES {
        return Err(TimestampError::TooLarge);
    }
    let data = SignedData::read(token)?;
    let info = read_info(&data)?;
    if info.hash != info.digest.of(content) {
        return Err(TimestampError::Imprint);
    }
    believe(&data, &info, anchors)
}

/// Whether a token says that it stamps some bytes. Nothing is believed.
pub(crate) fn stamps(token: &[u8], content: &[u8]) -> bool {
    let opened = SignedData::read(token).map_err(TimestampError::from);
    let named = opened.and_then(|data| {
        let info = read_info(&data)?;
        Ok(info.hash == info.digest.of(content))
    });
    token.len() <= MAX_BYTES && named.unwrap_or(false)
}

/// What a token proves. Without `anchors` the signer's certificate is held to its dates and its use
/// alone.
fn believe(
    data: &SignedData<'_>,
    info: &Info<'_>,
    anchors: Option<&[&[u8]]>,
) -> Result<Stamp, TimestampError> {
    let content = data.content.ok_or(bad("the content"))?;
    let signer = data.verify(&data.digest().of(content))?;
    if !signer.is_only_for(TIME_STAMPING) {
        return Err(TimestampError::Authority(CertificateError::Usage));
    }
    let own = [signer.der];
    let anchors = anchors.unwrap_or(&own).iter().take(MOST_ANCHORS);
    let anchors: Result<Vec<Certificate<'_>>, _> =
        anchors.map(|anchor| Certificate::read(anchor)).collect();
    let anchors = anchors.map_err(TimestampError::Authority)?;
    check_chain(signer, &data.certificates, &anchors, info.at)
        .map_err(TimestampError::Authority)?;
    Ok(Stamp {
        at: info.at,
        accuracy_micros: info.accuracy_micros,
        policy: info.policy.to_string(),
        serial: info.serial.iter().map(|byte| format!("{byte:02x}")).collect(),
        authority: signer.subject_text(),
        certificate: Hash::of(signer.der),
        chain: named_chain(signer, &data.certificates),
    })
}

fn read_info<'a>(data: &SignedData<'a>) -> Result<Info<'a>, TimestampError> {
    if data.content_type != TST_INFO {
        return Err(bad("the kind of content"));
    }
    let read = || {
        let mut reader = asn1::single(data.content?, SEQUENCE)?;
        if reader.small()? != 1 {
            return None;
        }
        let policy = reader.oid()?;
        let mut imprint = reader.enter(SEQUENCE)?;
        let digest = Digest::read(&mut imprint)?;
        let hash = imprint.expect(OCTET_STRING)?.value;
        imprint.end()?;
        let serial = reader.expect(INTEGER)?.value;
        let at = read_time(reader.expect(GENERALIZED_TIME)?.value)?;
        let accuracy_micros = match reader.optional(SEQUENCE) {
            Some(item) => Some(read_accuracy(Reader::new(item.value))?),
            None => None,
        };
        // Whether the authority's tokens can be ordered does not matter here.
        reader.optional(BOOLEAN);
        let nonce = reader.optional(INTEGER).map(|item| item.value);
        reader.optional(context(0));
        reader.optional(context(1));
        reader.end()?;
        Some(Info { policy, digest, hash, serial, at, accuracy_micros, nonce })
    };
    read().ok_or(bad("what is stamped"))
}

/// Seconds, thousandths and millionths, each where it is there.
fn read_accuracy(mut reader: Reader<'_>) -> Option<u64> {
    let seconds = match reader.optional(INTEGER) {
        Some(item) => small(item.value)?,
        None => 0,
    };
    let mut part = |number| match reader.optional(primitive(number)) {
        Some(item) => small(item.value).filter(|value| *value < 1000),
        None => Some(0),
    };
    let (millis, micros) = (part(0)?, part(1)?);
    reader.end()?;
    seconds.checked_mul(1_000_000)?.checked_add(millis * 1000 + micros)
}

/// `YYYYMMDDhhmmss[.f…]Z`, in whole microseconds.
pub(crate) fn read_time(value: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(value).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let (date, time) = whole.split_at(8);
    let micros = &fraction[..fraction.len().min(6)];
    let text = format!(
        "{}-{}-{}T{}:{}:{}.{micros}Z",
        &date[..4],
        &date[4..6],
        &date[6..],
        &time[..2],
        &time[2..4],
        &time[4..]
    );
    text.parse().ok()
}
