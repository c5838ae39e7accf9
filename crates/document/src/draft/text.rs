//! A draft as plain text: one line a passage, its number first. The same lines in the same order as
//! the Word file and the PDF have them.

use super::model::{Block, Draft, Level, Said};

/// The text of a draft.
#[must_use]
pub fn text(draft: &Draft) -> String {
    let mut lines = Vec::new();
    for said in &draft.title {
        lines.push(said.text());
    }
    lines.push(String::new());
    for block in &draft.blocks {
        push(block, &mut lines);
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn push(block: &Block, lines: &mut Vec<String>) {
    match block {
        Block::Line(line) => lines.extend(line.said.iter().map(Said::text)),
        Block::Clause(clause) => {
            if clause.level == Level::Article {
                lines.push(String::new());
            }
            for said in &clause.said {
                lines.push(format!("{} {}", clause.label(said.lang), said.text()));
            }
        }
        Block::Table(table) => {
            for row in std::iter::once(&table.heads).chain(&table.rows) {
                for at in 0..row.first().map_or(0, Vec::len) {
                    let cells: Vec<String> =
                        row.iter().filter_map(|cell| cell.get(at)).map(Said::text).collect();
                    lines.push(cells.join("\t"));
                }
            }
        }
        Block::Signatures(all) => {
            lines.push(String::new());
            for signature in all {
                lines.extend(signature.lines.iter().flatten().map(Said::text));
                lines.push(String::new());
            }
        }
    }
}
