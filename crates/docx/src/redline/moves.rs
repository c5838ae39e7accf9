//! Paragraphs that stand elsewhere in the new version, word for word: they are marked as moved,
//! with the ranges that Word joins the two places by.

use std::collections::HashMap;

use super::blocks::Block;
use super::{Changed, Marker};
use crate::align::Step;
use crate::story::{Para, PieceKind};
use crate::tokens::tokens;
use crate::track::delete_paragraph;
use crate::tree::NodeId;

/// A paragraph of fewer words is deleted here and inserted there: `Intentionally left blank`.
const WORDS: usize = 5;

/// What moved among the blocks of one body or note, by its place among the old and the new ones.
#[derive(Debug, Default)]
pub(super) struct Moves {
    /// Where the old blocks that left stand, with the name of the move.
    pub(super) from: HashMap<usize, String>,
    /// The old block of each new one that came, with the name of the move.
    pub(super) to: HashMap<usize, (usize, String)>,
}

impl Marker<'_> {
    /// Pairs what is deleted with what is inserted.
    pub(super) fn moves(&mut self, steps: &[Step], old: &[Block], new: &[Block]) -> Moves {
        let mut gone: HashMap<String, Vec<usize>> = HashMap::new();
        for &step in steps.iter().rev() {
            if let Step::Delete(i) = step
                && let Block::Para(at) = &old[i]
                && movable(self.old.para(*at))
                && self.old.story.tree.path(self.old.para(*at).node, &["pPr", "sectPr"]).is_none()
            {
                gone.entry(self.old.para(*at).text()).or_default().push(i);
            }
        }
        let mut moves = Moves::default();
        for &step in steps {
            if let Step::Insert(j) = step
                && let Block::Para(at) = &new[j]
                && movable(self.new.para(*at))
                && let Some(i) = gone.get_mut(&self.new.para(*at).text()).and_then(Vec::pop)
            {
                let name = format!("move{}", self.stamp.id());
                moves.from.insert(i, name.clone());
                moves.to.insert(j, (i, name));
            }
        }
        moves
    }

    /// Marks a paragraph as moved away, and gives the last element of it.
    pub(super) fn move_from(&mut self, at: usize, name: &str) -> NodeId {
        let paragraph = self.old.para(at).node;
        delete_paragraph(self.tree, paragraph, "moveFrom", self.stamp);
        self.range(paragraph, "moveFrom", name)
    }

    /// Marks a paragraph of the new version, which hangs in its place, as moved here, and gives the
    /// last element of it.
    pub(super) fn move_to(&mut self, made: NodeId, old: usize, new: usize, name: &str) -> NodeId {
        let (was, is) = (self.line(&self.old, old), self.line(&self.new, new));
        self.report.changes.push(Changed {
            part: self.old.story.part.clone(),
            old: Some(old as u32 + 1),
            new: Some(new as u32 + 1),
            was,
            is,
            moved: true,
        });
        self.range(made, "moveTo", name)
    }

    /// The range around what a paragraph holds, its mark included.
    fn range(&mut self, paragraph: NodeId, what: &str, name: &str) -> NodeId {
        let start = self.stamp.make(self.tree, &format!("{what}RangeStart"));
        self.tree.set_attr(start, "name", name);
        let id = self.tree.attr(start, "id").unwrap_or_default().into_owned();
        let properties = self.tree.child(paragraph, "pPr");
        let behind = properties.and_then(|node| self.tree.position(node)).map_or(0, |at| at + 1);
        self.tree.insert(paragraph, behind, start);
        let end = self.tree.make(&format!("{what}RangeEnd"), &[("id", &id)]);
        self.tree.after(paragraph, end);
        end
    }
}

/// Whether a paragraph is words alone, and enough of them.
fn movable(para: &Para) -> bool {
    let whole = |kind| matches!(kind, PieceKind::Text | PieceKind::Sign);
    let text = para.text();
    let words = tokens(&text, &[]);
    !para.drawing
        && para.notes.is_empty()
        && para.pieces.iter().all(|piece| whole(piece.kind))
        && words.iter().filter(|word| word.chars().any(char::is_alphanumeric)).count() >= WORDS
}
