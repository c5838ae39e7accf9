//! Rows of a table whose fields are separated by one character.
//!
//! A field never holds a line end, so that an open quotation mark spoils its own line and not the
//! rest of the file; this is why the rows are not read by a general CSV reader.

use std::borrow::Cow;

use super::collect::Collector;
use super::finding::clip;
use super::lines::{is_utf16, lines, not_utf8};
use super::{Place, Problem};

/// The fields of a row by the table's own rule.
pub(crate) type Split = for<'a> fn(&'a str) -> Result<Vec<Cow<'a, str>>, Problem>;

/// Reads a table with a header row by row; a bad row is reported and the rest is read. `row` gets
/// the line and the fields of the known columns, absent and empty ones as `None`.
pub(crate) fn for_each_row<const N: usize>(
    bytes: &[u8],
    split: Split,
    columns: [(&str, bool); N],
    collector: &mut Collector<'_>,
    mut row: impl FnMut(u64, &[Option<&str>; N], &mut Collector<'_>) -> Result<(), Problem>,
) {
    if is_utf16(bytes) {
        return collector.report(Place::File, not_utf8(bytes));
    }
    let mut header: Option<Header<N>> = None;
    for (number, line) in lines(bytes, collector.limits) {
        let fields = line.and_then(split);
        let Some(header) = &header else {
            match fields {
                Ok(fields) => header = Header::read(&fields, columns, number, collector),
                Err(problem) => collector.report(Place::Line(number), problem),
            }
            if header.is_none() {
                return;
            }
            continue;
        };
        let taken = fields.and_then(|fields| {
            header.pick(&fields).and_then(|fields| row(number, &fields, collector))
        });
        if let Err(problem) = taken {
            collector.report(Place::Line(number), problem);
        }
    }
}

/// Splits a row at bars, which no field may hold: Slurm's parsable form.
pub(crate) fn split_bars(line: &str) -> Result<Vec<Cow<'_, str>>, Problem> {
    Ok(line.split('|').map(Cow::Borrowed).collect())
}

/// Splits a row of RFC 4180 without line ends in its fields.
pub(crate) fn split(line: &str) -> Result<Vec<Cow<'_, str>>, Problem> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let column = fields.len() as u64 + 1;
        let field;
        (field, rest) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_field(quoted).ok_or(Problem::BadQuoting { column })?,
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let (field, after) = rest.split_at(end);
                if field.contains('"') {
                    return Err(Problem::BadQuoting { column });
                }
                (Cow::Borrowed(field), after)
            }
        };
        fields.push(field);
        match rest.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Ok(fields),
        }
    }
}

/// The field after an opening quotation mark, and what follows its closing one.
fn quoted_field(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut at = 0;
    loop {
        at += text[at..].find('"')?;
        let after = &text[at + 1..];
        if after.starts_with('"') {
            at += 2;
            continue;
        }
        if !after.is_empty() && !after.starts_with(',') {
            return None;
        }
        let field = &text[..at];
        let plain = !field.contains('"');
        let field = if plain { field.into() } else { field.replace("\"\"", "\"").into() };
        return Some((field, after));
    }
}

/// Where each known column stands in the rows.
struct Header<const N: usize> {
    places: [Option<usize>; N],
    width: usize,
}

impl<const N: usize> Header<N> {
    /// Finds the columns; `None` after reporting what makes the table unreadable.
    fn read(
        found: &[Cow<'_, str>],
        known: [(&str, bool); N],
        number: u64,
        collector: &mut Collector<'_>,
    ) -> Option<Self> {
        let mut places = [None; N];
        let mut readable = true;
        if let [only] = found
            && let Some(found) = only.chars().find(|c| [';', '\t', '|'].contains(c))
        {
            collector.report(Place::Line(number), Problem::WrongSeparator { found });
            return None;
        }
        for (at, name) in found.iter().enumerate() {
            let field = || clip(name);
            match known.iter().position(|(column, _)| *column == name.trim()) {
                None => {
                    let problem = Problem::UnknownColumn { field: field() };
                    collector.report(Place::Line(number), problem);
                }
                Some(column) if places[column].is_some() => {
                    readable = false;
                    let problem = Problem::DuplicateColumn { field: field() };
                    collector.report(Place::Line(number), problem);
                }
                Some(column) => places[column] = Some(at),
            }
        }
        for ((name, required), place) in known.iter().zip(&places) {
            if *required && place.is_none() {
                readable = false;
                let problem = Problem::MissingColumn { field: (*name).to_owned() };
                collector.report(Place::Line(number), problem);
            }
        }
        readable.then_some(Self { places, width: found.len() })
    }

    /// The known columns of a row; absent and empty ones are `None`.
    fn pick<'r>(&self, row: &'r [Cow<'_, str>]) -> Result<[Option<&'r str>; N], Problem> {
        if row.len() != self.width {
            let (have, want) = (row.len() as u64, self.width as u64);
            return Err(Problem::ColumnCount { have, want });
        }
        let field =
            |place: Option<usize>| place.map(|at| &*row[at]).filter(|text| !text.is_empty());
        Ok(self.places.map(field))
    }
}
