//! A redline: the changes from one version of a document to another as native tracked changes in
//! the older one, and a report of what could not be marked.
//!
//! Accepting all of it gives the text of the new version, rejecting all of it the text of the old,
//! but for what the report names. Compares text, numbers and tables; how text looks is taken from
//! the new version where it is new and is otherwise left as it was.

mod adopt;
mod blocks;
mod defined;
mod import;
mod moves;
mod paragraphs;
mod report;
mod tables;

pub use report::{Changed, Report, Unmarked, What};

use crate::comments::Comments;
use crate::document::{Place, Story, View, numbers, stories};
use crate::fault::Fault;
use crate::numbering::Numbering;
use crate::package::Package;
use crate::revisions::Select;
use crate::story::Para;
use crate::styles::Styles;
use crate::track::Stamp;
use crate::tree::{NodeId, Tree};

/// How two versions are compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compare {
    /// Who the changes are from.
    pub author: String,
    /// When they were made (`2026-11-22T08:00:00Z`); empty gives them no time.
    pub at: String,
    /// Defined terms, each compared as one word; beside those that either version defines in
    /// quotes.
    pub terms: Vec<String>,
    /// What the comment on a change that is not marked says, in the reader's language; English
    /// where it is not given.
    pub words: Vec<(What, String)>,
}

/// Marks in `old` what changed to `new`. Of versions with tracked changes the final view is
/// compared, and the report says so.
///
/// # Errors
/// A part that is no XML.
pub fn redline(
    old: &Package,
    new: &Package,
    compare: &Compare,
) -> Result<(Package, Report), Fault> {
    let mut report = Report {
        old_revisions: old.revisions()?.len(),
        new_revisions: new.revisions()?.len(),
        ..Report::default()
    };
    let mut out = old.clone();
    out.accept(&Select::all())?;
    let mut comments = Comments::default();
    let mut stamp = Stamp::new(&out, &compare.author, &compare.at)?;
    let (from, to) = (stories(&out, View::Final)?, stories(new, View::Final)?);
    let mut imports = import::Imports::new(&out, new)?;
    let (styles, numbering) = (Styles::read(&out)?, Numbering::read(&out)?);
    let (new_styles, new_numbering) = (Styles::read(new)?, Numbering::read(new)?);
    let mut terms = compare.terms.clone();
    for para in from.iter().chain(&to).flat_map(|story| &story.paras) {
        defined::terms(&para.text(), &mut terms);
    }
    terms.sort_unstable();
    terms.dedup();
    for (story, other) in pair(&from, &to, &mut report) {
        let mut tree = story.tree.clone();
        let mut marker = Marker {
            tree: &mut tree,
            old: Side::of(story, &numbering, &styles),
            new: Side::of(other, &new_numbering, &new_styles),
            terms: &terms,
            words: &compare.words,
            imports: &mut imports,
            stamp: &mut stamp,
            comments: &mut comments,
            report: &mut report,
        };
        marker.story();
        out.put(&story.part, &tree);
    }
    imports.write(&mut out)?;
    comments.write(&mut out, &stamp)?;
    Ok((out, report))
}

/// One version of a part.
struct Side<'s> {
    story: &'s Story,
    numbers: Vec<Option<String>>,
    styles: &'s Styles,
    numbering: &'s Numbering,
}

impl<'s> Side<'s> {
    fn of(story: &'s Story, numbering: &'s Numbering, styles: &'s Styles) -> Self {
        Side { story, numbers: numbers(story, numbering, styles), styles, numbering }
    }

    /// The list and the level of a paragraph.
    fn number(&self, para: &Para) -> Option<(u32, u8)> {
        self.numbering.of_paragraph(para.numbered, para.style.as_deref(), self.styles)
    }

    /// How a list counts and looks.
    fn shape(&self, num: u32) -> Option<String> {
        self.numbering.shape(num, self.styles)
    }

    fn para(&self, at: usize) -> &'s Para {
        &self.story.paras[at]
    }
}

/// Marks the changes of one part.
struct Marker<'m> {
    tree: &'m mut Tree,
    old: Side<'m>,
    new: Side<'m>,
    terms: &'m [String],
    words: &'m [(What, String)],
    imports: &'m mut import::Imports,
    stamp: &'m mut Stamp,
    comments: &'m mut Comments,
    report: &'m mut Report,
}

impl Marker<'_> {
    /// Says that a change is not marked: in the report, and in a comment where the part takes one.
    fn unmarked(&mut self, what: What, at: Option<usize>, old: &str, new: &str) {
        let node = at.map(|at| self.old.para(at).node);
        self.unmarked_on(what, at, node, (old, new));
    }

    /// The same for a paragraph that the old version may not have.
    fn unmarked_on(
        &mut self,
        what: What,
        at: Option<usize>,
        node: Option<NodeId>,
        (old, new): (&str, &str),
    ) {
        let source = at.map(|at| at as u32 + 1);
        let commented = self.old.story.place == Place::Body && node.is_some();
        let one = Unmarked {
            what,
            part: self.old.story.part.clone(),
            source,
            old: report::short(old),
            new: report::short(new),
            commented,
        };
        if commented && let Some(node) = node {
            self.comments.on_paragraph(self.tree, node, &one.comment(self.words), self.stamp);
        }
        self.report.unmarked.push(one);
    }
}

/// Which part of one version is which of the other: the n-th of each place.
fn pair<'s>(
    old: &'s [Story],
    new: &'s [Story],
    report: &mut Report,
) -> Vec<(&'s Story, &'s Story)> {
    let mut pairs = Vec::new();
    for place in [Place::Body, Place::Footnote, Place::Endnote, Place::Header, Place::Footer] {
        let of = |stories: &'s [Story]| {
            stories.iter().filter(|story| story.place == place).collect::<Vec<_>>()
        };
        let (a, b) = (of(old), of(new));
        pairs.extend(a.iter().copied().zip(b.iter().copied()));
        let common = a.len().min(b.len());
        for story in &a[common..] {
            report.part(story, true);
        }
        for story in &b[common..] {
            report.part(story, false);
        }
    }
    pairs
}
