//! One usage record as a line that `tally import` reads: an event of CloudEvents 1.0. What the
//! agreement counts stands in `data`; what explains it stands beside, as attributes of the event.
//! Clause: class-5.1.

use serde::{Deserialize, Serialize};
use units::Timestamp;

use crate::ledger::Entry;

/// The meter of answered images, as `tally import` knows it.
pub const IMAGES: &str = "images";
/// The meter of refused images, which no agreement counts.
const REFUSED: &str = "refused_images";
/// The type of the event.
const USAGE: &str = "tallystick.usage.v1";
/// Microseconds of a millisecond.
const MILLI: u64 = 1_000;

/// How it went with an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered, and counts.
    Answered,
    /// It was not answered, for the reason of this code, and does not count.
    Refused(&'static str),
}

impl Outcome {
    /// `answered`, or why not.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Refused(code) => code,
        }
    }
}

/// The line, field by field in the order in which it is written.
#[derive(Debug, Serialize)]
struct Line<'a> {
    specversion: &'static str,
    id: &'a str,
    source: &'a str,
    sequence: String,
    r#type: &'static str,
    time: Timestamp,
    subject: &'static str,
    model: &'a str,
    modelversion: &'a str,
    package: &'a str,
    outcome: &'static str,
    cached: bool,
    latencyus: u64,
    bytes: u64,
    sha256: String,
    data: Data,
}

#[derive(Debug, Serialize)]
struct Data {
    meter: &'static str,
    quantity: u64,
    latency_ms: u64,
}

/// What is read back of a line when a file is opened.
#[derive(Debug, Deserialize)]
pub(crate) struct Kept {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) sequence: String,
    pub(crate) sha256: String,
    pub(crate) time: Timestamp,
}

/// The id of an image's record: the request and the place in it. What was refused may be answered
/// later under the same request, so it has another one.
pub(crate) fn id(entry: &Entry) -> String {
    let (request, position) = (&entry.request, entry.position);
    match entry.outcome {
        Outcome::Answered => format!("{request}/{position}"),
        Outcome::Refused(code) => format!("{request}/{position}/{code}"),
    }
}

/// The line of an entry under its dense number, with its end.
///
/// # Errors
/// When it cannot be written as JSON.
pub(crate) fn write(
    entry: &Entry,
    source: &str,
    sequence: u64,
) -> Result<Vec<u8>, serde_json::Error> {
    let line = Line {
        specversion: "1.0",
        id: &id(entry),
        source,
        sequence: sequence.to_string(),
        r#type: USAGE,
        time: entry.at,
        subject: entry.class.code(),
        model: &entry.model,
        modelversion: &entry.version,
        package: &entry.package,
        outcome: entry.outcome.code(),
        cached: entry.cached,
        latencyus: entry.latency_us,
        bytes: entry.bytes,
        sha256: hex::encode(entry.sha256),
        data: Data {
            meter: if entry.outcome == Outcome::Answered { IMAGES } else { REFUSED },
            quantity: 1,
            // Never shorter than it was.
            latency_ms: entry.latency_us.div_ceil(MILLI),
        },
    };
    let mut text = serde_json::to_vec(&line)?;
    text.push(b'\n');
    Ok(text)
}
