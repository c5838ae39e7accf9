//! Rules for Rust sources.

use super::Problem;
use crate::rust::{self, Line, has_word};
use crate::tree::File;

const LINE_COLUMNS: usize = 100;
/// The formatter lets a closing `);` or `},` stand over the edge.
const FORMATTED_COLUMNS: usize = 102;
const FILE_LINES_WARN: usize = 700;
const FILE_LINES_FAIL: usize = 900;

/// Crates in which a number is exact.
const EXACT: &[&str] = &["units", "contract", "settlement", "journal"];
/// Crates in which a missing amount must not turn into zero.
const AMOUNTS: &[&str] = &["units", "contract", "settlement"];

/// The clock and randomness, which are inputs everywhere below `desk`.
const AMBIENT: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "thread_rng",
    "getrandom::",
    "OsRng",
];
/// Where the clock and randomness are read.
const AMBIENT_ALLOWED: &[&str] = &[
    "crates/desk/src/clock.rs",
    "crates/desk/src/random.rs",
    "crates/desk/src/world.rs",
    "crates/cli/src/progress.rs",
    "xtask/",
    "benches/",
];

/// Where words for people are made, or where the law fixes the words (amounts in words).
const WORDS_ALLOWED: &[&str] = &[
    "crates/cli/",
    "crates/document/",
    "crates/server/src/words",
    "crates/units/src/words",
    // What a contract says in either language is read there, not written.
    "crates/docx/benches",
    "crates/docx/tests",
    // Numerals, and names of styles, as the Word format fixes them; and words that are read.
    "crates/docx/src/build/parts.rs",
    "crates/docx/src/numbering/format.rs",
    "crates/docx/src/styles.rs",
    "crates/docx/src/redline/defined.rs",
    "crates/docx/src/tokens/",
    "crates/reading/",
    "crates/review/",
    "crates/identifiers/",
    "crates/wording/",
    // The names of forums are read there, not written.
    "crates/contract/src/check/common.rs",
    "crates/settlement/src/fixture.rs",
    "web/",
    "templates/",
    "playbooks/",
    "xtask/",
    "benches/",
];

/// Code that is banned in every Rust file, and what to write in its place.
const BANNED: &[(&str, &str)] = &[
    ("dbg!", "remove it, or report through the result"),
    ("todo!", "write it, or leave it out"),
    ("unimplemented!", "write it, or leave it out"),
    ("#[ignore", "make the test run, or delete it"),
    ("thread::sleep", "wait for the event itself"),
];

/// Who asks is decided where a caller becomes an entry.
const SCOPES: &[&str] = &["Scope::party(", "Scope::operator("];
/// Where a scope is made: the store that defines it, the way into an agreement, the operator's
/// desk. Benchmarks are the operator's.
const SCOPES_ALLOWED: &[&str] =
    &["crates/store/", "crates/desk/src/people/", "crates/desk/src/desk.rs", "benches/", "xtask/"];

/// Statements that only `store` may contain: a verb and a word that must follow it.
const SQL: &[(&str, &str)] = &[
    ("SELECT ", " FROM "),
    ("INSERT INTO ", ""),
    ("INSERT OR ", " INTO "),
    ("DELETE FROM ", ""),
    ("UPDATE ", " SET "),
    ("CREATE TABLE ", ""),
    ("CREATE INDEX ", ""),
    ("PRAGMA ", ""),
];

pub(super) fn check_file(file: &File, problems: &mut Vec<Problem>) {
    let Some(text) = &file.text else {
        problems.push(Problem::at(&file.path, 0, "a source that is not UTF-8 is banned"));
        return;
    };
    let path = file.path.as_str();
    if !text.starts_with("//!") {
        problems.push(Problem::at(
            path,
            1,
            "a file without a first line `//!` is banned, say what it decides and does not know",
        ));
    }
    check_length(path, text, problems);
    let lines = rust::lines(text);
    let tests_begin = if file.is_test() { 0 } else { rust::tests_begin(&lines) };
    let mut excused = false;
    for (index, (line, source)) in lines.iter().zip(text.lines()).enumerate() {
        let mut place = Place { path, number: index + 1, test: index >= tests_begin, problems };
        place.columns(line, source);
        place.everywhere(line);
        place.words(line);
        place.sql(line);
        if !place.test {
            if !excused {
                place.exact(line);
            }
            place.ambient(line);
            place.scopes(line);
        }
        // Clippy asks for a reason there, for instance a trait that names the type to refuse it.
        excused = line.code.contains("clippy::disallowed_types");
    }
}

fn check_length(path: &str, text: &str, problems: &mut Vec<Problem>) {
    let length = text.lines().count();
    let advice = "split it by concept, or move its tests to tests.rs beside it";
    if length > FILE_LINES_FAIL {
        let message = format!("a file of {length} lines is banned, {advice}");
        problems.push(Problem::at(path, 0, message));
    } else if length > FILE_LINES_WARN {
        problems.push(Problem::warn(path, format!("{length} lines are many, {advice}")));
    }
}

/// The crate a path belongs to, when it is its library or binary source.
fn crate_of(path: &str) -> Option<&str> {
    let (name, rest) = path.strip_prefix("crates/")?.split_once('/')?;
    rest.starts_with("src/").then_some(name)
}

struct Place<'a> {
    path: &'a str,
    number: usize,
    test: bool,
    problems: &'a mut Vec<Problem>,
}

impl Place<'_> {
    fn ban(&mut self, what: &str, instead: &str) {
        let message = format!("{what} is banned, {instead}");
        self.problems.push(Problem::at(self.path, self.number, message));
    }

    fn columns(&mut self, line: &Line, source: &str) {
        let columns = source.chars().count();
        let has_string = self.test && !line.strings.trim().is_empty();
        // An address and a row of a table cannot be broken.
        let whole = source.contains("://") || line.comment.trim().ends_with('|');
        let code = line.comment.trim().is_empty();
        let limit = if code { FORMATTED_COLUMNS } else { LINE_COLUMNS };
        if columns > limit && !has_string && !whole {
            self.ban(&format!("a line of {columns} columns"), "break it at 100");
        }
    }

    fn everywhere(&mut self, line: &Line) {
        for (what, instead) in BANNED {
            if has_word(&line.code, what) {
                self.ban(what, instead);
            }
        }
    }

    fn exact(&mut self, line: &Line) {
        let name = crate_of(self.path);
        if name.is_some_and(|name| EXACT.contains(&name)) {
            for float in ["f32", "f64"] {
                if has_word(&line.code, float) {
                    self.ban(float, "use Decimal, Fraction or Ratio");
                }
            }
        }
        if name.is_some_and(|name| AMOUNTS.contains(&name)) {
            for default in [".unwrap_or(0)", ".unwrap_or_default()"] {
                if line.code.contains(default) {
                    self.ban(default, "return an error that names the missing amount");
                }
            }
        }
    }

    fn ambient(&mut self, line: &Line) {
        let allowed = AMBIENT_ALLOWED.iter().any(|allowed| self.path.starts_with(allowed));
        // An example may measure itself.
        if allowed || self.path.contains("/examples/") {
            return;
        }
        for what in AMBIENT {
            if has_word(&line.code, what) {
                self.ban(what, "take the time, the seed or the id as an argument");
            }
        }
    }

    fn scopes(&mut self, line: &Line) {
        if SCOPES_ALLOWED.iter().any(|allowed| self.path.starts_with(allowed)) {
            return;
        }
        for what in SCOPES {
            if line.code.contains(what) {
                self.ban(what, "enter the agreement through desk::people and use its Entry");
            }
        }
    }

    fn words(&mut self, line: &Line) {
        if self.test || WORDS_ALLOWED.iter().any(|allowed| self.path.starts_with(allowed)) {
            return;
        }
        if line.strings.chars().any(is_chinese) {
            self.ban("a sentence for people", "use a code with fields, words are made in document");
        }
    }

    fn sql(&mut self, line: &Line) {
        let outside = self.path.starts_with("crates/") && !self.path.starts_with("crates/store/");
        if !outside {
            return;
        }
        let text = line.strings.trim_start();
        let statement = SQL
            .iter()
            .any(|(verb, then)| text.starts_with(verb) && (then.is_empty() || text.contains(then)));
        if statement {
            self.ban("SQL", "use a method of store");
        }
    }
}

fn is_chinese(character: char) -> bool {
    matches!(u32::from(character), 0x3400..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}
