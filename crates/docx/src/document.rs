//! A document as paragraphs with computed numbers, in one of three views.
//!
//! The running text comes first, then the notes that it refers to, then headers and footers.
//! Comments are read on their own ([`Package::comments`]).

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::fault::Fault;
use crate::names::{Ns, kind_of};
use crate::numbering::{Counters, Numbering};
use crate::opc::relationships;
use crate::package::Package;
use crate::revisions::{Select, Verdict, resolve};
pub use crate::story::{Cell, Look, Mark, Place};
use crate::story::{Para, read, read_notes};
use crate::styles::Styles;
use crate::tree::Tree;

/// Which state of a document with tracked changes is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// Before the changes: deletions are there, insertions are not, moved text is at its old place.
    Original,
    /// After the changes.
    Final,
    /// Both, marked: `[-deleted-]` and `{+inserted+}`.
    Marked,
}

/// A document as its paragraphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// In the order of reading.
    pub paragraphs: Vec<Paragraph>,
    /// What the file holds and this reading does not show.
    pub unread: Vec<Unread>,
}

/// A paragraph, empty ones included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// The text that is seen, without the number. Tabs are `\t`, line breaks `\n`.
    pub text: String,
    /// The same text in runs of one look.
    pub runs: Vec<Run>,
    /// The number that Word computes, as it is shown (`3.1`, `(a)`, `第三条`, `•`).
    pub number: Option<String>,
    /// The level of the list, from 0.
    pub level: Option<u8>,
    /// The level of the heading, from 1.
    pub heading: Option<u8>,
    /// The name of the style.
    pub style: Option<String>,
    /// Where it stands.
    pub place: Place,
    /// The cell that holds it.
    pub cell: Option<Cell>,
    /// The id of the note that holds it.
    pub note: Option<String>,
    /// The part that holds it.
    pub part: String,
    /// The paragraph of that part in this view, from 1, in the order of reading.
    pub source: u32,
    /// The bytes of that part that it was read from.
    pub bytes: Option<Range<usize>>,
    /// What happened to its mark, in the marked view.
    pub mark: Option<Mark>,
}

/// Text of one look.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Run {
    /// The text.
    pub text: String,
    /// How it looks.
    pub look: Look,
    /// What happened to it, in the marked view.
    pub mark: Option<Mark>,
}

/// What the file holds and no reading shows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Unread {
    /// Text that is formatted as hidden.
    Hidden {
        /// The part.
        part: String,
        /// The paragraph of that part in this view, from 1.
        source: u32,
        /// The text.
        text: String,
    },
    /// A whole file that Word would put in the place of this element (`w:altChunk`).
    Chunk {
        /// The part that refers to it.
        part: String,
    },
    /// A document that this one shows and that lies elsewhere (`w:subDoc`).
    Elsewhere {
        /// The part that refers to it.
        part: String,
    },
}

impl Document {
    /// Reads one view.
    ///
    /// # Errors
    /// A part that is no XML.
    pub fn read(package: &Package, view: View) -> Result<Document, Fault> {
        let styles = Styles::read(package)?;
        let numbering = Numbering::read(package)?;
        let mut document = Document { paragraphs: Vec::new(), unread: Vec::new() };
        for story in stories(package, view)? {
            let mut counters = Counters::default();
            for (index, para) in story.paras.iter().enumerate() {
                let paragraph =
                    show(&story, index, para, view, (&numbering, &styles, &mut counters));
                note_hidden(&story, para, paragraph.source, &mut document.unread);
                document.paragraphs.push(paragraph);
            }
            note_unread(&story, &mut document.unread);
        }
        Ok(document)
    }

    /// The canonical text: each paragraph of the running text, of its boxes and of its notes that
    /// is not empty, number first, on one line each; white space is one blank.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for paragraph in &self.paragraphs {
            if matches!(paragraph.place, Place::Header | Place::Footer | Place::Comment) {
                continue;
            }
            let line = paragraph.line();
            if !line.is_empty() {
                out.push_str(&line);
                out.push('\n');
            }
        }
        out
    }
}

impl Paragraph {
    /// Number and text on one line, white space as one blank.
    #[must_use]
    pub fn line(&self) -> String {
        let words = self.text.split_whitespace();
        let text = self.number.as_deref().into_iter().flat_map(str::split_whitespace).chain(words);
        text.collect::<Vec<_>>().join(" ")
    }
}

/// One part of the document, read in one view.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) part: String,
    pub(crate) place: Place,
    pub(crate) tree: Tree,
    pub(crate) paras: Vec<Para>,
}

/// The parts with text: the document, its notes, headers, footers and comments.
pub(crate) fn story_parts(package: &Package) -> Result<Vec<(String, Place)>, Fault> {
    let main = package.document();
    let mut parts = vec![(main.to_owned(), Place::Body)];
    for one in relationships(package, main)? {
        let place = match kind_of(&one.kind) {
            "footnotes" => Place::Footnote,
            "endnotes" => Place::Endnote,
            "header" => Place::Header,
            "footer" => Place::Footer,
            "comments" => Place::Comment,
            _ => continue,
        };
        let known = parts.iter().any(|(part, _)| *part == one.target);
        if !one.external && !known && package.part(&one.target).is_some() {
            parts.push((one.target, place));
        }
    }
    let order = |place: Place| match place {
        Place::Body | Place::Box => 0,
        Place::Footnote => 1,
        Place::Endnote => 2,
        Place::Header => 3,
        Place::Footer => 4,
        Place::Comment => 5,
    };
    parts.sort_by_key(|(_, place)| order(*place));
    Ok(parts)
}

/// Reads all parts with text but the comments, in one view; of the notes those that the text
/// refers to, in the order in which it does.
pub(crate) fn stories(package: &Package, view: View) -> Result<Vec<Story>, Fault> {
    let mut found: Vec<Story> = Vec::new();
    let mut referred: Vec<(Place, String)> = Vec::new();
    for (part, place) in story_parts(package)? {
        if place == Place::Comment {
            continue;
        }
        let mut tree = package.tree(&part)?;
        match view {
            View::Final => resolve(&mut tree, &part, Verdict::Accept, &Select::all()),
            View::Original => resolve(&mut tree, &part, Verdict::Reject, &Select::all()),
            View::Marked => 0,
        };
        let paras = match place {
            Place::Footnote => in_order(read_notes(&tree, "footnote", place), &referred, place),
            Place::Endnote => in_order(read_notes(&tree, "endnote", place), &referred, place),
            _ => read(&tree, tree.root(), place),
        };
        if place == Place::Body {
            referred = paras.iter().flat_map(|para| para.notes.clone()).collect();
        }
        found.push(Story { part, place, tree, paras });
    }
    Ok(found)
}

fn in_order(notes: Vec<Para>, referred: &[(Place, String)], place: Place) -> Vec<Para> {
    let mut by_id: HashMap<String, Vec<Para>> = HashMap::new();
    for para in notes {
        by_id.entry(para.note.clone().unwrap_or_default()).or_default().push(para);
    }
    referred
        .iter()
        .filter(|(of, _)| *of == place)
        .filter_map(|(_, id)| by_id.remove(id))
        .flatten()
        .collect()
}

/// The numbers of the paragraphs of a story, as they are shown.
pub(crate) fn numbers(
    story: &Story,
    numbering: &Numbering,
    styles: &Styles,
) -> Vec<Option<String>> {
    let mut counters = Counters::default();
    let of = |para: &Para| {
        let style = para.style.as_deref();
        let numbered = numbering.of_paragraph(para.numbered, style, styles);
        let (num, level) = numbered.filter(|_| para.counts())?;
        counters.next(numbering, styles, num, level)
    };
    story.paras.iter().map(of).collect()
}

fn show(
    story: &Story,
    index: usize,
    para: &Para,
    view: View,
    (numbering, styles, counters): (&Numbering, &Styles, &mut Counters),
) -> Paragraph {
    let style = para.style.as_deref();
    let numbered = numbering.of_paragraph(para.numbered, style, styles);
    let counted = numbered.filter(|_| para.counts());
    let number = counted.and_then(|(num, level)| counters.next(numbering, styles, num, level));
    let heading = match para.outline {
        Some(level) => (level < 9).then_some(level + 1),
        None => styles.heading(style),
    };
    let runs = runs(para);
    Paragraph {
        text: runs.iter().map(|run| marked(run, view)).collect(),
        runs,
        number,
        level: numbered.map(|(_, level)| level),
        heading,
        style: styles.name(style),
        place: para.place,
        cell: para.cell,
        note: para.note.clone(),
        part: story.part.clone(),
        source: index as u32 + 1,
        bytes: story.tree.range(para.node),
        mark: para.mark,
    }
}

/// Pieces that look the same, joined; what is hidden is left out.
fn runs(para: &Para) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for piece in para.pieces.iter().filter(|piece| !piece.look.hidden) {
        match runs.last_mut() {
            Some(last) if last.look == piece.look && last.mark == piece.mark => {
                last.text.push_str(&piece.text);
            }
            _ => runs.push(Run { text: piece.text.clone(), look: piece.look, mark: piece.mark }),
        }
    }
    runs
}

fn marked(run: &Run, view: View) -> String {
    match run.mark {
        Some(Mark::Inserted) if view == View::Marked => format!("{{+{}+}}", run.text),
        Some(Mark::Deleted) if view == View::Marked => format!("[-{}-]", run.text),
        _ => run.text.clone(),
    }
}

fn note_hidden(story: &Story, para: &Para, source: u32, unread: &mut Vec<Unread>) {
    let hidden = para.pieces.iter().filter(|piece| piece.look.hidden);
    let text: String = hidden.map(|piece| piece.text.as_str()).collect();
    if !text.trim().is_empty() {
        unread.push(Unread::Hidden { part: story.part.clone(), source, text });
    }
}

fn note_unread(story: &Story, unread: &mut Vec<Unread>) {
    let mut seen = HashSet::new();
    for node in story.tree.walk(story.tree.root()) {
        if story.tree.ns(node) != Ns::W {
            continue;
        }
        let part = story.part.clone();
        let one = match story.tree.local(node) {
            "altChunk" => Unread::Chunk { part },
            "subDoc" => Unread::Elsewhere { part },
            _ => continue,
        };
        if seen.insert(story.tree.local(node)) {
            unread.push(one);
        }
    }
}
