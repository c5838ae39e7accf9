//! Accepting and rejecting in a tree. What no change touches keeps its bytes.

use std::collections::HashSet;

use super::list::find;
use super::marks::{Marks, join};
use super::{Kind, Select, Verdict};
use crate::tree::{NodeId, Tree};

/// Resolves the selected changes of a part; gives how many there were.
pub(crate) fn resolve(tree: &mut Tree, part: &str, verdict: Verdict, select: &Select) -> usize {
    let all = find(tree, part);
    let chosen: Vec<(NodeId, Kind)> = all
        .into_iter()
        .filter(|(_, revision)| select.takes(revision))
        .map(|(node, revision)| (node, revision.kind))
        .collect();
    let mut marks = Marks::default();
    for &(node, kind) in &chosen {
        if !tree.attached(node) {
            continue;
        }
        one(tree, node, kind, verdict, &mut marks);
    }
    join(tree, &marks);
    ranges(tree, verdict, select, part);
    chosen.len()
}

fn one(tree: &mut Tree, node: NodeId, kind: Kind, verdict: Verdict, marks: &mut Marks) {
    let accept = verdict == Verdict::Accept;
    match kind {
        Kind::Insertion | Kind::MoveTo if accept => tree.unwrap(node),
        Kind::Deletion | Kind::MoveFrom if !accept => restore(tree, node),
        Kind::Insertion | Kind::MoveTo | Kind::Deletion | Kind::MoveFrom => tree.cut(node),
        Kind::MarkInsertion | Kind::MarkDeletion => {
            let gone = (kind == Kind::MarkDeletion) == accept;
            mark(tree, node, gone, marks);
        }
        Kind::RowInsertion | Kind::RowDeletion => {
            let row = tree.ancestors(node).find(|&above| tree.is(above, "tr"));
            drop_marker(tree, node);
            if (kind == Kind::RowDeletion) == accept
                && let Some(row) = row
            {
                cut_row(tree, row);
            }
        }
        Kind::CellInsertion | Kind::CellDeletion => {
            let cell = tree.ancestors(node).find(|&above| tree.is(above, "tc"));
            drop_marker(tree, node);
            if (kind == Kind::CellDeletion) == accept
                && let Some(cell) = cell
            {
                cut_cell(tree, cell);
            }
        }
        Kind::CellMerge => merge(tree, node, accept),
        Kind::ControlInsertion | Kind::ControlDeletion => {
            let gone = (kind == Kind::ControlDeletion) == accept;
            control(tree, node, gone);
        }
        Kind::Numbering if tree.is(node, "ins") => {
            let numbered = tree.parent(node);
            drop_marker(tree, node);
            if !accept && let Some(numbered) = numbered {
                drop_marker(tree, numbered);
            }
        }
        Kind::Numbering => drop_marker(tree, node),
        Kind::RunProperties
        | Kind::ParagraphProperties
        | Kind::SectionProperties
        | Kind::TableProperties => {
            if accept {
                drop_marker(tree, node);
            } else {
                properties_back(tree, node);
            }
        }
    }
}

/// Takes an element out, and the properties around it where nothing else is in them.
pub(super) fn drop_marker(tree: &mut Tree, node: NodeId) {
    let mut at = node;
    while let Some(parent) = tree.parent(at) {
        tree.cut(at);
        let holder =
            matches!(tree.w(parent), "rPr" | "pPr" | "trPr" | "tcPr" | "numPr" | "tblPrEx");
        if !holder || tree.elements(parent).next().is_some() || tree.parent(parent).is_none() {
            break;
        }
        at = parent;
    }
}

/// Gives deleted text its place again.
fn restore(tree: &mut Tree, node: NodeId) {
    let still_deleted = tree.ancestors(node).any(|above| tree.is(above, "del"));
    if !still_deleted {
        let below: Vec<NodeId> = tree.walk(node).collect();
        for one in below {
            let inside = tree
                .ancestors(one)
                .take_while(|&above| above != node)
                .any(|above| tree.is(above, "del"));
            match tree.w(one) {
                "delText" if !inside => tree.rename(one, "t"),
                "delInstrText" if !inside => tree.rename(one, "instrText"),
                _ => {}
            }
        }
    }
    tree.unwrap(node);
}

fn mark(tree: &mut Tree, node: NodeId, gone: bool, marks: &mut Marks) {
    let paragraph = tree
        .parent(node)
        .and_then(|rpr| tree.parent(rpr))
        .filter(|&ppr| tree.is(ppr, "pPr"))
        .and_then(|ppr| tree.parent(ppr));
    drop_marker(tree, node);
    if gone && let Some(paragraph) = paragraph {
        marks.gone(paragraph);
    }
}

/// Takes a row out, and the table where it was the last.
fn cut_row(tree: &mut Tree, row: NodeId) {
    let Some(table) = tree.ancestors(row).find(|&above| tree.is(above, "tbl")) else { return };
    cut_with_shell(tree, row);
    if tree.below(table, "tr").is_empty() {
        let holder = tree.parent(table);
        cut_with_shell(tree, table);
        if let Some(holder) = holder {
            keep_paragraph(tree, holder);
        }
    }
}

/// Takes a cell out and lets its neighbour cover its columns, and the row where it was the last.
fn cut_cell(tree: &mut Tree, cell: NodeId) {
    let Some(row) = tree.ancestors(cell).find(|&above| tree.is(above, "tr")) else { return };
    cut_with_shell(tree, cell);
    if tree.below(row, "tc").is_empty() {
        cut_row(tree, row);
    }
}

/// Takes a block out together with the content control around it alone.
pub(super) fn cut_with_shell(tree: &mut Tree, node: NodeId) {
    let mut at = node;
    while let Some(parent) = tree.parent(at) {
        tree.cut(at);
        let shell = matches!(tree.w(parent), "sdtContent" | "sdt" | "customXml");
        let empty = !tree.elements(parent).any(|child| {
            matches!(tree.w(child), "p" | "tbl" | "tr" | "tc" | "sdt" | "customXml" | "r")
        });
        let empty =
            empty && !(tree.is(parent, "sdt") && tree.child(parent, "sdtContent").is_some());
        if !shell || !empty {
            break;
        }
        at = parent;
    }
}

/// A cell, a note or a box ends with a paragraph.
pub(super) fn keep_paragraph(tree: &mut Tree, holder: NodeId) {
    if matches!(tree.w(holder), "tc" | "txbxContent" | "footnote" | "endnote" | "comment")
        && !tree.elements(holder).any(|child| matches!(tree.w(child), "p" | "sdt" | "customXml"))
    {
        let paragraph = tree.make("p", &[]);
        tree.append(holder, paragraph);
    }
}

/// A merge of cells: accepted, the cell gets the merge; rejected, it stays as it was.
fn merge(tree: &mut Tree, node: NodeId, accept: bool) {
    let now = tree.attr(node, "vMerge").map(|value| value.into_owned());
    let was = tree.attr(node, "vMergeOrig").map(|value| value.into_owned());
    let holder = tree.parent(node);
    let value = if accept { now } else { was };
    if let (Some(value), Some(holder)) = (value, holder) {
        let value = if value.starts_with("rest") { "restart" } else { "continue" };
        if tree.child(holder, "vMerge").is_none() {
            let element = tree.make("vMerge", &[("val", value)]);
            tree.before(node, element);
        }
    }
    drop_marker(tree, node);
}

/// The control behind a range marker goes, its content stays; or the markers alone go.
fn control(tree: &mut Tree, start: NodeId, gone: bool) {
    if !gone {
        return;
    }
    let Some(parent) = tree.parent(start) else { return };
    let Some(at) = tree.position(start) else { return };
    let next = tree.children(parent)[at + 1..].iter().copied().find(|&node| {
        tree.is_element(node) && !tree.w(node).contains("Range") && !tree.is(node, "bookmarkStart")
    });
    let Some(control) = next.filter(|&node| tree.is(node, "sdt")) else { return };
    if let Some(content) = tree.child(control, "sdtContent") {
        tree.unwrap(content);
    }
    for properties in ["sdtPr", "sdtEndPr"] {
        if let Some(found) = tree.child(control, properties) {
            tree.cut(found);
        }
    }
    tree.unwrap(control);
}

/// Puts the old properties in the place of the new.
fn properties_back(tree: &mut Tree, change: NodeId) {
    let Some(holder) = tree.parent(change) else { return };
    let old = tree.elements(change).next();
    let stays: &[&str] = match tree.w(holder) {
        "pPr" => &["rPr", "sectPr"],
        "rPr" => &["ins", "del", "moveFrom", "moveTo"],
        "trPr" => &["ins", "del"],
        "tcPr" => &["cellIns", "cellDel", "cellMerge"],
        "sectPr" => &["headerReference", "footerReference"],
        _ => &[],
    };
    for child in tree.children(holder).to_vec() {
        if child != change && !stays.contains(&tree.w(child)) {
            tree.cut(child);
        }
    }
    // The mark's own changes stand first in `w:rPr`; the rest of `w:pPr` stands before its `w:rPr`.
    let first = tree.is(holder, "pPr");
    let mut at = 0;
    for child in old.map(|old| tree.children(old).to_vec()).unwrap_or_default() {
        let twice = tree.is_element(child) && stays.contains(&tree.w(child));
        if twice || !tree.is_element(child) {
            continue;
        }
        if first {
            tree.insert(holder, at, child);
            at += 1;
        } else {
            tree.before(change, child);
        }
    }
    drop_marker(tree, change);
}

/// Takes the markers of moved and control ranges out where no change between them is left.
fn ranges(tree: &mut Tree, verdict: Verdict, select: &Select, part: &str) {
    const STARTS: [&str; 6] = [
        "moveFromRangeStart",
        "moveToRangeStart",
        "customXmlInsRangeStart",
        "customXmlDelRangeStart",
        "customXmlMoveFromRangeStart",
        "customXmlMoveToRangeStart",
    ];
    let _ = verdict;
    let nodes: Vec<NodeId> = tree.walk(tree.root()).collect();
    let mut gone: HashSet<(String, String)> = HashSet::new();
    for &node in &nodes {
        let name = tree.w(node);
        if !STARTS.contains(&name) {
            continue;
        }
        let stem = name.trim_end_matches("RangeStart").to_owned();
        let get = |name| tree.attr(node, name).map(|value| value.into_owned());
        let kind = match stem.as_str() {
            "moveFrom" => Kind::MoveFrom,
            "moveTo" => Kind::MoveTo,
            "customXmlIns" | "customXmlMoveTo" => Kind::ControlInsertion,
            _ => Kind::ControlDeletion,
        };
        let id = get("id").unwrap_or_default();
        let marker = super::Revision {
            id: id.clone(),
            kind,
            author: get("author").unwrap_or_default(),
            date: get("date"),
            text: String::new(),
            part: part.to_owned(),
            paragraph: None,
        };
        // A range has an id of its own: a choice by id leaves it, it then holds nothing.
        if select.is_all() || select.takes(&marker) {
            gone.insert((stem, id));
            tree.cut(node);
        }
    }
    for node in nodes {
        let Some(stem) = tree.w(node).strip_suffix("RangeEnd") else { continue };
        let id = tree.attr(node, "id").unwrap_or_default().into_owned();
        if gone.contains(&(stem.to_owned(), id)) {
            tree.cut(node);
        }
    }
}
