//! A draft as PDF: the same passages in the same order as the text, set by typst in the fonts of
//! this machine. A character that no font has is named with the clause that it stands in.

use contract::terms::Side;
use serde::Serialize;
use units::Lang;

use super::model::{Block, Draft, Level, Line, LineRole, Run, Said};
use super::seal::Seal;
use crate::pdf::{Around, Imprint, Pixels, Plate, PrintError, can_print, print_plate};
use crate::words::Words;

/// Why a draft cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// No font has a character.
    #[error("no font has {glyph:?} (U+{:04X}) in {clause}", u32::from(*glyph))]
    Glyph {
        /// The character.
        glyph: char,
        /// The clause, or the part of the document.
        clause: String,
    },
    /// The machine cannot print.
    #[error(transparent)]
    Print(#[from] PrintError),
}

#[derive(Serialize)]
struct Paper {
    #[serde(flatten)]
    around: Around,
    title: Vec<Passage>,
    blocks: Vec<Part>,
    seals: Vec<Stamp>,
}

/// A picture of a seal, by the name of its pixels, and what the page says below it.
#[derive(Serialize)]
struct Stamp {
    column: u8,
    pixels: String,
    width: u32,
    height: u32,
    said: Vec<Passage>,
}

/// A passage in one language.
#[derive(Serialize)]
struct Passage {
    lang: &'static str,
    label: String,
    text: String,
}

#[derive(Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
enum Part {
    Line { strong: bool, said: Vec<Passage> },
    Article { said: Vec<Passage> },
    Clause { depth: u8, said: Vec<Passage> },
    Table { heads: Vec<Vec<Passage>>, rows: Vec<Vec<Vec<Passage>>> },
    Signatures { sides: Vec<Vec<Passage>> },
}

/// The PDF of a draft, with pictures of the parties' seals where they sign.
///
/// # Errors
/// When a font or a character is missing.
pub fn pdf(draft: &Draft, seals: &[Seal]) -> Result<Vec<u8>, PageError> {
    check(draft)?;
    let pixels: Vec<Pixels<'_>> =
        (0..).zip(seals).map(|(at, seal)| (name_of(at), seal.picture.rgba())).collect();
    let text = |all: &[Said]| all.iter().map(Said::text).collect::<Vec<_>>().join(" / ");
    let first = draft.langs.first().copied().unwrap_or(Lang::Zh);
    let (name, about) = (text(&draft.title), draft.agreement.clone());
    let (head, foot) = (text(&draft.header), text(&draft.footer));
    let paper = Paper {
        around: Around::of(first, name, about, head, foot),
        title: passages(&draft.title, |_| String::new()),
        blocks: draft.blocks.iter().map(part).collect(),
        seals: (0..).zip(seals).map(|(at, seal)| stamp(at, seal, first)).collect(),
    };
    let langs: Vec<&str> = draft.langs.iter().map(|lang| lang.code()).collect();
    let ident = format!("draft {} {}", draft.agreement, langs.join("+"));
    Ok(print_plate(Plate::Draft, &paper, &Imprint { ident, day: draft.day }, &pixels)?)
}

/// The PDF of a contract whose wording is not that of a draft: its canonical text, line by line,
/// under the head and foot of the draft of its terms, with pictures of seals at its end.
///
/// # Errors
/// When a font or a character is missing.
pub fn text_pdf(draft: &Draft, text: &str, seals: &[Seal]) -> Result<Vec<u8>, PageError> {
    let lang = draft.langs.first().copied().unwrap_or(Lang::Zh);
    let line = |text: &str| {
        let han = text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
        let lang = if han { Lang::Zh } else { Lang::En };
        let runs = vec![Run { text: text.to_owned(), term: None }];
        let said = vec![Said { lang, runs }];
        Block::Line(Line { role: LineRole::Detail, serves: Vec::new(), said })
    };
    let lines = text.lines().filter(|text| !text.trim().is_empty()).map(line);
    let (head, foot) = (draft.header.clone(), draft.footer.clone());
    let plain = Draft {
        kind: draft.kind,
        agreement: draft.agreement.clone(),
        langs: vec![lang],
        day: draft.day,
        title: Vec::new(),
        header: head,
        footer: foot,
        blocks: lines.collect(),
    };
    pdf(&plain, seals)
}

/// What the pixels of a seal are called among the data of the page.
fn name_of(at: usize) -> String {
    format!("seal-{at}")
}

/// A picture and its caption: in both languages whatever the contract is in, for whoever sees it.
fn stamp(at: usize, seal: &Seal, first: Lang) -> Stamp {
    let (width, height) = seal.picture.dimensions();
    let langs = match first {
        Lang::Zh => [Lang::Zh, Lang::En],
        Lang::En => [Lang::En, Lang::Zh],
    };
    let said = langs.map(|lang| Passage {
        lang: lang.code(),
        label: String::new(),
        text: Words::new(lang).seal_caption(&seal.party),
    });
    let column = u8::from(seal.side == Side::Vendor);
    Stamp { column, pixels: name_of(at), width, height, said: said.into() }
}

fn passages(all: &[Said], label: impl Fn(Lang) -> String) -> Vec<Passage> {
    let passage = |said: &Said| Passage {
        lang: said.lang.code(),
        label: label(said.lang),
        text: said.text(),
    };
    all.iter().map(passage).collect()
}

fn part(block: &Block) -> Part {
    let plain = |all: &Vec<Said>| passages(all, |_| String::new());
    match block {
        Block::Line(line) => {
            Part::Line { strong: line.role == LineRole::Party, said: plain(&line.said) }
        }
        Block::Clause(clause) => {
            let said = passages(&clause.said, |lang| clause.label(lang));
            match clause.level {
                Level::Article => Part::Article { said },
                Level::Clause => Part::Clause { depth: 0, said },
                Level::Item => Part::Clause { depth: 1, said },
            }
        }
        Block::Table(table) => Part::Table {
            heads: table.heads.iter().map(plain).collect(),
            rows: table.rows.iter().map(|row| row.iter().map(plain).collect()).collect(),
        },
        Block::Signatures(all) => {
            let side = |lines: &Vec<Vec<Said>>| lines.iter().flat_map(plain).collect();
            Part::Signatures { sides: all.iter().map(|one| side(&one.lines)).collect() }
        }
    }
}

/// Names the first character that no font has.
fn check(draft: &Draft) -> Result<(), PageError> {
    let see = |clause: &str, all: &[Said]| {
        for said in all {
            for run in &said.runs {
                if let Some(glyph) = can_print(&run.text)? {
                    return Err(PageError::Glyph { glyph, clause: clause.to_owned() });
                }
            }
        }
        Ok(())
    };
    see("title", &draft.title)?;
    see("header", &draft.header)?;
    see("footer", &draft.footer)?;
    for block in &draft.blocks {
        match block {
            Block::Line(line) => see("parties", &line.said)?,
            Block::Clause(clause) => see(&clause.id, &clause.said)?,
            Block::Table(table) => {
                for said in table.heads.iter().chain(table.rows.iter().flatten()) {
                    see(&table.clause, said)?;
                }
            }
            Block::Signatures(all) => {
                for said in all.iter().flat_map(|one| &one.lines) {
                    see("signatures", said)?;
                }
            }
        }
    }
    Ok(())
}
