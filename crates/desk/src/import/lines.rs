//! Lines of a text file with their numbers: byte order mark, both line ends, encodings other than
//! UTF-8 recognised and reported.

use super::{Encoding, Limits, Problem};

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text without its byte order mark.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes)
}

/// Whether the file begins with the mark of UTF-16, in which no line can be read.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF")
}

/// Every line that is not blank, with its number from 1, or what is wrong with it.
pub(crate) fn lines<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> impl Iterator<Item = (u64, Result<&'a str, Problem>)> {
    let limit = limits.line_bytes;
    let lines = without_mark(bytes).split(|byte| *byte == b'\n');
    (1..).zip(lines).filter_map(move |(number, line)| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        Some((number, text(line, limit)))
    })
}

fn text(line: &[u8], limit: usize) -> Result<&str, Problem> {
    if line.len() > limit {
        return Err(Problem::LineTooLong { have: line.len() as u64, limit: limit as u64 });
    }
    std::str::from_utf8(line).map_err(|_| not_utf8(line))
}

/// The finding for bytes that are not UTF-8.
pub(crate) fn not_utf8(bytes: &[u8]) -> Problem {
    let looks_like = if is_utf16(bytes) {
        Some(Encoding::Utf16)
    } else if formats::is_gb18030(bytes) {
        Some(Encoding::Gb18030)
    } else {
        None
    };
    Problem::NotUtf8 { looks_like }
}
