//! The one table as CSV and as JSON lines; plain lists of labels (`id`, `label`) in either form.
//! Serves anno-3.1.2 and anno-3.5.

use std::collections::BTreeMap;

use annotation::json::Scanner;
use annotation::{
    Dataset, Findings, Item, Json, LabelRecord, LabelSet, Node, Place, Problem, Severity,
    read_labels_csv, read_labels_jsonl,
};

use crate::build::Builder;
use crate::hold::{ALL, Holds};
use crate::json::JsonText;
use crate::record::{broken, report};
use crate::rows::{BARE, COLUMNS, Read, rows, take};
use crate::source::Source;
use crate::target::OutFile;

pub(crate) const HOLDS: Holds = ALL;

/// Whether the head of a file is that of the table.
pub(crate) fn is_table(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    text.starts_with(b"record,") || text.starts_with(b"\"record\",")
}

/// Reads CSV files.
pub(crate) fn read_csv(source: &mut Source, files: &[String], build: &mut Builder<'_>) {
    for name in files {
        let Some(bytes) = source.bytes(name) else { continue };
        let shown = source.shown(name);
        if !is_table(&bytes) {
            let (labels, findings) = read_labels_csv(&shown, &bytes, build.limits);
            build.findings.extend(findings);
            labelled(labels, build);
            continue;
        }
        let mut found = Findings::new(&shown, build.limits);
        csv_rows(&bytes, build, &mut found);
        build.note(found, &bytes);
    }
}

fn csv_rows(bytes: &[u8], build: &mut Builder<'_>, found: &mut Findings) {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let skipped = (bytes.len() - text.len()) as u64;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let names: Vec<String> = reader
        .byte_headers()
        .map(|header| {
            header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
        })
        .unwrap_or_default();
    let mut record = csv::ByteRecord::new();
    while let Ok(true) = reader.read_byte_record(&mut record) {
        let offset = record.position().map(|at| at.byte() + skipped);
        let mut row = Read::new();
        let mut foreign = None;
        for (name, value) in names.iter().zip(record.iter()).filter(|(_, value)| !value.is_empty())
        {
            match std::str::from_utf8(value) {
                Ok(value) => {
                    row.insert(name.clone(), value.to_owned());
                }
                Err(_) => foreign = Some(name.clone()),
            }
        }
        if let Some(field) = foreign {
            let place = Place { offset, field: Some(field), ..Place::default() };
            found.push(Severity::Error, Problem::NotUtf8, place);
        } else if !take(&row, offset, build, found) {
            return;
        }
    }
}

/// Reads files of JSON lines.
pub(crate) fn read_jsonl(source: &mut Source, files: &[String], build: &mut Builder<'_>) {
    for name in files {
        let Some(bytes) = source.bytes(name) else { continue };
        let shown = source.shown(name);
        let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if !String::from_utf8_lossy(first).contains("\"record\"") {
            let (labels, findings) = read_labels_jsonl(&shown, &bytes, build.limits);
            build.findings.extend(findings);
            labelled(labels, build);
            continue;
        }
        let mut found = Findings::new(&shown, build.limits);
        json_rows(&bytes, build, &mut found);
        build.note(found, &bytes);
    }
}

fn json_rows(bytes: &[u8], build: &mut Builder<'_>, found: &mut Findings) {
    let mut offset = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let start = offset;
        offset += line.len();
        if line.trim_ascii().is_empty() {
            continue;
        }
        let mut scanner = Scanner::new(line, build.limits.depth);
        let node = Node::read(&mut scanner, build.limits.depth);
        let node = match node.and_then(|node| scanner.end().map(|()| node)) {
            Ok(node) => node,
            Err(error) => {
                let mut bad = broken(error, build.limits, false);
                bad.at += start;
                report(found, "", bad);
                continue;
            }
        };
        let mut row = Read::new();
        for (name, value) in node.fields() {
            let text = match &value.json {
                Json::Null => continue,
                Json::Flag(flag) => flag.to_string(),
                Json::Number(number) => (*number).to_owned(),
                Json::Text(text) => text.clone().into_owned(),
                Json::List(_) => continue,
                Json::Object(_) => {
                    let end = end_of(line, value.at, build.limits.depth);
                    String::from_utf8_lossy(line.get(value.at..end).unwrap_or_default())
                        .into_owned()
                }
            };
            row.insert(name.clone().into_owned(), text);
        }
        if !take(&row, Some(start as u64), build, found) {
            return;
        }
    }
}

/// Where the value that begins at `at` ends.
fn end_of(line: &[u8], at: usize, depth: usize) -> usize {
    let mut scanner = Scanner::new(line, depth);
    scanner.at = at;
    scanner.skip().map_or(line.len(), |()| scanner.at)
}

/// Labels by id become texts with their class.
fn labelled(labels: LabelSet, build: &mut Builder<'_>) {
    for (id, label) in labels.labels {
        let (item, class) = (Item::Text(build.text(&id).0), build.class(&label));
        build.dataset.labels.push(LabelRecord { item, class, score: None, more: None });
    }
}

/// Writes CSV.
pub(crate) fn write_csv(dataset: &Dataset) -> Vec<OutFile> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = "a list of bytes takes what is written";
    writer.write_record(COLUMNS).expect(written);
    for row in rows(dataset) {
        let row: BTreeMap<&str, String> = row.into_iter().collect();
        let values = COLUMNS.map(|column| row.get(column).map_or("", String::as_str));
        writer.write_record(values).expect(written);
    }
    let bytes = writer.into_inner().expect(written);
    vec![OutFile { name: "records.csv".to_owned(), bytes }]
}

/// Writes JSON lines.
pub(crate) fn write_jsonl(dataset: &Dataset) -> Vec<OutFile> {
    let mut bytes = Vec::new();
    for row in rows(dataset) {
        let mut json = JsonText::default();
        json.open('{');
        for (column, value) in row {
            if BARE.contains(&column) || column == "attributes" {
                json.field(column, value);
            } else {
                json.text_field(column, &value);
            }
        }
        json.close('}');
        bytes.extend(json.finish());
    }
    vec![OutFile { name: "records.jsonl".to_owned(), bytes }]
}
