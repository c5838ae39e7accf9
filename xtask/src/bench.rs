//! The benchmarks, built for release, beside the peers that they are compared with.

use anyhow::{Result, bail};

use crate::setup::{self, Need};
use crate::shell;

/// Runs all benchmarks, or those named.
pub(crate) fn run(names: &[String]) -> Result<()> {
    for name in names {
        if name.starts_with('-') {
            bail!("unknown argument {name:?}; `cargo xtask bench [NAME]`");
        }
    }
    let missing = setup::ensure(&[Need::Peers]);
    let mut command = shell::command(
        shell::cargo(),
        &["run", "--release", "--quiet", "--package", "benches", "--"],
    );
    command.args(names);
    match missing.get(&Need::Peers) {
        Some(reason) => println!("bench: the peers are left out: {reason}"),
        None => {
            command.env("TALLYSTICK_PYTHON", setup::python(Need::Peers)?);
        }
    }
    shell::run(&mut command)
}
