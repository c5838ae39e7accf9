//! Reading the terms back from a Word file that came home: what the store says, what the reader
//! sees, and what was known before. Where the three agree the term is as it was; where store and
//! surface agree on something new the other party changed it; anything else is inconsistent and
//! blocks signing. Bindings are read by XPath before tags, and pieces of a control that an editor
//! cut apart count as one. Decides nothing about the change itself.

use std::collections::BTreeMap;

use contract::form::{Form as _, Leaf, Node, Problem, Value, WriteError, leaves, to_node};
use contract::terms::Agreement;
use docx::Package;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use units::Lang;

use super::controls::{
    Control, DEEPEST, MOST_CONTROLS, attribute, controls_of, is_repeated, joined, plain, resolved,
};
use super::fill::value_at;
use super::format::Format;
use super::model::{Edition, TermMark};
use super::word::{Saying, TERMS};
use super::{DraftProblem, draft};

/// Why terms cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum BackError {
    /// The file holds no terms.
    #[error("the file has no part of the namespace {TERMS}")]
    NoStore,
    /// The part that holds the terms is damaged.
    #[error("the terms in {part} cannot be read: {reason}")]
    Store {
        /// The part.
        part: String,
        /// What is wrong.
        reason: String,
    },
    /// The text is damaged.
    #[error("{part} cannot be read: {reason}")]
    Text {
        /// The part.
        part: String,
        /// What is wrong.
        reason: String,
    },
    /// More controls than a contract has.
    #[error("more than {MOST_CONTROLS} content controls, or controls more than {DEEPEST} deep")]
    Controls,
    /// The terms that were known have no wording to compare with.
    #[error("the known terms have no wording")]
    Known(Vec<DraftProblem>),
    /// The terms have no written form: a bug.
    #[error(transparent)]
    Written(#[from] WriteError),
}

/// What became of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Store, surface and the known value agree.
    Same,
    /// Store and surface agree on another value.
    Changed,
    /// They disagree, or the term is gone: nobody may sign this.
    Inconsistent,
}

/// A term as it was read back, in one of its ways of being said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermBack {
    /// Which term, and how it is said.
    pub mark: TermMark,
    /// In which language.
    pub lang: Lang,
    /// How it was said before; absent where it was not.
    pub known: Option<String>,
    /// What the store says.
    pub store: Option<String>,
    /// What the reader sees, at each place, before tracked changes.
    pub surface: Vec<String>,
    /// What tracked insertions make of it.
    pub proposed: Option<String>,
    /// Whether an editor cut a control apart and put the whole value into each piece: nothing is
    /// lost, and the file is not fit to be read by people.
    pub repeated: bool,
    /// What became of it.
    pub outcome: Outcome,
}

/// The terms of a file that came home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsBack {
    /// The agreement that the store holds.
    pub agreement: Agreement,
    /// Every way in which a term is said, in the order of the text.
    pub terms: Vec<TermBack>,
    /// Paths of terms that the store's agreement has otherwise than the known one.
    pub store_differs: Vec<String>,
}

impl TermsBack {
    /// Whether the file can be signed as it is: every term is as it was known and stands once.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        let same = |term: &TermBack| {
            term.outcome == Outcome::Same && term.proposed.is_none() && !term.repeated
        };
        self.store_differs.is_empty() && self.terms.iter().all(same)
    }

    /// Whether store and surface agree everywhere.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        let fine = |term: &TermBack| term.outcome != Outcome::Inconsistent;
        self.store_differs.is_empty() && self.terms.iter().all(fine)
    }

    /// The terms that the other party changed, or proposes by tracked insertions.
    pub fn changes(&self) -> impl Iterator<Item = &TermBack> {
        let changed =
            |term: &&TermBack| term.outcome == Outcome::Changed || term.proposed.is_some();
        self.terms.iter().filter(changed)
    }

    /// The agreement with the other party's changes and proposals.
    ///
    /// # Errors
    /// Words that are no value of their term, and values that make no agreement.
    pub fn changed_agreement(&self, known: &Agreement) -> Result<Agreement, ChangeError> {
        let mut root = to_node(known)?;
        for term in self.changes() {
            let path = &term.mark.path;
            let text = term.proposed.as_ref().or(term.store.as_ref());
            let text = text.map_or("", String::as_str);
            let list = matches!(value_at(&root, path), Some(Value::List(_)));
            let value = term.mark.format.read(text, list, term.lang, known.currency);
            let none = || ChangeError::Words { path: path.clone(), text: text.to_owned() };
            let value = value.ok_or_else(none)?;
            let place = super::fill::place_at(&mut root, path).ok_or_else(none)?;
            place.value = value;
        }
        let mut problems = Vec::new();
        match Agreement::read(&root, "", &mut problems) {
            Some(agreement) if problems.is_empty() => Ok(agreement),
            _ => Err(ChangeError::Terms(problems)),
        }
    }
}

/// Why a change makes no agreement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// Words that are no value of the term.
    #[error("{text:?} is no value of {path}")]
    Words {
        /// The term.
        path: String,
        /// The words.
        text: String,
    },
    /// Values that make no agreement.
    #[error("the changed terms are no agreement")]
    Terms(Vec<Problem>),
    /// The terms have no written form: a bug.
    #[error(transparent)]
    Written(#[from] WriteError),
}

/// What the custom XML part holds.
struct Stored {
    part: String,
    agreement: Agreement,
    langs: Vec<Lang>,
    said: Vec<(TermMark, Lang, String)>,
}

impl Stored {
    fn edition(&self) -> Edition {
        match self.langs.as_slice() {
            [one] => Edition::of(*one),
            _ => Edition::Bilingual,
        }
    }
}

/// Reads the terms of a file back and compares them with the known ones; without them, with those
/// that the file itself holds.
///
/// # Errors
/// A file without terms, or with a damaged part; known terms without wording.
pub fn terms_of(package: &Package, known: Option<&Agreement>) -> Result<TermsBack, BackError> {
    let stored = store_of(package)?;
    let known = known.unwrap_or(&stored.agreement);
    let before = draft(known, stored.edition()).map_err(BackError::Known)?;
    let mut before_said: BTreeMap<(TermMark, Lang), String> = BTreeMap::new();
    for (lang, mark, text) in before.terms() {
        before_said.insert((mark.clone(), lang), text.to_owned());
    }
    let mut surfaces: BTreeMap<usize, Vec<Control>> = BTreeMap::new();
    for control in controls_of(package)? {
        if let Some(at) = place_of(&control, &stored) {
            surfaces.entry(at).or_default().push(control);
        }
    }
    let mut terms = Vec::new();
    for (at, (mark, lang, text)) in stored.said.iter().enumerate() {
        let key = (mark.clone(), *lang);
        let known = before_said.remove(&key);
        let controls = surfaces.remove(&at).unwrap_or_default();
        terms.push(judge(mark.clone(), *lang, known, text, &controls));
    }
    // What the known wording says and the file does not.
    for ((mark, lang), text) in before_said {
        terms.push(TermBack {
            mark,
            lang,
            known: Some(text),
            store: None,
            surface: Vec::new(),
            proposed: None,
            repeated: false,
            outcome: Outcome::Inconsistent,
        });
    }
    let store_differs = differing(&to_node(known)?, &to_node(&stored.agreement)?);
    Ok(TermsBack { agreement: stored.agreement, terms, store_differs })
}

/// The same file with these terms in its store, each said as their wording says it: what a file
/// that came home with agreed changes needs before it is signed. The words that a reader sees stay
/// as they are. `None` where the terms are said at other places than the file's controls show.
///
/// # Errors
/// As [`terms_of`].
pub fn rebound(package: &Package, agreement: &Agreement) -> Result<Option<Package>, BackError> {
    let stored = store_of(package)?;
    let wording = draft(agreement, stored.edition()).map_err(BackError::Known)?;
    let fresh = Saying::of(&wording);
    let places = |said: &[(TermMark, Lang, String)]| {
        said.iter().map(|(mark, lang, _)| (mark.clone(), *lang)).collect::<Vec<_>>()
    };
    if places(&stored.said) != places(&fresh.said) {
        return Ok(None);
    }
    let mut bound = package.clone();
    bound.set(&stored.part, fresh.store(&wording, agreement).into_bytes());
    Ok(Some(bound))
}

fn judge(
    mark: TermMark,
    lang: Lang,
    known: Option<String>,
    store: &str,
    controls: &[Control],
) -> TermBack {
    let repeated = controls.iter().any(|one| is_repeated(&one.original, store));
    let surface: Vec<String> = controls.iter().map(|one| joined(&one.original, store)).collect();
    let last: Vec<String> = controls.iter().map(|one| joined(&one.last, store)).collect();
    let store = plain(store);
    let known = known.map(|text| plain(&text));
    let tracked = last.iter().zip(&surface).find(|(last, original)| last != original);
    let proposed = tracked.map(|(last, _)| last.clone());
    // Word writes what is typed under tracking into the store at once.
    let agrees = |text: &String| *text == store || proposed.as_ref() == Some(&store);
    let first = surface.first();
    let one = first.is_some_and(|first| surface.iter().all(|text| text == first));
    let proposals_agree = proposed.as_ref().is_none_or(|proposed| {
        last.iter().zip(&surface).all(|(last, original)| last == original || last == proposed)
    });
    let outcome = if !one || !proposals_agree || !first.is_some_and(agrees) {
        Outcome::Inconsistent
    } else if first == known.as_ref() {
        Outcome::Same
    } else {
        Outcome::Changed
    };
    TermBack { mark, lang, known, store: Some(store), surface, proposed, repeated, outcome }
}

/// Which way of saying a control shows: by its binding, then by its tag where that is the only
/// one.
fn place_of(control: &Control, stored: &Stored) -> Option<usize> {
    if let Some(xpath) = &control.xpath {
        let number = xpath.rsplit("say[").next()?.strip_suffix(']')?;
        let at = number.parse::<usize>().ok()?.checked_sub(1)?;
        return (at < stored.said.len()).then_some(at);
    }
    let tag = control.tag.as_ref()?;
    let mut found = stored.said.iter().enumerate().filter(|(_, (mark, ..))| mark.path == *tag);
    let (at, _) = found.next()?;
    found.next().is_none().then_some(at)
}

/// The paths of single values that differ, in the order of the first tree.
fn differing(left: &Node, right: &Node) -> Vec<String> {
    let (left, right) = (leaves(left), leaves(right));
    let at = |found: &[Leaf]| -> BTreeMap<String, Value> {
        found.iter().map(|leaf| (leaf.path.clone(), leaf.value.clone())).collect()
    };
    let (here, there) = (at(&left), at(&right));
    let gone = left.iter().filter(|leaf| there.get(&leaf.path) != Some(&leaf.value));
    let come = right.iter().filter(|leaf| !here.contains_key(&leaf.path));
    gone.chain(come).map(|leaf| leaf.path.clone()).collect()
}

fn store_of(package: &Package) -> Result<Stored, BackError> {
    let parts = package.parts().filter(|name| {
        name.starts_with("customXml/") && name.ends_with(".xml") && !name.contains("itemProps")
    });
    for part in parts {
        let text = package.part(part).and_then(|bytes| std::str::from_utf8(bytes).ok());
        let Some(text) = text.filter(|text| text.contains(TERMS)) else { continue };
        return read_store(text, part)
            .map_err(|reason| BackError::Store { part: part.to_owned(), reason });
    }
    Err(BackError::NoStore)
}

/// Reads what `word` wrote: the terms, what each saying means, and the sayings in the same order.
fn read_store(text: &str, part: &str) -> Result<Stored, String> {
    let mut reader = Reader::from_str(text);
    let (mut json, mut langs) = (None, Vec::new());
    let (mut means, mut says) = (Vec::new(), Vec::new());
    let mut value = String::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Eof => break,
            Event::Start(start) => {
                value.clear();
                match start.local_name().into_inner() {
                    "terms" => langs = langs_of(&start),
                    "means" => means.push(saying_of(&start).ok_or("a saying of no term")?),
                    _ => {}
                }
            }
            Event::Empty(start) => match start.local_name().into_inner() {
                "means" => means.push(saying_of(&start).ok_or("a saying of no term")?),
                // A value that was emptied comes home as an empty element.
                "say" => says.push(String::new()),
                _ => {}
            },
            Event::Text(text) => value.push_str(&text.xml10_content()),
            Event::CData(text) => value.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                value.push_str(&resolved(&reference).ok_or("an unknown entity")?);
            }
            Event::End(end) => match end.local_name().into_inner() {
                "agreement" => json = Some(std::mem::take(&mut value)),
                "say" => says.push(std::mem::take(&mut value)),
                _ => {}
            },
            _ => {}
        }
        if says.len().max(means.len()) > MOST_CONTROLS {
            return Err("too many terms".to_owned());
        }
    }
    if means.len() != says.len() {
        return Err(format!("{} sayings for {} meanings", says.len(), means.len()));
    }
    let json = json.ok_or("it holds no agreement")?;
    let agreement = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    let said = means.into_iter().zip(says).map(|((mark, lang), text)| (mark, lang, text));
    Ok(Stored { part: part.to_owned(), agreement, langs, said: said.collect() })
}

fn langs_of(start: &BytesStart<'_>) -> Vec<Lang> {
    let langs = attribute(start, "langs").unwrap_or_default();
    langs.split(' ').filter_map(|code| code.parse().ok()).collect()
}

fn saying_of(start: &BytesStart<'_>) -> Option<(TermMark, Lang)> {
    let format = Format::read_name(&attribute(start, "as")?)?;
    let lang = attribute(start, "lang")?.parse().ok()?;
    Some((TermMark { path: attribute(start, "path")?, format }, lang))
}
