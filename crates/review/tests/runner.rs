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
