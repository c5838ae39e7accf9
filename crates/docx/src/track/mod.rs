//! Tracked changes that are written: characters of a paragraph deleted and inserted, with new ids,
//! and what no change touches left as it is.
//!
//! Knows nothing of where the changes come from.

mod runs;

use crate::document::story_parts;
use crate::fault::Fault;
use crate::names::Ns;
use crate::package::Package;
use crate::story::{Para, Piece, PieceKind};
use crate::tree::{NodeId, Tree};

/// Who writes, when, and the next free id.
#[derive(Debug, Clone)]
pub(crate) struct Stamp {
    pub(crate) author: String,
    pub(crate) at: String,
    next: u32,
}

impl Stamp {
    /// A stamp whose ids are free in every part of the file.
    pub(crate) fn new(package: &Package, author: &str, at: &str) -> Result<Stamp, Fault> {
        if !at.is_empty() && !is_time(at) {
            return Err(Fault::Time { at: at.to_owned() });
        }
        let mut next = 0;
        for (part, _) in story_parts(package)? {
            let tree = package.tree(&part)?;
            for node in tree.walk(tree.root()).filter(|&node| tree.ns(node) == Ns::W) {
                // Notes and controls count on their own.
                if matches!(tree.local(node), "id" | "footnote" | "endnote") {
                    continue;
                }
                let id = tree.attr(node, "id").and_then(|id| id.trim().parse::<u32>().ok());
                // Word stops at 2^31 - 1; an id near it leaves no room behind.
                next = next.max(id.filter(|&id| id < 1 << 30).map_or(0, |id| id + 1));
            }
        }
        Ok(Stamp { author: author.to_owned(), at: at.to_owned(), next })
    }

    /// A free id.
    pub(crate) fn id(&mut self) -> String {
        self.next += 1;
        (self.next - 1).to_string()
    }

    /// An element that records a change.
    pub(crate) fn make(&mut self, tree: &mut Tree, name: &str) -> NodeId {
        let id = self.id();
        let mut attributes = vec![("id", id.as_str()), ("author", self.author.as_str())];
        attributes.extend(self.date());
        tree.make(name, &attributes)
    }

    /// The attribute with the time, where one was given.
    pub(crate) fn date(&self) -> Option<(&str, &str)> {
        (!self.at.is_empty()).then_some(("date", self.at.as_str()))
    }
}

/// Whether a text is a time as Word reads it (`2026-11-22T08:00:00Z`); it refuses other files.
fn is_time(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    matches!(shape.trim_end_matches('Z'), "0000-00-00T00:00:00") && text.len() <= 20
}

/// A change of the characters `from..to` of a paragraph's seen text.
#[derive(Debug, Clone)]
pub(crate) struct Edit {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Whether the characters stay, so that only their place is wanted.
    pub(crate) keep: bool,
    /// The runs that come in their place.
    pub(crate) runs: Vec<NodeId>,
}

/// What an edit made: the elements from its first to its last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Made {
    pub(crate) first: NodeId,
    pub(crate) last: NodeId,
}

/// A piece with its place in the characters of the seen text.
#[derive(Debug, Clone, Copy)]
struct At<'p> {
    piece: &'p Piece,
    start: usize,
    end: usize,
}

fn places(para: &Para) -> Vec<At<'_>> {
    let mut start = 0;
    let mut all = Vec::new();
    for piece in para.pieces.iter().filter(|piece| !piece.look.hidden) {
        let end = start + piece.text.chars().count();
        all.push(At { piece, start, end });
        start = end;
    }
    all
}

/// Whether the characters `from..to` can be changed: none of them belongs to a field, a formula or
/// another thing that is whole, and a sign is taken whole.
pub(crate) fn can(para: &Para, from: usize, to: usize) -> bool {
    let all = places(para);
    let held = |at: &At<'_>| match at.piece.kind {
        PieceKind::Text => true,
        PieceKind::Sign | PieceKind::Fixed if at.end <= from || at.start >= to => true,
        PieceKind::Sign => from <= at.start && at.end <= to,
        PieceKind::Fixed => false,
    };
    if !all.iter().all(held) {
        return false;
    }
    from < to || all.is_empty() || gap(&all, from).is_some()
}

/// Where new text at `at` hangs: behind the piece before it, or before the piece behind it.
enum Gap<'p> {
    Behind(At<'p>),
    Before(At<'p>),
}

fn gap<'p>(all: &[At<'p>], at: usize) -> Option<Gap<'p>> {
    let free = |place: &&At<'_>| place.piece.kind != PieceKind::Fixed;
    let left = all.iter().rev().find(|place| place.start < at && at <= place.end);
    if let Some(left) = left.filter(free) {
        return Some(Gap::Behind(*left));
    }
    // A field that reaches over the place holds it.
    if left.is_some_and(|left| at < left.end) {
        return None;
    }
    let right = all.iter().find(|place| place.start == at && place.end > at);
    right.filter(free).map(|right| Gap::Before(*right))
}

/// Changes a paragraph. The edits are in order and do not overlap, and each [`can`] be made. Gives
/// what each made.
pub(crate) fn revise(
    tree: &mut Tree,
    para: &Para,
    edits: &[Edit],
    stamp: &mut Stamp,
) -> Vec<Option<Made>> {
    let all = places(para);
    // From the last to the first: a cut leaves what stands before it in its old nodes.
    let mut made: Vec<Option<Made>> =
        edits.iter().rev().map(|edit| one(tree, para, &all, edit, stamp)).collect();
    made.reverse();
    made
}

fn one(
    tree: &mut Tree,
    para: &Para,
    all: &[At<'_>],
    edit: &Edit,
    stamp: &mut Stamp,
) -> Option<Made> {
    let gone = runs::take(tree, all, edit.from, edit.to);
    if edit.keep {
        let (first, last) = (gone.first()?, gone.last()?);
        return Some(Made { first: *first, last: *last });
    }
    let mut made: Option<Made> = None;
    let mut grow = |node: NodeId| {
        made = Some(Made { first: made.map_or(node, |made| made.first), last: node });
    };
    for group in runs::neighbours(tree, &gone) {
        let wrapper = stamp.make(tree, "del");
        for &run in &group {
            runs::as_deleted(tree, run);
        }
        tree.wrap(&group, wrapper);
        grow(wrapper);
    }
    if !edit.runs.is_empty() {
        let wrapper = stamp.make(tree, "ins");
        for &run in &edit.runs {
            tree.append(wrapper, run);
        }
        match (gone.last(), gap(all, edit.from)) {
            (Some(&last), _) => runs::hang_behind(tree, last, wrapper, stamp),
            (None, Some(Gap::Behind(place))) => {
                let run = runs::end_at(tree, place.piece, edit.from - place.start);
                runs::hang_behind(tree, run, wrapper, stamp);
            }
            (None, Some(Gap::Before(place))) => {
                let run = tree.parent(place.piece.node).unwrap_or(place.piece.run);
                runs::hang_before(tree, run, wrapper, stamp);
            }
            (None, None) => tree.append(para.node, wrapper),
        }
        grow(wrapper);
    }
    made
}

/// Marks all that a paragraph holds, its mark included, as deleted (`del`) or moved (`moveFrom`).
pub(crate) fn delete_paragraph(tree: &mut Tree, paragraph: NodeId, name: &str, stamp: &mut Stamp) {
    let balanced = runs::fields_balanced(tree, paragraph);
    let mut found = Vec::new();
    runs::runs_below(tree, paragraph, &mut found);
    found.retain(|&run| balanced || !tree.elements(run).any(|child| tree.is(child, "fldChar")));
    for group in runs::neighbours(tree, &found) {
        let wrapper = stamp.make(tree, name);
        for &run in group.iter().filter(|_| name == "del") {
            runs::as_deleted(tree, run);
        }
        tree.wrap(&group, wrapper);
    }
    mark_paragraph(tree, paragraph, name, stamp);
}

/// Records that the mark of a paragraph was inserted or deleted.
pub(crate) fn mark_paragraph(tree: &mut Tree, paragraph: NodeId, name: &str, stamp: &mut Stamp) {
    let properties = properties(tree, paragraph, "pPr");
    let look = match tree.child(properties, "rPr") {
        Some(look) => look,
        None => {
            let look = tree.make("rPr", &[]);
            // It stands behind all but the section and the recorded change.
            let behind = tree
                .elements(properties)
                .find(|&child| matches!(tree.w(child), "sectPr" | "pPrChange"));
            match behind {
                Some(behind) => tree.before(behind, look),
                None => tree.append(properties, look),
            }
            look
        }
    };
    let marker = stamp.make(tree, name);
    tree.insert(look, 0, marker);
}

/// Records that a row was inserted or deleted.
pub(crate) fn mark_row(tree: &mut Tree, row: NodeId, name: &str, stamp: &mut Stamp) {
    let properties = match tree.child(row, "trPr") {
        Some(found) => found,
        None => {
            let made = tree.make("trPr", &[]);
            let at = usize::from(tree.child(row, "tblPrEx").is_some());
            let place = tree
                .child(row, "tblPrEx")
                .and_then(|exception| tree.position(exception))
                .map_or(0, |place| place + at);
            tree.insert(row, place, made);
            made
        }
    };
    let marker = stamp.make(tree, name);
    let change = tree.child(properties, "trPrChange");
    match change {
        Some(change) => tree.before(change, marker),
        None => tree.append(properties, marker),
    }
}

/// The properties of a paragraph or a run, made where there are none.
pub(crate) fn properties(tree: &mut Tree, of: NodeId, name: &str) -> NodeId {
    tree.child(of, name).unwrap_or_else(|| {
        let made = tree.make(name, &[]);
        tree.insert(of, 0, made);
        made
    })
}

/// A run with this text, with a copy of these properties.
pub(crate) fn run(tree: &mut Tree, properties: Option<NodeId>, text: &str) -> NodeId {
    let run = tree.make("r", &[]);
    if let Some(properties) = properties {
        let copy = tree.copy(properties);
        tree.append(run, copy);
    }
    fill(tree, run, text);
    run
}

/// Puts text into a run: tabs and line breaks are elements.
pub(crate) fn fill(tree: &mut Tree, run: NodeId, text: &str) {
    let mut held = String::new();
    for c in text.chars().chain(std::iter::once('\0')) {
        let sign = match c {
            '\t' => Some("tab"),
            '\n' => Some("br"),
            '\u{2011}' => Some("noBreakHyphen"),
            '\0' => None,
            c => {
                held.push(c);
                continue;
            }
        };
        if !held.is_empty() {
            let element = tree.make("t", &[("xml:space", "preserve")]);
            tree.set_content(element, &held);
            tree.append(run, element);
            held.clear();
        }
        if let Some(sign) = sign {
            let element = tree.make(sign, &[]);
            tree.append(run, element);
        }
    }
}

/// The properties of the run that new text at `at` should look like.
pub(crate) fn look_at(tree: &Tree, para: &Para, from: usize, to: usize) -> Option<NodeId> {
    let all = places(para);
    let place = if from < to {
        all.iter().find(|place| place.start <= from && from < place.end)
    } else {
        all.iter().rev().find(|place| place.start < from && from <= place.end).or(all.first())
    };
    let run = place.and_then(|place| tree.parent(place.piece.node));
    run.filter(|&run| tree.is(run, "r")).and_then(|run| tree.child(run, "rPr"))
}
