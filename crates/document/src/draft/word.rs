//! A draft as a Word file: styles, numbering that Word computes, tables, header and footer, and one
//! content control for each place of a term, bound to one custom XML part that holds the typed
//! terms. Knows no wording.

use std::collections::BTreeMap;

use contract::terms::Agreement;
use docx::Package;
use docx::build::{self, Field, Fonts, Look, Numbers, Span, Store, Style};
use quick_xml::escape::escape;
use units::Lang;

use super::model::{Block, Draft, Level, LineRole, Run, Said, Table, TermMark};

/// The namespace of the custom XML part that holds the terms.
pub const TERMS: &str = "urn:tallystick:terms:1";

/// The id of that part.
const STORE_ID: &str = "{7A3C0D52-5E61-4B0B-9C4E-1B7F2A64D801}";

/// The width of a page in twentieths of a point.
const PAGE: u32 = 9000;

/// A tag may be no longer in Word.
const LONGEST_TAG: usize = 64;

/// The terms that controls show: each way of saying a term once, in the order of the text.
pub(super) struct Saying {
    places: BTreeMap<(TermMark, Lang), usize>,
    pub(super) said: Vec<(TermMark, Lang, String)>,
}

/// The Word file of a draft of this agreement.
#[must_use]
pub fn word(draft: &Draft, agreement: &Agreement) -> Package {
    let saying = Saying::of(draft);
    let mut blocks = Vec::new();
    for said in &draft.title {
        blocks.push(build::Block::Paragraph(Style::Title, saying.spans(said, false)));
    }
    for block in &draft.blocks {
        push(block, &saying, &mut blocks);
    }
    let title: Vec<String> = draft.title.iter().map(Said::text).collect();
    let document = build::Draft {
        fonts: Fonts::default(),
        blocks,
        header: margin(&draft.header),
        footer: footer(draft),
        store: Some(Store {
            namespace: TERMS.to_owned(),
            id: STORE_ID.to_owned(),
            xml: saying.store(draft, agreement),
        }),
        title: title.join(" / "),
    };
    document.build()
}

fn push(block: &Block, saying: &Saying, blocks: &mut Vec<build::Block>) {
    match block {
        Block::Line(line) => {
            for said in &line.said {
                let spans = saying.spans(said, line.role == LineRole::Party);
                blocks.push(build::Block::Paragraph(Style::Body, spans));
            }
        }
        Block::Clause(clause) => {
            let level = match clause.level {
                Level::Article => 0,
                Level::Clause => 1,
                Level::Item => 2,
            };
            for said in &clause.said {
                let numbers = match said.lang {
                    Lang::Zh => Numbers::Chinese,
                    Lang::En => Numbers::English,
                };
                let style = Style::Clause { numbers, level, list: 0 };
                blocks.push(build::Block::Paragraph(style, saying.spans(said, false)));
            }
        }
        Block::Table(table) => blocks.push(build::Block::Table(grid(table, saying))),
        Block::Signatures(all) => {
            let cell = |lines: &[Vec<Said>]| {
                let said = lines.iter().flatten();
                said.map(|said| build::Block::Paragraph(Style::Body, saying.spans(said, false)))
                    .collect::<Vec<_>>()
            };
            let columns = u32::try_from(all.len()).unwrap_or(2).max(1);
            blocks.push(build::Block::Table(build::Table {
                widths: vec![PAGE / columns; all.len()],
                lines: false,
                heading: false,
                rows: vec![all.iter().map(|one| cell(&one.lines)).collect()],
            }));
        }
    }
}

fn grid(table: &Table, saying: &Saying) -> build::Table {
    let cell = |said: &Vec<Said>, bold: bool| -> Vec<build::Block> {
        let paragraph = |one| build::Block::Paragraph(Style::Note, saying.spans(one, bold));
        said.iter().map(paragraph).collect()
    };
    let columns = u32::try_from(table.heads.len()).unwrap_or(1).max(1);
    let mut rows = vec![table.heads.iter().map(|head| cell(head, true)).collect()];
    for row in &table.rows {
        rows.push(row.iter().map(|said| cell(said, false)).collect());
    }
    build::Table {
        widths: vec![PAGE / columns; table.heads.len()],
        lines: true,
        heading: true,
        rows,
    }
}

fn margin(said: &[Said]) -> Vec<Span> {
    let texts: Vec<String> = said.iter().map(Said::text).collect();
    vec![Span::text(texts.join(" / "))]
}

/// The parties, and the number of the page.
fn footer(draft: &Draft) -> Vec<Span> {
    let mut spans = margin(&draft.footer);
    let (before, between, after) = match draft.langs.first() {
        Some(Lang::Zh) => ("\t第 ", " 页，共 ", " 页"),
        _ => ("\tPage ", " of ", ""),
    };
    spans.push(Span::text(before));
    spans.push(Span::PageNumber);
    spans.push(Span::text(between));
    spans.push(Span::PageCount);
    spans.push(Span::text(after));
    spans
}

impl Saying {
    pub(super) fn of(draft: &Draft) -> Self {
        let mut saying = Self { places: BTreeMap::new(), said: Vec::new() };
        for (lang, mark, text) in draft.terms() {
            saying.places.entry((mark.clone(), lang)).or_insert_with(|| {
                saying.said.push((mark.clone(), lang, text.to_owned()));
                saying.said.len()
            });
        }
        saying
    }

    fn spans(&self, said: &Said, bold: bool) -> Vec<Span> {
        let look = Look { bold, ..Look::default() };
        let span = |run: &Run| match &run.term {
            None => Span::Text(run.text.clone(), look),
            Some(mark) => {
                let place = self.places.get(&(mark.clone(), said.lang));
                Span::Control(Field {
                    tag: shortened(&mark.path),
                    alias: shortened(&mark.path),
                    xpath: place.map(|at| format!("/t:terms[1]/t:say[{at}]")),
                    text: run.text.clone(),
                    look,
                })
            }
        };
        said.runs.iter().map(span).collect()
    }

    /// The custom XML part: the canonical terms, and how each is said.
    pub(super) fn store(&self, draft: &Draft, agreement: &Agreement) -> String {
        let json = serde_json::to_string(agreement).expect("terms have a JSON form");
        let langs: Vec<&str> = draft.langs.iter().map(|lang| lang.code()).collect();
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<terms xmlns=\"{TERMS}\" langs=\"{}\">\
             <agreement>{}</agreement>",
            langs.join(" "),
            escape(json.as_str())
        );
        // An editor may write a bound element anew without its attributes, so what a saying means
        // stands apart from it, in the same order.
        for (mark, lang, _) in &self.said {
            xml.push_str(&format!(
                "<means path=\"{}\" lang=\"{}\" as=\"{}\"/>",
                escape(mark.path.as_str()),
                lang.code(),
                escape(mark.format.name())
            ));
        }
        for (_, _, text) in &self.said {
            xml.push_str(&format!("<say>{}</say>", escape(text.as_str())));
        }
        xml.push_str("</terms>");
        xml
    }
}

/// As much of a path as a tag holds, from its end: that is what tells terms apart.
fn shortened(path: &str) -> String {
    let skip = path.chars().count().saturating_sub(LONGEST_TAG);
    path.chars().skip(skip).collect()
}
