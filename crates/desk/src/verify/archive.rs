//! A bundle's zip file, opened with suspicion: how many files, which names, how large, how dense.
//! Nothing is ever written to a path that the archive names.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};

use journal::Hash;
use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use super::{VerifyFinding, VerifyReport};
use crate::papers::in_folder;

/// The most files.
const MOST_FILES: usize = 200_000;
/// The largest file that is held in memory; the journal and the objects pass as streams.
const MOST_HELD: u64 = 64 << 20;
/// The largest file.
const MOST_BYTES: u64 = 1 << 40;
/// What deflate can reach at most is about 1,030; real journals reach 30.
const MOST_DENSE: u64 = 1_000;
/// The longest name of a part.
const LONGEST_NAME: usize = 400;
/// Smaller files may be as dense as they like.
const SMALL: u64 = 1 << 20;

/// An opened archive with the files whose names a bundle may have.
pub(super) struct Archive {
    zip: ZipArchive<BufReader<File>>,
    /// The place of each file in the archive.
    files: BTreeMap<String, usize>,
}

impl Archive {
    /// Opens an archive; `None` when it cannot be trusted to be read at all.
    pub(super) fn open(file: File, report: &mut VerifyReport) -> Option<Self> {
        let mut zip = match ZipArchive::new(BufReader::new(file)) {
            Ok(zip) => zip,
            Err(error) => {
                report.find(VerifyFinding::NotAnArchive { detail: error.to_string() });
                return None;
            }
        };
        if zip.len() > MOST_FILES {
            let (have, limit) = (zip.len() as u64, MOST_FILES as u64);
            report.find(VerifyFinding::TooManyFiles { have, limit });
            return None;
        }
        if zip.has_duplicate_names() {
            report.find(VerifyFinding::DuplicateNames);
            return None;
        }
        match zip.has_overlapping_entries() {
            Ok(false) => {}
            Ok(true) => {
                report.find(VerifyFinding::OverlappingFiles);
                return None;
            }
            Err(error) => {
                report.find(VerifyFinding::NotAnArchive { detail: error.to_string() });
                return None;
            }
        }
        let mut files = BTreeMap::new();
        for place in 0..zip.len() {
            match admit(&mut zip, place) {
                Ok(name) => {
                    files.insert(name, place);
                }
                Err(finding) => report.find(finding),
            }
        }
        Some(Self { zip, files })
    }

    /// The names of the files, in order.
    pub(super) fn names(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// A file's bytes; `None`, and a finding, when it is missing, too large or damaged.
    pub(super) fn bytes(&mut self, name: &str, report: &mut VerifyReport) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = self.stream(name, report, |from| {
            from.take(MOST_HELD + 1).read_to_end(&mut bytes)?;
            Ok(())
        });
        if bytes.len() as u64 > MOST_HELD {
            let (name, size) = (name.to_owned(), bytes.len() as u64);
            report.find(VerifyFinding::FileTooLarge { name, size, limit: MOST_HELD });
            return None;
        }
        read.then_some(bytes)
    }

    /// A file's hash and length.
    pub(super) fn hash(&mut self, name: &str, report: &mut VerifyReport) -> Option<(Hash, u64)> {
        let mut summed = Summed::default();
        let read = self.stream(name, report, |from| {
            let mut buffer = vec![0; 1 << 16];
            loop {
                match from.read(&mut buffer)? {
                    0 => return Ok(()),
                    read => summed.update(&buffer[..read]),
                }
            }
        });
        read.then(|| summed.finish())
    }

    /// Shows a file as a stream; false, and a finding, when it is missing or damaged.
    pub(super) fn stream(
        &mut self,
        name: &str,
        report: &mut VerifyReport,
        see: impl FnOnce(&mut dyn Read) -> std::io::Result<()>,
    ) -> bool {
        let Some(place) = self.files.get(name) else {
            report.find(VerifyFinding::MissingFile { name: name.to_owned() });
            return false;
        };
        let damaged = |detail: String| VerifyFinding::DamagedFile { name: name.to_owned(), detail };
        match self.zip.by_index(*place) {
            Err(error) => {
                report.find(damaged(error.to_string()));
                false
            }
            Ok(mut file) => match see(&mut file) {
                Ok(()) => true,
                Err(error) => {
                    report.find(damaged(error.to_string()));
                    false
                }
            },
        }
    }
}

/// Checks the name and size of one file before it is read.
fn admit(zip: &mut ZipArchive<BufReader<File>>, place: usize) -> Result<String, VerifyFinding> {
    let entry = zip.by_index_raw(place);
    let entry = entry.map_err(|error| VerifyFinding::NotAnArchive { detail: error.to_string() })?;
    let raw = String::from_utf8_lossy(entry.name_raw()).into_owned();
    if !is_name(&raw) || !entry.is_file() {
        let name = raw.chars().take(120).collect();
        return Err(VerifyFinding::UnexpectedFile { name });
    }
    let (size, packed) = (entry.size(), entry.compressed_size());
    let dense = size > SMALL && size / MOST_DENSE > packed;
    if dense || size > MOST_BYTES {
        let limit = MOST_BYTES.min(packed.saturating_mul(MOST_DENSE));
        return Err(VerifyFinding::FileTooLarge { name: raw, size, limit });
    }
    Ok(raw)
}

/// Whether a bundle may have a file of this name.
fn is_name(name: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let hex = |text: &str| {
        text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let step = |step: &str| {
        let refused = |letter: char| letter.is_control() || matches!(letter, '\\' | ':');
        !matches!(step, "" | "." | "..") && !step.contains(refused)
    };
    let plain = |path: &str| path.len() <= LONGEST_NAME && path.split('/').all(step);
    let paper = |name: &str| match name.split_once('/') {
        None => matches!(name, "manifest.json" | "sealed.pdf" | "terms.json"),
        Some(("signatures", rest)) => matches!(rest, "customer.json" | "vendor.json"),
        Some(("parts", rest)) => plain(rest),
        Some(("timestamps", rest)) => rest.strip_suffix(".tst").is_some_and(plain),
        Some(_) => false,
    };
    match name.split_once('/') {
        None => paper(name) || matches!(name, "bundle.json" | "journal.log" | "keys.txt"),
        Some(("checkpoints", rest)) => rest.strip_suffix(".note").is_some_and(digits),
        Some(("objects", rest)) => hex(rest),
        Some(_) => paper(in_folder(name).map_or(name, |(_, rest)| rest)),
    }
}

/// SHA-256 and length of a stream.
#[derive(Default)]
pub(super) struct Summed {
    hasher: Sha256,
    size: u64,
}

impl Summed {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
    }

    pub(super) fn finish(self) -> (Hash, u64) {
        (Hash::new(self.hasher.finalize().into()), self.size)
    }
}
