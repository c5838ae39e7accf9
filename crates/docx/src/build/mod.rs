//! New documents: paragraphs with styles, real numbering, tables, a header and a footer, and
//! content controls that are bound to one custom XML part. The same description gives the same
//! bytes.
//!
//! Knows no words of any language but the two ways of numbering clauses.

mod body;
mod parts;

use crate::package::Package;
use crate::tree::escape_attr;

/// A document to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The fonts of all text.
    pub fonts: Fonts,
    /// What stands in the document, in order.
    pub blocks: Vec<Block>,
    /// What stands above each page.
    pub header: Vec<Span>,
    /// What stands below each page.
    pub footer: Vec<Span>,
    /// The data that the content controls show.
    pub store: Option<Store>,
    /// The title in the properties of the file.
    pub title: String,
}

/// The fonts of a document. They are named, not embedded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fonts {
    /// For Latin letters and digits.
    pub latin: String,
    /// For Chinese, Japanese and Korean.
    pub east_asian: String,
}

impl Default for Fonts {
    fn default() -> Self {
        Fonts { latin: "Times New Roman".to_owned(), east_asian: "SimSun".to_owned() }
    }
}

/// A custom XML part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// The namespace of its root element.
    pub namespace: String,
    /// Its id, `{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}`.
    pub id: String,
    /// The whole part, well formed.
    pub xml: String,
}

/// Something that stands below what came before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Style, Vec<Span>),
    /// A table.
    Table(Table),
    /// The next block starts a page.
    PageBreak,
}

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The title of the document.
    Title,
    /// Below the title.
    Subtitle,
    /// A heading without a number, from 1 to 3.
    Heading(u8),
    /// Running text.
    Body,
    /// Small text.
    Note,
    /// A numbered clause: level 0 is `第一条` or `Article 1` and a heading, level 1 `1.1`, level 2
    /// `(a)`, level 3 `(i)`.
    Clause {
        /// Which way of numbering.
        numbers: Numbers,
        /// From 0 to 3.
        level: u8,
        /// 0 for the articles of the document; another list (an annex) counts from 1 again.
        list: u16,
    },
    /// An item with a bullet.
    Bullet,
}

/// How clauses are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Numbers {
    /// `第一条`, `1.1`, `(a)`, `(i)`.
    Chinese,
    /// `Article 1`, `1.1`, `(a)`, `(i)`.
    English,
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Text; a tab and a line break in it are such.
    Text(String, Look),
    /// A content control.
    Control(Field),
    /// The number of the page.
    PageNumber,
    /// How many pages there are.
    PageCount,
}

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
}

/// A content control that shows one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its tag, by which programs find it.
    pub tag: String,
    /// Its title, which people see.
    pub alias: String,
    /// Where its value stands in the store, with the prefix `t` for its namespace
    /// (`/t:terms[1]/t:fee[1]`).
    pub xpath: Option<String>,
    /// The text that it shows.
    pub text: String,
    /// How it looks.
    pub look: Look,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The width of each column in twentieths of a point; a page holds about 9000.
    pub widths: Vec<u32>,
    /// Whether lines are drawn.
    pub lines: bool,
    /// Whether the first row is a heading that is repeated on each page.
    pub heading: bool,
    /// Rows of cells of blocks.
    pub rows: Vec<Vec<Vec<Block>>>,
}

impl Span {
    /// Plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Span {
        Span::Text(text.into(), Look::default())
    }

    /// Bold text.
    #[must_use]
    pub fn bold(text: impl Into<String>) -> Span {
        Span::Text(text.into(), Look { bold: true, ..Look::default() })
    }

    /// Underlined text.
    #[must_use]
    pub fn underlined(text: impl Into<String>) -> Span {
        Span::Text(text.into(), Look { underline: true, ..Look::default() })
    }
}

impl Draft {
    /// The file of this document.
    #[must_use]
    pub fn build(&self) -> Package {
        let document = body::document(self);
        let mut parts = vec![
            ("[Content_Types].xml", parts::types(self)),
            ("_rels/.rels", parts::package_rels()),
            ("docProps/core.xml", parts::properties(&self.title)),
            ("word/document.xml", document.xml),
            ("word/_rels/document.xml.rels", parts::document_rels(self)),
            ("word/styles.xml", parts::styles(&self.fonts)),
            ("word/numbering.xml", parts::numbering(&document.lists)),
            ("word/settings.xml", parts::settings()),
        ];
        if !self.header.is_empty() {
            parts.push(("word/header1.xml", body::margin("hdr", "Header", &self.header)));
        }
        if !self.footer.is_empty() {
            parts.push(("word/footer1.xml", body::margin("ftr", "Footer", &self.footer)));
        }
        if let Some(store) = &self.store {
            parts.push(("customXml/item1.xml", store.xml.clone()));
            parts.push(("customXml/_rels/item1.xml.rels", parts::store_rels()));
            parts.push(("customXml/itemProps1.xml", parts::store_properties(store)));
        }
        let parts =
            parts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect();
        Package::of(parts, "word/document.xml")
    }
}

/// The id of a style in the file.
fn style_id(style: Style) -> String {
    match style {
        Style::Title => "Title".to_owned(),
        Style::Subtitle => "Subtitle".to_owned(),
        Style::Heading(level) => format!("Heading{}", level.clamp(1, 3)),
        Style::Body => "BodyText".to_owned(),
        Style::Note => "Note".to_owned(),
        Style::Clause { numbers, level, .. } => clause_style(numbers, level),
        Style::Bullet => "ListBullet".to_owned(),
    }
}

fn clause_style(numbers: Numbers, level: u8) -> String {
    let name = match numbers {
        Numbers::Chinese => "ClauseZh",
        Numbers::English => "ClauseEn",
    };
    format!("{name}{}", level.min(3) + 1)
}

fn attr(text: &str) -> String {
    escape_attr(text)
}
