//! Checking what somebody hands over, without the deployment and without any set-up: a bundle, an
//! envelope, a checkpoint, the proof of an entry, or a bare journal. What a file is follows from
//! its bytes.
//!
//! Decides what holds and, apart from that, on whose word: which keys the reader gave and which
//! came inside what was checked. A bundle that is sound by the keys inside it alone is consistent
//! in itself; that the other party signed it follows from keys or checkpoints that the reader got
//! elsewhere. Everything read here is hostile until it is checked.

mod archive;
mod bundle;
mod finding;
mod fold;
mod lines;
mod papers;
mod single;
mod trust;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};

use journal::{EnvelopeKind, Hash, Report, SignatureCheck, Subject, VerifierKey};
use serde::Serialize;
use units::{Id, Timestamp};

use crate::money::Recomputed;

pub use finding::{FindingSeverity, VerifyFinding};
pub use trust::{KeyTrust, Signed};

/// How much of a file is looked at to see what it is.
const BEGINNING: u64 = 512;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VerifiedKind {
    /// A bundle.
    Bundle,
    /// A signed file: papers and signatures without a journal.
    SignedFile,
    /// A page with a seal.
    SealedPage,
    /// A signed envelope.
    Envelope,
    /// A signed checkpoint.
    Checkpoint,
    /// The proof of one entry.
    Proof,
    /// A journal alone.
    Journal,
    /// None of these.
    Unknown,
}

/// What was checked and what is wrong with it.
#[derive(Debug, Clone, Serialize)]
pub struct VerifyReport {
    /// What it is.
    pub kind: VerifiedKind,
    /// The agreement that it is of.
    pub agreement: Option<Id>,
    /// The journal: entries, root, checkpoints. Its findings stand in `findings`.
    pub log: Option<Report>,
    /// What each number of a checkpoint in a finding means: its file, or `kept/<n>`.
    pub checkpoints: Vec<String>,
    /// Entries before this number are pinned by a checkpoint that a key of the reader signed, or
    /// that the reader kept.
    pub covered_by_reader: u64,
    /// The enveloped thing, for an envelope.
    pub envelope: Option<EnvelopeView>,
    /// The entry, for a proof.
    pub entry: Option<ProvenEntry>,
    /// The papers, for a signed file and a bundle that holds them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub papers: Option<signing::Verdict>,
    /// The papers of later documents, by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub documents: BTreeMap<Id, signing::Verdict>,
    /// Every timestamp on a signature.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub timestamps: Vec<signing::TimestampCheck>,
    /// The seal, for a sealed page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed: Option<signing::seal::Sealed>,
    /// Keys: whose, on whose word, and what they signed.
    pub keys: Vec<KeyTrust>,
    /// Whether every event was read and folded again; not where the journal is damaged.
    pub folded: bool,
    /// Every statement, computed again from its terms and evidence.
    pub statements: Vec<Recomputed>,
    /// What is wrong or worth knowing.
    pub findings: Vec<VerifyFinding>,
}

/// An envelope by itself.
#[derive(Debug, Clone, Serialize)]
pub struct EnvelopeView {
    /// What is enveloped.
    #[serde(serialize_with = "as_text")]
    pub kind: EnvelopeKind,
    /// The version of its statement.
    pub version: u32,
    /// The contents that it is about. They are not at hand and were not compared.
    pub subject: Vec<Subject>,
    /// What is stated.
    pub statement: serde_json::Value,
    /// What became of each signature.
    pub signatures: Vec<SignatureCheck>,
}

/// An entry that a proof proves.
#[derive(Debug, Clone, Serialize)]
pub struct ProvenEntry {
    /// Its number.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// By which party.
    pub actor: String,
    /// What happened.
    pub kind: String,
    /// The leaf hash of its line.
    pub leaf: Hash,
    /// How many entries the log had.
    pub log_size: u64,
    /// The line.
    pub line: String,
}

/// Why a file was not looked at.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It cannot be read.
    #[error("{path} cannot be read")]
    Io {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: std::io::Error,
    },
}

fn as_text<S: serde::Serializer>(kind: &EnvelopeKind, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(kind)
}

impl VerifyReport {
    fn new(kind: VerifiedKind) -> Self {
        Self {
            kind,
            agreement: None,
            log: None,
            checkpoints: Vec::new(),
            covered_by_reader: 0,
            envelope: None,
            entry: None,
            papers: None,
            documents: BTreeMap::new(),
            timestamps: Vec::new(),
            sealed: None,
            keys: Vec::new(),
            folded: false,
            statements: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Whether nothing is wrong. On whose word that is so, [`Self::keys`] and
    /// [`Self::covered_by_reader`] say.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity() != FindingSeverity::Error)
    }

    fn find(&mut self, finding: VerifyFinding) {
        self.findings.push(finding);
    }

    /// Takes the findings of the journal up.
    fn take_log(&mut self, mut log: Report) {
        let found = std::mem::take(&mut log.findings);
        self.findings.extend(found.into_iter().map(|finding| VerifyFinding::Log { finding }));
        if log.more > 0 {
            self.find(VerifyFinding::More { count: log.more });
        }
        self.log = Some(log);
    }
}

/// What the reader brings along.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reader<'a> {
    /// Keys that the reader knows.
    pub known: &'a [VerifierKey],
    /// Checkpoints that the reader kept.
    pub kept: &'a [String],
    /// Certificates of authorities for timestamps that the reader trusts, in DER.
    pub authorities: &'a [&'a [u8]],
}

/// Checks a file against what the reader brings along.
///
/// # Errors
/// When the file cannot be read at all. Everything else is a finding.
pub fn verify(path: &Path, reader: &Reader<'_>) -> Result<VerifyReport, VerifyError> {
    let io = |source| VerifyError::Io { path: path.to_path_buf(), source };
    let mut file = File::open(path).map_err(io)?;
    let mut start = Vec::new();
    (&mut file).take(BEGINNING).read_to_end(&mut start).map_err(io)?;
    file.rewind().map_err(io)?;
    match sniff(&start) {
        VerifiedKind::Bundle | VerifiedKind::SignedFile => Ok(bundle::check(file, reader)),
        VerifiedKind::SealedPage => papers::page(file, reader).map_err(io),
        VerifiedKind::Journal => single::journal(file, reader).map_err(io),
        VerifiedKind::Envelope => single::envelope(file, reader).map_err(io),
        VerifiedKind::Checkpoint => single::checkpoint(file, reader).map_err(io),
        VerifiedKind::Proof => single::proof(file, reader).map_err(io),
        VerifiedKind::Unknown => {
            let mut report = VerifyReport::new(VerifiedKind::Unknown);
            report.find(VerifyFinding::UnknownFormat);
            Ok(report)
        }
    }
}

/// What a file is, by its beginning.
fn sniff(start: &[u8]) -> VerifiedKind {
    let hex = |byte: &u8| byte.is_ascii_hexdigit();
    let contains = |text: &[u8]| start.windows(text.len()).any(|part| part == text);
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        VerifiedKind::Bundle
    } else if start.starts_with(b"%PDF-") {
        VerifiedKind::SealedPage
    } else if start.starts_with(b"c2sp.org/tlog-proof@") {
        VerifiedKind::Proof
    } else if start.starts_with(b"{\"actor\":")
        || start.get(..64).is_some_and(|digits| digits.iter().all(hex))
        || contains(b" {\"actor\":")
    {
        VerifiedKind::Journal
    } else if start.starts_with(b"{") {
        VerifiedKind::Envelope
    } else if std::str::from_utf8(start).is_ok() && start.contains(&b'\n')
        || contains("\n\n— ".as_bytes())
    {
        VerifiedKind::Checkpoint
    } else {
        VerifiedKind::Unknown
    }
}
