//! `cargo xtask run`: the product working on a sample, every command shown before it runs.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::shell;
use crate::tree;

/// Builds `tally` and shows it in a fresh folder.
pub(crate) fn run(release: bool, dir: Option<&str>) -> Result<()> {
    let tally = shell::build_tally(release)?;
    let folder = dir.map_or_else(|| tree::root().join("target/sample"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    shell::run(Command::new(&tally).arg("--help").current_dir(&folder))
}
