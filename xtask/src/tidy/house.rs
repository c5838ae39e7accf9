//! Rules for files of every kind: names, sizes, white space, what must and must not be committed.

use super::Problem;
use crate::tree::File;

const LARGEST_BYTES: u64 = 1024 * 1024;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "manager", "handler"];
/// Names that draw everything into a folder; a file may be named so (the eight common clauses).
const EMPTY_FOLDERS: &[&str] = &["common", "core", "types"];

/// Text that belongs to one machine. Split so that this file does not contain it.
const MACHINE_PATHS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tmp/ba", "sh_jobs")];

/// Registries are named by the clients' own settings, never by us.
const REGISTRY_HOSTS: &[&str] = &[
    concat!("crates", ".io"),
    concat!("npm", "js"),
    concat!("py", "pi.org"),
    concat!("python", "hosted"),
    concat!("deb.de", "bian.org"),
];

/// Marks of unfinished work.
const UNFINISHED: &[&str] =
    &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];

const BUILT_FOLDERS: &[&str] = &["target", "dist", "node_modules", "__pycache__"];
const BUILT_ENDINGS: &[&str] =
    &["o", "so", "a", "rlib", "pyc", "exe", "dll", "dylib", "db", "db-wal", "db-shm", "wasm"];

pub(super) fn check_file(file: &File, problems: &mut Vec<Problem>) {
    let path = &file.path;
    if file.bytes > LARGEST_BYTES {
        let kib = file.bytes / 1024;
        problems.push(Problem::at(
            path,
            0,
            format!("a file of {kib} KiB is banned, generate it or read it from ../shared/data"),
        ));
    }
    check_name(path, problems);
    if let Some(text) = &file.text {
        check_text(path, text, problems);
    }
}

fn check_name(path: &str, problems: &mut Vec<Problem>) {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    if let Some(folder) = folders.split('/').find(|folder| BUILT_FOLDERS.contains(folder)) {
        problems.push(Problem::at(
            path,
            0,
            format!("built output in {folder}/ is banned, add it to .gitignore"),
        ));
    } else if BUILT_ENDINGS.contains(&ending) {
        problems.push(Problem::at(
            path,
            0,
            format!("built output .{ending} is banned, add it to .gitignore"),
        ));
    }
    let file = (ending == "rs").then_some((stem, false));
    for (module, is_folder) in folders.split('/').map(|folder| (folder, true)).chain(file) {
        if EMPTY_NAMES.contains(&module) || is_folder && EMPTY_FOLDERS.contains(&module) {
            problems.push(Problem::at(
                path,
                0,
                format!("the name {module:?} is banned, use the noun of the contract it serves"),
            ));
        }
    }
}

fn check_text(path: &str, text: &str, problems: &mut Vec<Problem>) {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let source = matches!(ending, "rs" | "toml" | "md" | "py" | "sh" | "yml" | "yaml")
        || path.starts_with(".ci/");
    let lock = path.ends_with(".lock") || path.ends_with("-lock.json");
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if source && line.ends_with([' ', '\t', '\r']) {
            problems.push(Problem::at(path, number, "trailing white space is banned, remove it"));
        }
        for machine in MACHINE_PATHS {
            if holds_path(line, machine) {
                problems.push(Problem::at(
                    path,
                    number,
                    format!("{machine} is banned, use a path relative to the checkout"),
                ));
            }
        }
        for host in REGISTRY_HOSTS {
            if !lock && line.contains(host) {
                problems.push(Problem::at(
                    path,
                    number,
                    format!("{host} is banned, use the package's name with its usual client"),
                ));
            }
        }
        // Contract texts in cases/ and templates/ may contain any word.
        if source && !path.starts_with("cases/") && !path.starts_with("templates/") {
            for mark in UNFINISHED {
                if crate::rust::has_word(line, mark) {
                    problems.push(Problem::at(
                        path,
                        number,
                        format!("{mark} is banned, finish it or file an issue"),
                    ));
                }
            }
        }
    }
}

/// Whether the absolute path stands in the line, and not as the middle of a longer one.
fn holds_path(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(at, _)| {
        !line[..at]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '}' | '*'))
    })
}

/// Rules about single documents that must exist.
pub(super) fn check_documents(files: &[File], problems: &mut Vec<Problem>) {
    let needs: &[(&str, &[&str])] = &[
        ("README.md", &["cargo xtask run", "cargo xtask test"]),
        ("CHANGELOG.md", &["## [Unreleased]"]),
        ("ARCHITECTURE.md", &["Architecture invariant"]),
        ("LICENSE", &["Apache License"]),
    ];
    for (path, sentences) in needs {
        let Some(file) = files.iter().find(|file| file.path == *path) else {
            problems.push(Problem::at(path, 0, "this file is missing"));
            continue;
        };
        for sentence in *sentences {
            if !file.text.as_ref().is_some_and(|text| text.contains(sentence)) {
                problems.push(Problem::at(path, 0, format!("{sentence:?} is missing")));
            }
        }
    }
}

/// The code of every metric stands in the glossary, in both languages beside it.
pub(super) fn check_glossary(files: &[File], problems: &mut Vec<Problem>) {
    let text = |path: &str| {
        files.iter().find(|file| file.path == path).and_then(|file| file.text.as_deref())
    };
    let (Some(source), Some(glossary)) =
        (text("crates/units/src/standard.rs"), text("docs/glossary.md"))
    else {
        problems.push(Problem::at("docs/glossary.md", 0, "this file or units::Metric is missing"));
        return;
    };
    for code in variants_of(source, "pub enum Metric {") {
        if !glossary.contains(&format!("`{code}`")) {
            let message = format!("the metric `{code}` is missing, add it in zh and en");
            problems.push(Problem::at("docs/glossary.md", 0, message));
        }
    }
}

/// The variants of a plain enum as they are written in files.
fn variants_of(source: &str, opening: &str) -> Vec<String> {
    let body = source.split_once(opening).map_or("", |(_, rest)| rest);
    let lines = body.lines().map(str::trim).take_while(|line| *line != "}");
    lines
        .filter_map(|line| line.strip_suffix(','))
        .filter(|name| name.chars().all(char::is_alphanumeric))
        .map(snake_case)
        .collect()
}

fn snake_case(name: &str) -> String {
    let mut code = String::new();
    for (index, character) in name.char_indices() {
        if character.is_uppercase() && index > 0 {
            code.push('_');
        }
        code.extend(character.to_lowercase());
    }
    code
}
