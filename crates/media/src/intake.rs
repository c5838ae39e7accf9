//! The intake of raw data: files, folders and archives become items, each with its hash, size and
//! form; what is there twice is taken once; what is wrong is said with its place. Serves anno-3.1
//! and anno-3.4.
//!
//! Files are looked at side by side and taken in the order in which they were given, so the same
//! input gives the same report on every machine. Knows nothing of projects: who keeps the items
//! gives a [`Keep`].

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::Serialize;
use tempfile::TempPath;
use video::{Timebase, Timestamps};

use crate::archive::{Archive, inside, is_plain};
use crate::finding::{Finding, Place, Problem, Severity};
use crate::kind::{Kind, Modality};
use crate::limits::Limits;
use crate::near::{Fingerprint, near};
use crate::picture::{Picture, Shown};
use crate::text::Split;

mod examine;

use examine::{Found, examine, head};

/// Files that are looked at before the first of them is taken, for each thread.
const AHEAD: usize = 4;
/// Bytes that are copied at once.
const PIECE: usize = 64 << 10;

/// How raw data is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What one text is.
    pub split: Split,
    /// The kind of data that is wanted; the others are refused. All, where none is named.
    pub modality: Option<Modality>,
    /// How much is read.
    pub limits: Limits,
    /// Whether the copies that are shown are made.
    pub copies: bool,
    /// Whether the same content is taken as often as it is there.
    pub keep_duplicates: bool,
    /// Bits in which fingerprints of images that look alike may differ; not looked for at `None`.
    pub near_bits: Option<u32>,
    /// How many files are looked at side by side.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            split: Split::File,
            modality: None,
            limits: Limits::default(),
            copies: false,
            keep_duplicates: false,
            near_bits: Some(3),
            threads: std::thread::available_parallelism().map_or(1, usize::from).min(16),
        }
    }
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "modality")]
pub enum What {
    /// An image.
    Image(Picture),
    /// A text.
    Text {
        /// How the letters of its file are written.
        encoding: identifiers::Encoding,
        /// Unicode code points.
        chars: u64,
        /// The line of its file at which it begins, where a file has many.
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<u64>,
    },
    /// A video.
    Video {
        /// The codec.
        codec: String,
        /// Pixels across, as shown.
        width: u32,
        /// Pixels down, as shown.
        height: u32,
        /// Degrees clockwise by which stored frames are turned.
        rotation: u16,
        /// How long a tick is.
        timebase: Timebase,
        /// The first tick, where it is declared.
        start_pts: Option<i64>,
        /// Ticks of the whole, where they are declared.
        duration_ticks: Option<i64>,
        /// Where the timestamps come from.
        timestamps: Timestamps,
    },
}

/// Something to label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its name, which no other item of the intake has.
    pub name: String,
    /// SHA-256 of the original: the file, or the letters of a passage in UTF-8.
    pub sha256: String,
    /// Bytes of the original.
    pub size: u64,
    /// Its media type.
    pub media_type: &'static str,
    /// What it is.
    #[serde(flatten)]
    pub what: What,
}

/// Content that was there before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    /// The name that it would have had.
    pub name: String,
    /// The item with the same content.
    pub of: String,
}

/// How much was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Count {
    /// Files.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
}

/// What became of everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// What was taken, in order.
    pub items: Vec<Item>,
    /// What was there before, in order.
    pub duplicates: Vec<Duplicate>,
    /// Names of images that look alike, group by group.
    pub near: Vec<Vec<String>>,
    /// What is wrong or worth knowing, in order.
    pub findings: Vec<Finding>,
    /// What was read.
    pub read: Count,
}

impl Report {
    /// Whether something was not taken.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// The original of an item.
#[derive(Debug, Clone, Copy)]
pub enum Original<'a> {
    /// A file, byte for byte as delivered. It may be gone when the keeper returns.
    File(&'a Path),
    /// A passage of a file.
    Passage(&'a str),
}

/// An item on its way to who keeps it.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'a> {
    /// What it is.
    pub item: &'a Item,
    /// The original.
    pub original: Original<'a>,
    /// The copies of an image, where they were asked for.
    pub shown: Option<&'a Shown>,
    /// The letters of a text.
    pub text: Option<&'a str>,
}

/// Who keeps the items.
pub trait Keep {
    /// Keeps an item, or nothing of it.
    ///
    /// # Errors
    /// Whatever keeps it from being kept; the intake ends then.
    fn keep(&mut self, taken: Taken<'_>) -> Result<(), KeepError>;
}

/// Why an item cannot be kept.
pub type KeepError = Box<dyn std::error::Error + Send + Sync>;

/// Keeps nothing.
impl Keep for () {
    fn keep(&mut self, _: Taken<'_>) -> Result<(), KeepError> {
        Ok(())
    }
}

/// Why an intake ended.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// What was named is not there, or cannot be opened.
    #[error("{} cannot be opened", path.display())]
    Open {
        /// The path.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// The folder for files of archives fails.
    #[error("{} fails", path.display())]
    Scratch {
        /// The folder.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// An item cannot be kept.
    #[error("{name} cannot be kept")]
    Kept {
        /// The item.
        name: String,
        /// What happened.
        #[source]
        source: KeepError,
    },
}

/// A file on its way.
struct Job {
    /// How findings name it.
    label: String,
    /// The name of its item.
    name: String,
    path: PathBuf,
    /// Keeps a file of an archive there until it was taken.
    _temporary: Option<TempPath>,
}

/// An intake that goes on.
pub struct Intake<'a> {
    options: &'a Options,
    scratch: &'a Path,
    keep: &'a mut dyn Keep,
    progress: &'a mut dyn FnMut(Count),
    waiting: Vec<Job>,
    names: HashSet<String>,
    hashes: HashMap<String, usize>,
    report: Report,
    files: u64,
}

impl<'a> Intake<'a> {
    /// Begins. Files of archives lie in `scratch` for as long as they are looked at.
    pub fn new(
        options: &'a Options,
        scratch: &'a Path,
        keep: &'a mut dyn Keep,
        progress: &'a mut dyn FnMut(Count),
    ) -> Self {
        Self {
            options,
            scratch,
            keep,
            progress,
            waiting: Vec::new(),
            names: HashSet::new(),
            hashes: HashMap::new(),
            report: Report::default(),
            files: 0,
        }
    }

    /// Takes a file, a folder or an archive that is called `name`. What lies in a folder or an
    /// archive is named after its place in there, behind `before`.
    ///
    /// # Errors
    /// When it cannot be opened, or an item cannot be kept. Bad content is a finding.
    pub fn take(&mut self, path: &Path, name: &str, before: &str) -> Result<(), IntakeError> {
        let open = |source| IntakeError::Open { path: path.to_path_buf(), source };
        if fs::metadata(path).map_err(open)?.is_dir() {
            return self.folder(path, before, 0);
        }
        let mut file = File::open(path).map_err(open)?;
        let kind = crate::kind::sniff(&head(&mut file).map_err(open)?);
        drop(file);
        if let Some(kind @ (Kind::Zip | Kind::Tar | Kind::Gzip)) = kind {
            return self.archive(path, kind, name, before);
        }
        let name = if is_plain(name) { name.to_owned() } else { "file".to_owned() };
        let label = name.clone();
        self.add(Job { label, name, path: path.to_path_buf(), _temporary: None })
    }

    /// Ends: looks at what is left, and for images that look alike.
    ///
    /// # Errors
    /// When an item cannot be kept.
    pub fn finish(mut self) -> Result<Report, IntakeError> {
        self.flush()?;
        if let Some(bits) = self.options.near_bits {
            let print = |(at, item): (usize, &Item)| match &item.what {
                What::Image(picture) => Some((at, picture.fingerprint)),
                _ => None,
            };
            let (places, prints): (Vec<usize>, Vec<Fingerprint>) =
                self.report.items.iter().enumerate().filter_map(print).unzip();
            let name = |at: &usize| self.report.items[places[*at]].name.clone();
            let groups = near(&prints, bits);
            self.report.near =
                groups.iter().map(|group| group.members.iter().map(name).collect()).collect();
        }
        Ok(self.report)
    }

    fn folder(&mut self, folder: &Path, before: &str, depth: usize) -> Result<(), IntakeError> {
        let entries = fs::read_dir(folder).and_then(|entries| {
            let mut entries = entries.collect::<io::Result<Vec<_>>>()?;
            entries.sort_by_key(fs::DirEntry::file_name);
            Ok(entries)
        });
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                let said = error.to_string();
                self.report.findings.push(Problem::Unreadable { said }.of(before));
                return Ok(());
            }
        };
        for entry in entries {
            let own = crate::archive::name(entry.file_name().as_encoded_bytes(), true);
            let name = format!("{before}{own}");
            let kind = entry.file_type();
            let limits = &self.options.limits;
            let problem = match kind {
                Err(error) => Problem::Unreadable { said: error.to_string() },
                Ok(_) if is_hidden(&own) => Problem::Hidden,
                Ok(kind) if kind.is_dir() && depth >= limits.depth => {
                    Problem::TooDeep { limit: limits.depth as u64 }
                }
                Ok(kind) if kind.is_dir() => {
                    self.folder(&entry.path(), &format!("{name}/"), depth + 1)?;
                    continue;
                }
                Ok(kind) if !kind.is_file() => Problem::NoFile { name: own },
                Ok(_) => {
                    let (label, path) = (name.clone(), entry.path());
                    let kind = File::open(&path).and_then(|mut file| head(&mut file));
                    match kind.map(|head| crate::kind::sniff(&head)) {
                        Ok(Some(kind @ (Kind::Zip | Kind::Tar | Kind::Gzip))) => {
                            self.archive(&path, kind, &label, &format!("{name}/"))?;
                        }
                        _ => self.add(Job { label, name, path, _temporary: None })?,
                    }
                    continue;
                }
            };
            self.report.findings.push(problem.of(&name));
        }
        Ok(())
    }

    fn archive(
        &mut self,
        path: &Path,
        kind: Kind,
        label: &str,
        before: &str,
    ) -> Result<(), IntakeError> {
        let limits = self.options.limits;
        let mut archive = Archive { path, label, limits: &limits, findings: Vec::new() };
        let done = archive.read(kind, &mut |inner, bytes| {
            let label = inside(label, &inner);
            if inner.split('/').any(is_hidden) {
                self.report.findings.push(Problem::Hidden.of(&label));
                return Ok(());
            }
            match self.spool(bytes)? {
                Ok(temporary) => {
                    let (name, path) = (format!("{before}{inner}"), temporary.to_path_buf());
                    self.add(Job { label, name, path, _temporary: Some(temporary) })
                }
                Err(error) => {
                    let said = error.to_string();
                    self.report.findings.push(Problem::BadArchive { said }.of(&label));
                    Ok(())
                }
            }
        });
        self.report.findings.append(&mut archive.findings);
        done
    }

    /// Unpacks a file into the folder for such files; the inner error is the archive's.
    fn spool(&self, bytes: &mut dyn Read) -> Result<io::Result<TempPath>, IntakeError> {
        let scratch = |source| IntakeError::Scratch { path: self.scratch.to_path_buf(), source };
        let mut file = tempfile::NamedTempFile::new_in(self.scratch).map_err(scratch)?;
        let mut piece = vec![0; PIECE];
        loop {
            match bytes.read(&mut piece) {
                Ok(0) => break,
                Ok(have) => file.write_all(&piece[..have]).map_err(scratch)?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(file.into_temp_path()))
    }

    fn add(&mut self, job: Job) -> Result<(), IntakeError> {
        let limit = self.options.limits.files;
        self.files += 1;
        if self.files > limit {
            if self.files == limit + 1 {
                self.report.findings.push(Problem::TooManyFiles { limit }.of(&job.label));
            }
            return Ok(());
        }
        self.waiting.push(job);
        if self.waiting.len() >= self.options.threads.max(1) * AHEAD {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Looks at what waits, side by side, and takes it in order.
    fn flush(&mut self) -> Result<(), IntakeError> {
        let jobs = std::mem::take(&mut self.waiting);
        let results: Vec<Mutex<Option<Found>>> = jobs.iter().map(|_| Mutex::new(None)).collect();
        let next = Mutex::new(jobs.iter().zip(&results));
        std::thread::scope(|scope| {
            for _ in 0..self.options.threads.clamp(1, jobs.len().max(1)) {
                scope.spawn(|| {
                    loop {
                        let one = next.lock().ok().and_then(|mut next| next.next());
                        let Some((job, result)) = one else { return };
                        let found = examine(&job.path, &job.label, &job.name, self.options);
                        if let Ok(mut result) = result.lock() {
                            *result = Some(found);
                        }
                    }
                });
            }
        });
        for (job, result) in jobs.iter().zip(results) {
            let found = result.into_inner().ok().flatten().unwrap_or_else(|| Found {
                findings: vec![
                    Problem::Corrupt { said: "the reader gave up".into() }.of(&job.label),
                ],
                ..Found::default()
            });
            self.collect(job, found)?;
        }
        Ok(())
    }

    fn collect(&mut self, job: &Job, found: Found) -> Result<(), IntakeError> {
        let Found { findings, items, size } = found;
        self.report.findings.extend(findings);
        self.report.read.files += 1;
        self.report.read.bytes += size;
        for one in items {
            let item = one.item;
            if let Some(first) = self.hashes.get(&item.sha256)
                && !self.options.keep_duplicates
            {
                let of = self.report.items[*first].name.clone();
                self.report.duplicates.push(Duplicate { name: item.name, of });
                continue;
            }
            if !self.names.insert(item.name.clone()) {
                let place = Place { file: job.label.clone(), ..Place::default() };
                self.report.findings.push(Problem::SameName { name: item.name }.at(place));
                continue;
            }
            let original = match (&one.text, &item.what) {
                (Some(text), What::Text { line: Some(_), .. }) => Original::Passage(text),
                _ => Original::File(&job.path),
            };
            let (shown, text) = (one.shown.as_ref(), one.text.as_deref());
            let kept = self.keep.keep(Taken { item: &item, original, shown, text });
            kept.map_err(|source| IntakeError::Kept { name: item.name.clone(), source })?;
            self.hashes.entry(item.sha256.clone()).or_insert(self.report.items.len());
            self.report.items.push(item);
        }
        (self.progress)(self.report.read);
        Ok(())
    }
}

/// Files of systems that nobody delivers on purpose.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "__MACOSX" | "Thumbs.db" | "desktop.ini")
}
