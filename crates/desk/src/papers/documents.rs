//! The papers of a document that joins the agreement later: the document, its words, its page, and
//! the manifest that both sign, which names the manifest before it. Serves train-11.1, class-5.1.
//! An agreement that was signed by its terms alone has documents that are signed alone.

use std::collections::BTreeMap;

use contract::event::{Actor, Papers, Recorded};
use contract::terms::{Agreement, Document, Side};
use contract::{Action, Command};
use document::draft::{self, DraftProblem, Edition};
use journal::Hash;
use signing::{Manifest, Part, PartKind};
use units::{Id, Lang, Timestamp};

use super::assemble::{file_manifest, manifest_of};
use super::signed::standing_papers;
use super::{PapersError, Signer, TERMS, apart};
use crate::book::{Book, DeskError};
use crate::desk::Desk;
use crate::signing::{document_bytes, proposed};

/// The name of a document's printed page among its papers.
pub const DOCUMENT_PDF: &str = "document.pdf";
/// The name of a document's words among its papers.
pub const DOCUMENT_TEXT: &str = "document.txt";

/// A document to be proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// The document.
    pub document: Document,
    /// Who signs for the customer; whoever signed for it last where absent.
    pub customer: Option<Signer>,
    /// Who signs for the vendor; whoever signed for it last where absent.
    pub vendor: Option<Signer>,
}

impl From<Document> for NewDocument {
    fn from(document: Document) -> Self {
        Self { document, customer: None, vendor: None }
    }
}

/// What the papers of a document are made of.
struct Making {
    document: Document,
    /// The terms as drafted, and as they hold.
    drafted: Agreement,
    terms: Agreement,
    previous: Manifest,
    signatories: Vec<(Side, Signer)>,
    at: Timestamp,
}

impl Desk {
    /// Proposes a supplement, quotation or annex after the signing, with papers where the agreement
    /// was signed by its papers. Clauses: train-11.1, class-5.1.
    ///
    /// # Errors
    /// The contract's refusal, papers that cannot be made, or a fault.
    pub async fn propose(
        &self,
        agreement: &Id,
        actor: &Actor,
        new: NewDocument,
    ) -> Result<Vec<Recorded>, DeskError> {
        let mut book = self.open_book(agreement).await?;
        let document = new.document.clone();
        let bytes = document_bytes(&document)?;
        let terms_sha256 = hex::encode(Hash::of(&bytes).bytes());
        let command = |papers| {
            let (document, terms_sha256) = (document.clone(), terms_sha256.clone());
            let action = Action::ProposeDocument { document, terms_sha256, papers };
            Command::new(actor.clone(), action)
        };
        // What the contract refuses is neither printed nor kept.
        book.decide(&command(None), book.instant(self.clock.now()))?;
        let made = self.document_papers(&book, new).await?;
        let (papers, files) = made.unzip();
        for bytes in files.iter().flat_map(BTreeMap::values) {
            self.put(agreement, bytes).await?;
        }
        let recorded = self.execute_on(&mut book, &command(papers)).await?;
        self.put(agreement, &bytes).await?;
        Ok(recorded)
    }

    /// The papers of a document to be, and their files.
    async fn document_papers(
        &self,
        book: &Book,
        new: NewDocument,
    ) -> Result<Option<(Papers, BTreeMap<String, Vec<u8>>)>, DeskError> {
        let Some(previous) = self.last_manifest(book).await? else { return Ok(None) };
        let drafted = book.state.drafted.clone().ok_or(contract::Refusal::NotDrafted)?;
        let terms = book.state.agreement.clone().unwrap_or_else(|| drafted.clone());
        let NewDocument { document, customer, vendor } = new;
        let mut signatories = Vec::new();
        for (side, given) in [(Side::Customer, customer), (Side::Vendor, vendor)] {
            let signer = given.or_else(|| signer_of(&previous, side));
            signatories.extend(signer.map(|signer| (side, signer)));
        }
        let at = book.instant(self.clock.now());
        let making = Making { document, drafted, terms, previous, signatories, at };
        Ok(Some(apart(move || making.make()).await??))
    }

    /// The manifest of a document that was proposed with papers.
    ///
    /// # Errors
    /// When there is no such document, or its manifest cannot be read.
    pub async fn document_manifest(
        &self,
        book: &Book,
        document: &Id,
    ) -> Result<Option<Manifest>, DeskError> {
        match &proposed(&book.state, document)?.papers {
            Some(papers) => Ok(Some(self.manifest_of(&book.agreement, papers).await?)),
            None => Ok(None),
        }
    }

    /// A file of a document's papers by its name, with its media type.
    ///
    /// # Errors
    /// When there is none of this name.
    pub async fn document_file(
        &self,
        book: &Book,
        document: &Id,
        name: &str,
    ) -> Result<(Vec<u8>, String), DeskError> {
        let absent = || PapersError::Absent { what: "file" };
        let papers = proposed(&book.state, document)?.papers.as_ref().ok_or_else(absent)?;
        self.paper_named(&book.agreement, papers, name).await
    }

    /// The manifest that both signed last: of a document, or of the agreement itself.
    async fn last_manifest(&self, book: &Book) -> Result<Option<Manifest>, DeskError> {
        let signed = book.state.documents.values().filter_map(|one| {
            let at = one.signed.values().map(|signing| signing.at).max();
            let both = one.signed.len() == 2;
            Some((at.filter(|_| both)?, one.seq, one.papers.as_ref()?))
        });
        let last = signed.max_by_key(|(at, seq, _)| (*at, *seq)).map(|(_, _, papers)| papers);
        let papers = last.or_else(|| standing_papers(book).map(|(_, papers)| papers));
        match papers {
            Some(papers) => Ok(Some(self.manifest_of(&book.agreement, papers).await?)),
            None => Ok(None),
        }
    }
}

impl Making {
    fn make(self) -> Result<(Papers, BTreeMap<String, Vec<u8>>), DeskError> {
        let Self { document, drafted, terms, previous, signatories, at } = self;
        let lang = terms.prevailing_language;
        let langs = Edition::Bilingual.langs(lang);
        let text = draft::document_text(&document, &terms, &langs)
            .map_err(|error| PapersError::Wording(vec![DraftProblem::Terms(error)]))?;
        let head = draft::draft(&drafted, Edition::of(lang)).map_err(PapersError::Wording)?;
        let pdf = draft::text_pdf(&head, &text, &[]).map_err(PapersError::from)?;
        let canonical = document_bytes(&document)?;
        let parts = vec![
            Part::of(TERMS, PartKind::Terms, None, "application/json", &canonical),
            Part::of(DOCUMENT_PDF, PartKind::Pdf, None, "application/pdf", &pdf),
            text_part(lang, &text),
        ];
        let manifest = manifest_of(&terms, parts, &signatories, at)?;
        let manifest = manifest.amending(&previous).map_err(PapersError::from)?;
        let mut files = BTreeMap::from([
            (TERMS.to_owned(), canonical),
            (DOCUMENT_PDF.to_owned(), pdf),
            (DOCUMENT_TEXT.to_owned(), text.into_bytes()),
        ]);
        let papers = file_manifest(&manifest, &signatories, &mut files)?;
        Ok((papers, files))
    }
}

fn text_part(lang: Lang, text: &str) -> Part {
    Part::of(DOCUMENT_TEXT, PartKind::Text, Some(lang), "text/plain", text.as_bytes())
}

/// Who signs for a side by a manifest.
fn signer_of(manifest: &Manifest, side: Side) -> Option<Signer> {
    let found = manifest.signatories.iter().find(|one| one.side.as_str() == side.code())?;
    let (name, role, authority) = (&found.name, &found.role, &found.authority);
    Some(Signer { name: name.clone(), role: role.clone(), authority: authority.clone() })
}
