//! A drafted contract before it is a file: numbered clauses, tables, parties and signatures, each
//! in one language or in both, with every typed term marked where it stands. Knows no file format.

use units::{Date, Lang};

use super::format::Format;

/// The languages of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edition {
    /// Chinese alone.
    Chinese,
    /// English alone.
    English,
    /// Both, clause by clause, the prevailing language first.
    Bilingual,
}

impl Edition {
    /// The edition in one language.
    #[must_use]
    pub const fn of(lang: Lang) -> Self {
        match lang {
            Lang::Zh => Self::Chinese,
            Lang::En => Self::English,
        }
    }

    /// The languages in the order in which they stand, given the one that prevails.
    #[must_use]
    pub fn langs(self, prevailing: Lang) -> Vec<Lang> {
        match (self, prevailing) {
            (Self::Chinese, _) => vec![Lang::Zh],
            (Self::English, _) => vec![Lang::En],
            (Self::Bilingual, Lang::Zh) => vec![Lang::Zh, Lang::En],
            (Self::Bilingual, Lang::En) => vec![Lang::En, Lang::Zh],
        }
    }
}

/// A drafted contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The kind of service: `annotation`, `training`, `lease`, `classification`.
    pub kind: &'static str,
    /// The name of the agreement.
    pub agreement: String,
    /// Its languages, in the order in which they stand.
    pub langs: Vec<Lang>,
    /// The first day of the agreement, which a printed file carries.
    pub day: Date,
    /// The title.
    pub title: Vec<Said>,
    /// What stands at the head of each page.
    pub header: Vec<Said>,
    /// What stands at the foot of each page, before the page number.
    pub footer: Vec<Said>,
    /// Everything between title and end.
    pub blocks: Vec<Block>,
}

/// The same in one language each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The language.
    pub lang: Lang,
    /// The words and terms.
    pub runs: Vec<Run>,
}

/// Some words, or a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// As it reads.
    pub text: String,
    /// The term that it says.
    pub term: Option<TermMark>,
}

/// Which term a run says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TermMark {
    /// The path of the term, such as `service.standards[0].threshold`.
    pub path: String,
    /// How it is written.
    pub format: Format,
}

/// A part of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A line of its own without a number: the parties, the preamble, the closing words.
    Line(Line),
    /// A heading or a numbered passage.
    Clause(Clause),
    /// A table that belongs to the clause above it.
    Table(Table),
    /// Where the parties sign.
    Signatures(Vec<Signature>),
}

/// A line without a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub role: LineRole,
    /// Clauses of the catalogue that it serves.
    pub serves: Vec<String>,
    /// What it says.
    pub said: Vec<Said>,
}

/// What an unnumbered line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineRole {
    /// The name of a party.
    Party,
    /// What is said of a party.
    Detail,
    /// The preamble and the closing words.
    Prose,
}

/// A numbered passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The id of the template's clause, such as `lease-3.4`; of articles their name.
    pub id: String,
    /// Further clauses of the catalogue that it serves.
    pub serves: Vec<String>,
    /// Article, clause or item.
    pub level: Level,
    /// The numbers on the way down: `[3]`, `[3, 4]`, `[3, 4, 1]`.
    pub number: Vec<u32>,
    /// What it says.
    pub said: Vec<Said>,
}

/// The depth of a numbered passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 第三条, Article 3: a heading.
    Article,
    /// 3.4.
    Clause,
    /// (a).
    Item,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The clause that it belongs to.
    pub clause: String,
    /// Heads of its columns.
    pub heads: Vec<Vec<Said>>,
    /// Its rows, each with one cell a column.
    pub rows: Vec<Vec<Vec<Said>>>,
}

/// Where a party signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The lines, from the name of the party to the date.
    pub lines: Vec<Vec<Said>>,
}

impl Said {
    /// The words alone.
    #[must_use]
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

impl Clause {
    /// The number as it reads in a language: `第三条`, `Article 3`, `3.4`, `(a)`.
    #[must_use]
    pub fn label(&self, lang: Lang) -> String {
        let last = self.number.last().copied().unwrap_or_default();
        match (self.level, lang) {
            (Level::Article, Lang::Zh) => format!("第{}条", chinese(last)),
            (Level::Article, Lang::En) => format!("Article {last}"),
            (Level::Clause, _) => {
                let parts: Vec<String> = self.number.iter().map(u32::to_string).collect();
                parts.join(".")
            }
            (Level::Item, _) => format!("({})", letters(last)),
        }
    }
}

impl Draft {
    /// Every passage in one language or both, in the order of the text.
    pub fn said(&self) -> impl Iterator<Item = &Said> {
        let blocks = self.blocks.iter().flat_map(|block| match block {
            Block::Line(line) => line.said.iter().collect::<Vec<_>>(),
            Block::Clause(clause) => clause.said.iter().collect(),
            Block::Table(table) => {
                table.heads.iter().chain(table.rows.iter().flatten()).flatten().collect()
            }
            Block::Signatures(all) => {
                all.iter().flat_map(|one| one.lines.iter()).flatten().collect()
            }
        });
        self.title.iter().chain(blocks)
    }

    /// Every term with its words, in the order of the text.
    pub fn terms(&self) -> impl Iterator<Item = (Lang, &TermMark, &str)> {
        self.said().flat_map(|said| {
            let runs = said.runs.iter();
            runs.filter_map(|run| {
                run.term.as_ref().map(|term| (said.lang, term, run.text.as_str()))
            })
        })
    }
}

/// The letter of an item as Word counts them: a to z, then aa, bb.
fn letters(number: u32) -> String {
    let at = number.saturating_sub(1);
    let letter = char::from(b'a' + u8::try_from(at % 26).expect("a letter of 26"));
    (0..=at / 26).map(|_| letter).collect()
}

/// A number below a hundred in Chinese: 十二, 二十一.
fn chinese(number: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |value: u32| DIGITS[usize::try_from(value % 10).expect("a digit is small")];
    match (number / 10, number % 10) {
        (0, ones) => digit(ones).to_string(),
        (1, 0) => "十".to_owned(),
        (1, ones) => format!("十{}", digit(ones)),
        (tens, 0) => format!("{}十", digit(tens)),
        (tens, ones) => format!("{}十{}", digit(tens), digit(ones)),
    }
}
