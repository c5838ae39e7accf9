//! How operations of several people on one item meet: per label the last writer wins, and nobody's
//! other labels are touched. A label that another deleted meanwhile comes back when it is put.
//! Serves anno-3.2. Who may write at all stands in `state`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::guideline::Guideline;
use crate::label::{Extent, Label};
use crate::read::{Operation, Refused, RefusedCode, Save, check};

/// The most labels of one item: with their fields they fit the register's 2 MiB.
pub const MOST_LABELS: usize = 6_000;
/// The most bytes of the labels of one item.
const MOST_BYTES: usize = 2_000_000;
/// The most deletions that are remembered.
const MOST_GONE: usize = 2_000;

/// A label that was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Its id.
    pub id: String,
    /// In which revision.
    pub revision: u64,
}

/// The labels of an item in one slot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// One more with each save that changed something.
    pub revision: u64,
    /// The labels, in the order in which they were first put.
    pub labels: Vec<Label>,
    /// What was deleted, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Gone>,
    /// Deletions up to this revision are no longer remembered.
    #[serde(default)]
    pub forgotten: u64,
}

/// What became of a save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The revision now.
    pub revision: u64,
    /// Labels that changed since the client's base and not by this save.
    pub others: Vec<Label>,
    /// Ids deleted since the client's base and not by this save.
    pub gone: Vec<String>,
    /// What was not done.
    pub refused: Vec<Refused>,
    /// What was done.
    pub applied: Vec<Operation>,
    /// How many labels were new, changed and deleted.
    pub made: u64,
    /// Labels that stood and say something else now.
    pub changed: u64,
    /// Labels that are no more.
    pub deleted: u64,
    /// Whether the client must read the labels anew: its base is older than what is remembered, or
    /// newer than what there is.
    pub reload: bool,
}

/// Does the operations of a save that the guideline allows.
#[must_use]
pub fn merge(
    document: &mut Document,
    save: &Save,
    author: &str,
    guideline: &Guideline,
    extent: Option<&Extent>,
) -> Merged {
    let next = document.revision + 1;
    let mut merging = Merging::new(document);
    let mut refused = save.refused.clone();
    for (index, operation) in &save.operations {
        let done = match operation {
            Operation::Put(label) => match check(label, guideline, extent) {
                Ok(()) => merging.put(Label {
                    author: author.to_owned(),
                    revision: next,
                    ..label.clone()
                }),
                Err(wrong) => Err(wrong),
            },
            Operation::Delete(id) => merging.delete(id, next),
        };
        if let Err((code, field)) = done {
            let id = match operation {
                Operation::Put(label) => label.id.clone(),
                Operation::Delete(id) => id.clone(),
            };
            refused.push(Refused { index: *index, id, code, field });
        }
    }
    refused.sort_by_key(|refused| refused.index);
    let Merging { applied, made, changed, deleted, .. } = merging;
    if !applied.is_empty() {
        document.revision = next;
    }
    let written: BTreeSet<&str> = applied.iter().map(name).collect();
    let newer = |revision: u64, id: &str| revision > save.base && !written.contains(id);
    let others = document.labels.iter().filter(|label| newer(label.revision, &label.id));
    let others = others.cloned().collect();
    let gone = document.gone.iter().filter(|gone| newer(gone.revision, &gone.id));
    let gone = gone.map(|gone| gone.id.clone()).collect();
    let over = document.gone.len().saturating_sub(MOST_GONE);
    if let Some(last) = over.checked_sub(1).and_then(|at| document.gone.get(at)) {
        document.forgotten = last.revision;
        document.gone.drain(..over);
    }
    Merged {
        revision: document.revision,
        others,
        gone,
        refused,
        made,
        changed,
        deleted,
        reload: save.base < document.forgotten || save.base > document.revision,
        applied,
    }
}

fn name(operation: &Operation) -> &str {
    match operation {
        Operation::Put(label) => &label.id,
        Operation::Delete(id) => id,
    }
}

/// A document while operations are done to it.
struct Merging<'a> {
    document: &'a mut Document,
    place: BTreeMap<String, usize>,
    bytes: usize,
    applied: Vec<Operation>,
    made: u64,
    changed: u64,
    deleted: u64,
}

impl<'a> Merging<'a> {
    fn new(document: &'a mut Document) -> Self {
        let places = document.labels.iter().enumerate();
        let place = places.map(|(at, label)| (label.id.clone(), at)).collect();
        let bytes = document.labels.iter().map(size).sum();
        let (made, changed, deleted) = (0, 0, 0);
        Self { document, place, bytes, applied: Vec::new(), made, changed, deleted }
    }

    fn put(&mut self, label: Label) -> Result<(), (RefusedCode, String)> {
        let new = size(&label);
        let old = self.place.get(&label.id).and_then(|at| self.document.labels.get_mut(*at));
        let before = old.as_ref().map_or(0, |old| size(old));
        let full = old.is_none() && self.document.labels.len() >= MOST_LABELS;
        if full || self.bytes - before + new > MOST_BYTES {
            return Err((RefusedCode::TooMany, String::new()));
        }
        self.bytes = self.bytes - before + new;
        let old = self.place.get(&label.id).and_then(|at| self.document.labels.get_mut(*at));
        match old {
            Some(old) => {
                self.changed += u64::from(!old.says_the_same(&label));
                *old = label.clone();
            }
            None => {
                self.made += 1;
                self.document.gone.retain(|gone| gone.id != label.id);
                self.place.insert(label.id.clone(), self.document.labels.len());
                self.document.labels.push(label.clone());
            }
        }
        self.applied.push(Operation::Put(label));
        Ok(())
    }

    fn delete(&mut self, id: &str, revision: u64) -> Result<(), (RefusedCode, String)> {
        let Some(at) = self.place.remove(id) else {
            // Deleted by another meanwhile: it is as was asked.
            let gone = self.document.gone.iter().any(|gone| gone.id == id);
            return if gone {
                Ok(())
            } else {
                Err((RefusedCode::NoSuchLabel, "delete".to_owned()))
            };
        };
        let label = self.document.labels.remove(at);
        self.bytes -= size(&label);
        for place in self.place.values_mut() {
            *place -= usize::from(*place > at);
        }
        self.deleted += 1;
        self.document.gone.push(Gone { id: id.to_owned(), revision });
        self.applied.push(Operation::Delete(id.to_owned()));
        Ok(())
    }
}

/// About how many bytes a label takes when it is kept.
fn size(label: &Label) -> usize {
    use crate::label::{Attribute, Shape};
    let attributes = label.attributes.iter().map(|(name, value)| {
        let value = match value {
            Attribute::Text(text) | Attribute::Number(text) => text.len() * 2,
            Attribute::Flag(_) => 5,
        };
        name.len() * 2 + value + 20
    });
    let boxes = match &label.shape {
        Shape::Track { boxes } => boxes.len() * 100,
        _ => 90,
    };
    170 + label.class.len() + label.author.len() + boxes + attributes.sum::<usize>()
}
