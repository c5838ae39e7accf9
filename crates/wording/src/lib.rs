//! A document as clauses: canonical text, the tree of clauses with stable anchors, what was cut as
//! furniture, and the values that the words hold (numbers, money, durations, dates, parties).
//!
//! Knows no file format and judges nothing: readers give it lines, the review takes its clauses.

mod furniture;
mod item;
mod letters;
mod marker;
mod numeral;
mod run_in;
mod segment;
mod sentences;
mod tree;
pub mod values;

use serde::Serialize;
use units::Lang;

pub use letters::{is_han, is_wide, language, tidy};
pub use marker::{has_firm_number, has_number};
pub use numeral::{en_decimal, roman_numeral, zh_whole};
pub use segment::{MOST_LINES, segment};
pub use sentences::{Span, sentences};

/// Where a line stands in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The running text.
    Body,
    /// A footnote or an endnote.
    Note,
    /// A text box or a shape.
    Box,
    /// The header or footer of a page: furniture, never part of the canonical text.
    Margin,
}

/// A cell of a table: table, row and column, each from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Which table of the document.
    pub table: u32,
    /// Which row of it.
    pub row: u32,
    /// Which column of the row.
    pub column: u32,
}

/// One paragraph as a reader gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The text, without a number that the format computes, on one line.
    pub text: String,
    /// The number that the format computes for this paragraph (`3.1`, `(a)`), as it is shown.
    pub number: Option<String>,
    /// The level of the computed number or list item, from 0.
    pub level: Option<u8>,
    /// The level of the heading, from 1, where the format marks it as one.
    pub heading: Option<u8>,
    /// Where it stands.
    pub part: Part,
    /// The cell of a table that holds it.
    pub cell: Option<Cell>,
    /// The page, from 1, where the format has pages.
    pub page: Option<u32>,
    /// The line or paragraph of the source, from 1.
    pub source: u32,
}

/// A document as clauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wording {
    /// The language of most of it.
    pub lang: Lang,
    /// The canonical text: one line a block, number first, lines joined by `\n`.
    pub text: String,
    /// The blocks in the order of the text.
    pub blocks: Vec<Block>,
    /// What was cut as furniture, and why.
    pub cut: Vec<Cut>,
    /// The last block, where the document breaks off in the middle of a sentence.
    pub truncated: Option<usize>,
    /// The block that names the document; nothing stands under it.
    pub title: Option<usize>,
    /// The first block of the signatures.
    pub signatures: Option<usize>,
}

/// One line of the canonical text. Offsets are bytes of [`Wording::text`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Block {
    /// First byte, of the number where there is one.
    pub start: usize,
    /// First byte after the number and the space behind it.
    pub body: usize,
    /// Byte after the last.
    pub end: usize,
    /// The number as it reads (`第三条`, `3.1`, `(a)`), literal or computed.
    pub number: Option<String>,
    /// Whether it is an item of a list that has bullets instead of numbers.
    #[serde(skip)]
    pub bullet: bool,
    /// The block above it in the tree of clauses.
    pub parent: Option<usize>,
    /// Depth in the tree, from 0.
    pub depth: u8,
    /// Whether it is a heading: a title of what follows, not a sentence of its own.
    pub heading: bool,
    /// A stable name of the place: the numbers on the way down, joined by `/` (`3/3.1`, `三/2`);
    /// unnumbered blocks count below their parent (`3/3.1/p2`). Unique in the document.
    pub anchor: String,
    /// Where it stands.
    pub part: Part,
    /// The cell of a table that holds it.
    pub cell: Option<Cell>,
    /// The page, from 1.
    pub page: Option<u32>,
    /// The line or paragraph of the source, from 1.
    pub source: u32,
}

/// Where a block stands in [`Wording::text`], in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// First character, of the number where there is one.
    pub start: usize,
    /// First character after the number and the space behind it.
    pub body: usize,
    /// Character after the last.
    pub end: usize,
}

/// Lines that belong to the page and not to the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// The lines as they stood.
    pub text: String,
    /// The first line or paragraph of the source, from 1.
    pub source: u32,
    /// Why they were cut.
    pub why: WhyCut,
}

/// Why lines were cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyCut {
    /// Before the title of the document.
    BeforeTitle,
    /// After the last clause or the signatures.
    AfterEnd,
    /// Header, footer or page number.
    Margin,
    /// A table of contents: it names clauses that come later.
    Contents,
    /// Repeated on many pages or belonging to a web page (menus, comments, downloads).
    Site,
}

impl Wording {
    /// The text of block `index`, number included.
    ///
    /// # Panics
    /// Where there is no such block.
    #[must_use]
    pub fn block(&self, index: usize) -> &str {
        let block = &self.blocks[index];
        &self.text[block.start..block.end]
    }

    /// The text of block `index` behind its number.
    ///
    /// # Panics
    /// Where there is no such block.
    #[must_use]
    pub fn body(&self, index: usize) -> &str {
        let block = &self.blocks[index];
        &self.text[block.body..block.end]
    }

    /// The headings above block `index`, outermost first.
    pub fn above(&self, index: usize) -> Vec<usize> {
        let mut path = Vec::new();
        let mut at = self.blocks[index].parent;
        while let Some(parent) = at {
            path.push(parent);
            at = self.blocks[parent].parent;
        }
        path.reverse();
        path
    }

    /// Where each block stands, in characters.
    #[must_use]
    pub fn in_characters(&self) -> Vec<Place> {
        let (mut byte, mut count) = (0, 0);
        let mut to = |end: usize| {
            count += self.text[byte..end].chars().count();
            byte = end;
            count
        };
        self.blocks
            .iter()
            .map(|block| Place { start: to(block.start), body: to(block.body), end: to(block.end) })
            .collect()
    }

    /// Bytes to characters: how findings give their place outside this program.
    #[must_use]
    pub fn chars(&self, byte: usize) -> usize {
        self.text[..byte].chars().count()
    }
}
