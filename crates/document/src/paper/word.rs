//! A paper as a Word file.

use docx::build::{Block, Span, Style, Table};

use super::{Column, Paper, Part, Picture, Reach};
use crate::word_file::{WIDTH, cell, plain, write};

/// How many signs the longest bar has.
const LONGEST: u64 = 30;

/// How many signs the line of an interval has.
const SIGNS: u64 = 40;

/// The paper as a Word file.
#[must_use]
pub fn word(paper: &Paper) -> Vec<u8> {
    let mut blocks = vec![plain(Style::Title, &paper.title), plain(Style::Subtitle, &paper.name)];
    for part in &paper.parts {
        blocks.push(block(part));
        if !matches!(part, Part::Heading { .. } | Part::Note { .. } | Part::Text { .. }) {
            // Two tables that meet would be one.
            blocks.push(plain(Style::Note, ""));
        }
    }
    write(&format!("{} {}", paper.title, paper.name), blocks)
}

fn block(part: &Part) -> Block {
    match part {
        Part::Heading { text } => plain(Style::Heading(1), text),
        Part::Note { text } => plain(Style::Note, text),
        Part::Pictures { rows } => plain(Style::Note, &names(rows)),
        Part::Text { text } => plain(Style::Body, text),
        Part::Reaches { rows } => {
            let rows =
                rows.iter().map(|row| vec![cell(&row.label), cell(&row.figure), cell(&line(row))]);
            table(vec![2_400, 2_600, 4_000], false, rows.collect())
        }
        Part::Facts { rows } => {
            let rows = rows.iter().map(|(label, value)| vec![cell(label), cell(value)]);
            table(vec![3_000, 6_000], false, rows.collect())
        }
        Part::Bars { rows } => {
            let rows = rows.iter().map(|row| {
                let signs = (row.length * LONGEST).div_ceil(1_000);
                let bar = "█".repeat(usize::try_from(signs).unwrap_or_default());
                vec![cell(&row.label), cell(&row.count), cell(&bar)]
            });
            table(vec![2_600, 1_200, 5_200], false, rows.collect())
        }
        Part::Table { columns, rows } => {
            let head = columns.iter().map(|column| bold(&column.name)).collect();
            let rows = rows.iter().map(|row| row.iter().map(|text| cell(text)).collect());
            table(widths(columns), true, std::iter::once(head).chain(rows).collect())
        }
    }
}

fn names(pictures: &[Picture]) -> String {
    pictures.iter().map(|picture| picture.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// An interval between 0 and 1 as a line of signs.
fn line(row: &Reach) -> String {
    let place = |thousandth: u64| (thousandth * (SIGNS - 1) + 500) / 1_000;
    let sign = |at: u64| match at {
        at if at == place(row.at) => '●',
        at if (place(row.from)..=place(row.to)).contains(&at) => '━',
        _ => '┈',
    };
    (0..SIGNS).map(sign).collect()
}

/// The first column is wide; a last column of text, such as a hash, takes what is left.
fn widths(columns: &[Column]) -> Vec<u32> {
    let figures = u32::try_from(columns.iter().filter(|column| column.right).count()).unwrap_or(0);
    let texts = u32::try_from(columns.len()).unwrap_or(1) - figures;
    let figure = (WIDTH / (figures + 2 * texts.max(1))).min(1_500);
    let text = (WIDTH - figure * figures) / texts.max(1);
    columns.iter().map(|column| if column.right { figure } else { text }).collect()
}

fn table(widths: Vec<u32>, lines: bool, rows: Vec<Vec<Vec<Block>>>) -> Block {
    Block::Table(Table { widths, lines, heading: lines, rows })
}

fn bold(text: &str) -> Vec<Block> {
    vec![Block::Paragraph(Style::Note, vec![Span::bold(text)])]
}
