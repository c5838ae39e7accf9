//! Labels of texts (or of whole images): a CSV table or JSON lines with an id and a label. Serves
//! anno-3.1.2 (labels of texts). Knows nothing of what a label means.

use std::collections::BTreeMap;

use crate::finding::{Finding, Findings, Limits, Place, Problem, Severity};
use crate::json::{Fault, JsonError, Scanner};

/// Labels by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelSet {
    /// One label an id, in order of the id.
    pub labels: BTreeMap<String, String>,
}

/// Column or key names taken as the id.
const ID_NAMES: [&str; 4] = ["id", "text_id", "item_id", "item"];
/// Column or key names taken as the label.
const LABEL_NAMES: [&str; 4] = ["label", "sentiment", "class", "category"];

/// Reads a CSV table with a header that names an `id` and a `label` column. A byte order mark, as
/// spreadsheets write it, is passed over.
#[must_use]
pub fn read_labels_csv(file: &str, bytes: &[u8], limits: &Limits) -> (LabelSet, Vec<Finding>) {
    let mut findings = Findings::new(file, limits);
    let mut set = LabelSet::default();
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let skipped = (bytes.len() - text.len()) as u64;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let column = |header: &csv::ByteRecord, names: &[&str]| {
        let matches = |field: &[u8]| {
            let field = field.trim_ascii().to_ascii_lowercase();
            names.iter().any(|name| name.as_bytes() == field.as_slice())
        };
        header.iter().position(matches)
    };
    let columns = reader
        .byte_headers()
        .ok()
        .map(|header| (column(header, &ID_NAMES), column(header, &LABEL_NAMES)));
    let (Some(id_column), Some(label_column)) = columns.unwrap_or_default() else {
        let field = Some("id,label".to_owned());
        let place = Place { line: Some(1), field, ..Place::default() };
        findings.push(Severity::Error, Problem::MissingField, place);
        return (set, findings.finish(bytes));
    };
    let mut record = csv::ByteRecord::new();
    while let Ok(true) = reader.read_byte_record(&mut record) {
        let offset = record.position().map(|at| at.byte() + skipped);
        let field = |column: usize, name: &'static str| {
            let bytes = record.get(column).ok_or((Problem::MissingField, name))?;
            let text = std::str::from_utf8(bytes).map_err(|_| (Problem::NotUtf8, name))?;
            Ok(text.trim())
        };
        let row = field(id_column, "id").and_then(|id| Ok((id, field(label_column, "label")?)));
        if !set.take(row, offset, limits, &mut findings) {
            break;
        }
    }
    (set, findings.finish(bytes))
}

/// Reads JSON lines, each an object with an `id` and a `label`; both text or numbers.
#[must_use]
pub fn read_labels_jsonl(file: &str, bytes: &[u8], limits: &Limits) -> (LabelSet, Vec<Finding>) {
    let mut findings = Findings::new(file, limits);
    let mut set = LabelSet::default();
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut offset = (bytes.len() - text.len()) as u64;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let start = offset;
        offset += line.len() as u64;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let read = json_row(line, limits.depth);
        let row = match &read {
            Ok((id, label)) => Ok((id.as_str(), label.as_str())),
            Err(problem) => Err(problem.clone()),
        };
        if !set.take(row, Some(start), limits, &mut findings) {
            break;
        }
    }
    (set, findings.finish(bytes))
}

fn json_row(line: &[u8], depth: usize) -> Result<(String, String), (Problem, &'static str)> {
    let syntax = |error: JsonError| match error.fault {
        Fault::Truncated => (Problem::Truncated, ""),
        Fault::TooDeep => (Problem::TooDeep { limit: depth as u64 }, ""),
        Fault::Expected(expected) => (Problem::JsonSyntax { expected: expected.to_owned() }, ""),
    };
    let mut scanner = Scanner::new(line, depth);
    scanner.begin_object().map_err(syntax)?;
    let (mut id, mut label, mut first) = (None, None, true);
    while let Some(key) = scanner.next_key(&mut first).map_err(syntax)? {
        let slot = if ID_NAMES.contains(&key.as_ref()) {
            &mut id
        } else if LABEL_NAMES.contains(&key.as_ref()) {
            &mut label
        } else {
            scanner.skip().map_err(syntax)?;
            continue;
        };
        let value = if scanner.peek().map_err(syntax)? == b'"' {
            scanner.string().map_err(syntax)?.trim().to_owned()
        } else {
            let number = scanner.number().map_err(syntax)?;
            String::from_utf8_lossy(number).into_owned()
        };
        *slot = Some(value);
    }
    scanner.end().map_err(syntax)?;
    let missing = |field| (Problem::MissingField, field);
    Ok((id.ok_or(missing("id"))?, label.ok_or(missing("label"))?))
}

impl LabelSet {
    /// Takes one row or reports it; false when the limit on records is reached.
    fn take(
        &mut self,
        row: Result<(&str, &str), (Problem, &'static str)>,
        offset: Option<u64>,
        limits: &Limits,
        findings: &mut Findings,
    ) -> bool {
        let place = |field: &str, id: Option<&str>| Place {
            offset,
            field: (!field.is_empty()).then(|| field.to_owned()),
            id: id.map(str::to_owned),
            ..Place::default()
        };
        if self.labels.len() as u64 >= limits.records {
            let problem = Problem::TooManyRecords { limit: limits.records };
            findings.push(Severity::Error, problem, place("", None));
            return false;
        }
        match row {
            Err((problem, field)) => findings.push(Severity::Error, problem, place(field, None)),
            Ok(("", _)) => {
                findings.push(Severity::Error, Problem::MissingField, place("id", None));
            }
            Ok((id, "")) => {
                findings.push(Severity::Error, Problem::MissingField, place("label", Some(id)));
            }
            Ok((id, label)) => {
                if self.labels.contains_key(id) {
                    findings.push(Severity::Error, Problem::DuplicateId, place("id", Some(id)));
                } else {
                    self.labels.insert(id.to_owned(), label.to_owned());
                }
            }
        }
        true
    }
}
