//! The clause matrix: every clause of the five source documents, the rule that serves it, the case
//! that shows it, or why there is none.
//!
//! Reads `templates/clauses.toml`, doc comments of `crates/` and every file of `cases/`; writes
//! `docs/clauses.md`. Knows which ids are cited; does not know whether the rule is right.

mod catalogue;
mod citations;
mod matrix;
#[cfg(test)]
mod tests;

use anyhow::{Context as _, Result, bail};

use crate::tree;

const CATALOGUE: &str = "templates/clauses.toml";
const MATRIX: &str = "docs/clauses.md";

/// Writes the matrix, or with `check` compares it; fails when a clause is served by nothing.
pub(crate) fn run(check: bool) -> Result<()> {
    let root = tree::root();
    let text = std::fs::read_to_string(root.join(CATALOGUE)).context(CATALOGUE)?;
    let (catalogue, mut problems) = catalogue::read(&text)?;
    let files = tree::files(&root)?;
    let (citations, unknown) = citations::find(&files, &catalogue);
    problems.extend(unknown);
    problems.extend(matrix::unserved(&catalogue, &citations));

    let matrix = matrix::render(&catalogue, &citations);
    let path = root.join(MATRIX);
    if check {
        if std::fs::read_to_string(&path).ok().as_deref() != Some(matrix.as_str()) {
            problems.push(format!("{MATRIX} is stale, run `cargo xtask clauses` and commit it"));
        }
    } else {
        std::fs::write(&path, &matrix).context(MATRIX)?;
        println!("wrote {MATRIX}");
    }
    for problem in &problems {
        println!("{problem}");
    }
    println!("{}", matrix::summary(&catalogue, &citations));
    if !problems.is_empty() {
        bail!("clauses: {} problems", problems.len());
    }
    Ok(())
}
