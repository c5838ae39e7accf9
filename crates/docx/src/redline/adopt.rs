//! What the new version has and the old has not, made in the old: paragraphs, tables, runs and
//! their properties, without what would refer to parts that are not there.

use super::blocks::Block;
use super::{Marker, What};
use crate::story::PieceKind;
use crate::track::{fill, mark_paragraph};
use crate::tree::NodeId;

/// Elements that refer to another part, or that record a change of the other version.
const LEFT: [&str; 8] = [
    "sectPr",
    "rPrChange",
    "pPrChange",
    "trPrChange",
    "tcPrChange",
    "tblPrChange",
    "tblGridChange",
    "tblPrExChange",
];

impl Marker<'_> {
    /// A copy of properties of the new version that the old version can hold.
    pub(super) fn adopt(&mut self, from: NodeId) -> NodeId {
        let copy = self.tree.adopt(&self.new.story.tree, from);
        let below: Vec<NodeId> = self.tree.walk(copy).collect();
        for node in below {
            let name = self.tree.w(node);
            let value = self.tree.attr(node, "val").map(|value| value.into_owned());
            let unknown = match name {
                "pStyle" | "rStyle" | "tblStyle" => {
                    value.is_some_and(|id| !self.imports.style(&id))
                }
                "numId" => {
                    let id: u32 = value.and_then(|id| id.trim().parse().ok()).unwrap_or(0);
                    match self.imports.number(id) {
                        _ if id == 0 => false,
                        Some(known) => {
                            if known != id {
                                self.tree.set_attr(node, "val", &known.to_string());
                            }
                            false
                        }
                        None => true,
                    }
                }
                "ins" | "del" | "moveFrom" | "moveTo" | "cellIns" | "cellDel" | "cellMerge" => true,
                _ => LEFT.contains(&name),
            };
            if unknown && node != copy {
                self.tree.cut(node);
            }
        }
        copy
    }

    /// A block of the new version, marked as inserted.
    pub(super) fn insert(&mut self, block: &Block) -> NodeId {
        match block {
            Block::Para(at) => self.insert_paragraph(*at, "ins"),
            Block::Table(table) => {
                let source = &self.new.story.tree;
                let made = self.tree.make("tbl", &[]);
                for name in ["tblPr", "tblGrid"] {
                    if let Some(found) = source.child(table.node, name) {
                        let copy = self.adopt(found);
                        self.tree.append(made, copy);
                    }
                }
                for row in &table.rows {
                    let row = self.insert_row(row);
                    self.tree.append(made, row);
                }
                made
            }
        }
    }

    /// The properties of a paragraph of the new version. A number that its style gives there and
    /// not here is written out.
    pub(super) fn adopt_paragraph(&mut self, at: usize) -> NodeId {
        let para = self.new.para(at);
        let copy = match self.new.story.tree.child(para.node, "pPr") {
            Some(found) => self.adopt(found),
            None => self.tree.make("pPr", &[]),
        };
        if para.numbered.0.is_some() {
            return copy;
        }
        let kept = self.tree.val(copy, "pStyle").map(|style| style.into_owned());
        let here = self.old.numbering.of_paragraph((None, None), kept.as_deref(), self.old.styles);
        let Some((num, level)) = self.new.number(para) else {
            if here.is_some() {
                self.number(copy, 0, 0);
            }
            return copy;
        };
        let same = here
            .is_some_and(|(known, at)| at == level && self.old.shape(known) == self.new.shape(num));
        let known_style = kept.as_deref().is_none_or(|id| self.old.styles.has(id));
        if same || !known_style {
            return copy;
        }
        if let Some(mapped) = self.imports.number(num) {
            self.number(copy, mapped, level);
        }
        copy
    }

    /// Writes the number of a paragraph into its properties, in its place.
    fn number(&mut self, properties: NodeId, num: u32, level: u8) {
        const BEFORE: [&str; 6] =
            ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl"];
        if let Some(known) = self.tree.child(properties, "numPr") {
            self.tree.cut(known);
        }
        let holder = self.tree.make("numPr", &[]);
        for (name, value) in [("ilvl", u32::from(level)), ("numId", num)] {
            let element = self.tree.make(name, &[("val", &value.to_string())]);
            self.tree.append(holder, element);
        }
        let children = self.tree.children(properties);
        let at = children.iter().rposition(|&child| BEFORE.contains(&self.tree.w(child)));
        self.tree.insert(properties, at.map_or(0, |at| at + 1), holder);
    }

    /// A paragraph of the new version, marked as inserted (`ins`) or moved here (`moveTo`).
    pub(super) fn insert_paragraph(&mut self, at: usize, name: &str) -> NodeId {
        let para = self.new.para(at);
        let made = self.tree.make("p", &[]);
        let copy = self.adopt_paragraph(at);
        if !self.tree.children(copy).is_empty() {
            self.tree.append(made, copy);
        }
        mark_paragraph(self.tree, made, name, self.stamp);
        let runs = self.runs(at, 0, para.text().chars().count());
        if !runs.is_empty() {
            let wrapper = self.stamp.make(self.tree, name);
            for run in runs {
                self.tree.append(wrapper, run);
            }
            self.tree.append(made, wrapper);
        }
        if name == "ins" {
            self.changed(None, Some(at));
        }
        let text = para.text();
        if para.drawing {
            self.unmarked_on(What::Drawing, None, Some(made), ("", &text));
        }
        if para.pieces.iter().any(|piece| piece.kind == PieceKind::Fixed) {
            self.unmarked_on(What::Field, None, Some(made), ("", &text));
        }
        if !para.notes.is_empty() {
            self.unmarked_on(What::Note, None, Some(made), ("", &text));
        }
        made
    }

    /// The characters `from..to` of a paragraph of the new version as runs that look as they do
    /// there. Results of fields become text.
    pub(super) fn runs(&mut self, at: usize, from: usize, to: usize) -> Vec<NodeId> {
        let para = self.new.para(at);
        let source = &self.new.story.tree;
        let mut runs: Vec<NodeId> = Vec::new();
        let mut of: Option<NodeId> = None;
        let mut start = 0;
        for piece in para.pieces.iter().filter(|piece| !piece.look.hidden) {
            let end = start + piece.text.chars().count();
            let (first, last) = (from.max(start), to.min(end));
            if first < last {
                let text: String =
                    piece.text.chars().skip(first - start).take(last - first).collect();
                let same = of == Some(piece.run);
                let run = match runs.last() {
                    Some(&run) if same => run,
                    _ => {
                        let run = self.tree.make("r", &[]);
                        if let Some(look) = source.child(piece.run, "rPr") {
                            let copy = self.adopt(look);
                            self.tree.append(run, copy);
                        }
                        runs.push(run);
                        run
                    }
                };
                of = Some(piece.run);
                fill(self.tree, run, &text);
            }
            start = end;
        }
        runs
    }
}
