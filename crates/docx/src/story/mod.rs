//! A part as paragraphs: where each stands, and the pieces of text it is made of, each with the
//! node that holds it, so that an edit finds its bytes again.
//!
//! Reads the tree as it is: views are made by resolving revisions in a copy of the tree first.

mod runs;

pub(crate) use runs::seen;

use crate::names::Ns;
use crate::styles::number;
use crate::tree::{NodeId, Tree};

/// Where a paragraph stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The running text, its tables and content controls included.
    Body,
    /// A text box or a shape.
    Box,
    /// A footnote.
    Footnote,
    /// An endnote.
    Endnote,
    /// The header of pages.
    Header,
    /// The footer of pages.
    Footer,
    /// A comment.
    Comment,
}

/// A cell of a table: the table in its part, row and column, each from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Cell {
    /// Which table of the part, in order of their starts.
    pub table: u32,
    /// Which row of it.
    pub row: u32,
    /// The first column of the grid that it covers.
    pub column: u32,
}

/// What happened to a piece of text in the marked view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Inserted, or moved here.
    Inserted,
    /// Deleted, or moved away.
    Deleted,
}

/// A piece of text that one node holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The run, or the node itself where no run holds it.
    pub(crate) run: NodeId,
    /// The `w:t`, `w:tab`, ... that holds it.
    pub(crate) node: NodeId,
    pub(crate) text: String,
    pub(crate) kind: PieceKind,
    pub(crate) mark: Option<Mark>,
    pub(crate) look: Look,
}

/// What an edit can do with a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// `w:t` (or `w:delText`): its characters can be cut apart.
    Text,
    /// A tab, a break, a hyphen: whole or not at all.
    Sign,
    /// The result of a field, a formula, a ruby base: read only.
    Fixed,
}

/// How text looks, as far as a reader of contracts cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Look {
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Struck through, which is no tracked change.
    pub strike: bool,
    /// Highlighted.
    pub highlight: bool,
    /// Hidden: it is in the file, and nobody sees it.
    pub hidden: bool,
}

/// A paragraph of a part.
#[derive(Debug, Clone)]
pub(crate) struct Para {
    pub(crate) node: NodeId,
    pub(crate) place: Place,
    pub(crate) cell: Option<Cell>,
    /// Which note or comment, by its id.
    pub(crate) note: Option<String>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) style: Option<String>,
    pub(crate) numbered: (Option<u32>, Option<u8>),
    pub(crate) outline: Option<u8>,
    /// What happened to the paragraph mark.
    pub(crate) mark: Option<Mark>,
    /// Notes that the text refers to.
    pub(crate) notes: Vec<(Place, String)>,
    /// Whether it holds a drawing, an object or a formula.
    pub(crate) drawing: bool,
    /// Whether it ends a section.
    pub(crate) section: bool,
}

impl Para {
    /// Whether its number is counted: not where its mark is deleted, nor where it is empty and only
    /// ends a section, which shows no line.
    pub(crate) fn counts(&self) -> bool {
        let break_only = self.section && self.pieces.is_empty() && !self.drawing;
        self.mark != Some(Mark::Deleted) && !break_only
    }

    /// The text that is seen.
    pub(crate) fn text(&self) -> String {
        self.pieces.iter().filter(|p| !p.look.hidden).map(|p| p.text.as_str()).collect()
    }
}

/// Reads the paragraphs below `root`.
pub(crate) fn read(tree: &Tree, root: NodeId, place: Place) -> Vec<Para> {
    let mut reader = Reader { tree, found: Vec::new(), tables: 0, field: runs::Fields::default() };
    reader.blocks(root, place, None);
    reader.found
}

/// Reads the notes or comments of a part: those with that name below the root, with their ids.
pub(crate) fn read_notes(tree: &Tree, name: &str, place: Place) -> Vec<Para> {
    let mut found = Vec::new();
    for note in tree.elements(tree.root()).filter(|&node| tree.is(node, name)) {
        if tree.attr(note, "type").is_some_and(|kind| kind != "normal") {
            continue;
        }
        let id = tree.attr(note, "id").unwrap_or_default().into_owned();
        for mut para in read(tree, note, place) {
            para.note = Some(id.clone());
            found.push(para);
        }
    }
    found
}

struct Reader<'t> {
    tree: &'t Tree,
    found: Vec<Para>,
    tables: u32,
    field: runs::Fields,
}

impl Reader<'_> {
    fn blocks(&mut self, parent: NodeId, place: Place, cell: Option<Cell>) {
        for child in self.tree.elements(parent).collect::<Vec<_>>() {
            match (self.tree.ns(child), self.tree.local(child)) {
                (Ns::W, "p") => self.paragraph(child, place, cell),
                (Ns::W, "tbl") => self.table(child, place),
                (Ns::W, "sectPr" | "sdtPr" | "sdtEndPr" | "tcPr" | "customXmlPr") => {}
                (Ns::Mc, "AlternateContent") => {
                    if let Some(branch) = self.tree.branch(child) {
                        self.blocks(branch, place, cell);
                    }
                }
                (Ns::W | Ns::Mc, _) => self.blocks(child, place, cell),
                _ => {}
            }
        }
    }

    fn table(&mut self, table: NodeId, place: Place) {
        let number = self.tables;
        self.tables += 1;
        let rows = self.tree.below(table, "tr");
        for (row, &node) in rows.iter().enumerate() {
            let skipped = self.tree.path(node, &["trPr", "gridBefore"]);
            let mut column = skipped.and_then(|n| number_of(self.tree, n)).unwrap_or(0);
            for cell in self.tree.below(node, "tc") {
                let at = Cell { table: number, row: row as u32, column };
                let span = self.tree.path(cell, &["tcPr", "gridSpan"]);
                column += span.and_then(|n| number_of(self.tree, n)).unwrap_or(1).clamp(1, 1_000);
                self.blocks(cell, place, Some(at));
            }
        }
    }

    fn paragraph(&mut self, node: NodeId, place: Place, cell: Option<Cell>) {
        let tree = self.tree;
        let properties = tree.child(node, "pPr");
        let of = |path: &[&str]| properties.and_then(|at| tree.path(at, path));
        let mark = of(&["rPr"]).and_then(|rpr| {
            if tree.child(rpr, "del").is_some() || tree.child(rpr, "moveFrom").is_some() {
                Some(Mark::Deleted)
            } else if tree.child(rpr, "ins").is_some() || tree.child(rpr, "moveTo").is_some() {
                Some(Mark::Inserted)
            } else {
                None
            }
        });
        let mut para = Para {
            node,
            place,
            cell,
            note: None,
            pieces: Vec::new(),
            style: of(&["pStyle"]).and_then(|n| tree.attr(n, "val")).map(|v| v.into_owned()),
            numbered: (
                of(&["numPr", "numId"]).and_then(|n| number(tree, n)),
                of(&["numPr", "ilvl"]).and_then(|n| number(tree, n)),
            ),
            outline: of(&["outlineLvl"]).and_then(|n| number(tree, n)),
            mark,
            notes: Vec::new(),
            drawing: false,
            section: of(&["sectPr"]).is_some(),
        };
        let mut boxes = Vec::new();
        runs::inline(tree, node, &mut para, &mut self.field, &mut boxes);
        // A paragraph that is only the break of a section is no line of its own: it takes no
        // number.
        if para.pieces.is_empty() && of(&["sectPr"]).is_some() {
            para.numbered = (Some(0), None);
        }
        self.found.push(para);
        for content in boxes {
            let field = std::mem::take(&mut self.field);
            self.blocks(content, Place::Box, None);
            self.field = field;
        }
    }
}

fn number_of(tree: &Tree, node: NodeId) -> Option<u32> {
    number(tree, node)
}

impl Tree {
    /// The alternative that is read: the first choice, or the fallback where there is none.
    pub(crate) fn branch(&self, alternative: NodeId) -> Option<NodeId> {
        self.elements(alternative)
            .find(|&child| self.local(child) == "Choice")
            .or_else(|| self.elements(alternative).find(|&child| self.local(child) == "Fallback"))
    }

    /// The rows of a table, or the cells of a row, through the content controls around them.
    pub(crate) fn below(&self, parent: NodeId, name: &str) -> Vec<NodeId> {
        let mut found = Vec::new();
        for child in self.elements(parent) {
            if self.is(child, name) {
                found.push(child);
            } else if matches!(
                self.w(child),
                "sdt" | "sdtContent" | "customXml" | "ins" | "del" | "moveFrom" | "moveTo"
            ) {
                found.extend(self.below(child, name));
            }
        }
        found
    }
}
