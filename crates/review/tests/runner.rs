//! The integration tests of `review`, in one binary.

mod catalogue;
mod checks;
mod locator;
mod seeds;

use std::path::PathBuf;

use review::Finding;
use review::checks::{Facts, run};
use wording::Wording;

/// A plain text as clauses.
fn wording(text: &str) -> Wording {
    reading::read(text.as_bytes(), "contract.txt").expect("plain text is read").wording
}

/// What the checks find in a plain text.
fn found(text: &str) -> Vec<Finding> {
    run(&wording(text), &Facts::default())
}

/// The shared test data; `None`, with the reason printed, where it is absent.
#[allow(clippy::print_stdout, reason = "a skipped test says why")]
fn shared(path: &str) -> Option<PathBuf> {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let path = manifest.join("../../../shared/data").join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    None
}
