//! Tables: rows that are the same are compared cell by cell, others are deleted and inserted whole.

use super::blocks::{Row, Table, paragraphs, row_key};
use super::{Marker, Side, What};
use crate::align::{Key, Step, align};
use crate::tree::{NodeId, Tree};

impl Marker<'_> {
    /// Marks the changes of a table.
    pub(super) fn table(&mut self, old: &Table, new: &Table) {
        let keys = |side: &Side<'_>, table: &Table| {
            table.rows.iter().map(|row| row_key(side, row)).collect::<Vec<Key>>()
        };
        let steps = align(&keys(&self.old, old), &keys(&self.new, new));
        let (was, is) = (grid(&self.old.story.tree, old), grid(&self.new.story.tree, new));
        if was != is {
            let mut all = Vec::new();
            for cell in old.rows.iter().flat_map(|row| &row.cells) {
                paragraphs(&cell.blocks, &mut all);
            }
            self.unmarked(What::TableGrid, all.first().copied(), &was, &is);
        }
        let mut last: Option<NodeId> = None;
        for step in steps {
            match step {
                Step::Same(i, j) => {
                    let (a, b) = (&old.rows[i], &new.rows[j]);
                    for (x, y) in a.cells.iter().zip(&b.cells) {
                        self.blocks(&x.blocks, &y.blocks, x.node);
                    }
                    last = Some(a.node);
                }
                Step::Delete(i) => {
                    self.delete_row(&old.rows[i]);
                    last = Some(old.rows[i].node);
                }
                Step::Insert(j) => {
                    let made = self.insert_row(&new.rows[j]);
                    match (last, old.rows.first()) {
                        (Some(last), _) => self.tree.after(last, made),
                        (None, Some(first)) => self.tree.before(first.node, made),
                        (None, None) => self.tree.append(old.node, made),
                    }
                    last = Some(made);
                }
            }
        }
    }

    /// A row of the new version, marked as inserted.
    pub(super) fn insert_row(&mut self, row: &Row) -> NodeId {
        let source = &self.new.story.tree;
        let made = self.tree.make("tr", &[]);
        for name in ["tblPrEx", "trPr"] {
            if let Some(found) = source.child(row.node, name) {
                let copy = self.adopt(found);
                self.tree.append(made, copy);
            }
        }
        crate::track::mark_row(self.tree, made, "ins", self.stamp);
        for cell in &row.cells {
            let element = self.tree.make("tc", &[]);
            if let Some(found) = source.child(cell.node, "tcPr") {
                let copy = self.adopt(found);
                self.tree.append(element, copy);
            }
            for block in &cell.blocks {
                let block = self.insert(block);
                self.tree.append(element, block);
            }
            if !self.tree.elements(element).next_back().is_some_and(|e| self.tree.is(e, "p")) {
                let end = self.tree.make("p", &[]);
                self.tree.append(element, end);
            }
            self.tree.append(made, element);
        }
        made
    }
}

/// The widths of a table's columns.
fn grid(tree: &Tree, table: &Table) -> String {
    let Some(grid) = tree.child(table.node, "tblGrid") else { return String::new() };
    let columns = tree.elements(grid).filter(|&column| tree.is(column, "gridCol"));
    let widths = columns.map(|column| tree.attr(column, "w").unwrap_or_default().into_owned());
    widths.collect::<Vec<_>>().join(" ")
}
