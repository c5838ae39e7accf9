//! Reading of agreement files: rows, laws, and documents that replace terms.

mod effective;
mod laws;
mod reader;
mod rules;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

const KINDS: [&str; 4] = ["annotation", "training", "lease", "classification"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases/agreements")
}

fn sample(kind: &str) -> String {
    let path = folder().join(format!("{kind}.toml"));
    fs::read_to_string(&path).expect("the sample is part of the repository")
}

fn codes(checked: &CheckedFile) -> String {
    let mut lines = String::new();
    for found in &checked.problems {
        let problem = &found.problem;
        let clause = problem.clause.as_ref().map_or("-", |clause| clause.as_str());
        let path = if problem.path.is_empty() { "-" } else { &problem.path };
        let (severity, code) = (problem.severity.code(), problem.kind.code());
        let (line, column) = (found.line, found.column);
        writeln!(lines, "{line}:{column} {severity} {code} {path} {clause}").expect("to memory");
    }
    lines
}

#[test]
fn the_four_samples_have_no_problems() {
    for kind in KINDS {
        let checked = check_agreement(sample(kind).as_bytes(), &Limits::default());
        assert_eq!(codes(&checked), "", "{kind}");
        assert!(checked.can_be_signed());
    }
}

/// Every file in `bad/` has one problem; `expected.txt` holds its place and code.
/// `GOLDEN=write` writes it anew.
#[test]
fn every_bad_file_is_refused_at_the_place_of_its_problem() {
    let mut names: Vec<_> = fs::read_dir(folder().join("bad"))
        .expect("the folder is part of the repository")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("a plain name"))
        .filter(|name| name.ends_with(".toml"))
        .collect();
    names.sort();
    let mut found = String::new();
    for name in names {
        let bytes = fs::read(folder().join("bad").join(&name)).expect("readable");
        let checked = check_agreement(&bytes, &Limits::default());
        for line in codes(&checked).lines() {
            writeln!(found, "{name}:{line}").expect("to memory");
        }
        if checked.problems.is_empty() {
            writeln!(found, "{name}: no problem").expect("to memory");
        }
    }
    golden(&folder().join("bad/expected.txt"), &found);
}

/// Holds a text against a file, or writes it there when `GOLDEN=write`.
fn golden(path: &Path, found: &str) {
    if std::env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        fs::write(path, found).expect("the file can be written");
    }
    let expected = fs::read_to_string(path).expect("written with GOLDEN=write");
    assert_eq!(found, expected, "{}: GOLDEN=write writes it anew", path.display());
}
