//! Rules of the tree that no compiler checks, each with the better way in its message.
//!
//! Knows text and paths; knows nothing of what the code means.

mod code;
mod house;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use crate::tree::{self, File};

/// Something that breaks a rule, at a place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    path: String,
    /// From 1; 0 when the whole file is meant.
    line: usize,
    message: String,
    /// A warning is printed and does not fail.
    warning: bool,
}

impl Problem {
    fn at(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into(), warning: false }
    }

    fn warn(path: &str, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: 0, message: message.into(), warning: true }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.warning { "warning: " } else { "" };
        match self.line {
            0 => write!(f, "{}: {kind}{}", self.path, self.message),
            line => write!(f, "{}:{line}: {kind}{}", self.path, self.message),
        }
    }
}

/// Checks the checkout.
pub(crate) fn run() -> Result<()> {
    run_in(&tree::root())
}

fn run_in(root: &Path) -> Result<()> {
    let files = tree::files(root)?;
    let problems = check(&files);
    for problem in &problems {
        println!("{problem}");
    }
    let failures = problems.iter().filter(|problem| !problem.warning).count();
    if failures > 0 {
        bail!("tidy: {failures} problems in {} files", files.len());
    }
    println!("tidy: {} files, no problem", files.len());
    Ok(())
}

/// All rules over all files.
fn check(files: &[File]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        house::check_file(file, &mut problems);
        if file.path.ends_with(".rs") {
            code::check_file(file, &mut problems);
        }
    }
    house::check_documents(files, &mut problems);
    house::check_glossary(files, &mut problems);
    problems
}
