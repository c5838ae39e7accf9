//! Croissant metadata: what a dataset's files are, with their hashes, beside the one table as CSV.
//! Serves anno-3.5 (delivery). Reads the tables that a description names, once their hashes hold.

use std::fmt::Write as _;

use annotation::json::Scanner;
use annotation::{Dataset, Findings, Node, Place, Problem, Severity};
use sha2::{Digest as _, Sha256};

use crate::build::Builder;
use crate::json::{JsonText, LIST, OBJECT};
use crate::record::{broken, report};
use crate::rows::COLUMNS;
use crate::source::Source;
use crate::table;
use crate::target::OutFile;

/// Reads the tables that the descriptions name.
pub(crate) fn read(source: &mut Source, files: &[String], build: &mut Builder<'_>) {
    for name in files {
        let Some(bytes) = source.bytes(name) else { continue };
        let mut found = Findings::new(&source.shown(name), build.limits);
        let mut scanner = Scanner::new(&bytes, build.limits.depth);
        match Node::read(&mut scanner, build.limits.depth) {
            Ok(node) => {
                for listed in node.get("distribution").map_or(&[][..], Node::list) {
                    listed_file(listed, name, source, build, &mut found);
                }
            }
            Err(error) => report(&mut found, "", broken(error, build.limits, false)),
        }
        build.note(found, &bytes);
    }
}

fn listed_file(
    node: &Node<'_>,
    description: &str,
    source: &mut Source,
    build: &mut Builder<'_>,
    found: &mut Findings,
) {
    let Some(url) = node.get("contentUrl").and_then(Node::text) else { return };
    let ending = url.rsplit_once('.').map_or("", |(_, ending)| ending);
    if !matches!(ending, "csv" | "jsonl") {
        return;
    }
    let folder = description.rsplit_once('/').map_or("", |(folder, _)| folder);
    let name = if folder.is_empty() { url.to_owned() } else { format!("{folder}/{url}") };
    let place = |field: &str| {
        let field = Some(field.to_owned());
        Place { offset: Some(node.at as u64), field, ..Place::default() }
    };
    if !source.has(&name) {
        let problem = Problem::MissingFile { name };
        found.push(Severity::Error, problem, place("distribution/contentUrl"));
        return;
    }
    let stated = node.get("sha256").and_then(Node::text);
    if let (Some(stated), Some(bytes)) = (stated, source.binary(&name))
        && !stated.eq_ignore_ascii_case(&hex(&bytes))
    {
        found.push(Severity::Error, Problem::WrongHash, place("distribution/sha256"));
        return;
    }
    match ending {
        "csv" => table::read_csv(source, &[name], build),
        _ => table::read_jsonl(source, &[name], build),
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("a text takes what is written");
    }
    text
}

/// Writes the table and its description.
pub(crate) fn write(dataset: &Dataset) -> Vec<OutFile> {
    let mut files = table::write_csv(dataset);
    let hash = files.first().map(|file| hex(&file.bytes)).unwrap_or_default();
    files.insert(0, OutFile { name: "croissant.json".to_owned(), bytes: description(&hash) });
    files
}

fn description(hash: &str) -> Vec<u8> {
    let mut json = JsonText::default();
    json.open('{');
    json.within("@context", OBJECT, |json| {
        for (name, address) in CONTEXT {
            json.text_field(name, address);
        }
        json.within("data", OBJECT, |json| {
            json.text_field("@id", "cr:data");
            json.text_field("@type", "@json");
        });
        json.within("dataType", OBJECT, |json| {
            json.text_field("@id", "cr:dataType");
            json.text_field("@type", "@vocab");
        });
    });
    json.text_field("@type", "sc:Dataset");
    json.text_field("conformsTo", "http://mlcommons.org/croissant/1.0");
    json.text_field("name", "records");
    json.text_field("description", "Labelled data, a row for each record.");
    json.within("distribution", LIST, |json| {
        json.next();
        json.open('{');
        json.text_field("@type", "cr:FileObject");
        json.text_field("@id", "records.csv");
        json.text_field("name", "records.csv");
        json.text_field("contentUrl", "records.csv");
        json.text_field("encodingFormat", "text/csv");
        json.text_field("sha256", hash);
        json.close('}');
    });
    json.within("recordSet", LIST, |json| {
        json.next();
        json.open('{');
        json.text_field("@type", "cr:RecordSet");
        json.text_field("@id", "records");
        json.text_field("name", "records");
        json.within("field", LIST, |json| {
            for column in COLUMNS {
                json.next();
                json.open('{');
                json.text_field("@type", "cr:Field");
                json.text_field("@id", &format!("records/{column}"));
                json.text_field("name", column);
                json.text_field("dataType", data_type(column));
                json.within("source", OBJECT, |json| {
                    json.within("fileObject", OBJECT, |json| json.text_field("@id", "records.csv"));
                    json.within("extract", OBJECT, |json| json.text_field("column", column));
                });
                json.close('}');
            }
        });
        json.close('}');
    });
    json.close('}');
    json.finish()
}

/// The short names that a description uses.
const CONTEXT: [(&str, &str); 17] = [
    ("@language", "en"),
    ("@vocab", "https://schema.org/"),
    ("sc", "https://schema.org/"),
    ("cr", "http://mlcommons.org/croissant/"),
    ("rai", "http://mlcommons.org/croissant/RAI/"),
    ("dct", "http://purl.org/dc/terms/"),
    ("citeAs", "cr:citeAs"),
    ("column", "cr:column"),
    ("conformsTo", "dct:conformsTo"),
    ("extract", "cr:extract"),
    ("field", "cr:field"),
    ("fileObject", "cr:fileObject"),
    ("md5", "cr:md5"),
    ("recordSet", "cr:recordSet"),
    ("repeated", "cr:repeated"),
    ("source", "cr:source"),
    ("transform", "cr:transform"),
];

fn data_type(column: &str) -> &'static str {
    match column {
        "x" | "y" | "width" | "height" | "score" | "area" => "sc:Float",
        "occluded" | "truncated" | "keyframe" | "outside" => "sc:Boolean",
        column if crate::rows::BARE.contains(&column) => "sc:Integer",
        _ => "sc:Text",
    }
}
