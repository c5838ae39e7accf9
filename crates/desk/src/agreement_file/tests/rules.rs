//! The rows of `cases/agreements/rules`: what is changed in a sample, and the problems that follow.

use std::fmt::Write as _;
use std::fs;

use super::{check_agreement, codes, folder, golden, sample};
use crate::agreement_file::Limits;

/// A row: the lines that say what is changed, and the sample with the changes made.
fn changed(row: &str) -> (Vec<&str>, String) {
    let told: Vec<&str> = row.lines().filter(|line| !line.starts_with('=')).collect();
    let mut text = sample(told[0]);
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for (index, line) in told.iter().enumerate().skip(1) {
        match line.strip_prefix('-') {
            Some(line) => old.push(line.trim_start_matches(' ')),
            None => new.push(line.strip_prefix('+').expect("- or +").trim_start_matches(' ')),
        }
        let ends = told.get(index + 1).is_none_or(|next| next.starts_with('-'));
        if ends && !new.is_empty() {
            let (from, to) = (old.join("\n"), new.join("\n"));
            assert!(text.contains(&from), "no {from:?} in the sample of\n{row}");
            text = text.replacen(&from, &to, 1);
            (old, new) = (Vec::new(), Vec::new());
        }
    }
    (told, text)
}

#[test]
fn every_rule_between_terms_has_a_row_that_breaks_it() {
    let mut names: Vec<_> = fs::read_dir(folder().join("rules"))
        .expect("the folder is part of the repository")
        .map(|entry| entry.expect("readable").path())
        .collect();
    names.sort();
    assert!(!names.is_empty());
    for path in names {
        let rows = fs::read_to_string(&path).expect("readable");
        let mut answered = Vec::new();
        for row in rows.trim_end().split("\n\n") {
            if row.starts_with('#') {
                answered.push(row.to_owned());
                continue;
            }
            let (told, text) = changed(row);
            let checked = check_agreement(text.as_bytes(), &Limits::default());
            let mut answer = told.join("\n");
            for line in codes(&checked).lines() {
                write!(answer, "\n= {line}").expect("to memory");
            }
            if checked.problems.is_empty() {
                answer.push_str("\n= no problem");
            }
            answered.push(answer);
        }
        golden(&path, &format!("{}\n", answered.join("\n\n")));
    }
}

#[test]
fn every_problem_of_a_rule_names_a_clause() {
    // What belongs to the file, not to a clause.
    let of_the_file = ["-", "currency", "rounding", "rounding.scale", "format", "id"];
    for entry in fs::read_dir(folder().join("rules")).expect("part of the repository") {
        let rows = fs::read_to_string(entry.expect("readable").path()).expect("readable");
        for line in rows.lines().filter(|line| line.starts_with("= ") && line.ends_with(" -")) {
            let path = line.split(' ').nth(4).expect("place, severity, code, path");
            assert!(of_the_file.contains(&path), "{line}");
        }
    }
}

#[test]
fn every_clause_that_is_named_stands_in_the_catalogue() {
    let catalogue = folder().join("../../templates/clauses.toml");
    let catalogue = fs::read_to_string(catalogue).expect("part of the repository");
    for (kind, path) in contract::terms::paths_with_clauses() {
        let kind = Some(kind).filter(|kind| !kind.is_empty());
        let clause = contract::terms::clause_of(kind, path).expect("it has one");
        assert!(catalogue.contains(&format!("id = \"{clause}\"\n")), "{clause} of {path}");
    }
}
