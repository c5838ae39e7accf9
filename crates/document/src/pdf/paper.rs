//! The worded data of a printed document, as the templates take them. Every text is final: the
//! templates place it and say nothing of their own.

use serde::Serialize;
use units::Lang;

/// A label with its value.
pub(super) type Pair = (String, String);

/// What a file says of itself, and what stands around the text of each page.
#[derive(Debug, Serialize)]
pub(crate) struct Around {
    /// `zh` or `en`.
    pub(crate) lang: &'static str,
    /// Title of the file.
    pub(crate) name: String,
    /// Author of the file.
    pub(crate) author: String,
    /// Subject of the file.
    pub(crate) about: String,
    /// Left and right of the head of each page.
    pub(crate) running: [String; 2],
    /// A mark on each page: rehearsal, draft.
    pub(crate) mark: Option<String>,
    /// Foot of each page.
    pub(crate) footing: String,
    /// Around the numbers of a page.
    pub(crate) pages: [String; 3],
}

impl Around {
    /// That of a file of nobody in particular, with a head on the left alone.
    pub(crate) fn of(lang: Lang, name: String, about: String, head: String, foot: String) -> Self {
        let pages = match lang {
            Lang::Zh => ["第 ", " 页，共 ", " 页"],
            Lang::En => ["Page ", " of ", ""],
        };
        Self {
            lang: lang.code(),
            name,
            author: String::new(),
            about,
            running: [head, String::new()],
            mark: None,
            footing: foot,
            pages: pages.map(str::to_owned),
        }
    }
}

/// A printed document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Paper {
    #[serde(flatten)]
    pub(super) around: Around,
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) facts: Vec<Pair>,
    /// Seller, then buyer.
    pub(super) parties: [Block; 2],
    pub(super) table: Table,
    pub(super) sums: Vec<Sum>,
    /// Amounts in words.
    pub(super) words: Vec<Pair>,
    pub(super) payment: Payment,
    pub(super) remarks_title: String,
    pub(super) remarks: Vec<String>,
    pub(super) annex: Option<Annex>,
    pub(super) proofs: Evidence,
}

/// A party.
#[derive(Debug, Serialize)]
pub(super) struct Block {
    pub(super) role: String,
    pub(super) name: String,
    pub(super) rows: Vec<Pair>,
}

/// The lines.
#[derive(Debug, Serialize)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A column of the lines.
#[derive(Debug, Serialize)]
pub(super) struct Column {
    pub(super) name: String,
    /// Whether its cells stand at the right, as figures do.
    pub(super) right: bool,
    /// Whether it takes the room that is left.
    pub(super) wide: bool,
}

/// A cell of the lines.
#[derive(Debug, Default, Serialize)]
pub(super) struct Cell {
    pub(super) text: String,
    /// In small letters below; may be empty.
    pub(super) note: String,
}

/// A sum.
#[derive(Debug, Serialize)]
pub(super) struct Sum {
    pub(super) label: String,
    pub(super) amount: String,
    /// What matters most.
    pub(super) strong: bool,
}

/// How to pay.
#[derive(Debug, Default, Serialize)]
pub(super) struct Payment {
    pub(super) title: String,
    pub(super) rows: Vec<Pair>,
}

/// The workings.
#[derive(Debug, Serialize)]
pub(super) struct Annex {
    pub(super) title: String,
    pub(super) intro: String,
    pub(super) sections: Vec<Section>,
    pub(super) lists: Vec<List>,
}

/// Figures of one kind.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) items: Vec<Item>,
}

/// A figure with its working.
#[derive(Debug, Serialize)]
pub(super) struct Item {
    pub(super) number: String,
    pub(super) name: String,
    pub(super) amount: String,
    pub(super) clause: String,
    pub(super) formula: String,
    /// Code, name and value of each.
    pub(super) inputs: Vec<String>,
    /// The exact value and its rounding.
    pub(super) result: String,
    pub(super) evidence: String,
}

/// Sentences under a heading.
#[derive(Debug, Serialize)]
pub(super) struct List {
    pub(super) title: String,
    /// Whether the rows are short, so that they stand in columns.
    pub(super) narrow: bool,
    pub(super) rows: Vec<String>,
}

/// What the document rests on.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Evidence {
    pub(super) title: String,
    /// Label, value, and whether it is a hash or a name.
    pub(super) rows: Vec<(String, String, bool)>,
    pub(super) steps: Vec<String>,
    pub(super) command: String,
    pub(super) hashes_title: String,
    pub(super) hashes: Vec<Pair>,
    /// How many are not listed; may be empty.
    pub(super) more: String,
}
