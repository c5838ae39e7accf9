//! Whole lives of agreements from seeds, by the simulation tests of `desk`.

use anyhow::{Context as _, Result};

use crate::shell;

/// The first seed, for the tests of `desk` named `simulation`.
const SEED: &str = "TALLYSTICK_SEED";
/// How many seeds from the first on; with one, the test prints the whole life.
const SEEDS: &str = "TALLYSTICK_SEEDS";

/// Runs `count` seeds from `seed` on.
pub(crate) fn run(seed: Option<&str>, count: Option<&str>) -> Result<()> {
    let seed: u64 = seed.context("--seed N is needed")?.parse().context("--seed is a number")?;
    let count: u64 = count.unwrap_or("1").parse().context("--count is a number")?;
    seeds(seed, count)
}

/// The simulation over a range of seeds.
pub(crate) fn seeds(seed: u64, count: u64) -> Result<()> {
    let settings = [(SEED, seed.to_string()), (SEEDS, count.to_string())];
    shell::named_tests("desk", "simulation_holds", false, &settings)
}
