//! Answers in one document: tracked changes and comments for places of its final view. Changes of
//! others that are in it stay.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::comments::Comments;
use crate::document::{Place, Story, View, stories};
use crate::fault::Fault;
use crate::package::Package;
use crate::track::{Edit, Stamp, can, look_at, revise, run};

/// A change of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The paragraph: its place in [`crate::Document::paragraphs`] of the final view, from 0.
    pub paragraph: usize,
    /// The characters of its text.
    pub range: Range<usize>,
    /// What comes in their place; none leaves the text and only comments on it.
    pub replacement: Option<String>,
    /// A comment on the place.
    pub comment: Option<String>,
}

/// Writes the suggestions as tracked changes and comments of `author`, made at `at`
/// (`2026-11-22T08:00:00Z`; empty gives them no time).
///
/// # Errors
/// A paragraph or a range that does not exist, or two that overlap; a part that is no XML. A place
/// that belongs to a field or a formula cannot be changed and is such a range.
pub fn suggest(
    package: &Package,
    suggestions: &[Suggestion],
    author: &str,
    at: &str,
) -> Result<Package, Fault> {
    let mut out = package.clone();
    let mut stamp = Stamp::new(package, author, at)?;
    let mut comments = Comments::default();
    let read = stories(package, View::Final)?;
    let mut by_paragraph: BTreeMap<usize, Vec<&Suggestion>> = BTreeMap::new();
    for one in suggestions {
        by_paragraph.entry(one.paragraph).or_default().push(one);
    }
    let mut first = 0;
    for story in &read {
        let mine = by_paragraph.range(first..first + story.paras.len());
        let mine: Vec<(usize, &Vec<&Suggestion>)> =
            mine.map(|(paragraph, all)| (*paragraph, all)).collect();
        if !mine.is_empty() {
            let mut tree = package.tree(&story.part)?;
            for (paragraph, all) in mine {
                let place = paragraph - first;
                write(story, place, paragraph, all, &mut tree, &mut stamp, &mut comments)?;
            }
            out.put(&story.part, &tree);
        }
        first += story.paras.len();
    }
    if let Some((paragraph, _)) = by_paragraph.range(first..).next() {
        return Err(Fault::NoSuch { what: "paragraph", which: paragraph.to_string() });
    }
    comments.write(&mut out, &stamp)?;
    Ok(out)
}

fn write(
    story: &Story,
    place: usize,
    paragraph: usize,
    all: &[&Suggestion],
    tree: &mut crate::tree::Tree,
    stamp: &mut Stamp,
    comments: &mut Comments,
) -> Result<(), Fault> {
    // The final view was read from a copy of this tree, so its nodes are nodes of this tree.
    let para = &story.paras[place];
    let length = para.text().chars().count();
    let mut sorted = all.to_vec();
    sorted.sort_by_key(|one| (one.range.start, one.range.end));
    let mut behind = 0;
    let mut edits = Vec::new();
    for one in &sorted {
        let Range { start: from, end: to } = one.range;
        let free = from <= to && to <= length && from >= behind;
        if !free || (one.replacement.is_some() && !can(para, from, to)) {
            return Err(Fault::Range { paragraph, from, to });
        }
        if one.comment.is_some() && story.place != Place::Body {
            return Err(Fault::NoComment { paragraph });
        }
        behind = to;
        let text = one.replacement.as_deref().unwrap_or("");
        let look = look_at(tree, para, from, to);
        let runs = if text.is_empty() { Vec::new() } else { vec![run(tree, look, text)] };
        // What only gets a comment is cut free where that can be; else its paragraph gets it.
        let keep = one.replacement.is_none();
        let to = if keep && !can(para, from, to) { from } else { to };
        edits.push(Edit { from, to, keep, runs });
    }
    let made = revise(tree, para, &edits, stamp);
    for (one, made) in sorted.iter().zip(made) {
        let Some(comment) = &one.comment else { continue };
        match made {
            Some(made) => comments.on(tree, made, comment, stamp),
            None => comments.on_paragraph(tree, para.node, comment, stamp),
        }
    }
    Ok(())
}
