//! Paragraph marks that go: the paragraph joins the one behind it, whose mark stays.

use std::collections::HashSet;

use super::resolve::{cut_with_shell, keep_paragraph};
use crate::tree::{NodeId, Tree};

/// Paragraphs that lose their mark.
#[derive(Debug, Default)]
pub(super) struct Marks {
    order: Vec<NodeId>,
    known: HashSet<NodeId>,
}

impl Marks {
    pub(super) fn gone(&mut self, paragraph: NodeId) {
        if self.known.insert(paragraph) {
            self.order.push(paragraph);
        }
    }
}

/// Joins each paragraph without a mark to the next, the last first.
pub(super) fn join(tree: &mut Tree, marks: &Marks) {
    for &paragraph in marks.order.iter().rev() {
        if !tree.attached(paragraph) {
            continue;
        }
        match next_paragraph(tree, paragraph) {
            Some(next) => into(tree, paragraph, next),
            None => end(tree, paragraph),
        }
    }
}

/// Whether a paragraph holds something that is seen.
fn holds(tree: &Tree, paragraph: NodeId) -> bool {
    tree.walk(paragraph).skip(1).any(|node| {
        matches!(tree.w(node), "r" | "fldSimple" | "sdt" | "drawing" | "pict")
            || tree.ns(node) == crate::names::Ns::M
    })
}

/// The paragraph behind, through content controls, if nothing but markers stands between.
fn next_paragraph(tree: &Tree, paragraph: NodeId) -> Option<NodeId> {
    let mut at = paragraph;
    loop {
        let parent = tree.parent(at)?;
        let place = tree.position(at)?;
        for &next in &tree.children(parent)[place + 1..] {
            if let Some(found) = first(tree, next) {
                return found;
            }
        }
        if !matches!(tree.w(parent), "sdtContent" | "sdt" | "customXml") {
            return None;
        }
        at = parent;
    }
}

/// The first block in a node: a paragraph, something that is none, or nothing at all.
fn first(tree: &Tree, node: NodeId) -> Option<Option<NodeId>> {
    match tree.w(node) {
        "p" => Some(Some(node)),
        "tbl" | "sectPr" | "altChunk" => Some(None),
        "sdt" => first(tree, tree.child(node, "sdtContent")?),
        "sdtContent" | "customXml" | "ins" | "del" | "moveFrom" | "moveTo" => {
            tree.children(node).iter().find_map(|&child| first(tree, child))
        }
        _ => None,
    }
}

/// Puts what a paragraph holds before what the next holds.
fn into(tree: &mut Tree, paragraph: NodeId, next: NodeId) {
    let mut at = tree
        .child(next, "pPr")
        .and_then(|properties| tree.position(properties))
        .map_or(0, |place| place + 1);
    for child in tree.children(paragraph).to_vec() {
        if tree.is(child, "pPr") || !tree.is_element(child) {
            continue;
        }
        tree.insert(next, at, child);
        at += 1;
    }
    cut_with_shell(tree, paragraph);
}

/// A paragraph without one behind it: it goes where it holds nothing and is not needed.
fn end(tree: &mut Tree, paragraph: NodeId) {
    let Some(holder) = tree.parent(paragraph) else { return };
    if holds(tree, paragraph) || tree.path(paragraph, &["pPr", "sectPr"]).is_some() {
        return;
    }
    let place = tree.position(paragraph).unwrap_or(0);
    let before = tree.children(holder)[..place]
        .iter()
        .rev()
        .copied()
        .find(|&node| matches!(tree.w(node), "p" | "tbl" | "sdt" | "customXml"));
    let behind = tree.children(holder)[place + 1..]
        .iter()
        .any(|&node| matches!(tree.w(node), "p" | "tbl" | "sdt" | "customXml"));
    let needed = match before {
        Some(before) => !behind && tree.is(before, "tbl"),
        None => !behind,
    };
    if !needed {
        // Markers of bookmarks and comments keep their place as blocks.
        for child in tree.children(paragraph).to_vec() {
            if tree.is_element(child) && !tree.is(child, "pPr") {
                tree.before(paragraph, child);
            }
        }
        cut_with_shell(tree, paragraph);
        keep_paragraph(tree, holder);
    }
}
