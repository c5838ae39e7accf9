//! The records of a journal file as a stream, with a bound on each.

use std::io::{BufRead, Read as _};

use journal::MAX_LINE_BYTES;

/// The longest record: a hash, a space and a line.
const MOST: usize = MAX_LINE_BYTES + 65;

/// Shows each record without its newline, in order. A longer one is shown cut off: it is no record
/// of a journal whatever follows.
pub(super) fn for_each_record(
    mut from: impl BufRead,
    mut see: impl FnMut(&[u8]),
) -> std::io::Result<()> {
    let mut record = Vec::new();
    loop {
        record.clear();
        let limit = MOST as u64 + 1;
        (&mut from).take(limit).read_until(b'\n', &mut record)?;
        match record.last() {
            None => return Ok(()),
            Some(b'\n') => {
                record.pop();
            }
            Some(_) if record.len() > MOST => skip_line(&mut from)?,
            Some(_) => {}
        }
        see(&record);
    }
}

fn skip_line(from: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let held = from.fill_buf()?;
        if held.is_empty() {
            return Ok(());
        }
        let end = held.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(held.len(), |at| at + 1);
        from.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}

/// The line within a record.
pub(super) fn line_of(record: &[u8]) -> &[u8] {
    record.get(65..).unwrap_or_default()
}
