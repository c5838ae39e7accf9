//! What a paragraph holds: text, signs, results of fields, and the boxes that hang on it.

use super::{Look, Mark, Para, Piece, PieceKind, Place};
use crate::names::Ns;
use crate::tree::{NodeId, Tree};

/// The fields that are open: whether each is at its result.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<bool>);

/// What holds around a node.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    run: Option<NodeId>,
    look: Look,
    mark: Option<Mark>,
    fixed: bool,
}

/// Reads what stands in a paragraph; boxes are left for the caller.
pub(super) fn inline(
    tree: &Tree,
    paragraph: NodeId,
    para: &mut Para,
    fields: &mut Fields,
    boxes: &mut Vec<NodeId>,
) {
    let mut reader = Inline { tree, para, fields, boxes };
    for child in tree.elements(paragraph).collect::<Vec<_>>() {
        reader.node(child, Around::default());
    }
}

struct Inline<'t, 'p> {
    tree: &'t Tree,
    para: &'p mut Para,
    fields: &'p mut Fields,
    boxes: &'p mut Vec<NodeId>,
}

impl Inline<'_, '_> {
    fn all(&mut self, node: NodeId, around: Around) {
        for child in self.tree.elements(node).collect::<Vec<_>>() {
            self.node(child, around);
        }
    }

    fn node(&mut self, node: NodeId, mut around: Around) {
        match (self.tree.ns(node), self.tree.local(node)) {
            (Ns::W, name) => self.word(node, name, around),
            (Ns::M, "t") => {
                let text = self.tree.content(node);
                self.push(node, text, PieceKind::Fixed, around);
            }
            (Ns::M, name) if !name.ends_with("Pr") => {
                self.para.drawing = true;
                around.fixed = true;
                self.all(node, around);
            }
            (Ns::Mc, "AlternateContent") => {
                if let Some(branch) = self.tree.branch(node) {
                    self.all(branch, around);
                }
            }
            _ => {}
        }
    }

    fn word(&mut self, node: NodeId, name: &str, mut around: Around) {
        match name {
            "r" => {
                around.run = Some(node);
                around.look = look(self.tree, node);
                self.all(node, around);
            }
            "t" | "delText" => {
                let text = seen(self.tree, node);
                self.push(node, text, PieceKind::Text, around);
            }
            "tab" | "ptab" => self.push(node, "\t".to_owned(), PieceKind::Sign, around),
            "br" | "cr" => {
                let kind = self.tree.attr(node, "type");
                if !matches!(kind.as_deref(), Some("page" | "column")) {
                    self.push(node, "\n".to_owned(), PieceKind::Sign, around);
                }
            }
            "noBreakHyphen" => self.push(node, "\u{2011}".to_owned(), PieceKind::Sign, around),
            "sym" => {
                if let Some(c) = self.symbol(node) {
                    self.push(node, c.to_string(), PieceKind::Sign, around);
                }
            }
            "fldChar" => self.field(node),
            "footnoteReference" | "endnoteReference" => {
                let place =
                    if name == "footnoteReference" { Place::Footnote } else { Place::Endnote };
                if let Some(id) = self.tree.attr(node, "id") {
                    self.para.notes.push((place, id.into_owned()));
                }
            }
            "drawing" | "pict" | "object" => {
                self.para.drawing = true;
                self.boxes_below(node);
            }
            "ins" | "moveTo" => {
                if around.mark.is_none() {
                    around.mark = Some(Mark::Inserted);
                }
                self.all(node, around);
            }
            "del" | "moveFrom" => {
                around.mark = Some(Mark::Deleted);
                self.all(node, around);
            }
            "fldSimple" => {
                around.fixed = true;
                self.all(node, around);
            }
            "ruby" => {
                around.fixed = true;
                if let Some(base) = self.tree.child(node, "rubyBase") {
                    self.all(base, around);
                }
            }
            "instrText" | "delInstrText" | "sdtPr" | "sdtEndPr" | "pPr" | "rPr" | "smartTagPr"
            | "customXmlPr" | "fldData" => {}
            _ => self.all(node, around),
        }
    }

    fn push(&mut self, node: NodeId, text: String, kind: PieceKind, around: Around) {
        // Between the start of a field and its result stands its code.
        if self.fields.0.iter().any(|at_result| !at_result) {
            return;
        }
        let direct = around.run.is_some() && self.tree.parent(node) == around.run;
        let fixed = around.fixed || !self.fields.0.is_empty() || !direct;
        self.para.pieces.push(Piece {
            run: around.run.unwrap_or(node),
            node,
            text: text.replace(['\n', '\r'], if kind == PieceKind::Sign { "\n" } else { " " }),
            kind: if fixed { PieceKind::Fixed } else { kind },
            mark: around.mark,
            look: around.look,
        });
    }

    fn field(&mut self, node: NodeId) {
        match self.tree.attr(node, "fldCharType").as_deref() {
            // A file may open fields without end; this many no document has.
            Some("begin") if self.fields.0.len() < 256 => self.fields.0.push(false),
            Some("separate") => {
                if let Some(last) = self.fields.0.last_mut() {
                    *last = true;
                }
            }
            Some("end") => {
                self.fields.0.pop();
            }
            _ => {}
        }
    }

    fn symbol(&self, node: NodeId) -> Option<char> {
        let code = self.tree.attr(node, "char")?;
        let c = char::from_u32(u32::from_str_radix(code.trim(), 16).ok()?)?;
        Some(crate::numbering::symbol(c))
    }

    /// The contents of the text boxes of a drawing, one alternative each.
    fn boxes_below(&mut self, node: NodeId) {
        for child in self.tree.elements(node).collect::<Vec<_>>() {
            if self.tree.is(child, "txbxContent") {
                self.boxes.push(child);
            } else if self.tree.ns(child) == Ns::Mc && self.tree.local(child) == "AlternateContent"
            {
                if let Some(branch) = self.tree.branch(child) {
                    self.boxes_below(branch);
                }
            } else {
                self.boxes_below(child);
            }
        }
    }
}

/// The characters of a text element that are seen: space at its ends only where it says so.
pub(crate) fn seen(tree: &Tree, node: NodeId) -> String {
    let text = tree.content(node);
    let kept = |at: NodeId| tree.any_attr(at, "space").as_deref() == Some("preserve");
    let blank = [' ', '\t', '\n', '\r'];
    if text.starts_with(blank) || text.ends_with(blank) {
        if kept(node) || kept(tree.root()) {
            return text;
        }
        return text.trim_matches(blank).to_owned();
    }
    text
}

fn look(tree: &Tree, run: NodeId) -> Look {
    let Some(properties) = tree.child(run, "rPr") else { return Look::default() };
    Look {
        bold: tree.on(properties, "b"),
        italic: tree.on(properties, "i"),
        underline: tree.on(properties, "u"),
        strike: tree.on(properties, "strike") || tree.on(properties, "dstrike"),
        highlight: tree.on(properties, "highlight"),
        hidden: tree.on(properties, "vanish"),
    }
}
