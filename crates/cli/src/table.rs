//! Tables for the terminal: borders that copy well, columns by their width on the screen, Chinese
//! characters counted as two.

use comfy_table::LineStyle;
use comfy_table::presets;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table};

use crate::context::Context;

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// A word, a date, a name: never broken.
    Left,
    /// Words that may take several lines.
    Text,
    /// Figures.
    Right,
}

/// A table of rows under a header, which may be of empty names alone; empty where there is no row.
pub(crate) fn table(
    context: &Context,
    header: &[(&str, Column)],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(context.out.width()).unwrap_or(100));
    if header.iter().any(|(name, _)| !name.is_empty()) {
        table.set_header(header.iter().map(|(name, _)| *name));
    }
    for (at, (_, column)) in header.iter().enumerate() {
        if let Some(set) = table.column_mut(at) {
            set.set_cell_alignment(match column {
                Column::Left | Column::Text => CellAlignment::Left,
                Column::Right => CellAlignment::Right,
            });
            if *column != Column::Text {
                set.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
    }
    for row in rows {
        table.add_row(row);
    }
    // Every column is padded; the first one starts at the margin like any other text.
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
