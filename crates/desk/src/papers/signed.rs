//! The signed file: manifest, parts, envelopes and keys under the names of `docs/signing.md`, and
//! the sealed copy of the printed page. Serves train-11.1, class-5.1.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use contract::event::{Papers, Version};
use contract::terms::Side;
use document::words::Words;
use signing::PartKind;
use signing::seal::{self, SealOptions};
use units::{Id, Timestamp};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{PapersError, TERMS, assemble, place_of};
use crate::book::{Book, DeskError};
use crate::desk::{Desk, unwritable};
use crate::signing::{signature_file, stamp_file, terms_bytes};

/// The sealed copy of the printed page.
pub const SEALED: &str = "sealed.pdf";
/// For how long the certificate of a seal holds: twenty years of 365 days.
const SEAL_SECONDS: i64 = 20 * 365 * 86_400;

impl Desk {
    /// What stands to be signed and the signatures given so far: the papers of the last version, or
    /// the terms alone where no version can be signed; nothing before the terms.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) async fn signed_files(
        &self,
        book: &Book,
    ) -> Result<BTreeMap<String, Vec<u8>>, DeskError> {
        let mut files = BTreeMap::new();
        let Some(drafted) = &book.state.drafted else { return Ok(files) };
        let agreement = &book.agreement;
        if let Some((version, papers)) = standing_papers(book) {
            let manifest = self.manifest(agreement, version).await?;
            let manifest = manifest.ok_or(PapersError::Absent { what: "file" })?;
            let bytes = self.paper(agreement, &assemble::manifest_file(papers)).await?;
            files.insert(signing::MANIFEST_NAME.to_owned(), bytes);
            for part in &manifest.parts {
                let bytes = self.paper(agreement, &assemble::part_file(part)).await?;
                files.insert(place_of(part.kind, &part.name), bytes);
            }
        } else {
            files.insert(TERMS.to_owned(), terms_bytes(drafted)?);
        }
        for signing in &book.state.signings {
            let bytes = signature_file(&book.state, signing.side, None)?;
            files.insert(format!("signatures/{}.json", signing.side.code()), bytes);
        }
        for stamp in book.state.stamps.iter().filter(|stamp| stamp.document.is_none()) {
            let name = format!("timestamps/{}.tst", stamp.side.code());
            files.insert(name, stamp_file(&stamp.token)?);
        }
        if let Some(sealed) = self.sealed(book).await? {
            files.insert(SEALED.to_owned(), sealed);
        }
        Ok(files)
    }

    /// The printed page with the deployment's seal, once both parties have signed the papers.
    ///
    /// # Errors
    /// When a file cannot be read or sealed.
    pub async fn sealed(&self, book: &Book) -> Result<Option<Vec<u8>>, DeskError> {
        let Some(effective) = &book.state.effective else { return Ok(None) };
        let Some(last) = book.state.versions.last() else { return Ok(None) };
        let manifest = self.manifest(&book.agreement, &last.version).await?;
        let part = manifest
            .as_ref()
            .and_then(|manifest| manifest.parts.iter().find(|part| part.kind == PartKind::Pdf));
        let (Some(manifest), Some(part)) = (&manifest, part) else { return Ok(None) };
        let pdf = self.paper(&book.agreement, &assemble::part_file(part)).await?;
        let (at, name) = (effective.at, self.settings.name.clone());
        let key = seal::key_for(&self.key);
        let until = Timestamp::from_seconds(at.seconds().saturating_add(SEAL_SECONDS));
        let certificate = seal::self_signed(&key, &name, (at, until)).map_err(PapersError::from)?;
        let reason = Words::new(manifest.language).seal_reason();
        let options = SealOptions { at, name: &name, reason: &reason, picture: None };
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
        for signing in &book.state.signings {
            keys.push(format!("{} {}", signing.side.code(), signing.key));
        }
        keys
    }

    /// The signed file: a zip that anybody can check without the deployment. The same papers and
    /// signatures give the same bytes.
    ///
    /// # Errors
    /// When there are no papers that can be signed, or a file cannot be read.
    pub async fn signed_file(&self, agreement: &Id) -> Result<Vec<u8>, DeskError> {
        let book = self.open_book(agreement).await?;
        let mut files = self.signed_files(&book).await?;
        if !files.contains_key(signing::MANIFEST_NAME) {
            return Err(PapersError::Absent { what: "file" }.into());
        }
        let mut keys = self.paper_keys(&book);
        keys.sort();
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

/// The last version and its papers, where it can be signed.
fn standing_papers(book: &Book) -> Option<(&Version, &Papers)> {
    let version = &book.state.versions.last()?.version;
    Some((version, version.papers.as_ref()?))
}
