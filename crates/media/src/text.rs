//! Texts of a file: one for the file, one for each line, or one for each row of a table. What is no
//! letter, no row or too long is left out with its line; the rest is taken.

use identifiers::{Decoded, Encoding, decode};

use crate::finding::{Finding, Place, Problem};
use crate::limits::Limits;

/// What stands for bytes that are no letter.
const UNKNOWN: char = '\u{fffd}';

/// What one text is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Split {
    /// The whole file.
    #[default]
    File,
    /// A line; lines without letters are none.
    Lines,
    /// The field of this column in a row of a CSV or TSV table with a header.
    Rows {
        /// The name of the column.
        column: String,
    },
}

/// One text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its first line, from 1.
    pub line: u64,
    /// Its letters.
    pub text: String,
}

/// The texts of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// How its letters are written.
    pub encoding: Encoding,
    /// The texts, in order.
    pub passages: Vec<Passage>,
}

/// Reads the texts of a file that findings name `file`.
pub fn read_texts(
    file: &str,
    bytes: &[u8],
    split: &Split,
    limits: &Limits,
    findings: &mut Vec<Finding>,
) -> Option<Texts> {
    let decoded = decoded(file, bytes, limits, findings)?;
    let encoding = decoded.encoding;
    let mut reader = Reader { file, limits, findings, passages: Vec::new() };
    match split {
        Split::File => reader.whole(decoded.text),
        Split::Lines => reader.lines(&decoded.text),
        Split::Rows { column } => reader.rows(&decoded.text, column),
    }
    let Reader { passages, .. } = reader;
    Some(Texts { encoding, passages })
}

fn decoded(
    file: &str,
    bytes: &[u8],
    limits: &Limits,
    findings: &mut Vec<Finding>,
) -> Option<Decoded> {
    let (size, limit) = (bytes.len() as u64, limits.text_bytes);
    let decoded = if size <= limit { decode(bytes, false).ok() } else { None };
    let Some(decoded) = decoded else {
        findings.push(Problem::TooLarge { bytes: size, limit }.of(file));
        return None;
    };
    if decoded.encoding != Encoding::Utf8 {
        findings.push(Problem::Encoding { encoding: decoded.encoding }.of(file));
    }
    if let Some(first) = decoded.wrong.first() {
        let place = Place {
            file: file.to_owned(),
            line: Some(first.line as u64),
            byte: Some(first.byte as u64),
        };
        findings.push(Problem::Letters { count: decoded.wrong.len() as u64 }.at(place));
    }
    Some(decoded)
}

struct Reader<'a> {
    file: &'a str,
    limits: &'a Limits,
    findings: &'a mut Vec<Finding>,
    passages: Vec<Passage>,
}

impl Reader<'_> {
    fn whole(&mut self, text: String) {
        if text.trim().is_empty() {
            self.findings.push(Problem::Empty.of(self.file));
            return;
        }
        self.take(1, text);
    }

    fn lines(&mut self, text: &str) {
        let mut blank = 0;
        for (at, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                blank += 1;
            } else if !self.take(at as u64 + 1, line.to_owned()) {
                return;
            }
        }
        self.blank(blank);
    }

    fn rows(&mut self, text: &str, column: &str) {
        let first = text.lines().next().unwrap_or_default();
        let delimiter = if first.contains('\t') && !first.contains(',') { b'\t' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => return self.bad_table(&error),
        };
        let Some(column_at) = header.iter().position(|name| name.trim() == column) else {
            let has = header.iter().take(50).map(|name| name.chars().take(100).collect()).collect();
            self.findings.push(Problem::NoColumn { column: column.to_owned(), has }.of(self.file));
            return;
        };
        let (mut row, mut blank) = (csv::StringRecord::new(), 0);
        loop {
            match reader.read_record(&mut row) {
                Ok(true) => (),
                Ok(false) => break,
                Err(error) => return self.bad_table(&error),
            }
            let line = row.position().map_or(0, csv::Position::line);
            let Some(field) = row.get(column_at) else {
                let fields = row.len() as u64;
                self.findings.push(Problem::ShortRow { fields }.at(self.place(line)));
                continue;
            };
            if field.trim().is_empty() {
                blank += 1;
            } else if !self.take(line, field.to_owned()) {
                return;
            }
        }
        self.blank(blank);
    }

    fn bad_table(&mut self, error: &csv::Error) {
        let line = error.position().map_or(1, csv::Position::line);
        let problem = Problem::BadTable { said: error.to_string() };
        self.findings.push(problem.at(self.place(line)));
    }

    fn blank(&mut self, count: u64) {
        if count > 0 {
            self.findings.push(Problem::BlankLines { count }.of(self.file));
        }
        if self.passages.is_empty() && !self.findings.iter().any(|one| one.place.line.is_some()) {
            self.findings.push(Problem::Empty.of(self.file));
        }
    }

    fn place(&self, line: u64) -> Place {
        Place { file: self.file.to_owned(), line: Some(line), byte: None }
    }

    /// Takes a passage that is whole and not too long; false when no more are taken.
    fn take(&mut self, line: u64, text: String) -> bool {
        let limit = self.limits.passages;
        if self.passages.len() as u64 >= limit {
            self.findings.push(Problem::TooManyPassages { limit }.at(self.place(line)));
            return false;
        }
        let (chars, limit) = (text.chars().count() as u64, self.limits.chars);
        if chars > limit {
            self.findings.push(Problem::TooManyChars { chars, limit }.at(self.place(line)));
        } else if text.contains(UNKNOWN) {
            let count = text.chars().filter(|letter| *letter == UNKNOWN).count() as u64;
            self.findings.push(Problem::Letters { count }.at(self.place(line)));
        } else {
            self.passages.push(Passage { line, text });
        }
        true
    }
}
