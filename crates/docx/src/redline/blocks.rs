//! A part as blocks: paragraphs and tables, each with what is compared of it.

use std::collections::HashMap;

use super::moves::Moves;
use super::{Marker, Side, What};
use crate::align::{Key, Step, align};
use crate::names::Ns;
use crate::story::Place;
use crate::track::{delete_paragraph, mark_row};
use crate::tree::{NodeId, Tree};

/// A block of a body, a cell or a note.
#[derive(Debug, Clone)]
pub(super) enum Block {
    /// A paragraph, by its place among those of the part.
    Para(usize),
    /// A table.
    Table(Table),
}

/// A table as its rows.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) node: NodeId,
    pub(super) rows: Vec<Row>,
}

/// A row as the blocks of its cells.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) node: NodeId,
    pub(super) cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) node: NodeId,
    pub(super) blocks: Vec<Block>,
}

/// Reads the blocks below a node.
pub(super) fn read(side: &Side<'_>, root: NodeId) -> Vec<Block> {
    let known: HashMap<NodeId, usize> =
        side.story.paras.iter().enumerate().map(|(at, para)| (para.node, at)).collect();
    let mut found = Vec::new();
    below(&side.story.tree, root, &known, &mut found);
    found
}

fn below(tree: &Tree, parent: NodeId, known: &HashMap<NodeId, usize>, found: &mut Vec<Block>) {
    for child in tree.elements(parent) {
        match (tree.ns(child), tree.local(child)) {
            (Ns::W, "p") => found.extend(known.get(&child).map(|&at| Block::Para(at))),
            (Ns::W, "tbl") => {
                let mut rows = Vec::new();
                for row in tree.below(child, "tr") {
                    let mut cells = Vec::new();
                    for cell in tree.below(row, "tc") {
                        let mut blocks = Vec::new();
                        below(tree, cell, known, &mut blocks);
                        cells.push(Cell { node: cell, blocks });
                    }
                    rows.push(Row { node: row, cells });
                }
                found.push(Block::Table(Table { node: child, rows }));
            }
            (Ns::W, "sectPr" | "sdtPr" | "sdtEndPr" | "tcPr" | "customXmlPr") => {}
            (Ns::Mc, "AlternateContent") => {
                if let Some(branch) = tree.branch(child) {
                    below(tree, branch, known, found);
                }
            }
            (Ns::W | Ns::Mc, _) => below(tree, child, known, found),
            _ => {}
        }
    }
}

/// The paragraphs of blocks in order.
pub(super) fn paragraphs(blocks: &[Block], found: &mut Vec<usize>) {
    for block in blocks {
        match block {
            Block::Para(at) => found.push(*at),
            Block::Table(table) => {
                for cell in table.rows.iter().flat_map(|row| &row.cells) {
                    paragraphs(&cell.blocks, found);
                }
            }
        }
    }
}

fn text(side: &Side<'_>, blocks: &[Block]) -> String {
    let mut all = Vec::new();
    paragraphs(blocks, &mut all);
    let lines: Vec<String> = all.into_iter().map(|at| side.para(at).text()).collect();
    lines.join("\n")
}

fn key(side: &Side<'_>, block: &Block) -> Key {
    match block {
        Block::Para(at) => {
            Key { kind: 0, text: side.para(*at).text(), number: side.numbers[*at].clone() }
        }
        Block::Table(_) => {
            Key { kind: 1, text: text(side, std::slice::from_ref(block)), number: None }
        }
    }
}

/// What is compared of a row: rows of another number of cells are never the same.
pub(super) fn row_key(side: &Side<'_>, row: &Row) -> Key {
    let cells: Vec<String> = row.cells.iter().map(|cell| text(side, &cell.blocks)).collect();
    Key { kind: row.cells.len() as u32, text: cells.join("\u{1f}"), number: None }
}

impl Marker<'_> {
    /// Marks the changes of the whole part.
    pub(super) fn story(&mut self) {
        let (old_root, new_root) = (self.old.story.tree.root(), self.new.story.tree.root());
        match self.old.story.place {
            Place::Footnote | Place::Endnote => self.notes(),
            _ => {
                let old = read(&self.old, old_root);
                let new = read(&self.new, new_root);
                let body = self.tree.child(old_root, "body").unwrap_or(old_root);
                self.blocks(&old, &new, body);
            }
        }
    }

    /// Notes, in the order in which the text refers to them.
    fn notes(&mut self) {
        let of = |side: &Side<'_>| {
            let mut all: Vec<NodeId> = Vec::new();
            for para in &side.story.paras {
                let name = |at: NodeId| matches!(side.story.tree.w(at), "footnote" | "endnote");
                let note = side.story.tree.ancestors(para.node).find(|&at| name(at));
                all.extend(note.filter(|&note| all.last() != Some(&note)));
            }
            all
        };
        let (old, new) = (of(&self.old), of(&self.new));
        if old.len() != new.len() {
            let all = |side: &Side<'_>| {
                let lines: Vec<String> = side.story.paras.iter().map(|p| p.text()).collect();
                lines.join(" ")
            };
            let (was, is) = (all(&self.old), all(&self.new));
            self.unmarked(What::Note, None, &was, &is);
            return;
        }
        for (a, b) in old.into_iter().zip(new) {
            let (x, y) = (read(&self.old, a), read(&self.new, b));
            self.blocks(&x, &y, a);
        }
    }

    /// Marks the changes between the blocks of one body, cell or note.
    pub(super) fn blocks(&mut self, old: &[Block], new: &[Block], holder: NodeId) {
        let keys = |side: &Side<'_>, blocks: &[Block]| {
            blocks.iter().map(|block| key(side, block)).collect::<Vec<_>>()
        };
        let steps = align(&keys(&self.old, old), &keys(&self.new, new));
        // A cell ends with a paragraph, and a range would end behind it.
        let moves = match self.tree.is(holder, "tc") {
            true => Moves::default(),
            false => self.moves(&steps, old, new),
        };
        // The last block that is placed: what is inserted hangs behind it.
        let mut last: Option<NodeId> = None;
        for step in steps {
            match step {
                Step::Same(i, j) => match (&old[i], &new[j]) {
                    (Block::Para(a), Block::Para(b)) => {
                        self.same(*a, *b);
                        last = Some(self.old.para(*a).node);
                    }
                    (Block::Table(a), Block::Table(b)) => {
                        self.table(a, b);
                        last = Some(a.node);
                    }
                    _ => {}
                },
                Step::Delete(i) => {
                    last = Some(match (moves.from.get(&i), &old[i]) {
                        (Some(name), Block::Para(at)) => self.move_from(*at, name),
                        _ => self.delete(&old[i]),
                    });
                }
                Step::Insert(j) => {
                    let moved = moves.to.get(&j).map(|(i, name)| (&old[*i], &new[j], name));
                    let made = match moved {
                        Some((_, Block::Para(at), _)) => self.insert_paragraph(*at, "moveTo"),
                        _ => self.insert(&new[j]),
                    };
                    let first = old.first().map(|block| self.node(block));
                    match (last, first) {
                        (Some(last), _) => self.tree.after(last, made),
                        (None, Some(first)) => self.tree.before(first, made),
                        (None, None) => self.tree.insert(holder, 0, made),
                    }
                    last = Some(match moved {
                        Some((Block::Para(i), Block::Para(j), name)) => {
                            self.move_to(made, *i, *j, name)
                        }
                        _ => made,
                    });
                }
            }
        }
    }

    fn node(&self, block: &Block) -> NodeId {
        match block {
            Block::Para(at) => self.old.para(*at).node,
            Block::Table(table) => table.node,
        }
    }

    /// Marks a block as deleted and gives its element.
    fn delete(&mut self, block: &Block) -> NodeId {
        match block {
            Block::Para(at) => {
                let para = self.old.para(*at);
                self.changed(Some(*at), None);
                delete_paragraph(self.tree, para.node, "del", self.stamp);
                para.node
            }
            Block::Table(table) => {
                for row in &table.rows {
                    self.delete_row(row);
                }
                table.node
            }
        }
    }

    /// Marks a row and all in it as deleted.
    pub(super) fn delete_row(&mut self, row: &Row) {
        mark_row(self.tree, row.node, "del", self.stamp);
        for cell in &row.cells {
            for block in &cell.blocks {
                self.delete(block);
            }
        }
    }
}
