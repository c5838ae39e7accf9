//! A version from its files: terms read back from the Word file, obstacles, the parts that would be
//! signed. Pure: no store, no clock.

use std::collections::{BTreeMap, BTreeSet};

use contract::event::{PaperFile, Papers, Version};
use contract::form::{leaves, to_node};
use contract::terms::{Agreement, Side};
use document::draft::{self, BackError, Edition, TermsBack};
use document::words::Words;
use docx::{Hidden, Package};
use journal::Hash;
use review::checks::{self, Facts};
use serde::Serialize;
use signing::{Manifest, Part, PartKind, Party, Signatory};
use units::{Id, Lang, Timestamp};
use wording::Wording;

use super::seals::{self, Carried, Seals};
use super::{ChangedTerm, NewVersion, PDF, PapersError, Prepared, Signer, TERMS, TEXT, WORD, file};
use crate::book::DeskError;
use crate::signing::terms_bytes;

/// The media type of Word files.
pub(super) const DOCX: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// The check that finds blanks.
const BLANK: &str = "doc-blank";
/// The check that finds annexes that are not there.
const ANNEX: &str = "doc-annex";

/// Why a version cannot be signed as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Obstacle {
    /// Tracked changes that nobody accepted or rejected.
    UnresolvedChanges {
        /// How many.
        count: usize,
    },
    /// The Word file holds no terms: it is not one of ours.
    NoTerms,
    /// What the reader sees, what the file stores and what was known do not agree.
    TermsDisagree {
        /// The terms.
        paths: Vec<String>,
    },
    /// The terms have errors.
    TermsErrors {
        /// The fields.
        paths: Vec<String>,
    },
    /// Something was left to be filled in.
    Blank {
        /// The words, verbatim.
        quote: String,
    },
    /// An annex that the text names is neither in it nor with it.
    AnnexMissing {
        /// The annex as the text calls it.
        annex: String,
    },
    /// Nobody is named who signs for a party.
    SignatoryMissing {
        /// The party.
        side: Side,
    },
}

/// The terms that a Word file brings, the file as it is kept, and what is wrong between them.
struct Brought {
    package: Package,
    terms: Agreement,
    obstacles: Vec<Obstacle>,
}

/// Puts a version together.
pub(super) fn assemble(
    standing: &Agreement,
    new: NewVersion,
    carried: Option<Carried>,
    (number, by): (u32, Side),
    at: Timestamp,
) -> Result<Prepared, DeskError> {
    seals::check_names(&new.annexes)?;
    let edition = new.edition.unwrap_or(Edition::Bilingual);
    let wording = |terms: &Agreement| draft::draft(terms, edition).map_err(PapersError::Wording);
    let Brought { package, terms, mut obstacles } = match &new.word {
        Some(bytes) => bring(Package::read(bytes).map_err(PapersError::from)?, standing)?,
        None => Brought {
            package: draft::word(&wording(standing)?, standing),
            terms: standing.clone(),
            obstacles: Vec::new(),
        },
    };
    let word = package.write();
    let text = text_of(&word)?;
    obstacles.extend(errors(&terms));
    let annexes: Vec<PaperFile> =
        new.annexes.iter().map(|(name, bytes)| file(name, bytes)).collect();
    obstacles.extend(gaps(&text, &annexes, &terms));
    let mut signatories = Vec::new();
    for (side, given) in [(Side::Customer, new.customer), (Side::Vendor, new.vendor)] {
        match given.or_else(|| representative(&terms, side)) {
            Some(signer) => signatories.push((side, signer)),
            None => obstacles.push(Obstacle::SignatoryMissing { side }),
        }
    }
    let mut pictures = Seals::default();
    // The words that the other party put its picture below, and no others.
    if let Some(carried) = carried
        && text_of(&carried.word)?.text == text.text
    {
        pictures.add(by.other(), &terms, carried.seal)?;
    }
    if let Some(bytes) = new.seal {
        pictures.add(by, &terms, bytes)?;
    }
    let Seals { files: seals, drawn } = pictures;
    let canonical = terms_bytes(&terms)?;
    let mut version = Version {
        number,
        by,
        terms: (terms != *standing).then(|| Box::new(terms.clone())),
        terms_sha256: hex::encode(Hash::of(&canonical).bytes()),
        word: file(WORD, &word),
        annexes,
        seals: seals.iter().map(|(name, bytes)| file(name, bytes)).collect(),
        papers: None,
    };
    let mut files = BTreeMap::from([(WORD.to_owned(), word), (TERMS.to_owned(), canonical)]);
    files.extend(new.annexes);
    files.extend(seals);
    let mut manifest = None;
    if obstacles.is_empty() {
        let drafted = wording(&terms)?;
        let same = text_of(&draft::word(&drafted, &terms).write())?.text == text.text;
        let pdf = match same {
            true => draft::pdf(&drafted, &drawn),
            false => draft::text_pdf(&drafted, &text.text, &drawn),
        };
        files.insert(PDF.to_owned(), pdf.map_err(PapersError::from)?);
        files.insert(TEXT.to_owned(), text.text.into_bytes());
        let parts = parts_of(&files, terms.prevailing_language);
        let made = manifest_of(&terms, parts, &signatories, at)?;
        version.papers = Some(file_manifest(&made, &signatories, &mut files)?);
        manifest = Some(made);
    }
    Ok(Prepared { version, terms, obstacles, manifest, files })
}

/// What a Word file of the other party makes of the terms. Changed terms that store and surface
/// agree on are taken up, and the store is brought in line with them; proposals under tracked
/// changes are not.
fn bring(package: Package, standing: &Agreement) -> Result<Brought, DeskError> {
    let pending = package.revisions().map_err(PapersError::from)?.len();
    let mut obstacles = Vec::new();
    if pending > 0 {
        obstacles.push(Obstacle::UnresolvedChanges { count: pending });
    }
    let mut brought = Brought { package, terms: standing.clone(), obstacles };
    let back = match draft::terms_of(&brought.package, Some(standing)) {
        Ok(back) => back,
        Err(BackError::NoStore) => {
            brought.obstacles.push(Obstacle::NoTerms);
            return Ok(brought);
        }
        Err(error) => return Err(PapersError::from(error).into()),
    };
    if !back.is_consistent() {
        brought.obstacles.push(Obstacle::TermsDisagree { paths: disagreeing(&back) });
        return Ok(brought);
    }
    if pending > 0 || back.is_unchanged() {
        return Ok(brought);
    }
    let terms = match back.changed_agreement(standing) {
        Ok(terms) => terms,
        Err(draft::ChangeError::Words { path, .. }) => {
            brought.obstacles.push(Obstacle::TermsDisagree { paths: vec![path] });
            return Ok(brought);
        }
        Err(error) => return Err(PapersError::from(error).into()),
    };
    if let Some(bound) = draft::rebound(&brought.package, &terms).map_err(PapersError::from)? {
        brought.package = bound;
    }
    let again = draft::terms_of(&brought.package, Some(&terms)).map_err(PapersError::from)?;
    if !again.is_unchanged() {
        brought.obstacles.push(Obstacle::TermsDisagree { paths: disagreeing(&again) });
    }
    brought.terms = terms;
    Ok(brought)
}

/// The terms on which a file does not agree with itself or with what is known.
fn disagreeing(back: &TermsBack) -> Vec<String> {
    let off = back.terms.iter().filter(|term| {
        term.outcome != draft::Outcome::Same || term.proposed.is_some() || term.repeated
    });
    let mut paths: Vec<String> = off.map(|term| term.mark.path.clone()).collect();
    paths.extend(back.store_differs.iter().cloned());
    paths.sort();
    paths.dedup();
    paths
}

/// The canonical text of a Word file, as it reads with its changes accepted.
pub(super) fn text_of(word: &[u8]) -> Result<Wording, PapersError> {
    Ok(reading::read(word, WORD)?.wording)
}

/// Errors of the terms.
fn errors(terms: &Agreement) -> Option<Obstacle> {
    let problems = contract::check(terms, None).into_iter();
    let errors = problems.filter(|one| one.severity == contract::form::Severity::Error);
    let paths: Vec<String> = errors.map(|one| one.path).collect();
    (!paths.is_empty()).then_some(Obstacle::TermsErrors { paths })
}

/// Blanks, and annexes that are named and neither in the text nor with it. A file is the annex
/// whose name it has: as the text calls it, or the id of the document that is titled so.
fn gaps(text: &Wording, annexes: &[PaperFile], terms: &Agreement) -> Vec<Obstacle> {
    let on = [BLANK, ANNEX].map(str::to_owned).into();
    let facts = Facts { on: Some(on), ..Facts::default() };
    let plain = |text: &str| {
        let kept = text.chars().filter(|letter| letter.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect::<String>()
    };
    let with = |annex: &str| {
        let titled = terms.documents.iter().filter(|one| {
            plain(&one.title.zh).contains(&plain(annex))
                || plain(&one.title.en).contains(&plain(annex))
        });
        let mut names = titled.map(|one| plain(one.id.as_str())).collect::<Vec<_>>();
        names.push(plain(annex));
        annexes.iter().any(|one| names.iter().any(|name| plain(&one.name).contains(name)))
    };
    let mut found = Vec::new();
    for finding in checks::run(text, &facts) {
        if finding.clause == BLANK {
            found.push(Obstacle::Blank { quote: finding.quote });
            continue;
        }
        let annex = match finding.parameters.get("annex") {
            Some(review::Value::Word(annex)) => annex.clone(),
            _ => finding.quote,
        };
        if !with(&annex) {
            found.push(Obstacle::AnnexMissing { annex });
        }
    }
    found
}

/// The representative whom the terms name.
fn representative(terms: &Agreement, side: Side) -> Option<Signer> {
    let party = match side {
        Side::Customer => &terms.customer,
        Side::Vendor => &terms.vendor,
    };
    let words = Words::new(terms.prevailing_language);
    let name = party.representative.as_deref().map(str::trim).filter(|name| !name.is_empty())?;
    let (role, authority) = (words.representative(), words.by_office());
    Some(Signer { name: name.to_owned(), role, authority })
}

/// Puts a manifest among its files; answers what the journal keeps of it.
pub(super) fn file_manifest(
    manifest: &Manifest,
    signatories: &[(Side, Signer)],
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<Papers, PapersError> {
    let bytes = manifest.to_bytes()?;
    let name_of = |side| {
        let mut of = signatories.iter().filter(|(of, _)| *of == side);
        of.next().map(|(_, signer)| signer.name.clone()).unwrap_or_default()
    };
    let PaperFile { sha256, size, .. } = file(signing::MANIFEST_NAME, &bytes);
    let (customer, vendor) = (name_of(Side::Customer), name_of(Side::Vendor));
    files.insert(signing::MANIFEST_NAME.to_owned(), bytes);
    Ok(Papers { sha256, size, customer, vendor })
}

/// The parts of a version, by the names of its files.
fn parts_of(files: &BTreeMap<String, Vec<u8>>, lang: Lang) -> Vec<Part> {
    let part = |(name, bytes): (&String, &Vec<u8>)| {
        let (kind, language, media) = match name.as_str() {
            WORD => (PartKind::Docx, None, DOCX),
            PDF => (PartKind::Pdf, None, "application/pdf"),
            TEXT => (PartKind::Text, Some(lang), "text/plain"),
            TERMS => (PartKind::Terms, None, "application/json"),
            name => match seals::media_of(name) {
                Some(media) => (PartKind::SealPicture, None, media),
                None => (PartKind::Annex, None, "application/octet-stream"),
            },
        };
        Part::of(name, kind, language, media, bytes)
    };
    files.iter().map(part).collect()
}

/// The first manifest of these parts, for the parties of the terms.
pub(super) fn manifest_of(
    terms: &Agreement,
    parts: Vec<Part>,
    signatories: &[(Side, Signer)],
    at: Timestamp,
) -> Result<Manifest, PapersError> {
    let lang = terms.prevailing_language;
    let side = |side: Side| Id::new(side.code()).expect("the code of a party is a name");
    let party = |of: Side, party: &contract::terms::Party| Party {
        side: side(of),
        name: party.name.clone(),
        registration_number: party.credit_code.clone(),
    };
    let parties = vec![party(Side::Customer, &terms.customer), party(Side::Vendor, &terms.vendor)];
    let people = signatories.iter().map(|(of, signer)| Signatory {
        side: side(*of),
        name: signer.name.clone(),
        role: signer.role.clone(),
        authority: signer.authority.clone(),
        order: 1,
    });
    let intent = Words::new(lang).intent();
    let people = (parties, people.collect());
    Ok(Manifest::new(terms.id.clone(), (lang, &intent), at, parts, people)?)
}

/// The manifest as a file.
pub(super) fn manifest_file(papers: &Papers) -> PaperFile {
    let name = signing::MANIFEST_NAME.to_owned();
    PaperFile { name, sha256: papers.sha256.clone(), size: papers.size }
}

/// A part of a manifest as a file.
pub(super) fn part_file(part: &Part) -> PaperFile {
    PaperFile { name: part.name.clone(), sha256: part.sha256.to_string(), size: part.size }
}

/// The tracked changes of a Word file, and what changed in it since the one before without one.
pub(super) fn marks(
    word: &[u8],
    earlier: Option<&[u8]>,
) -> Result<(usize, Vec<Hidden>), PapersError> {
    let package = Package::read(word)?;
    let revisions = package.revisions()?.len();
    let hidden = match earlier {
        Some(earlier) => docx::hidden(&Package::read(earlier)?, &package)?,
        None => Vec::new(),
    };
    Ok((revisions, hidden))
}

/// The terms that tracked changes of a Word file propose, each as its words say it, in the language
/// that comes first.
pub(super) fn proposed(word: &[u8], terms: &Agreement) -> Result<Vec<ChangedTerm>, DeskError> {
    let package = Package::read(word).map_err(PapersError::from)?;
    let back = match draft::terms_of(&package, Some(terms)) {
        Ok(back) => back,
        Err(BackError::NoStore) => return Ok(Vec::new()),
        Err(error) => return Err(PapersError::from(error).into()),
    };
    let mut proposed: Vec<ChangedTerm> = Vec::new();
    for term in back.terms {
        let path = term.mark.path;
        if let Some(after) = term.proposed
            && !proposed.iter().any(|told| told.path == path)
        {
            proposed.push(ChangedTerm { path, before: term.known, after: Some(after) });
        }
    }
    Ok(proposed)
}

/// What stands in the way of a version that was offered, beside its [`marks`].
pub(super) fn read_again(
    version: &Version,
    word: &[u8],
    earlier: Option<&[u8]>,
    terms: &Agreement,
) -> Result<(Vec<Obstacle>, usize, Vec<Hidden>), DeskError> {
    let (revisions, hidden) = marks(word, earlier)?;
    if version.papers.is_some() {
        return Ok((Vec::new(), revisions, hidden));
    }
    let package = Package::read(word).map_err(PapersError::from)?;
    let Brought { mut obstacles, .. } = bring(package, terms)?;
    obstacles.extend(errors(terms));
    obstacles.extend(gaps(&text_of(word)?, &version.annexes, terms));
    if obstacles.is_empty() {
        // Nothing else is left: nobody was named, neither in the offer nor in the terms.
        let sides = [Side::Customer, Side::Vendor].into_iter();
        let missing = sides.filter(|side| representative(terms, *side).is_none());
        obstacles.extend(missing.map(|side| Obstacle::SignatoryMissing { side }));
    }
    Ok((obstacles, revisions, hidden))
}

/// The terms that differ, by their paths.
pub(super) fn changed_terms(
    before: &Agreement,
    after: &Agreement,
) -> Result<Vec<ChangedTerm>, DeskError> {
    let of = |terms| -> Result<BTreeMap<String, String>, DeskError> {
        let node = to_node(terms).map_err(|_| crate::desk::unwritable("terms"))?;
        let texts = leaves(&node).into_iter().filter_map(|leaf| Some((leaf.text()?, leaf.path)));
        Ok(texts.map(|(text, path)| (path, text)).collect())
    };
    let (mut before, mut after) = (of(before)?, of(after)?);
    let paths: BTreeSet<String> = before.keys().chain(after.keys()).cloned().collect();
    let changed = paths.into_iter().map(|path| {
        let (before, after) = (before.remove(&path), after.remove(&path));
        ChangedTerm { path, before, after }
    });
    Ok(changed.filter(|term| term.before != term.after).collect())
}
