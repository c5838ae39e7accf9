//! The signed file: manifest, parts, envelopes and keys under the names of `docs/signing.md`, and
//! the sealed copy of the printed page. Serves train-11.1, class-5.1.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use contract::event::{Papers, Version};
use contract::terms::Side;
use document::words::Words;
use signing::seal::{self, SealOptions};
use signing::{Manifest, PartKind};
use units::{Id, Timestamp};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{PapersError, TERMS, assemble, place_of};
use crate::book::{Book, DeskError};
use crate::desk::{Desk, unwritable};
use crate::signing::{proposed, signature_file, stamp_file, terms_bytes};

/// The sealed copy of the printed page.
pub const SEALED: &str = "sealed.pdf";
/// The folder of later documents in a signed file and a bundle.
const DOCUMENTS: &str = "documents";
/// For how long the certificate of a seal holds: twenty years of 365 days.
const SEAL_SECONDS: i64 = 20 * 365 * 86_400;

impl Desk {
    /// What stands to be signed and the signatures given so far: the papers of the last version, or
    /// the terms alone where no version can be signed; nothing before the terms. The papers of each
    /// later document lie in a folder of its own.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) async fn signed_files(
        &self,
        book: &Book,
    ) -> Result<BTreeMap<String, Vec<u8>>, DeskError> {
        let mut files = BTreeMap::new();
        let Some(drafted) = &book.state.drafted else { return Ok(files) };
        match standing_papers(book) {
            Some((_, papers)) => files = self.papers_signed(book, papers, None).await?,
            None => {
                files.insert(TERMS.to_owned(), terms_bytes(drafted)?);
                files.extend(signatures_on(book, None)?);
            }
        }
        for (id, document) in &book.state.documents {
            let Some(papers) = &document.papers else { continue };
            let own = self.papers_signed(book, papers, Some(id)).await?;
            let folder = folder_of(id);
            files.extend(own.into_iter().map(|(name, bytes)| (format!("{folder}{name}"), bytes)));
        }
        Ok(files)
    }

    /// Papers with what was signed over them, by the names of the signed file.
    async fn papers_signed(
        &self,
        book: &Book,
        papers: &Papers,
        document: Option<&Id>,
    ) -> Result<BTreeMap<String, Vec<u8>>, DeskError> {
        let agreement = &book.agreement;
        let manifest = self.manifest_of(agreement, papers).await?;
        let mut files = signatures_on(book, document)?;
        let bytes = self.paper(agreement, &assemble::manifest_file(papers)).await?;
        files.insert(signing::MANIFEST_NAME.to_owned(), bytes);
        for part in &manifest.parts {
            let bytes = self.paper(agreement, &assemble::part_file(part)).await?;
            files.insert(place_of(part.kind, &part.name), bytes);
        }
        if let Some(at) = closed_at(book, document)
            && let Some(sealed) = self.seal_page(agreement, &manifest, at).await?
        {
            files.insert(SEALED.to_owned(), sealed);
        }
        Ok(files)
    }

    /// The printed page of the agreement, or of a later document, with the deployment's seal, once
    /// both parties have signed the papers.
    ///
    /// # Errors
    /// When there is no such document, or a file cannot be read or sealed.
    pub async fn sealed(
        &self,
        book: &Book,
        document: Option<&Id>,
    ) -> Result<Option<Vec<u8>>, DeskError> {
        let papers = match document {
            None => standing_papers(book).map(|(_, papers)| papers),
            Some(document) => proposed(&book.state, document)?.papers.as_ref(),
        };
        let (Some(papers), Some(at)) = (papers, closed_at(book, document)) else {
            return Ok(None);
        };
        let manifest = self.manifest_of(&book.agreement, papers).await?;
        self.seal_page(&book.agreement, &manifest, at).await
    }

    /// The printed page among the parts of a manifest, sealed.
    async fn seal_page(
        &self,
        agreement: &Id,
        manifest: &Manifest,
        at: Timestamp,
    ) -> Result<Option<Vec<u8>>, DeskError> {
        let part = manifest.parts.iter().find(|part| part.kind == PartKind::Pdf);
        let Some(part) = part else { return Ok(None) };
        let pdf = self.paper(agreement, &assemble::part_file(part)).await?;
        let name = self.settings.name.clone();
        let key = seal::key_for(&self.key);
        let until = Timestamp::from_seconds(at.seconds().saturating_add(SEAL_SECONDS));
        let certificate = seal::self_signed(&key, &name, (at, until)).map_err(PapersError::from)?;
        let reason = Words::new(manifest.language).seal_reason();
        let options = SealOptions { at, name: &name, reason: &reason };
        let signature =
            seal::sign(&pdf, &options, &key, &certificate).map_err(PapersError::from)?;
        Ok(Some(signature.finish(None).map_err(PapersError::from)?))
    }

    /// The lines of `keys.txt` for those who signed, and for the deployment with its seal.
    pub(crate) fn paper_keys(&self, book: &Book) -> Vec<String> {
        let mut keys = vec![format!("deployment {}", self.key.verifier())];
        if standing_papers(book).is_some() {
            keys.push(format!("deployment {}", seal::key_for(&self.key).verifier()));
        }
        let documents = book.state.documents.values().filter(|one| one.papers.is_some());
        let later = documents.flat_map(|one| one.signed.values()).map(|one| &one.signing);
        for signing in book.state.signings.iter().chain(later) {
            keys.push(format!("{} {}", signing.side.code(), signing.key));
        }
        keys
    }

    /// The signed file: a zip that anybody can check without the deployment, with the later
    /// documents that both parties have signed. The same papers and signatures give the same bytes.
    ///
    /// # Errors
    /// When there are no papers that can be signed, or a file cannot be read.
    pub async fn signed_file(&self, agreement: &Id) -> Result<Vec<u8>, DeskError> {
        let book = self.open_book(agreement).await?;
        let mut files = self.signed_files(&book).await?;
        if !files.contains_key(signing::MANIFEST_NAME) {
            return Err(PapersError::Absent { what: "file" }.into());
        }
        let open = book.state.documents.iter().filter(|(_, one)| one.signed.len() < 2);
        for (id, _) in open {
            files.retain(|name, _| !name.starts_with(&folder_of(id)));
        }
        let mut keys = self.paper_keys(&book);
        keys.sort();
        keys.dedup();
        files.insert(crate::bundle::KEYS.to_owned(), (keys.join("\n") + "\n").into_bytes());
        let zipped = |_| unwritable("signed file");
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::DEFAULT
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(6))
            .unix_permissions(0o644);
        for (name, bytes) in &files {
            zip.start_file(name, options).map_err(zipped)?;
            zip.write_all(bytes).map_err(|_| unwritable("signed file"))?;
        }
        Ok(zip.finish().map_err(zipped)?.into_inner())
    }

    /// Who has signed the papers.
    #[must_use]
    pub fn signed_by(book: &Book, number: u32) -> Vec<Side> {
        let last = book.state.versions.last();
        if last.is_none_or(|last| last.version.number != number) {
            return Vec::new();
        }
        book.state.signings.iter().map(|signing| signing.side).collect()
    }
}

/// Where the papers of a later document lie in a signed file and a bundle.
/// What no name of a folder may have, or begin with, is written as `%` and two digits.
pub(crate) fn folder_of(document: &Id) -> String {
    let mut folder = format!("{DOCUMENTS}/");
    for (at, letter) in document.as_str().char_indices() {
        match letter {
            '/' => folder.push_str("%2F"),
            ':' => folder.push_str("%3A"),
            '.' if at == 0 => folder.push_str("%2E"),
            letter => folder.push(letter),
        }
    }
    folder + "/"
}

/// The document whose papers a file of such a folder belongs to, and its name in there.
pub(crate) fn in_folder(file: &str) -> Option<(Id, &str)> {
    let (name, rest) = file.strip_prefix(DOCUMENTS)?.strip_prefix('/')?.split_once('/')?;
    let plain = name.replace("%2F", "/").replace("%3A", ":").replace("%2E", ".");
    let document = Id::new(&plain).ok()?;
    file.starts_with(&folder_of(&document)).then_some((document, rest))
}

/// When both parties had signed the agreement, or a later document.
fn closed_at(book: &Book, document: Option<&Id>) -> Option<Timestamp> {
    let Some(document) = document else { return Some(book.state.effective?.at) };
    let signed = &book.state.documents.get(document)?.signed;
    signed.values().map(|one| one.at).max().filter(|_| signed.len() == 2)
}

/// The envelopes of signatures and their timestamps.
fn signatures_on(
    book: &Book,
    document: Option<&Id>,
) -> Result<BTreeMap<String, Vec<u8>>, DeskError> {
    let mut files = BTreeMap::new();
    for side in [Side::Customer, Side::Vendor] {
        if book.state.signing(side, document).is_some() {
            let bytes = signature_file(&book.state, side, document)?;
            files.insert(format!("signatures/{}.json", side.code()), bytes);
        }
    }
    for stamp in book.state.stamps.iter().filter(|stamp| stamp.document.as_ref() == document) {
        files.insert(format!("timestamps/{}.tst", stamp.side.code()), stamp_file(&stamp.token)?);
    }
    Ok(files)
}

/// The last version and its papers, where it can be signed.
pub(super) fn standing_papers(book: &Book) -> Option<(&Version, &Papers)> {
    let version = &book.state.versions.last()?.version;
    Some((version, version.papers.as_ref()?))
}
