//! The papers of an agreement before it is signed: versions of the Word file as the parties pass
//! them to and fro, what stands in the way of signing one, and the manifest of those that can be
//! signed. Serves pb-01 to pb-08, train-11.1, class-5.1.

mod assemble;
mod documents;
mod model;
mod negotiation;
mod reviews;
mod seals;
mod signed;
mod stamps;

use std::collections::{BTreeMap, HashSet};

use contract::event::{Actor, PaperFile, Papers, Recorded, Version};
use contract::terms::{Agreement, Side};
use contract::{Action, Command};
use document::draft::{BackError, ChangeError, DraftProblem, Edition, PageError, PictureError};
use journal::Hash;
use serde::Serialize;
use signing::{Manifest, ManifestError, PartKind};
use store::ObjectRef;
use units::{Id, Timestamp};

use crate::book::{Book, DeskError};
use crate::desk::Desk;

pub use assemble::Obstacle;
pub use documents::{DOCUMENT_PDF, DOCUMENT_TEXT, NewDocument};
pub use model::{Paper, model_may_read, terms_let_model_read};
pub(crate) use negotiation::folder;
pub use negotiation::{Concession, Negotiation, Reached, Red, Stand, side_of, turn};
pub(crate) use reviews::Reviews;
use seals::Carried;
pub use signed::SEALED;
pub(crate) use signed::{folder_of, in_folder};
pub use stamps::{Answer, Which};

/// The name of the Word file among the papers.
pub const WORD: &str = "agreement.docx";
/// The name of the printed page among the papers.
pub const PDF: &str = "agreement.pdf";
/// The name of the canonical text among the papers.
pub const TEXT: &str = "agreement.txt";
/// The name of the typed terms among the papers.
pub const TERMS: &str = "terms.json";

/// A version to be.
#[derive(Debug, Clone, Default)]
pub struct NewVersion {
    /// The Word file; drafted from the terms that stand where absent.
    pub word: Option<Vec<u8>>,
    /// The languages of a drafted one; both where absent.
    pub edition: Option<Edition>,
    /// Annexes by name; those of the version before where there are none.
    pub annexes: Vec<(String, Vec<u8>)>,
    /// The picture of the offering party's seal. That of the other party stays from the version
    /// before, as long as the words do.
    pub seal: Option<Vec<u8>>,
    /// Who signs for the customer; its representative by the terms where absent.
    pub customer: Option<Signer>,
    /// Who signs for the vendor; its representative by the terms where absent.
    pub vendor: Option<Signer>,
}

/// Who signs for a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The person's name.
    pub name: String,
    /// The person's position.
    pub role: String,
    /// By what authority.
    pub authority: String,
}

/// A version that was put together, before or after it was offered.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// As the journal keeps it.
    pub version: Version,
    /// Its terms.
    pub terms: Agreement,
    /// Why it cannot be signed as it is.
    pub obstacles: Vec<Obstacle>,
    /// What would be signed.
    pub manifest: Option<Manifest>,
    /// Every file of it, by name.
    files: BTreeMap<String, Vec<u8>>,
}

/// A version with what a reader needs to judge it.
#[derive(Debug, Clone)]
pub struct Offered {
    /// As the journal has it.
    pub version: Version,
    /// The entry and the time of the offer; none before it.
    pub entry: Option<(u64, Timestamp)>,
    /// Terms that differ from those of the version before.
    pub changed: Vec<ChangedTerm>,
    /// Terms that open tracked changes propose, as their words say them.
    pub proposed: Vec<ChangedTerm>,
    /// Tracked changes that nobody has accepted or rejected.
    pub revisions: usize,
    /// Text that differs from the version before without a tracked change.
    pub hidden: Vec<docx::Hidden>,
    /// Why it cannot be signed as it is.
    pub obstacles: Vec<Obstacle>,
    /// What would be signed.
    pub manifest: Option<Manifest>,
}

/// A term that a version changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedTerm {
    /// Its path in the agreement file.
    pub path: String,
    /// As it was, where it was.
    pub before: Option<String>,
    /// As it is, where it is.
    pub after: Option<String>,
}

/// Why papers could not be made or signed.
#[derive(Debug, thiserror::Error)]
pub enum PapersError {
    /// The Word file cannot be read.
    #[error(transparent)]
    Word(#[from] docx::Fault),
    /// Its text cannot be read.
    #[error(transparent)]
    Text(#[from] reading::Fault),
    /// Its terms cannot be read.
    #[error(transparent)]
    Terms(#[from] BackError),
    /// What it changes makes no agreement.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// The terms have no wording.
    #[error("the terms have no wording")]
    Wording(Vec<DraftProblem>),
    /// The page cannot be printed.
    #[error(transparent)]
    Print(#[from] PageError),
    /// Names or people that no manifest can hold.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// There is no such version, or no such file in it.
    #[error("there is no {what}")]
    Absent {
        /// `version` or `file`.
        what: &'static str,
    },
    /// Findings that must not be signed without an approval.
    #[error("{} findings need an approval before the signing", findings.len())]
    Red {
        /// Their ids.
        findings: Vec<String>,
    },
    /// The picture of a seal cannot be taken.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// An annex has the name of another part.
    #[error("an annex cannot be called {name:?}: another part is called so")]
    Name {
        /// The name.
        name: String,
    },
    /// The PDF cannot be sealed.
    #[error(transparent)]
    Seal(#[from] signing::seal::SealingError),
}

impl Desk {
    /// Puts a version together and says what stands in the way of signing it; records nothing.
    ///
    /// # Errors
    /// A file that cannot be read, terms without wording, or a fault.
    pub async fn prepare_version(
        &self,
        book: &Book,
        side: Side,
        mut new: NewVersion,
    ) -> Result<Prepared, DeskError> {
        let standing = book.state.drafted.clone().ok_or(contract::Refusal::NotDrafted)?;
        if book.state.effective.is_some() {
            // Nothing is drafted and printed for what would be refused anyway.
            return Err(contract::Refusal::AlreadyInForce.into());
        }
        let last = book.state.versions.last().map(|last| last.version.clone());
        if new.annexes.is_empty()
            && let Some(last) = &last
        {
            for annex in &last.annexes {
                new.annexes.push((annex.name.clone(), self.paper(&book.agreement, annex).await?));
            }
        }
        let mut carried = None;
        if let Some(last) = &last
            && let Some(seal) = seals::of(last, side.other())
        {
            let word = self.paper(&book.agreement, &last.word).await?;
            let seal = self.paper(&book.agreement, seal).await?;
            carried = Some(Carried { word, seal });
        }
        let number = last.map_or(1, |last| last.number.saturating_add(1));
        let at = book.instant(self.clock.now());
        let work = move || assemble::assemble(&standing, new, carried, (number, side), at);
        apart(work).await?
    }

    /// Offers a version to the other party. Signatures on earlier versions fall away.
    ///
    /// # Errors
    /// As [`Desk::prepare_version`], or the contract's refusal.
    pub async fn offer(
        &self,
        agreement: &Id,
        actor: &Actor,
        side: Side,
        new: NewVersion,
    ) -> Result<(Vec<Recorded>, Prepared), DeskError> {
        let mut book = self.open_book(agreement).await?;
        let prepared = self.prepare_version(&book, side, new).await?;
        let action = Action::Offer(Box::new(prepared.version.clone()));
        let command = Command::new(actor.clone(), action);
        // What the contract refuses leaves no file behind.
        book.decide(&command, book.instant(self.clock.now()))?;
        for bytes in prepared.files.values() {
            self.put(agreement, bytes).await?;
        }
        let recorded = self.execute_on(&mut book, &command).await?;
        Ok((recorded, prepared))
    }

    /// A version that was offered, read again from its files.
    ///
    /// # Errors
    /// When there is none, or a file of it cannot be read.
    pub async fn version(&self, book: &Book, number: u32) -> Result<Offered, DeskError> {
        let versions = &book.state.versions;
        let at = versions.iter().position(|one| one.version.number == number);
        let at = at.ok_or(PapersError::Absent { what: "version" })?;
        let offered = &versions[at];
        let (before, after) = terms_at(book, at)?;
        let terms = after.clone();
        let agreement = &book.agreement;
        let word = self.paper(agreement, &offered.version.word).await?;
        let earlier = self.word_before(book, at).await?;
        let manifest = self.manifest(agreement, &offered.version).await?;
        let (version, entry) = (offered.version.clone(), Some((offered.seq, offered.at)));
        let of = version.clone();
        let work = move || {
            let proposed = assemble::proposed(&word, &terms)?;
            let read = assemble::read_again(&of, &word, earlier.as_deref(), &terms)?;
            Ok::<_, DeskError>((proposed, read))
        };
        let (proposed, (obstacles, revisions, hidden)) = apart(work).await??;
        let changed = assemble::changed_terms(&before, &after)?;
        Ok(Offered { version, entry, changed, proposed, revisions, hidden, obstacles, manifest })
    }

    /// A version that was put together and not offered, as it would be shown.
    ///
    /// # Errors
    /// When the version before cannot be read.
    pub async fn as_offered(&self, book: &Book, prepared: Prepared) -> Result<Offered, DeskError> {
        let Prepared { version, terms, obstacles, manifest, files } = prepared;
        let standing = book.state.drafted.as_ref().ok_or(contract::Refusal::NotDrafted)?;
        let changed = assemble::changed_terms(standing, &terms)?;
        let earlier = self.word_before(book, book.state.versions.len()).await?;
        let word = files.get(WORD).cloned().unwrap_or_default();
        let work = move || {
            let proposed = assemble::proposed(&word, &terms)?;
            Ok::<_, DeskError>((proposed, assemble::marks(&word, earlier.as_deref())?))
        };
        let (proposed, (revisions, hidden)) = apart(work).await??;
        let entry = None;
        Ok(Offered { version, entry, changed, proposed, revisions, hidden, obstacles, manifest })
    }

    /// The Word file of the version before the one at a place.
    async fn word_before(&self, book: &Book, at: usize) -> Result<Option<Vec<u8>>, DeskError> {
        let Some(earlier) = at.checked_sub(1).and_then(|at| book.state.versions.get(at)) else {
            return Ok(None);
        };
        Ok(Some(self.paper(&book.agreement, &earlier.version.word).await?))
    }

    /// The manifest of a version that can be signed.
    pub(crate) async fn manifest(
        &self,
        agreement: &Id,
        version: &Version,
    ) -> Result<Option<Manifest>, DeskError> {
        let Some(papers) = &version.papers else { return Ok(None) };
        Ok(Some(self.manifest_of(agreement, papers).await?))
    }

    /// The manifest of papers that can be signed.
    pub(crate) async fn manifest_of(
        &self,
        agreement: &Id,
        papers: &Papers,
    ) -> Result<Manifest, DeskError> {
        let bytes = self.paper(agreement, &assemble::manifest_file(papers)).await?;
        Ok(Manifest::from_bytes(&bytes).map_err(PapersError::from)?)
    }

    /// A file of a version by its name: a part of its manifest, the manifest itself, or its Word
    /// file as `version.docx`; with its media type.
    ///
    /// # Errors
    /// When there is none of this name.
    pub async fn version_file(
        &self,
        book: &Book,
        number: u32,
        name: &str,
    ) -> Result<(Vec<u8>, String), DeskError> {
        let found = book.state.versions.iter().find(|one| one.version.number == number);
        let version = &found.ok_or(PapersError::Absent { what: "version" })?.version;
        let agreement = &book.agreement;
        if name == "version.docx" {
            return Ok((self.paper(agreement, &version.word).await?, assemble::DOCX.to_owned()));
        }
        if let Some(annex) = version.annexes.iter().find(|annex| annex.name == name) {
            let bytes = self.paper(agreement, annex).await?;
            return Ok((bytes, "application/octet-stream".to_owned()));
        }
        if let Some(seal) = version.seals.iter().find(|seal| seal.name == name) {
            let media = seals::media_of(name).unwrap_or("application/octet-stream");
            return Ok((self.paper(agreement, seal).await?, media.to_owned()));
        }
        let absent = || PapersError::Absent { what: "file" };
        let papers = version.papers.as_ref().ok_or_else(absent)?;
        self.paper_named(agreement, papers, name).await
    }

    /// A part of papers by its name, or their manifest, with its media type.
    async fn paper_named(
        &self,
        agreement: &Id,
        papers: &Papers,
        name: &str,
    ) -> Result<(Vec<u8>, String), DeskError> {
        if name == signing::MANIFEST_NAME {
            let file = assemble::manifest_file(papers);
            return Ok((self.paper(agreement, &file).await?, "application/json".to_owned()));
        }
        let manifest = self.manifest_of(agreement, papers).await?;
        let part = manifest.parts.iter().find(|part| part.name == name);
        let part = part.ok_or(PapersError::Absent { what: "file" })?;
        let bytes = self.paper(agreement, &assemble::part_file(part)).await?;
        Ok((bytes, part.media_type.clone()))
    }

    /// The bytes of a kept file.
    pub(crate) async fn paper(
        &self,
        agreement: &Id,
        file: &PaperFile,
    ) -> Result<Vec<u8>, DeskError> {
        let absent = || PapersError::Absent { what: "file" };
        let mut sha256 = [0; 32];
        hex::decode_to_slice(&file.sha256, &mut sha256).map_err(|_| absent())?;
        let found = self.find(agreement, &HashSet::from([sha256])).await?;
        let found: ObjectRef = found.into_iter().next().ok_or_else(absent)?;
        self.get(agreement, &found).await
    }
}

/// The terms before the version at a place, and those that it carries.
fn terms_at(book: &Book, at: usize) -> Result<(Agreement, Agreement), DeskError> {
    let (earlier, later) = book.state.versions.split_at(at + 1);
    let carried = earlier.iter().rev().find_map(|one| one.version.terms.as_deref());
    let replaced = later.iter().find_map(|one| one.replaced.as_ref());
    let after = carried.or(replaced).or(book.state.drafted.as_ref());
    let after = after.ok_or(contract::Refusal::NotDrafted)?.clone();
    let before = earlier.last().and_then(|one| one.replaced.clone());
    Ok((before.unwrap_or_else(|| after.clone()), after))
}

/// Work for the processor, on a thread of its own.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, DeskError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| crate::desk::unwritable("papers"))
}

/// A file by its name.
fn file(name: &str, bytes: &[u8]) -> PaperFile {
    let sha256 = hex::encode(Hash::of(bytes).bytes());
    PaperFile { name: name.to_owned(), sha256, size: bytes.len() as u64 }
}

/// What a part of a manifest is kept as, in a signed file.
#[must_use]
pub fn place_of(kind: PartKind, name: &str) -> String {
    match kind {
        PartKind::Terms => name.to_owned(),
        _ => format!("parts/{name}"),
    }
}
