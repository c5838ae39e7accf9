//! The benchmarks, built for release, beside the peers that they are compared with.

use anyhow::Result;

use crate::setup::{self, Need};
use crate::shell;

/// Runs all benchmarks, or those named; `benches` itself reads the words and refuses others.
pub(crate) fn run(words: &[String]) -> Result<()> {
    let missing = setup::ensure(&[Need::Peers]);
    // The load is put on the program itself.
    shell::run(&mut shell::command(
        shell::cargo(),
        &["build", "--release", "--quiet", "--package", "cli", "--bin", "tally"],
    ))?;
    let mut command = shell::command(
        shell::cargo(),
        &["run", "--release", "--quiet", "--package", "benches", "--"],
    );
    command.args(words);
    match missing.get(&Need::Peers) {
        Some(reason) => println!("bench: the peers are left out: {reason}"),
        None => {
            command.env("TALLYSTICK_PYTHON", setup::python(Need::Peers)?);
        }
    }
    shell::run(&mut command)
}
