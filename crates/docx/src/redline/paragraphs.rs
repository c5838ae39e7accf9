//! A paragraph of both versions: its words, its style and number, its boxes.

use super::report::short;
use super::{Changed, Marker, Side, What};
use crate::story::{Para, Place};
use crate::tokens::changes;
use crate::track::{Edit, can, properties, revise};
use crate::tree::NodeId;

impl Marker<'_> {
    /// Writes a paragraph that changed into the report.
    pub(super) fn changed(&mut self, old: Option<usize>, new: Option<usize>) {
        let one = Changed {
            part: self.old.story.part.clone(),
            old: old.map(|at| at as u32 + 1),
            new: new.map(|at| at as u32 + 1),
            was: old.map(|at| self.line(&self.old, at)).unwrap_or_default(),
            is: new.map(|at| self.line(&self.new, at)).unwrap_or_default(),
            moved: false,
        };
        if !one.was.trim().is_empty() || !one.is.trim().is_empty() {
            self.report.changes.push(one);
        }
    }

    /// The number and the text of a paragraph.
    pub(super) fn line(&self, side: &Side<'_>, at: usize) -> String {
        let text = side.para(at).text();
        match &side.numbers[at] {
            Some(number) => format!("{number} {text}"),
            None => text,
        }
    }

    /// Marks the changes of a paragraph.
    pub(super) fn same(&mut self, old: usize, new: usize) {
        let (a, b) = (self.old.para(old), self.new.para(new));
        let (was, is) = (a.text(), b.text());
        if was != is {
            self.changed(Some(old), Some(new));
            self.words(old, new, &was, &is);
        }
        self.properties(old, new);
        if a.drawing != b.drawing {
            self.unmarked(What::Drawing, Some(old), "", "");
        }
        if a.notes.len() != b.notes.len() {
            self.unmarked(What::Note, Some(old), "", "");
        }
        let (x, y) = (boxed(&self.old, old), boxed(&self.new, new));
        if x != y {
            self.unmarked(What::Box, Some(old), &short(&x), &short(&y));
        }
    }

    fn words(&mut self, old: usize, new: usize, was: &str, is: &str) {
        let para = self.old.para(old);
        let mut edits = Vec::new();
        let mut left = Vec::new();
        for change in changes(was, is, self.terms) {
            let (from, to) = (change.old.start, change.old.end);
            if !can(para, from, to) {
                left.push(change);
                continue;
            }
            let runs = self.runs(new, change.new.start, change.new.end);
            edits.push(Edit { from, to, keep: false, runs });
        }
        revise(self.tree, para, &edits, self.stamp);
        let part = |text: &str, from: usize, to: usize| -> String {
            text.chars().skip(from).take(to - from).collect()
        };
        for change in left {
            let gone = part(was, change.old.start, change.old.end);
            let come = part(is, change.new.start, change.new.end);
            self.unmarked(What::Field, Some(old), &gone, &come);
        }
    }

    /// Records another style, number or heading level.
    fn properties(&mut self, old: usize, new: usize) {
        let (a, b) = (self.old.para(old), self.new.para(new));
        let of = |para: &Para| (para.style.clone(), para.numbered, para.outline);
        let list = |side: &Side<'_>, para: &Para| {
            side.number(para).map(|(num, level)| (side.shape(num), level))
        };
        if of(a) == of(b) && list(&self.old, a) == list(&self.new, b) {
            return;
        }
        let copy = self.adopt_paragraph(new);
        let known = |name: &str| {
            let found = self.tree.child(copy, name);
            found.and_then(|node| self.tree.attr(node, "val")).map(|value| value.into_owned())
        };
        let lost = b.style != known("pStyle")
            || b.numbered.0.is_some() && self.tree.path(copy, &["numPr", "numId"]).is_none();
        if lost {
            let name = |para: &Para| para.style.clone().unwrap_or_default();
            self.unmarked(What::Style, Some(old), &name(a), &name(b));
            return;
        }
        let holder = properties(self.tree, a.node, "pPr");
        let stays = |name: &str| matches!(name, "rPr" | "sectPr");
        let before = self.tree.make("pPr", &[]);
        for child in self.tree.children(holder).to_vec() {
            if !stays(self.tree.w(child)) {
                self.tree.append(before, child);
            }
        }
        let mut at = 0;
        for child in self.tree.children(copy).to_vec() {
            if self.tree.is_element(child) && !stays(self.tree.w(child)) {
                self.tree.insert(holder, at, child);
                at += 1;
            }
        }
        let change: NodeId = self.stamp.make(self.tree, "pPrChange");
        self.tree.append(change, before);
        self.tree.append(holder, change);
    }
}

/// The text of the boxes that hang on a paragraph.
fn boxed(side: &Side<'_>, at: usize) -> String {
    let behind = side.story.paras[at + 1..].iter();
    let mine = behind.take_while(|para| para.place == Place::Box);
    if side.para(at).place == Place::Box {
        return String::new();
    }
    mine.map(Para::text).collect::<Vec<_>>().join("\n")
}
