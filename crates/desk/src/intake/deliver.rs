//! A delivery of labelled data: counts its units, lists its files with their hashes, and records
//! that it was handed over. Serves anno-3.5 and anno-3.6. What its quality is decides inspection.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use annotation::{Delivery, EventRecord, Finding, Severity};
use contract::event::{Actor, Fact, ItemCount};
use contract::terms::{Agreement, Service, WorkItem, WorkUnit};
use contract::{Action, Command, Refusal};
use formats::read_delivery;
use journal::Hash;
use serde::{Deserialize, Serialize};
use units::Id;

use crate::book::DeskError;
use crate::desk::{Desk, unwritable};

/// The most files of one delivery.
const MOST_FILES: usize = 5_000_000;
const FORMAT: &str = "tallystick.delivery/1";

/// One work item of a delivery.
#[derive(Debug, Clone)]
pub struct DeliveredItem {
    /// The work item of the agreement.
    pub item: Id,
    /// Its file or folder.
    pub path: PathBuf,
    /// How many units, where the files do not say: hours of video, keyframes, events.
    pub quantity: Option<u64>,
}

/// The files of a delivery and what they hold. Its canonical JSON is kept as an object, and its
/// hash stands in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryManifest {
    /// `tallystick.delivery/1`.
    pub format: String,
    /// The delivery.
    pub delivery: Id,
    /// The round, from 1.
    pub round: u32,
    /// Work items in order of their names.
    pub items: Vec<ManifestItem>,
}

/// The files of one work item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestItem {
    /// The work item.
    pub item: Id,
    /// How many units it holds.
    pub quantity: u64,
    /// Files in order of their names.
    pub files: Vec<ManifestFile>,
}

/// One file of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// Its path within the delivery, with `/` between folders.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// How many bytes.
    pub size: u64,
}

/// What became of a delivery.
#[derive(Debug, Clone, Serialize)]
pub struct DeliveryImport {
    /// The manifest.
    pub manifest: DeliveryManifest,
    /// Its SHA-256, as it stands in the journal.
    pub sha256: String,
    /// Images without a box: a notice, since an image may show nothing.
    pub images_without_boxes: u64,
    /// Labels that the agreement does not have.
    pub unknown_labels: Vec<String>,
    /// What the readers noticed.
    pub findings: Vec<Finding>,
    /// The entry.
    pub entry: u64,
}

/// Why a delivery was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The journal or the contract.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// A file or folder cannot be read.
    #[error("{path} cannot be read")]
    Io {
        /// The path.
        path: PathBuf,
        /// What happened.
        #[source]
        source: std::io::Error,
    },
    /// The files are of no known format, or strict reading met an error.
    #[error("the delivery of {item} cannot be read")]
    Read {
        /// The work item.
        item: Id,
        /// What is wrong.
        #[source]
        source: annotation::ReadError,
    },
    /// The files do not say how many units they hold.
    #[error("the files of {item} do not say how many units they hold")]
    NoQuantity {
        /// The work item.
        item: Id,
    },
    /// More files than one delivery may have.
    #[error("{path} has more than {limit} files")]
    TooManyFiles {
        /// The folder.
        path: PathBuf,
        /// How many it may have.
        limit: usize,
    },
}

impl From<Refusal> for DeliveryError {
    fn from(refusal: Refusal) -> Self {
        Self::Desk(refusal.into())
    }
}

impl Desk {
    /// Records that the vendor handed over a delivery: the next round of it.
    ///
    /// # Errors
    /// When files cannot be read or the contract does not allow it.
    pub async fn import_delivery(
        &self,
        agreement: &Id,
        actor: &Actor,
        delivery: &Id,
        items: &[DeliveredItem],
        strict: bool,
    ) -> Result<DeliveryImport, DeliveryError> {
        let mut book = self.open_book(agreement).await?;
        let terms = book.state.agreement.clone().ok_or(Refusal::NotDrafted)?;
        let round = book.state.facts.deliveries.get(delivery).map_or(0, |found| found.round) + 1;
        let mut found = Found::default();
        let mut listed = Vec::new();
        for delivered in items {
            listed.push(found.read(&terms, delivered, strict)?);
        }
        listed.sort_by(|a, b| a.item.cmp(&b.item));
        let counts = listed.iter();
        let counts = counts
            .map(|row| ItemCount { item: row.item.clone(), quantity: row.quantity })
            .collect();
        let format = FORMAT.to_owned();
        let manifest =
            DeliveryManifest { format, delivery: delivery.clone(), round, items: listed };
        let bytes =
            journal::canonical::to_vec(&manifest).map_err(|_| unwritable("list of files"))?;
        let sha256 = Hash::of(&bytes).to_string();
        let fact = Fact::DeliverySubmitted {
            delivery: delivery.clone(),
            round,
            items: counts,
            sha256: sha256.clone(),
        };
        let action = Action::Record { fact, source: None };
        self.put(agreement, &bytes).await?;
        let recorded = self.execute_on(&mut book, &Command::new(actor.clone(), action)).await?;
        let entry = recorded.last().map_or(0, |entry| entry.seq);
        let Found { images_without_boxes, unknown_labels, findings } = found;
        let unknown_labels = unknown_labels.into_iter().collect();
        Ok(DeliveryImport {
            manifest,
            sha256,
            images_without_boxes,
            unknown_labels,
            findings,
            entry,
        })
    }
}

/// What was noticed while a delivery was read.
#[derive(Default)]
struct Found {
    images_without_boxes: u64,
    unknown_labels: BTreeSet<String>,
    findings: Vec<Finding>,
}

impl Found {
    fn read(
        &mut self,
        terms: &Agreement,
        delivered: &DeliveredItem,
        strict: bool,
    ) -> Result<ManifestItem, DeliveryError> {
        let item = work_item(terms, &delivered.item)?;
        let files = files_of(&delivered.path)?;
        let quantity = match delivered.quantity {
            Some(quantity) => quantity,
            None => self.count(item, &delivered.path, strict)?,
        };
        Ok(ManifestItem { item: item.id.clone(), quantity, files })
    }

    /// Units as the files hold them. Clause: anno-3.6.
    fn count(&mut self, item: &WorkItem, path: &Path, strict: bool) -> Result<u64, DeliveryError> {
        let limits = annotation::Limits::default();
        let (delivery, findings) = read_delivery(path, &limits, strict)
            .map_err(|source| DeliveryError::Read { item: item.id.clone(), source })?;
        let worth = findings.into_iter().filter(|found| found.severity != Severity::Notice);
        self.findings.extend(worth);
        let unknown = || DeliveryError::NoQuantity { item: item.id.clone() };
        match (&delivery, item.unit) {
            (Delivery::Boxes(dataset), WorkUnit::Image | WorkUnit::Box) => {
                let mut labelled = vec![false; dataset.images.len()];
                for record in &dataset.boxes {
                    if let Some(slot) = labelled.get_mut(record.image as usize) {
                        *slot = true;
                    }
                }
                let bare = labelled.iter().filter(|labelled| !**labelled).count();
                self.images_without_boxes += bare as u64;
                let names = dataset.classes.iter().map(|class| &class.name);
                self.labels(item, names.filter(|name| !name.is_empty()));
                let boxes = item.unit == WorkUnit::Box;
                let count = if boxes { dataset.boxes.len() } else { dataset.images.len() };
                Ok(count as u64)
            }
            (Delivery::Spans(dataset), WorkUnit::Text) => {
                let names = dataset.classes.iter().map(|class| &class.name);
                self.labels(item, names.filter(|name| !name.is_empty()));
                Ok(dataset.texts.len() as u64)
            }
            (Delivery::Labels(set), WorkUnit::Text | WorkUnit::Image) => {
                self.labels(item, set.labels.values());
                Ok(set.labels.len() as u64)
            }
            (Delivery::Events(dataset), WorkUnit::Event | WorkUnit::Keyframe) => {
                let names = dataset.classes.iter().map(|class| &class.name);
                self.labels(item, names.filter(|name| !name.is_empty()));
                let moments = item.unit == WorkUnit::Keyframe;
                let counted = |one: &&EventRecord| (one.start == one.end) == moments;
                Ok(dataset.events.iter().filter(counted).count() as u64)
            }
            _ => Err(unknown()),
        }
    }

    fn labels<'a>(&mut self, item: &WorkItem, given: impl Iterator<Item = &'a String>) {
        let unknown = given.filter(|label| !item.labels.contains(label));
        self.unknown_labels.extend(unknown.cloned());
    }
}

/// A work item of an agreement.
pub(crate) fn work_item<'a>(terms: &'a Agreement, item: &Id) -> Result<&'a WorkItem, Refusal> {
    let Service::Annotation(annotation) = &terms.service else {
        return Err(Refusal::OtherKind { need: "annotation" });
    };
    let found = annotation.items.iter().find(|row| row.id == *item);
    found.ok_or_else(|| Refusal::Unknown { what: "item", name: item.to_string() })
}

/// The files at a path, in order of their names, with their hashes.
///
/// # Errors
/// When one cannot be read, or there are too many.
pub fn files_of(path: &Path) -> Result<Vec<ManifestFile>, DeliveryError> {
    let io = |path: &Path| {
        let path = path.to_path_buf();
        move |source| DeliveryError::Io { path, source }
    };
    if !path.is_dir() {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        return Ok(vec![hash_file(path, name.unwrap_or_default()).map_err(io(path))?]);
    }
    let mut files = Vec::new();
    let mut folders = vec![(path.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(io(&folder))? {
            let entry = entry.map_err(io(&folder))?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(io(&entry.path()))?;
            // A link may lead anywhere; what it points to is no part of the delivery.
            if kind.is_dir() {
                folders.push((entry.path(), format!("{name}/")));
            } else if kind.is_file() {
                files.push(hash_file(&entry.path(), name).map_err(io(&entry.path()))?);
            }
            if files.len() > MOST_FILES {
                return Err(DeliveryError::TooManyFiles { path: path.into(), limit: MOST_FILES });
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Hashes a file as a stream.
pub(crate) fn hash_file(path: &Path, name: String) -> std::io::Result<ManifestFile> {
    use sha2::{Digest as _, Sha256};
    let mut file = fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut size = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        size += read as u64;
    }
    Ok(ManifestFile { name, sha256: Hash::new(hasher.finalize().into()), size })
}
