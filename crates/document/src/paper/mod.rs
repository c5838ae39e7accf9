//! A paper for people, in parts that are the same in every form of it: one page of HTML that needs
//! no other file, a Word file, a PDF.

mod html;
mod page;
mod word;

use serde::Serialize;
use units::{Date, Lang};

pub use html::html;
pub use page::pdf;
pub use word::word;

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// What the paper is.
    pub title: String,
    /// What it is about.
    pub name: String,
    /// A word that keeps the numbers of PDF files of one kind apart from those of others.
    pub ident: &'static str,
    /// Its day.
    pub day: Date,
    /// What it says, in order.
    pub parts: Vec<Part>,
}

/// A part of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Part {
    /// A heading.
    Heading {
        /// Its text.
        text: String,
    },
    /// Labels with their values.
    Facts {
        /// Label and value.
        rows: Vec<(String, String)>,
    },
    /// A table.
    Table {
        /// Its columns.
        columns: Vec<Column>,
        /// Its rows; as many cells as columns.
        rows: Vec<Vec<String>>,
    },
    /// Bars from a common start.
    Bars {
        /// One below the other.
        rows: Vec<Bar>,
    },
    /// Figures between 0 and 1, each with its interval on one scale.
    Reaches {
        /// One below the other.
        rows: Vec<Reach>,
    },
    /// Small pictures side by side; a page of HTML shows them, other forms name them.
    Pictures {
        /// From left to right.
        rows: Vec<Picture>,
    },
    /// A paragraph.
    Text {
        /// Its text.
        text: String,
    },
    /// A sentence in small letters.
    Note {
        /// Its text.
        text: String,
    },
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether its cells stand at the right, as figures do.
    pub right: bool,
}

/// A bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// The figure.
    pub count: String,
    /// Its length in thousandths of the longest.
    pub length: u64,
}

/// A figure with its interval, in thousandths of 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// What it stands for.
    pub label: String,
    /// The figure with its interval, in words.
    pub figure: String,
    /// Where the interval begins.
    pub from: u64,
    /// The figure.
    pub at: u64,
    /// Where the interval ends.
    pub to: u64,
}

/// A small picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// What it is called.
    pub name: String,
    /// A JPEG file in base 64.
    pub jpeg: String,
}

/// Puts parts together in one language.
pub(crate) struct Writer {
    pub(crate) lang: Lang,
    pub(crate) parts: Vec<Part>,
}

impl Writer {
    pub(crate) const fn new(lang: Lang) -> Self {
        Self { lang, parts: Vec::new() }
    }

    pub(crate) const fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    pub(crate) fn heading(&mut self, zh: &'static str, en: &'static str) {
        let text = self.say(zh, en).to_owned();
        self.parts.push(Part::Heading { text });
    }

    pub(crate) fn note(&mut self, text: String) {
        self.parts.push(Part::Note { text });
    }

    pub(crate) fn facts(&mut self, rows: Vec<(String, String)>) {
        if !rows.is_empty() {
            self.parts.push(Part::Facts { rows });
        }
    }

    /// A table; one without rows is left out.
    pub(crate) fn table(
        &mut self,
        columns: &[(&'static str, &'static str, bool)],
        rows: Vec<Vec<String>>,
    ) {
        if rows.is_empty() {
            return;
        }
        let column = |(zh, en, right): &(&'static str, &'static str, bool)| Column {
            name: self.say(zh, en).to_owned(),
            right: *right,
        };
        let columns = columns.iter().map(column).collect();
        self.parts.push(Part::Table { columns, rows });
    }

    /// Bars of counts, worded by `count`; none are left out.
    pub(crate) fn bars(&mut self, rows: Vec<(String, u64)>, count: impl Fn(u64) -> String) {
        let longest = rows.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
        let bar = |(label, value): (String, u64)| Bar {
            label,
            count: count(value),
            length: value.saturating_mul(1_000) / longest,
        };
        let rows: Vec<Bar> = rows.into_iter().map(bar).collect();
        if !rows.is_empty() {
            self.parts.push(Part::Bars { rows });
        }
    }
}
