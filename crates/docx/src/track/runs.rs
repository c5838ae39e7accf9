//! Cutting runs apart, and hanging changes between them.

use super::{At, Stamp};
use crate::names::Ns;
use crate::story::{Piece, PieceKind, seen};
use crate::tree::{NodeId, Tree};

/// The elements that record a change and hold runs: none of them may hold another insertion.
const WRAPPERS: [&str; 4] = ["ins", "del", "moveFrom", "moveTo"];

/// Cuts the characters `from..to` into runs of their own and gives these.
pub(super) fn take(tree: &mut Tree, all: &[At<'_>], from: usize, to: usize) -> Vec<NodeId> {
    let hit: Vec<&At<'_>> = all.iter().filter(|at| at.start < to && from < at.end).collect();
    let (Some(first), Some(last)) = (hit.first(), hit.last()) else { return Vec::new() };
    cut(tree, last.piece, to.min(last.end) - last.start);
    let start = cut(tree, first.piece, from.max(first.start) - first.start);
    let mut runs: Vec<NodeId> = start.into_iter().collect();
    for at in &hit[1..] {
        if let Some(run) = tree.parent(at.piece.node)
            && runs.last() != Some(&run)
        {
            runs.push(run);
        }
    }
    runs
}

/// Makes a run end before character `at` of a piece; gives the run that begins there, if any.
fn cut(tree: &mut Tree, piece: &Piece, at: usize) -> Option<NodeId> {
    let run = tree.parent(piece.node)?;
    let length = piece.text.chars().count();
    let place = tree.position(piece.node)?;
    let mut moved: Vec<NodeId> = Vec::new();
    if at == 0 {
        let before = tree.children(run)[..place].iter().copied();
        if before.filter(|&node| tree.is_element(node)).all(|node| tree.is(node, "rPr")) {
            return Some(run);
        }
        moved.extend(&tree.children(run)[place..]);
    } else {
        moved.extend(&tree.children(run)[place + 1..]);
        if at < length && piece.kind == PieceKind::Text {
            let text = seen(tree, piece.node);
            let byte = text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
            let rest = tree.copy_shell(piece.node);
            tree.set_content(rest, &text[byte..]);
            tree.set_raw_attr(rest, "xml:space", "preserve");
            tree.set_content(piece.node, &text[..byte]);
            tree.set_raw_attr(piece.node, "xml:space", "preserve");
            moved.insert(0, rest);
        }
    }
    if !moved.iter().any(|&node| tree.is_element(node)) {
        return None;
    }
    let new = tree.copy_shell(run);
    if let Some(look) = tree.child(run, "rPr") {
        let copy = tree.copy(look);
        tree.append(new, copy);
    }
    for node in moved {
        tree.append(new, node);
    }
    tree.after(run, new);
    Some(new)
}

/// Makes a run end at character `at` of a piece and gives it.
pub(super) fn end_at(tree: &mut Tree, piece: &Piece, at: usize) -> NodeId {
    cut(tree, piece, at);
    tree.parent(piece.node).unwrap_or(piece.run)
}

/// Groups runs that follow each other directly.
pub(super) fn neighbours(tree: &Tree, runs: &[NodeId]) -> Vec<Vec<NodeId>> {
    let mut groups: Vec<Vec<NodeId>> = Vec::new();
    for &run in runs {
        let follows = groups.last().and_then(|group| group.last()).is_some_and(|&last| {
            let parent = tree.parent(run);
            parent == tree.parent(last)
                && parent.is_some()
                && tree.position(last).map(|at| at + 1) == tree.position(run)
        });
        match groups.last_mut() {
            Some(group) if follows => group.push(run),
            _ => groups.push(vec![run]),
        }
    }
    groups
}

/// Gives the text of a run the names that deleted text has.
pub(super) fn as_deleted(tree: &mut Tree, run: NodeId) {
    for node in tree.children(run).to_vec() {
        match tree.w(node) {
            "t" => tree.rename(node, "delText"),
            "instrText" => tree.rename(node, "delInstrText"),
            _ => {}
        }
    }
}

/// Hangs a change behind a run, outside every other change.
pub(super) fn hang_behind(tree: &mut Tree, run: NodeId, new: NodeId, stamp: &mut Stamp) {
    let mut at = run;
    while let Some(parent) = tree.parent(at)
        && WRAPPERS.contains(&tree.w(parent))
    {
        split_behind(tree, parent, at, stamp);
        at = parent;
    }
    tree.after(at, new);
}

/// Hangs a change before a run, outside every other change.
pub(super) fn hang_before(tree: &mut Tree, run: NodeId, new: NodeId, stamp: &mut Stamp) {
    let mut at = run;
    while let Some(parent) = tree.parent(at)
        && WRAPPERS.contains(&tree.w(parent))
    {
        let place = tree.position(at).unwrap_or(0);
        if let Some(&before) = tree.children(parent)[..place].last() {
            split_behind(tree, parent, before, stamp);
            let behind = tree.position(parent).map(|place| place + 1);
            let above = tree.parent(parent);
            if let (Some(behind), Some(above)) = (behind, above)
                && let Some(&second) = tree.children(above).get(behind)
            {
                at = second;
                continue;
            }
        }
        at = parent;
    }
    tree.before(at, new);
}

/// Cuts a recorded change in two behind one of its children; the second gets an id of its own.
fn split_behind(tree: &mut Tree, wrapper: NodeId, child: NodeId, stamp: &mut Stamp) {
    let Some(place) = tree.position(child) else { return };
    let rest = tree.children(wrapper)[place + 1..].to_vec();
    if rest.is_empty() {
        return;
    }
    let second = tree.copy_shell(wrapper);
    let id = stamp.id();
    tree.set_attr(second, "id", &id);
    for node in rest {
        tree.append(second, node);
    }
    tree.after(wrapper, second);
}

/// The runs of a paragraph that are not deleted yet, without those of its boxes.
pub(super) fn runs_below(tree: &Tree, parent: NodeId, found: &mut Vec<NodeId>) {
    for child in tree.elements(parent) {
        match (tree.ns(child), tree.local(child)) {
            (Ns::W, "r") => found.push(child),
            (Ns::W, "del" | "moveFrom" | "pPr" | "sdtPr" | "sdtEndPr") => {}
            (Ns::W, _) => runs_below(tree, child, found),
            _ => {}
        }
    }
}

/// Whether each field that begins in a paragraph ends in it.
pub(super) fn fields_balanced(tree: &Tree, paragraph: NodeId) -> bool {
    let mut open = 0i32;
    for node in tree.walk(paragraph).filter(|&node| tree.is(node, "fldChar")) {
        match tree.attr(node, "fldCharType").as_deref() {
            Some("begin") => open += 1,
            Some("end") => open -= 1,
            _ => {}
        }
        if open < 0 {
            return false;
        }
    }
    open == 0
}
