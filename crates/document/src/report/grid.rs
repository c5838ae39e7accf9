//! Many documents, one row each.

use minijinja::context;
use review::{Playbook, Row, Status};
use serde::Serialize;
use units::Lang;

use super::{environment, labels, lang_tag, title, value};
use crate::words::Words;

#[derive(Debug, Serialize)]
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) cells: Vec<ShownCell>,
    pub(super) checks: String,
}

#[derive(Debug, Serialize)]
pub(super) struct ShownCell {
    pub(super) status: &'static str,
    tone: &'static str,
    pub(super) parameters: String,
}

/// The grid as one page of HTML.
///
/// # Panics
/// Never: the template is part of the program and its values are complete.
#[must_use]
pub fn grid_html(rows: &[Row], playbook: &Playbook, lang: Lang) -> String {
    let values = context! {
        lang => lang_tag(lang),
        playbook => title(&playbook.title, lang),
        heads => value(heads(playbook, lang)),
        rows => value(shown(rows, lang)),
        say => value(labels(lang)),
    };
    environment().get_template("grid").expect("it was added").render(values).expect("complete")
}

/// The grid as CSV (RFC 4180) with a byte order mark, so that spreadsheets read Chinese. A cell
/// that a spreadsheet would take for a formula begins with an apostrophe.
#[must_use]
pub fn grid_csv(rows: &[Row], playbook: &Playbook, lang: Lang) -> String {
    let say = labels(lang);
    let mut head = vec![say.name.to_owned(), say.kind.to_owned()];
    head.extend(heads(playbook, lang));
    head.push(say.checks.to_owned());
    let mut text = String::from("\u{feff}");
    line(&mut text, &head);
    for row in shown(rows, lang) {
        let mut cells = vec![row.name, row.kind.to_owned()];
        cells.extend(row.cells.into_iter().map(|cell| match cell.parameters.is_empty() {
            true => cell.status.to_owned(),
            false => format!("{} ({})", cell.status, cell.parameters),
        }));
        cells.push(row.checks);
        line(&mut text, &cells);
    }
    text
}

pub(super) fn heads(playbook: &Playbook, lang: Lang) -> Vec<String> {
    let one =
        |clause: &review::playbook::Clause| format!("{} {}", clause.id, title(&clause.title, lang));
    playbook.clauses.iter().map(one).collect()
}

pub(super) fn shown(rows: &[Row], lang: Lang) -> Vec<Shown> {
    let words = Words::new(lang);
    rows.iter()
        .map(|row| Shown {
            name: row.name.clone(),
            kind: words.name(row.kind),
            cells: row.cells.iter().map(|cell| shown_cell(cell, &words)).collect(),
            checks: row.checks.map(|count| count.to_string()).join(" / "),
        })
        .collect()
}

fn shown_cell(cell: &review::Cell, words: &Words) -> ShownCell {
    let parameters = cell.parameters.iter().map(|(name, value)| {
        let value = serde_json::to_value(value).unwrap_or_default();
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{name} = {text}")
    });
    ShownCell {
        status: words.name(cell.status),
        tone: match cell.status {
            Status::Met | Status::MetByFallback => "good",
            Status::Below | Status::Unclear => "fair",
            Status::Adverse | Status::Missing | Status::Conflict => "bad",
        },
        parameters: parameters.collect::<Vec<_>>().join(", "),
    }
}

fn line(text: &mut String, cells: &[String]) {
    let cells = cells.iter().map(|cell| {
        let guarded = match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            true => format!("'{cell}"),
            false => cell.clone(),
        };
        format!("\"{}\"", guarded.replace('"', "\"\""))
    });
    text.push_str(&cells.collect::<Vec<_>>().join(","));
    text.push_str("\r\n");
}
