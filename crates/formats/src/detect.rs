//! Which format a source has, by what its files contain. An ending alone decides only where the
//! content of any text would do.

use annotation::json::Scanner;

use crate::Format;
use crate::source::Source;

/// A format, and the files that hold it.
pub(crate) struct Found {
    pub(crate) format: Format,
    pub(crate) files: Vec<String>,
}

/// How much of a file is looked at.
const LOOKED: u64 = 1 << 20;
/// How many files are looked at.
const FILES: usize = 50;

fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase()
}

/// The format of a source, or the files of the wanted format.
pub(crate) fn detect(source: &mut Source, wanted: Option<Format>) -> Option<Found> {
    let names = source.names().to_vec();
    let with = |endings: &[&str]| -> Vec<String> {
        names.iter().filter(|name| endings.contains(&ending(name).as_str())).cloned().collect()
    };
    let documents = |mut files: Vec<String>, folder: &str| -> Vec<String> {
        let inside = |name: &String| name.split('/').rev().skip(1).any(|part| part == folder);
        if files.iter().any(inside) {
            files.retain(inside);
        }
        files
    };
    let mut seen: Vec<(Format, Vec<String>)> = Vec::new();
    let mut note =
        |format: Format, name: &String| match seen.iter_mut().find(|(known, _)| *known == format) {
            Some((_, files)) => files.push(name.clone()),
            None => seen.push((format, vec![name.clone()])),
        };
    let single = names.len() == 1;
    for name in names.iter().filter(|name| ending(name) == "json" || single).take(FILES) {
        if let Some(format) = json(&source.head(name, LOOKED)) {
            note(format, name);
        }
    }
    for name in with(&["xml"]).iter().take(FILES) {
        if let Some(format) = xml(&source.head(name, 4096)) {
            note(format, name);
        }
    }
    let yolo = crate::yolo::label_files(&names);
    let named = |name: &String| {
        matches!(ending(name).as_str(), "yaml" | "yml" | "names") || name.ends_with("classes.txt")
    };
    if !yolo.is_empty() && names.iter().any(named) {
        seen.push((Format::Yolo, yolo));
    }
    for (format, files) in [
        (Format::Csv, with(&["csv"])),
        (Format::Jsonl, with(&["jsonl", "ndjson"])),
        (Format::Parquet, with(&["parquet"])),
    ] {
        if !files.is_empty() {
            seen.push((format, files));
        }
    }
    let (format, mut files) = match wanted {
        Some(wanted) => {
            let own = seen.into_iter().find(|(format, _)| *format == wanted);
            own.unwrap_or_else(|| (wanted, names.clone()))
        }
        None => seen.into_iter().next()?,
    };
    match format {
        Format::Voc => files = documents(with(&["xml"]), "Annotations"),
        Format::Coco => {
            files = documents(files, "annotations");
            // Beside the boxes lie captions, key points and lists of images of the same parts.
            let own =
                |name: &String| name.rsplit('/').next().unwrap_or(name).starts_with("instances");
            if files.iter().any(own) {
                files.retain(own);
            }
        }
        Format::Datumaro => files = documents(files, "annotations"),
        _ => {}
    }
    (!files.is_empty()).then_some(Found { format, files })
}

fn xml(head: &[u8]) -> Option<Format> {
    let text = String::from_utf8_lossy(head);
    if text.contains("<annotations>") {
        return Some(Format::Cvat);
    }
    text.contains("<annotation>").then_some(Format::Voc)
}

/// Looks at the keys of the outermost object until one decides.
fn json(head: &[u8]) -> Option<Format> {
    let mut scanner = Scanner::new(head, 64);
    let mut first = true;
    match scanner.peek().ok()? {
        b'[' => {
            scanner.begin_array().ok()?;
            if !scanner.next_element(&mut first).ok()? {
                return Some(Format::Coco);
            }
            scanner.begin_object().ok()?;
            first = true;
            while let Ok(Some(key)) = scanner.next_key(&mut first) {
                match key.as_ref() {
                    "image_id" | "category_id" | "bbox" => return Some(Format::Coco),
                    "data" | "annotations" | "predictions" => return Some(Format::LabelStudio),
                    _ => {}
                }
                scanner.skip().ok()?;
            }
            None
        }
        b'{' => {
            scanner.begin_object().ok()?;
            while let Ok(Some(key)) = scanner.next_key(&mut first) {
                match key.as_ref() {
                    "images" | "annotations" => return Some(Format::Coco),
                    "categories" if scanner.peek().ok()? == b'[' => return Some(Format::Coco),
                    "categories" | "items" | "infos" => return Some(Format::Datumaro),
                    "@context" | "recordSet" => return Some(Format::Croissant),
                    "database" | "results" | "taxonomy" => return Some(Format::ActivityNet),
                    _ => scanner.skip().ok()?,
                }
            }
            None
        }
        _ => None,
    }
}
