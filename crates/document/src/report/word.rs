//! The report and the grid as Word files, for people who live there.

use docx::build::{Block, Span, Style, Table};
use review::{Playbook, Row};
use units::Lang;

use super::{Card, Reviewed, cards, clauses, grid, labels, title};
use crate::word_file::{WIDTH, cell, plain, write};
use crate::words::Words;

/// The report as a Word file.
#[must_use]
pub fn word(reviewed: &Reviewed<'_>, lang: Lang) -> Vec<u8> {
    let (words, say) = (Words::new(lang), labels(lang));
    let review = reviewed.review;
    let about = format!(
        "{} {} · {} {} · {}",
        say.against,
        title(&reviewed.playbook.title, lang),
        say.view,
        words.name(review.side),
        words.name(review.kind)
    );
    let mut blocks = vec![
        plain(Style::Title, say.report),
        plain(Style::Subtitle, reviewed.name),
        plain(Style::Body, &about),
    ];
    if reviewed.wording.truncated.is_some() {
        blocks.push(plain(Style::Body, say.truncated));
    }
    let rows = clauses(reviewed, &words)
        .into_iter()
        .map(|(clause, title, status, _)| vec![cell(&clause), cell(&title), cell(status)]);
    let widths = vec![1_200, 5_300, 2_500];
    blocks.push(Block::Table(Table { widths, lines: true, heading: false, rows: rows.collect() }));
    blocks.push(plain(Style::Heading(1), say.findings));
    for card in cards(reviewed, &words) {
        blocks.extend(of_card(&card, &say));
    }
    blocks.extend(proposed(reviewed, &words, &say));
    write(&format!("{} {}", say.report, reviewed.name), blocks)
}

fn of_card(card: &Card<'_>, say: &super::Labels) -> Vec<Block> {
    let head = format!("{}. {} {}", card.number, card.clause, card.title);
    let state = format!("{} · {} · {} · {}", card.status, card.risk, card.reached, card.confidence);
    let mut blocks = vec![plain(Style::Heading(2), &head), plain(Style::Note, &state)];
    let quote = if card.quote.is_empty() { say.nothing } else { card.quote };
    blocks.push(Block::Paragraph(
        Style::Body,
        vec![Span::bold(format!("{} ", say.place)), Span::text(card.anchor.unwrap_or("—"))],
    ));
    blocks.push(plain(Style::Note, quote));
    blocks.push(plain(Style::Body, card.reason));
    if !card.parameters.is_empty() {
        let each = card.parameters.iter().map(|(name, value)| format!("{name} = {value}"));
        blocks.push(plain(Style::Note, &each.collect::<Vec<_>>().join("; ")));
    }
    let mut said = |label: &str, text: &str| {
        blocks.push(Block::Paragraph(
            Style::Body,
            vec![Span::bold(format!("{label} ")), Span::text(text)],
        ));
    };
    if !card.advice.is_empty() {
        said(say.advice, card.advice);
    }
    if let Some(suggestion) = card.suggestion {
        said(say.suggestion, suggestion);
    }
    blocks
}

/// What a language model proposed, apart from the findings; nothing where none was asked.
fn proposed(reviewed: &Reviewed<'_>, words: &Words, say: &super::Labels) -> Vec<Block> {
    let Some(all) = reviewed.proposals else { return Vec::new() };
    let mut blocks =
        vec![plain(Style::Heading(1), say.proposed), plain(Style::Body, say.undecided)];
    for one in super::proposed::proposed(reviewed, words) {
        let head = format!("{} {}", one.clause, one.title);
        blocks.push(plain(Style::Heading(2), &head));
        let place = Span::text(format!("{} · {}", one.anchor.unwrap_or("—"), one.model));
        let at = vec![Span::bold(format!("{} ", say.place)), place];
        blocks.push(Block::Paragraph(Style::Body, at));
        blocks.push(plain(Style::Note, one.quote));
        blocks.push(plain(Style::Body, one.reason));
        if one.look_here {
            blocks.push(plain(Style::Note, say.look_here));
        }
    }
    if all.proposals.is_empty() {
        blocks.push(plain(Style::Body, say.none_proposed));
    }
    if !all.dropped.is_empty() {
        blocks.push(plain(Style::Note, &super::dropped(all, words)));
    }
    blocks
}

/// The grid as a Word file: a table, a document a row.
#[must_use]
pub fn grid_word(rows: &[Row], playbook: &Playbook, lang: Lang) -> Vec<u8> {
    let say = labels(lang);
    let heads = grid::heads(playbook, lang);
    let mut table =
        vec![std::iter::once(say.name).chain(heads.iter().map(String::as_str)).map(cell).collect()];
    for row in grid::shown(rows, lang) {
        let cells = row.cells.iter().map(|one| match one.parameters.is_empty() {
            true => vec![plain(Style::Note, one.status)],
            false => vec![plain(Style::Note, one.status), plain(Style::Note, &one.parameters)],
        });
        table.push(std::iter::once(cell(&row.name)).chain(cells).collect::<Vec<_>>());
    }
    let columns = u32::try_from(heads.len() + 1).unwrap_or(1);
    let widths = vec![WIDTH / columns; heads.len() + 1];
    let blocks = vec![
        plain(Style::Title, say.report),
        plain(Style::Subtitle, title(&playbook.title, lang)),
        Block::Table(Table { widths, lines: true, heading: true, rows: table }),
    ];
    write(say.report, blocks)
}
