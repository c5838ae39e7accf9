//! Opens a delivery whatever its format: a COCO file, a Pascal VOC folder or file, a table of
//! labels. Serves anno-3.5. Reads files only; knows nothing of archives or networks.

use std::fs;
use std::path::{Path, PathBuf};

use crate::coco::read_coco;
use crate::dataset::Dataset;
use crate::finding::{Finding, Findings, Limits, Place, Problem, Severity};
use crate::labels::{LabelSet, read_labels_csv, read_labels_jsonl};
use crate::voc::read_voc;

/// What a delivery holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Delivery {
    /// Boxes in images.
    Boxes(Dataset),
    /// One label an item.
    Labels(LabelSet),
}

/// Why a delivery was not taken at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It cannot be opened, is too large, or has no known format.
    #[error("the delivery cannot be read")]
    Unreadable(Box<Finding>),
    /// Strict reading, and at least one record is in error.
    #[error("strict reading refuses a delivery with errors")]
    Refused(Vec<Finding>),
}

/// Reads the delivery at `path`. Bad records are left out with a finding and the rest is taken;
/// with `strict`, any error refuses the whole.
///
/// # Errors
/// When it cannot be opened or recognised, or when `strict` meets an error.
pub fn read_delivery(
    path: &Path,
    limits: &Limits,
    strict: bool,
) -> Result<(Delivery, Vec<Finding>), ReadError> {
    let (delivery, findings) = open(path, limits)?;
    if strict && findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(ReadError::Refused(findings));
    }
    Ok((delivery, findings))
}

fn open(path: &Path, limits: &Limits) -> Result<(Delivery, Vec<Finding>), ReadError> {
    if path.is_dir() {
        let (dataset, findings) = voc_folder(path, limits)?;
        return Ok((Delivery::Boxes(dataset), findings));
    }
    let name = path.display().to_string();
    let bytes = load(path, limits)?;
    Ok(match sniff(path, &bytes) {
        Some(Format::Coco) => {
            let (dataset, findings) = read_coco(&name, &bytes, limits);
            (Delivery::Boxes(dataset), findings)
        }
        Some(Format::Voc) => {
            let (dataset, findings) = read_voc([(name.as_str(), bytes.as_slice())], limits);
            (Delivery::Boxes(dataset), findings)
        }
        Some(Format::JsonLines) => {
            let (labels, findings) = read_labels_jsonl(&name, &bytes, limits);
            (Delivery::Labels(labels), findings)
        }
        Some(Format::Csv) => {
            let (labels, findings) = read_labels_csv(&name, &bytes, limits);
            (Delivery::Labels(labels), findings)
        }
        None => return Err(unreadable(&name, Problem::UnknownFormat)),
    })
}

enum Format {
    Coco,
    Voc,
    JsonLines,
    Csv,
}

fn sniff(path: &Path, bytes: &[u8]) -> Option<Format> {
    let extension = path.extension().and_then(|text| text.to_str()).map(str::to_ascii_lowercase);
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    match (extension.as_deref(), text.first()) {
        (Some("jsonl" | "ndjson"), _) => Some(Format::JsonLines),
        (Some("csv"), _) => Some(Format::Csv),
        (_, Some(b'<')) | (Some("xml"), _) => Some(Format::Voc),
        (_, Some(b'{' | b'[')) | (Some("json"), _) => Some(Format::Coco),
        _ => None,
    }
}

fn unreadable(file: &str, problem: Problem) -> ReadError {
    let place = Place { file: file.to_owned(), ..Place::default() };
    ReadError::Unreadable(Box::new(Finding { severity: Severity::Error, problem, place }))
}

fn load(path: &Path, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    let name = path.display().to_string();
    let failed = |error: std::io::Error| {
        unreadable(&name, Problem::Unreadable { reason: error.to_string() })
    };
    let bytes = fs::metadata(path).map_err(failed)?.len();
    if bytes > limits.file_bytes {
        return Err(unreadable(&name, Problem::FileTooLarge { bytes, limit: limits.file_bytes }));
    }
    fs::read(path).map_err(failed)
}

/// Reads the XML files of a folder, or of its `Annotations` folder, in order of name.
fn voc_folder(path: &Path, limits: &Limits) -> Result<(Dataset, Vec<Finding>), ReadError> {
    let inner = path.join("Annotations");
    let folder = if inner.is_dir() { inner } else { path.to_path_buf() };
    let name = folder.display().to_string();
    let failed = |error: std::io::Error| {
        unreadable(&name, Problem::Unreadable { reason: error.to_string() })
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let entry = entry.map_err(failed)?.path();
        if entry.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml")) {
            paths.push(entry);
        }
    }
    paths.sort();
    if paths.is_empty() {
        return Err(unreadable(&name, Problem::Empty));
    }
    let mut findings = Vec::new();
    let mut contents: Vec<(String, Vec<u8>)> = Vec::new();
    for path in paths {
        match load(&path, limits) {
            Ok(bytes) => contents.push((path.display().to_string(), bytes)),
            Err(ReadError::Unreadable(finding)) => findings.push(*finding),
            Err(refused @ ReadError::Refused(_)) => return Err(refused),
        }
    }
    let files = contents.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let (dataset, more) = read_voc(files, limits);
    findings.extend(more);
    if dataset.images.is_empty() {
        let mut empty = Findings::new(&name, limits);
        empty.file(Severity::Error, Problem::Empty);
        findings.extend(empty.finish(b""));
    }
    Ok((dataset, findings))
}
