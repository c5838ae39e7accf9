//! Whole lives of agreements from seeds, by the simulation test of `desk`.

use anyhow::{Context as _, Result};

use crate::shell;

/// Runs `count` seeds from `seed` on; one seed alone prints its story.
pub(crate) fn run(seed: Option<&str>, count: Option<&str>) -> Result<()> {
    let seed: u64 = seed.context("--seed N is needed")?.parse().context("--seed is a number")?;
    let count: u64 = count.unwrap_or("1").parse().context("--count is a number")?;
    let mut command = shell::command(
        shell::cargo(),
        &["test", "--release", "--package", "desk", "--test", "runner", "--", "simulation"],
    );
    if count == 1 {
        command.arg("--nocapture");
    }
    command.env("TALLYSTICK_SEED", seed.to_string());
    command.env("TALLYSTICK_SEEDS", count.to_string());
    shell::run(&mut command)
}
