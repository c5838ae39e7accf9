//! What one party hands the other, or a court: one zip file with the whole journal, its signed
//! checkpoints, the terms and the signatures on them, the keys, and every file that the journal
//! names. Whoever has it can check it without the deployment: see [`crate::verify`].
//!
//! The same journal gives the same bytes: names are sorted, times are fixed. The journal passes
//! through as a stream.
//!
//! | file | holds |
//! | --- | --- |
//! | `bundle.json` | an envelope of kind `bundle` whose subjects are all other files |
//! | `journal.log` | a record for each entry: the leaf hash, a space, the line |
//! | `checkpoints/<size>.note` | signed checkpoints with the signatures of the parties |
//! | `keys.txt` | `holder key` lines: deployment, customer, vendor |
//! | `terms.json` | the drafted terms, which the parties signed |
//! | `manifest.json` | the manifest of the papers, where papers were signed |
//! | `parts/<name>` | the files that the manifest names |
//! | `signatures/<side>.json` | the envelope that a party signed |
//! | `timestamps/<side>.tst` | the time of that signature, as an authority stamped it |
//! | `sealed.pdf` | the printed page with the deployment's seal |
//! | `documents/<id>/` | the papers of a later document under the same names, where it has papers |
//! | `objects/<sha256>` | statements, invoices, reports, lists of files |

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use contract::terms::Side;
use journal::{Checkpoint, Envelope, EnvelopeKind, Hash, Subject, TlogProof, Tree, write_record};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use store::{ObjectRef, Party};
use units::Id;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::book::{Book, DeskError};
use crate::desk::{Desk, unwritable, with_cosignatures};

/// The version of the bundle's statement.
pub(crate) const VERSION: u32 = 1;
pub(crate) const MANIFEST: &str = "bundle.json";
pub(crate) const JOURNAL: &str = "journal.log";
pub(crate) const KEYS: &str = "keys.txt";
pub(crate) const TERMS: &str = "terms.json";
/// How many entries are read at once.
const PAGE: u32 = 10_000;
/// The most checkpoints of one bundle; with more, the largest are taken.
const MOST_CHECKPOINTS: u32 = 10_000;

/// What was written.
#[derive(Debug, Clone, Serialize)]
pub struct BundleReport {
    /// Where.
    pub path: PathBuf,
    /// Of which agreement.
    pub agreement: Id,
    /// How many entries.
    pub entries: u64,
    /// The root over them, as the deployment signed it.
    pub root: Hash,
    /// The checkpoint over all of them: keep it, and no other history can be shown to you later.
    pub checkpoint: String,
    /// How many files besides the manifest.
    pub files: u64,
    /// How many bytes the bundle has.
    pub bytes: u64,
    /// SHA-256 of the bundle.
    pub sha256: Hash,
}

/// Why no bundle or proof was written.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The journal or the objects.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The file cannot be written.
    #[error("{path} cannot be written")]
    Io {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: std::io::Error,
    },
    /// There is no such entry.
    #[error("there is no entry {seq}; the journal has {entries}")]
    NoEntry {
        /// Its number.
        seq: u64,
        /// How many there are.
        entries: u64,
    },
}

impl From<store::StoreError> for BundleError {
    fn from(error: store::StoreError) -> Self {
        Self::Desk(error.into())
    }
}

/// A file of the bundle that fits into memory, or the one that streams, or an object.
enum Content {
    Bytes(Vec<u8>),
    Journal,
    Object(ObjectRef),
}

/// Writes an agreement's bundle, replacing the file. Signs a checkpoint of the whole journal when
/// there is none yet.
///
/// # Errors
/// When the journal or an object cannot be read, or the file cannot be written.
pub async fn export(desk: &Desk, agreement: &Id, out: &Path) -> Result<BundleReport, BundleError> {
    let note = desk.checkpoint(agreement).await?;
    let checkpoint = Checkpoint::of(&note).map_err(|_| unwritable("checkpoint"))?;
    let book = desk.open_book(agreement).await?;
    let mut contents = small_files(desk, &book, checkpoint.size).await?;
    let (journal, named) = read_journal(desk, &book, checkpoint.size).await?;
    for object in named {
        contents.insert(format!("objects/{}", object.hex()), Content::Object(object));
    }
    contents.insert(JOURNAL.to_owned(), Content::Journal);
    let subjects = contents.iter().map(|(name, content)| match content {
        Content::Bytes(bytes) => Subject::of(name, bytes),
        Content::Journal => journal.clone(),
        Content::Object(object) => {
            let (sha256, size) = (Hash::new(object.sha256), object.size);
            Subject { name: name.clone(), sha256, size }
        }
    });
    let statement = serde_json::json!({
        "agreement": agreement,
        "deployment": desk.settings.name,
        "entries": checkpoint.size.to_string(),
        "root": checkpoint.root,
    });
    let mut envelope = Envelope::new(EnvelopeKind::Bundle, VERSION, subjects.collect(), statement);
    let role = Id::new("deployment").expect("letters make an id");
    envelope.sign(role, &desk.key).map_err(|_| unwritable("bundle"))?;
    let manifest = envelope.to_bytes().map_err(|_| unwritable("bundle"))?;
    let files = contents.len() as u64;
    contents.insert(MANIFEST.to_owned(), Content::Bytes(manifest));
    let partial = out.with_extension("partial");
    let io = |path: &Path| {
        let path = path.to_path_buf();
        move |source| BundleError::Io { path, source }
    };
    write_zip(desk, agreement, checkpoint.size, &contents, &partial).await?;
    let written = crate::intake::hash_file(&partial, String::new()).map_err(io(&partial))?;
    std::fs::rename(&partial, out).map_err(io(out))?;
    Ok(BundleReport {
        path: out.to_path_buf(),
        agreement: agreement.clone(),
        entries: checkpoint.size,
        root: checkpoint.root,
        checkpoint: note.to_string(),
        files,
        bytes: written.size,
        sha256: written.sha256,
    })
}

/// The proof that one entry stands in the journal: a file of c2sp.org/tlog-proof@v1 whose extra
/// bytes are the entry's line.
///
/// # Errors
/// When there is no such entry, or the journal cannot be read.
pub async fn proof(desk: &Desk, agreement: &Id, seq: u64) -> Result<String, BundleError> {
    let checkpoint = desk.checkpoint(agreement).await?;
    let stated = Checkpoint::of(&checkpoint).map_err(|_| unwritable("checkpoint"))?;
    let entries = stated.size;
    let no_entry = || BundleError::NoEntry { seq, entries };
    if seq >= entries {
        return Err(no_entry());
    }
    let scope = desk.scope();
    let line = desk.store.read(&scope, agreement, seq, 1).await?.into_iter().next();
    let line = line.filter(|record| record.seq == seq).ok_or_else(no_entry)?.line;
    let mut tree = Tree::new();
    while tree.size() < entries {
        let to = entries.min(tree.size() + 1_000_000);
        let leaves = desk.store.leaves(&scope, agreement, tree.size(), to).await?;
        if leaves.is_empty() {
            return Err(no_entry());
        }
        leaves.into_iter().for_each(|leaf| tree.append(Hash::new(leaf)));
    }
    let path = tree.inclusion_proof(seq, entries).map_err(|_| no_entry())?;
    let proof = TlogProof { extra: Some(line), index: seq, path, checkpoint };
    Ok(proof.to_string())
}

/// Everything but the journal and the objects.
async fn small_files(
    desk: &Desk,
    book: &Book,
    entries: u64,
) -> Result<BTreeMap<String, Content>, BundleError> {
    let mut files = BTreeMap::new();
    let mut add = |name: String, bytes: Vec<u8>| {
        files.insert(name, Content::Bytes(bytes));
    };
    let agreement = &book.agreement;
    desk.signed_files(book).await?.into_iter().for_each(|(name, bytes)| add(name, bytes));
    let mut keys = desk.paper_keys(book);
    let scope = desk.scope();
    let kept = desk.store.checkpoints(&scope, agreement, 0, MOST_CHECKPOINTS).await?;
    for checkpoint in kept.iter().filter(|kept| kept.size <= entries) {
        let note = with_cosignatures(checkpoint)?.to_string();
        add(format!("checkpoints/{}.note", checkpoint.size), note.into_bytes());
    }
    for kept in desk.store.keys(&scope, agreement).await? {
        let holder = kept.holder.map_or("deployment", Party::code);
        keys.push(format!("{holder} {}", kept.key));
    }
    // A party may have signed checkpoints with another type of its key.
    for cosignature in kept.iter().flat_map(|kept| &kept.cosignatures) {
        let name = cosignature.key.split('+').next().unwrap_or_default();
        let holder = [Side::Customer, Side::Vendor].into_iter().find(|side| {
            let mut own = book.state.signings.iter().filter(|signing| signing.side == *side);
            own.any(|signing| signing.key.split('+').next() == Some(name))
        });
        let holder = holder.map_or("unknown", Side::code);
        keys.push(format!("{holder} {}", cosignature.key));
    }
    keys.sort();
    keys.dedup();
    add(KEYS.to_owned(), (keys.join("\n") + "\n").into_bytes());
    Ok(files)
}

/// The journal's hash and length, and the objects that its entries name.
async fn read_journal(
    desk: &Desk,
    book: &Book,
    entries: u64,
) -> Result<(Subject, Vec<ObjectRef>), BundleError> {
    let agreement = &book.agreement;
    let mut named = HashSet::new();
    let mut hasher = Sha256::new();
    let mut size = 0;
    for_each_line(desk, agreement, entries, |line, leaf| {
        let mut record = Vec::with_capacity(line.len() + 66);
        write_record(&mut record, line, leaf);
        hasher.update(&record);
        size += record.len() as u64;
        for text in line.split(|byte| *byte == b'"').filter(|text| text.len() == 64) {
            let mut hash = [0; 32];
            // A hash is written in lower case; another spelling names nothing.
            let lower = !text.iter().any(u8::is_ascii_uppercase);
            if lower && hex::decode_to_slice(text, &mut hash).is_ok() {
                named.insert(hash);
            }
        }
        Ok(())
    })
    .await?;
    let mut terms = [0; 32];
    if hex::decode_to_slice(&book.state.terms_sha256, &mut terms).is_ok() {
        named.remove(&terms);
    }
    let objects = desk.find(agreement, &named).await?;
    let sha256 = Hash::new(hasher.finalize().into());
    Ok((Subject { name: JOURNAL.to_owned(), sha256, size }, objects))
}

async fn for_each_line(
    desk: &Desk,
    agreement: &Id,
    entries: u64,
    mut see: impl FnMut(&[u8], &Hash) -> Result<(), BundleError>,
) -> Result<(), BundleError> {
    let scope = desk.scope();
    let mut from = 0;
    while from < entries {
        let page = desk.store.read(&scope, agreement, from, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for record in page.iter().take_while(|record| record.seq < entries) {
            see(&record.line, &Hash::new(record.leaf))?;
            from = record.seq + 1;
        }
    }
    Ok(())
}

async fn write_zip(
    desk: &Desk,
    agreement: &Id,
    entries: u64,
    contents: &BTreeMap<String, Content>,
    out: &Path,
) -> Result<(), BundleError> {
    let io = |source| BundleError::Io { path: out.to_path_buf(), source };
    let zipped = |error: zip::result::ZipError| io(error.into());
    let mut zip = ZipWriter::new(BufWriter::new(File::create(out).map_err(io)?));
    for (name, content) in contents {
        let large = !matches!(content, Content::Bytes(_));
        let options = SimpleFileOptions::DEFAULT
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(6))
            .unix_permissions(0o644)
            .large_file(large);
        zip.start_file(name, options).map_err(zipped)?;
        match content {
            Content::Bytes(bytes) => zip.write_all(bytes).map_err(io)?,
            Content::Journal => {
                let mut record = Vec::new();
                for_each_line(desk, agreement, entries, |line, leaf| {
                    record.clear();
                    write_record(&mut record, line, leaf);
                    zip.write_all(&record).map_err(io)
                })
                .await?;
            }
            Content::Object(object) => {
                let opened = desk.objects.get(&desk.scope(), agreement, object).await;
                let mut content = opened.map_err(DeskError::from)?;
                while let Some(piece) = content.next().await.map_err(DeskError::from)? {
                    zip.write_all(&piece).map_err(io)?;
                }
            }
        }
    }
    let writer = zip.finish().map_err(zipped)?;
    let file = writer.into_inner().map_err(|error| io(error.into_error()))?;
    file.sync_all().map_err(io)
}
