//! Where clauses are cited: doc comments of rules, and cases.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::Catalogue;
use crate::rust;
use crate::tree::File;

/// A rule that cites a clause.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rule {
    /// The item, as `crate::item`.
    pub(crate) item: String,
    /// The file it stands in.
    pub(crate) path: String,
}

/// Citations by clause id.
#[derive(Debug, Default)]
pub(crate) struct Citations {
    pub(crate) rules: BTreeMap<String, BTreeSet<Rule>>,
    /// Case names, which are paths below `cases/` without the ending.
    pub(crate) cases: BTreeMap<String, BTreeSet<String>>,
}

/// Finds all citations; the second value lists those of unknown clauses.
pub(crate) fn find(files: &[File], catalogue: &Catalogue) -> (Citations, Vec<String>) {
    let mut citations = Citations::default();
    let mut unknown = Vec::new();
    for file in files {
        let Some(text) = &file.text else { continue };
        if file.path.starts_with("crates/") && file.path.ends_with(".rs") && !file.is_test() {
            for (number, id, item) in in_source(text) {
                if catalogue.knows(&id) {
                    let crate_name = file.path.split('/').nth(1).unwrap_or_default();
                    let rule =
                        Rule { item: format!("{crate_name}::{item}"), path: file.path.clone() };
                    citations.rules.entry(id).or_default().insert(rule);
                } else {
                    unknown.push(format!("{}:{number}: there is no clause {id}", file.path));
                }
            }
        } else if let Some(case) = case_name(&file.path) {
            for (number, id) in in_case(text) {
                if catalogue.knows(&id) {
                    citations.cases.entry(id).or_default().insert(case.to_owned());
                } else {
                    unknown.push(format!("{}:{number}: there is no clause {id}", file.path));
                }
            }
        }
    }
    (citations, unknown)
}

/// `cases/lease/late.toml` and `cases/lease/late/expected.txt` are the case `lease/late`.
fn case_name(path: &str) -> Option<&str> {
    let below = path.strip_prefix("cases/")?;
    let end = below.match_indices('/').nth(1).map_or(below.len(), |(at, _)| at);
    let name = &below[..end];
    let file = name.rsplit_once('/').map_or(name, |(_, file)| file);
    let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    Some(&name[..name.len() - file.len() + stem.len()])
}

/// Line, id and item of every citation in the documentation of a source file.
pub(super) fn in_source(text: &str) -> Vec<(usize, String, String)> {
    let lines = rust::lines(text);
    let end = rust::tests_begin(&lines);
    let mut found = Vec::new();
    let mut open = false;
    for (index, line) in lines[..end].iter().enumerate() {
        let comment = line.comment.trim();
        let Some(doc) = comment.strip_prefix("///").or_else(|| comment.strip_prefix("//!")) else {
            open = false;
            continue;
        };
        let ids = cited(doc, &mut open);
        if ids.is_empty() {
            continue;
        }
        let item = if comment.starts_with("//!") {
            "(module)".to_owned()
        } else {
            item_after(&lines[index + 1..end])
        };
        found.extend(ids.into_iter().map(|id| (index + 1, id, item.clone())));
    }
    found
}

/// The ids after `Clause:`, `Clauses:` or `Serves` in one comment line. `open` carries a list over
/// to the next line when it ends in a comma.
fn cited(doc: &str, open: &mut bool) -> Vec<String> {
    let mut ids = Vec::new();
    let mut listing = *open;
    *open = false;
    for word in doc.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if matches!(bare, "Clause" | "Clauses" | "clause" | "clauses" | "Serves" | "serves") {
            listing = true;
            *open = true;
        } else if listing && looks_like_id(bare) {
            ids.push(bare.to_owned());
            *open = word.ends_with([',', ';']);
            // A sentence ends the list; the dots inside an id do not.
            listing = !word.ends_with('.');
        } else if listing && matches!(bare, "and" | "or") {
            *open = true;
        } else {
            listing = false;
            *open = false;
        }
    }
    ids
}

/// The name of the next item, field or variant.
fn item_after(lines: &[rust::Line]) -> String {
    let mut in_attribute = false;
    for line in lines {
        let code = line.code.trim();
        if code.is_empty() {
            continue;
        }
        if in_attribute || code.starts_with("#[") {
            in_attribute = !code.ends_with(']');
            continue;
        }
        let words: Vec<&str> =
            code.split(|c: char| !rust::is_word(c)).filter(|word| !word.is_empty()).collect();
        let keywords = ["fn", "struct", "enum", "trait", "type", "const", "static", "mod", "impl"];
        // `pub const fn f` is a function, so the last keyword in front of the name counts.
        let keyword = words.iter().take(5).rposition(|word| keywords.contains(word));
        let name = match keyword {
            Some(at) => words.get(at + 1),
            None => words.iter().find(|word| !matches!(**word, "pub" | "crate" | "super")),
        };
        return name.map_or_else(|| "(module)".to_owned(), |name| (*name).to_owned());
    }
    "(module)".to_owned()
}

/// Line and id of every id in a case, wherever it stands.
pub(super) fn in_case(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.')));
        for word in words {
            let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            if looks_like_id(bare) {
                found.push((index + 1, bare.to_owned()));
            }
        }
    }
    found
}

/// `lease-3.4`, `train-2.1.1`, `pb-04`, `pb-matrix.2`.
pub(super) fn looks_like_id(word: &str) -> bool {
    let Some((document, rest)) = word.split_once('-') else { return false };
    let numbers = match document {
        "pb" => {
            rest.strip_prefix("glossary.").or_else(|| rest.strip_prefix("matrix.")).unwrap_or(rest)
        }
        "train" | "lease" | "class" | "anno" => rest,
        _ => return false,
    };
    !numbers.is_empty()
        && numbers
            .split('.')
            .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}
