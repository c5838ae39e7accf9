//! The text that a control shows, written.

use super::{ControlKind, Group};
use crate::fault::Fault;
use crate::track::fill;
use crate::tree::{NodeId, Tree};

/// Writes the text into the first element of a control and empties the others.
pub(super) fn surface(tree: &mut Tree, group: &Group, text: &str, name: &str) -> Result<(), Fault> {
    let refused = || Fault::NoText { which: name.to_owned() };
    if matches!(
        group.control.kind,
        ControlKind::Picture | ControlKind::Repeated | ControlKind::Check | ControlKind::Other
    ) {
        return Err(refused());
    }
    for (index, &node) in group.nodes.iter().enumerate() {
        let content = tree.child(node, "sdtContent").ok_or_else(refused)?;
        let text = if index == 0 { text } else { "" };
        write(tree, content, text).ok_or_else(refused)?;
        let properties = tree.child(node, "sdtPr");
        if let Some(placeholder) = properties.and_then(|at| tree.child(at, "showingPlcHdr")) {
            tree.cut(placeholder);
        }
    }
    Ok(())
}

fn write(tree: &mut Tree, content: NodeId, text: &str) -> Option<()> {
    let blocks: Vec<NodeId> = tree.elements(content).collect();
    let nested = |tree: &Tree, at: NodeId| {
        tree.walk(at).skip(1).any(|node| matches!(tree.w(node), "sdt" | "tbl" | "drawing" | "pict"))
    };
    if nested(tree, content) || blocks.iter().any(|&block| tree.is(block, "tr")) {
        return None;
    }
    let holder = match blocks.iter().copied().find(|&block| matches!(tree.w(block), "p" | "tc")) {
        Some(cell) if tree.is(cell, "tc") => Some(cell),
        Some(_) => Some(content),
        None => None,
    };
    let Some(holder) = holder else {
        let look = look(tree, content);
        for block in blocks {
            tree.cut(block);
        }
        run(tree, content, look, text);
        return Some(());
    };
    let paragraphs: Vec<NodeId> =
        tree.elements(holder).filter(|&block| tree.is(block, "p")).collect();
    let (&first, rest) = paragraphs.split_first()?;
    let look = look(tree, first);
    for &paragraph in rest {
        tree.cut(paragraph);
    }
    for child in tree.children(first).to_vec() {
        if !tree.is(child, "pPr") {
            tree.cut(child);
        }
    }
    run(tree, first, look, text);
    Some(())
}

/// The look of the first run, without the style that placeholders have.
fn look(tree: &mut Tree, at: NodeId) -> Option<NodeId> {
    let run = tree.walk(at).find(|&node| tree.is(node, "r"))?;
    let found = tree.child(run, "rPr")?;
    let copy = tree.copy(found);
    let placeholder = tree
        .child(copy, "rStyle")
        .filter(|&style| tree.attr(style, "val").is_some_and(|id| id.contains("Placeholder")));
    if let Some(style) = placeholder {
        tree.cut(style);
    }
    Some(copy)
}

fn run(tree: &mut Tree, holder: NodeId, look: Option<NodeId>, text: &str) {
    let run = tree.make("r", &[]);
    if let Some(look) = look {
        tree.append(run, look);
    }
    fill(tree, run, text);
    tree.append(holder, run);
}
