//! Where labelled data is read from: a file, a folder, or a zip archive, as files with relative
//! names, within limits. Nothing is ever written to a path that an archive names, and no link of a
//! folder is followed. Knows no format.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use annotation::{Finding, Limits, Place, Problem, ReadError, Severity};
use zip::ZipArchive;

/// The most files in a folder or an archive.
const MOST_FILES: usize = 5_000_000;
/// What deflate can reach at most is about 1,030; annotations reach 60.
const MOST_DENSE: u64 = 500;
/// Smaller files may be as dense as they like.
const SMALL: u64 = 1 << 20;
/// The deepest folder.
const DEEPEST: usize = 32;

/// Opened input.
pub(crate) struct Source {
    label: String,
    body: Body,
    names: Vec<String>,
    pub(crate) findings: Vec<Finding>,
    limits: Limits,
}

enum Body {
    File(PathBuf),
    Folder(PathBuf),
    Archive { zip: ZipArchive<BufReader<File>>, places: BTreeMap<String, usize> },
}

pub(crate) fn unreadable(file: &str, problem: Problem) -> ReadError {
    ReadError::Unreadable(Box::new(error(file, problem)))
}

fn error(file: &str, problem: Problem) -> Finding {
    let place = Place { file: file.to_owned(), ..Place::default() };
    Finding { severity: Severity::Error, problem, place }
}

fn reason(error: &std::io::Error) -> Problem {
    Problem::Unreadable { reason: error.to_string() }
}

impl Source {
    pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Self, ReadError> {
        let label = path.display().to_string();
        let failed = |error: std::io::Error| unreadable(&label, reason(&error));
        let mut source = Self {
            label: label.clone(),
            body: Body::File(path.to_path_buf()),
            names: Vec::new(),
            findings: Vec::new(),
            limits: *limits,
        };
        if path.is_dir() {
            source.body = Body::Folder(path.to_path_buf());
            source.walk(path, "", 0).map_err(failed)?;
            source.names.sort();
            return Ok(source);
        }
        let mut head = [0_u8; 4];
        let read = File::open(path).map_err(failed)?.read(&mut head).map_err(failed)?;
        if read == 4 && head == *b"PK\x03\x04" {
            source.unzip(path)?;
        } else {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            source.names.extend(name);
        }
        Ok(source)
    }

    fn walk(&mut self, folder: &Path, before: &str, depth: usize) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let name = format!("{before}{name}");
            if kind.is_dir() && depth < DEEPEST {
                self.walk(&entry.path(), &format!("{name}/"), depth + 1)?;
            } else if kind.is_file() {
                if self.names.len() >= MOST_FILES {
                    return Ok(());
                }
                self.names.push(name);
            }
        }
        Ok(())
    }

    fn unzip(&mut self, path: &Path) -> Result<(), ReadError> {
        let label = self.label.clone();
        let broken = |reason: String| unreadable(&label, Problem::BadArchive { reason });
        let file = File::open(path).map_err(|error| unreadable(&label, reason(&error)))?;
        let mut zip =
            ZipArchive::new(BufReader::new(file)).map_err(|error| broken(error.to_string()))?;
        if zip.has_duplicate_names() {
            return Err(broken("two files have the same name".to_owned()));
        }
        if zip.has_overlapping_entries().map_err(|error| broken(error.to_string()))? {
            return Err(broken("files overlap".to_owned()));
        }
        if zip.len() > MOST_FILES {
            return Err(unreadable(&label, Problem::TooManyFiles { limit: MOST_FILES as u64 }));
        }
        let mut places = BTreeMap::new();
        for at in 0..zip.len() {
            let entry = zip.by_index_raw(at).map_err(|error| broken(error.to_string()))?;
            let raw = String::from_utf8_lossy(entry.name_raw()).into_owned();
            let (packed, size) = (entry.compressed_size(), entry.size());
            if entry.is_dir() {
                continue;
            }
            let shown: String = raw.chars().take(200).collect();
            let shown = format!("{label}!{shown}");
            if !entry.is_file() || !is_plain(&raw) {
                self.findings.push(error(&shown, Problem::UnsafeName { name: raw }));
            } else if size > self.limits.file_bytes {
                let limit = self.limits.file_bytes;
                self.findings.push(error(&shown, Problem::FileTooLarge { bytes: size, limit }));
            } else if size > SMALL && size / packed.max(1) > MOST_DENSE {
                self.findings.push(error(&shown, Problem::TooDense { limit: MOST_DENSE }));
            } else {
                places.insert(raw, at);
            }
        }
        self.names = places.keys().cloned().collect();
        self.body = Body::Archive { zip, places };
        Ok(())
    }

    /// The names of the files, in order.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.binary_search_by(|other| other.as_str().cmp(name)).is_ok()
    }

    /// How a finding names a file.
    pub(crate) fn shown(&self, name: &str) -> String {
        match self.body {
            Body::File(_) => self.label.clone(),
            Body::Folder(_) => format!("{}/{name}", self.label.trim_end_matches('/')),
            Body::Archive { .. } => format!("{}!{name}", self.label),
        }
    }

    /// A text's bytes; `None`, and a finding, where it cannot be read. Its encoding is noted.
    pub(crate) fn bytes(&mut self, name: &str) -> Option<Vec<u8>> {
        let bytes = self.binary(name)?;
        let shown = self.shown(name);
        self.findings.extend(encoding(&shown, &bytes));
        Some(bytes)
    }

    /// A file's bytes, whatever they are.
    pub(crate) fn binary(&mut self, name: &str) -> Option<Vec<u8>> {
        let limit = self.limits.file_bytes;
        let problem = match self.start(name, limit.saturating_add(1)) {
            Ok(bytes) if bytes.len() as u64 <= limit => return Some(bytes),
            Ok(bytes) => Problem::FileTooLarge { bytes: bytes.len() as u64, limit },
            Err(failed) => reason(&failed),
        };
        self.findings.push(error(&self.shown(name), problem));
        None
    }

    /// The first bytes of a file, to see what it is.
    pub(crate) fn head(&mut self, name: &str, most: u64) -> Vec<u8> {
        self.start(name, most).unwrap_or_default()
    }

    fn start(&mut self, name: &str, most: u64) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match &mut self.body {
            Body::File(path) => File::open(path)?.take(most).read_to_end(&mut bytes)?,
            Body::Folder(path) => {
                File::open(path.join(name))?.take(most).read_to_end(&mut bytes)?
            }
            Body::Archive { zip, places } => {
                let at = places.get(name).copied().ok_or(std::io::ErrorKind::NotFound)?;
                zip.by_index(at)?.take(most).read_to_end(&mut bytes)?
            }
        };
        Ok(bytes)
    }
}

/// What is to be said of a text's encoding. Images and tables in binary are not texts.
fn encoding(shown: &str, bytes: &[u8]) -> Option<Finding> {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        let finding = error(shown, Problem::ByteOrderMark);
        return Some(Finding { severity: Severity::Notice, ..finding });
    }
    let broken = std::str::from_utf8(bytes).err()?.valid_up_to();
    let before = bytes.get(..broken).unwrap_or_default();
    let other = if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        "UTF-16"
    } else if is_gb18030(bytes) {
        "GB18030"
    } else {
        return None;
    };
    let mut finding = error(shown, Problem::OtherEncoding { encoding: other.to_owned() });
    finding.place.offset = Some(broken as u64);
    finding.place.line = Some(1 + before.iter().filter(|byte| **byte == b'\n').count() as u64);
    Some(finding)
}

/// Whether the bytes have the form of GB18030: two or four bytes for each character beyond ASCII.
#[must_use]
pub fn is_gb18030(mut bytes: &[u8]) -> bool {
    loop {
        bytes = match bytes {
            [] => return true,
            [0..=0x7F, rest @ ..] => rest,
            [0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE, rest @ ..] => rest,
            [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, rest @ ..] => rest,
            _ => return false,
        };
    }
}

/// Whether a name of an archive stays inside it on every system.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 1_000
        && !name.starts_with('/')
        && !name.contains(['\\', '\0', ':'])
        && name.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}
