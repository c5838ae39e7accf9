//! What is known about images beside their class, such as the camera or the shop: a CSV whose first
//! column names the image and whose other columns part the images, each in its own way.

use std::collections::BTreeMap;

/// Rows of a table at most.
const ROWS: usize = 2_000_000;
/// Columns of a table at most, the names of the images aside.
const COLUMNS: usize = 64;

/// A table about images.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The names of the columns, in order, without the one of the images.
    pub columns: Vec<String>,
    rows: BTreeMap<String, Vec<String>>,
}

/// Why a text is no such table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// It is no CSV, or its rows differ in width.
    #[error("line {line}: {said}")]
    Row {
        /// The line, from 1.
        line: u64,
        /// What is wrong there.
        said: String,
    },
    /// There is no column beside the names of the images.
    #[error("the table has {columns} columns; wanted are the image and 1 to {COLUMNS} more")]
    Columns {
        /// Its columns.
        columns: usize,
    },
    /// An image stands in two rows.
    #[error("line {line}: {image} was there before")]
    Twice {
        /// The line, from 1.
        line: u64,
        /// The image.
        image: String,
    },
    /// More than is read.
    #[error("the table has more than {ROWS} rows")]
    TooLong,
}

/// Reads a table.
///
/// # Errors
/// When it is no such table.
pub fn read_table(text: &[u8]) -> Result<Table, TableError> {
    let mut reader = csv::Reader::from_reader(text);
    let failed = |error: &csv::Error| TableError::Row {
        line: error.position().map_or(1, csv::Position::line),
        said: error.to_string(),
    };
    let head = reader.headers().map_err(|error| failed(&error))?;
    let columns: Vec<String> = head.iter().skip(1).map(str::to_owned).collect();
    if columns.is_empty() || columns.len() > COLUMNS {
        return Err(TableError::Columns { columns: columns.len() + 1 });
    }
    let mut rows = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| failed(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let mut cells = record.iter().map(str::to_owned);
        let image = cells.next().unwrap_or_default();
        if rows.len() == ROWS {
            return Err(TableError::TooLong);
        }
        if rows.contains_key(&image) {
            return Err(TableError::Twice { line, image });
        }
        rows.insert(image, cells.collect());
    }
    Ok(Table { columns, rows })
}

impl Table {
    /// The value of an image in a column; an empty cell is none. An image is found by its whole
    /// name, or by the last part of it.
    #[must_use]
    pub fn value(&self, image: &str, column: usize) -> Option<&str> {
        let last = || image.rsplit('/').next().and_then(|last| self.rows.get(last));
        let row = self.rows.get(image).or_else(last)?;
        row.get(column).map(String::as_str).filter(|value| !value.is_empty())
    }
}
