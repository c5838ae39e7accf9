//! One recorded fact and its line. Decides the exact bytes that are hashed; knows nothing of what
//! a kind or a payload means.
//!
//! The line is `{"actor":…,"at":…,"kind":…,"payload":…,"seq":N,"v":1}`: canonical JSON, whose keys
//! stand in that order by the rules of canonical JSON themselves.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;
use serde::de::DeserializeOwned;
use units::{Id, Timestamp};

use crate::canonical::{self, CheckError, MAX_INTEGER, Scan, WriteError};
use crate::clock;
use crate::hash::Hash;

/// The longest line, in bytes: 4 MiB. Larger content is an object that the entry names by hash.
pub const MAX_LINE_BYTES: usize = 4 << 20;

/// The version of the line's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct FormatVersion(u64);

impl FormatVersion {
    /// What [`Entry::line`] writes.
    pub const CURRENT: Self = Self(1);

    /// Its number, as in the line.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// One recorded fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    seq: u64,
    at: Timestamp,
    actor: Id,
    kind: Id,
    payload: Vec<u8>,
    time: String,
}

/// An entry read in place: what a fold over a long journal uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryRef<'a> {
    /// Its number, and its leaf in the tree; the first entry has 0.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who recorded it, an [`Id`].
    pub actor: &'a str,
    /// What happened, an [`Id`].
    pub kind: &'a str,
    /// Canonical JSON.
    pub payload: &'a [u8],
}

/// Why there is no such entry.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// The payload has no canonical text.
    #[error("the payload has no canonical text")]
    Payload(#[source] WriteError),
    /// The number is above 2^53 − 1.
    #[error("the number {seq} is too large")]
    Seq {
        /// The number.
        seq: u64,
    },
    /// Outside the years 0000 to 9999.
    #[error("the time is outside the years 0000 to 9999")]
    Time,
    /// Longer than [`MAX_LINE_BYTES`].
    #[error("the line has {have} bytes, more than {MAX_LINE_BYTES}")]
    TooLong {
        /// Its length in bytes.
        have: usize,
    },
    /// The line is not canonical JSON.
    #[error("the line is not canonical JSON")]
    Canonical(#[from] CheckError),
    /// The line is canonical JSON, but has not the members of an entry.
    #[error("the line is not an entry, from byte {at}")]
    Shape {
        /// The first byte that differs from the form.
        at: usize,
    },
    /// The line is of another version of the format.
    #[error("the line has version {version}; this program reads version 1")]
    Version {
        /// The version in the line.
        version: u64,
    },
    /// The payload is not what was asked for.
    #[error("the payload is not of the expected shape")]
    Content(#[source] serde_json::Error),
}

impl Entry {
    /// Makes an entry; the payload is any value with a canonical text.
    ///
    /// # Errors
    /// When the payload has no canonical text, or the number, the time or the length is out of
    /// range.
    pub fn new<T: Serialize + ?Sized>(
        seq: u64,
        at: Timestamp,
        actor: Id,
        kind: Id,
        payload: &T,
    ) -> Result<Self, EntryError> {
        let payload = canonical::to_vec_at(payload, 1).map_err(EntryError::Payload)?;
        if seq > MAX_INTEGER {
            return Err(EntryError::Seq { seq });
        }
        let time = clock::write(at).ok_or(EntryError::Time)?;
        let entry = Self { seq, at, actor, kind, payload, time };
        let have = entry.line().len();
        if have > MAX_LINE_BYTES {
            return Err(EntryError::TooLong { have });
        }
        Ok(entry)
    }

    /// The canonical line, without a newline.
    #[must_use]
    pub fn line(&self) -> Vec<u8> {
        let seq = alloc::format!("{}", self.seq);
        let parts: [&[u8]; 11] = [
            b"{\"actor\":\"",
            self.actor.as_str().as_bytes(),
            b"\",\"at\":\"",
            self.time.as_bytes(),
            b"\",\"kind\":\"",
            self.kind.as_str().as_bytes(),
            b"\",\"payload\":",
            &self.payload,
            b",\"seq\":",
            seq.as_bytes(),
            b",\"v\":1}",
        ];
        parts.concat()
    }

    /// The leaf hash of the line.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::leaf(&self.line())
    }

    /// Reads a line.
    ///
    /// # Errors
    /// When it is not exactly what [`Entry::line`] writes.
    pub fn decode(line: &[u8]) -> Result<Self, EntryError> {
        EntryRef::scan(line).map(|entry| entry.to_entry())
    }

    /// Its number, and its leaf in the tree; the first entry has 0.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// When it was recorded.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Who recorded it.
    #[must_use]
    pub const fn actor(&self) -> &Id {
        &self.actor
    }

    /// What happened.
    #[must_use]
    pub const fn kind(&self) -> &Id {
        &self.kind
    }

    /// The payload, canonical JSON.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Reads the payload as a type.
    ///
    /// # Errors
    /// When the payload has another shape.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, EntryError> {
        serde_json::from_slice(&self.payload).map_err(EntryError::Content)
    }
}

impl<'a> EntryRef<'a> {
    /// Reads a line in place, in one pass, and checks that it is canonical.
    ///
    /// # Errors
    /// When it is not exactly what [`Entry::line`] writes.
    pub fn scan(line: &'a [u8]) -> Result<Self, EntryError> {
        if line.len() > MAX_LINE_BYTES {
            return Err(EntryError::TooLong { have: line.len() });
        }
        let mut scan = Scan::new(line);
        match Self::scan_parts(line, &mut scan) {
            Some(entry) => Ok(entry),
            None => Err(explain(line, scan.at())),
        }
    }

    fn scan_parts(line: &'a [u8], scan: &mut Scan<'a>) -> Option<Self> {
        scan.expect(b"{\"actor\":").ok()?;
        let actor = name(scan)?;
        scan.expect(b",\"at\":").ok()?;
        let at = clock::read(scan.string().ok()?.bytes)?;
        scan.expect(b",\"kind\":").ok()?;
        let kind = name(scan)?;
        scan.expect(b",\"payload\":").ok()?;
        let start = scan.at();
        scan.value(1).ok()?;
        let payload = &line[start..scan.at()];
        scan.expect(b",\"seq\":").ok()?;
        let (negative, seq) = scan.integer().ok()?;
        scan.expect(b",\"v\":1}").ok()?;
        scan.end().ok()?;
        (!negative).then_some(Self { seq, at, actor, kind, payload })
    }

    /// The entry, owned.
    #[must_use]
    pub fn to_entry(&self) -> Entry {
        let id = |text| Id::new(text).expect("the scan accepts names only");
        Entry {
            seq: self.seq,
            at: self.at,
            actor: id(self.actor),
            kind: id(self.kind),
            payload: self.payload.to_vec(),
            time: clock::write(self.at).expect("the scan accepts years 0000 to 9999 only"),
        }
    }
}

/// A string that is an [`Id`]; such a text needs no escapes.
fn name<'a>(scan: &mut Scan<'a>) -> Option<&'a str> {
    let text = scan.string().ok()?.bytes;
    let named = text.iter().all(|byte| NAME[usize::from(*byte)]);
    if text.is_empty() || text.len() > 128 || !named {
        return None;
    }
    core::str::from_utf8(text).ok()
}

/// Which bytes may stand in an [`Id`].
const NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        let mark = matches!(byte, b'-' | b'_' | b'.' | b':' | b'/');
        table[byte as usize] = byte.is_ascii_alphanumeric() || mark;
        byte += 1;
    }
    table
};

/// Says what is wrong with a line that the fast scan did not take.
fn explain(line: &[u8], at: usize) -> EntryError {
    #[derive(serde::Deserialize)]
    struct Versioned {
        v: u64,
    }
    if let Err(error) = canonical::check(line, MAX_LINE_BYTES) {
        return error.into();
    }
    match serde_json::from_slice::<Versioned>(line) {
        Ok(Versioned { v }) if v != FormatVersion::CURRENT.0 => EntryError::Version { version: v },
        _ => EntryError::Shape { at },
    }
}
