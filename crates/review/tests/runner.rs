//! The integration tests of `review`, in one binary.

mod catalogue;
mod checks;
mod clauses;
mod doubt;
mod golden;
mod locator;
mod proposal;
mod said;
mod seeds;
mod sought;
mod strangers;
mod twins;
mod vendor_side;
mod vendors;
mod whims;

use std::path::{Path, PathBuf};

use review::checks::{Facts, run};
use review::{Finding, Playbook, Side, Status, Value, review};
use wording::Wording;

/// A plain text as clauses.
fn wording(text: &str) -> Wording {
    reading::read(text.as_bytes(), "contract.txt").expect("plain text is read").wording
}

/// What the checks find in a plain text.
fn found(text: &str) -> Vec<Finding> {
    run(&wording(text), &Facts::default())
}

/// What the customer's review says of a clause in each text. All rows are read before the test
/// fails, so that one run names each that is wrong.
#[track_caller]
fn check(clause: &str, rows: &[(&str, Status)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, expected)| {
            let review = review(&wording(text), &Playbook::ai_vendor(), Side::Customer);
            let status = review.summary.clauses[clause];
            (status != *expected).then(|| format!("{status:?}, not {expected:?}: {text}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{clause}\n{}", wrong.join("\n"));
}

/// A parameter that a finding of a clause carries.
fn parameter(clause: &str, name: &str, text: &str) -> Option<Value> {
    let review = review(&wording(text), &Playbook::ai_vendor(), Side::Customer);
    let mut own = review.findings.into_iter().filter(|finding| finding.clause == clause);
    own.find_map(|mut finding| finding.parameters.remove(name))
}

/// The shared test data; `None`, with the reason printed, where it is absent.
#[expect(clippy::print_stderr, reason = "a test that skips says why")]
fn shared(path: &str) -> Option<PathBuf> {
    // Beside the checkout, or beside the folder that holds worktrees.
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/data").join(path))
        .find(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: no shared/data/{path}");
    }
    found
}
