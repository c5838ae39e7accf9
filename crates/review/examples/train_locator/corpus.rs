//! Documents with labelled passages, whatever they come from.

use std::path::Path;

use review::locator::{Passage, features, learn, passage};
use wording::Wording;

/// Why the command stopped.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// A document with labels.
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) wording: Wording,
    pub(crate) passages: Vec<Passage>,
    /// Of each passage: bit by topic.
    pub(crate) labels: Vec<u32>,
    /// Bit by topic: whether the labels say it.
    pub(crate) known: u32,
    /// Of each passage: bit by topic of which it is neither right nor wrong.
    pub(crate) unsure: Vec<u32>,
    /// Bit by topic: it is quoted, but no quotation was found in the text.
    pub(crate) lost: u32,
}

impl Document {
    pub(crate) fn new(name: String, wording: Wording, known: u32) -> Self {
        let passages = passage::passages(&wording);
        let labels = vec![0; passages.len()];
        let unsure = labels.clone();
        Self { name, wording, passages, labels, known, unsure, lost: 0 }
    }

    /// Which of the folds it is in: by the party that its name begins with, so that two contracts
    /// of one company never stand on both sides.
    pub(crate) fn fold(&self, folds: u64) -> u64 {
        let company = self.name.split(['_', '-']).next().unwrap_or_default().trim();
        let hash = company.to_lowercase().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |state, byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        (hash ^ (hash >> 32)) % folds
    }

    pub(crate) fn rows(&self, document: u32) -> Vec<learn::Row> {
        (0..self.passages.len())
            .map(|index| learn::Row {
                features: features::of(&self.wording, &self.passages, index),
                document,
                topics: self.labels[index],
                known: self.known & !(self.unsure[index] & !self.labels[index]),
            })
            .collect()
    }
}

/// Letters and digits alone, in small letters, and the byte that each comes from.
pub(crate) fn folded(text: &str) -> (String, Vec<usize>) {
    let mut found = String::new();
    let mut places = Vec::new();
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() {
            found.push(c.to_ascii_lowercase());
            places.push(at);
        }
    }
    (found, places)
}

/// A file as a wording.
pub(crate) fn read_text(file: &Path) -> Result<Wording, Failure> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok(reading::read(&std::fs::read(file)?, &name)?.wording)
}
