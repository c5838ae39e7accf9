//! Which tracked changes a part holds.

use std::collections::HashMap;

use super::{Kind, Revision};
use crate::tree::{NodeId, Tree};

/// The changes of a part with the elements that record them, in the order of the file.
pub(crate) fn find(tree: &Tree, part: &str) -> Vec<(NodeId, Revision)> {
    let mut found = Vec::new();
    let mut paragraphs: HashMap<NodeId, u32> = HashMap::new();
    for node in tree.walk(tree.root()) {
        if tree.is(node, "p") {
            let next = paragraphs.len() as u32 + 1;
            paragraphs.insert(node, next);
            continue;
        }
        let Some(kind) = kind(tree, node) else { continue };
        let get = |name| tree.attr(node, name).map(|value| value.into_owned());
        let paragraph = tree.ancestors(node).find_map(|above| paragraphs.get(&above).copied());
        found.push((
            node,
            Revision {
                id: get("id").unwrap_or_default(),
                kind,
                author: get("author").unwrap_or_default(),
                date: get("date"),
                text: text(tree, node, kind),
                part: part.to_owned(),
                paragraph,
            },
        ));
    }
    found
}

/// Whether the element lies in what a property change keeps of the old state.
fn in_old_state(tree: &Tree, node: NodeId) -> bool {
    tree.ancestors(node).any(|above| tree.w(above).ends_with("Change"))
}

/// What change an element records, if any.
pub(super) fn kind(tree: &Tree, node: NodeId) -> Option<Kind> {
    let name = tree.w(node);
    if !matches!(
        name,
        "ins"
            | "del"
            | "moveFrom"
            | "moveTo"
            | "cellIns"
            | "cellDel"
            | "cellMerge"
            | "customXmlInsRangeStart"
            | "customXmlDelRangeStart"
            | "customXmlMoveFromRangeStart"
            | "customXmlMoveToRangeStart"
    ) && !name.ends_with("Change")
        || in_old_state(tree, node)
    {
        return None;
    }
    let parent = tree.parent(node)?;
    let above = tree.w(parent);
    Some(match name {
        "ins" | "moveTo" if above == "trPr" => Kind::RowInsertion,
        "del" | "moveFrom" if above == "trPr" => Kind::RowDeletion,
        "ins" if above == "numPr" => Kind::Numbering,
        "ins" | "moveTo" | "del" | "moveFrom" if above == "rPr" => {
            if name == "ins" || name == "moveTo" { Kind::MarkInsertion } else { Kind::MarkDeletion }
        }
        "ins" => Kind::Insertion,
        "del" => Kind::Deletion,
        "moveFrom" => Kind::MoveFrom,
        "moveTo" => Kind::MoveTo,
        "cellIns" => Kind::CellInsertion,
        "cellDel" => Kind::CellDeletion,
        "cellMerge" => Kind::CellMerge,
        "customXmlInsRangeStart" | "customXmlMoveToRangeStart" => Kind::ControlInsertion,
        "customXmlDelRangeStart" | "customXmlMoveFromRangeStart" => Kind::ControlDeletion,
        "rPrChange" => Kind::RunProperties,
        "pPrChange" => Kind::ParagraphProperties,
        "sectPrChange" => Kind::SectionProperties,
        "numberingChange" => Kind::Numbering,
        _ => Kind::TableProperties,
    })
}

/// The text that a change concerns, at most a line of it.
fn text(tree: &Tree, node: NodeId, kind: Kind) -> String {
    const MOST: usize = 2_000;
    let row = || tree.ancestors(node).find(|&above| tree.is(above, "tr"));
    let cell = || tree.ancestors(node).find(|&above| tree.is(above, "tc"));
    let of = match kind {
        Kind::Insertion | Kind::Deletion | Kind::MoveFrom | Kind::MoveTo => Some(node),
        Kind::RowInsertion | Kind::RowDeletion => row(),
        Kind::CellInsertion | Kind::CellDeletion | Kind::CellMerge => cell(),
        Kind::RunProperties => tree.ancestors(node).find(|&above| tree.is(above, "r")),
        _ => None,
    };
    let Some(of) = of else { return String::new() };
    let mut out = String::new();
    let mut length = 0;
    for below in tree.walk(of) {
        match tree.w(below) {
            "tab" | "br" | "cr" => out.push(' '),
            _ if tree.is_text(below) => {
                let held = tree.parent(below).map_or("", |parent| tree.local(parent));
                if matches!(held, "t" | "delText") {
                    out.push_str(&tree.chars(below));
                }
            }
            _ => continue,
        }
        length += 1;
        if length > MOST || out.len() > MOST {
            break;
        }
    }
    out
}
