//! What must hold before a change lands: the suites of `test` and of `nightly`, with budgets.
//!
//! To add a suite, write a function and give it a row in `SUITES`; README shows the same table.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::setup::{self, Missing, Need};
use crate::{clauses, fuzz, layers, sample, shell, simulate, tidy, web};

/// Whether a suite that cannot run on this machine is a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// A skipped suite prints its reason.
    SkipsPass,
    /// Where everything can be installed, a skip hides a missing step of `setup`.
    SkipsFail,
}

impl Strictness {
    /// Strict where `CI` is set.
    pub(crate) fn from_environment() -> Self {
        if std::env::var_os("CI").is_some() { Self::SkipsFail } else { Self::SkipsPass }
    }
}

struct Suite {
    name: &'static str,
    /// Minutes on two cores, a cold build included where the suite builds.
    budget_minutes: u32,
    needs: &'static [Need],
    run: fn() -> Result<()>,
}

const SUITES: &[Suite] = &[
    Suite { name: "fmt", budget_minutes: 1, needs: &[], run: fmt },
    Suite { name: "tidy", budget_minutes: 1, needs: &[], run: tidy::run },
    Suite { name: "layers", budget_minutes: 1, needs: &[], run: layers::run },
    Suite { name: "clauses", budget_minutes: 1, needs: &[], run: || clauses::run(true) },
    Suite { name: "clippy", budget_minutes: 3, needs: &[], run: clippy },
    Suite { name: "tests", budget_minutes: 11, needs: &[Need::Oracles, Need::Ffmpeg], run: tests },
    Suite { name: "simulate", budget_minutes: 5, needs: &[], run: || simulate::seeds(1, 1_000) },
    Suite { name: "crash", budget_minutes: 2, needs: &[], run: crash },
    Suite { name: "fsync", budget_minutes: 1, needs: &[Need::Strace], run: fsync },
    Suite { name: "slurm", budget_minutes: 3, needs: &[Need::Slurm], run: slurm },
    Suite { name: "web", budget_minutes: 2, needs: &[Need::Node], run: web::check },
    Suite {
        name: "e2e",
        budget_minutes: 8,
        needs: &[Need::Node, Need::Fonts, Need::Browser],
        run: e2e,
    },
];

const NIGHTLY: &[Suite] = &[
    Suite { name: "laws", budget_minutes: 60, needs: &[Need::Oracles], run: laws },
    Suite { name: "buckets", budget_minutes: 5, needs: &[Need::Buckets], run: buckets },
    Suite { name: "cuts", budget_minutes: 5, needs: &[Need::Ffmpeg, Need::Cuts], run: cuts },
    Suite { name: "api", budget_minutes: 15, needs: &[Need::ApiTester], run: api },
    Suite { name: "formats", budget_minutes: 4, needs: &[Need::Datumaro], run: formats },
    Suite {
        name: "fuzz",
        budget_minutes: 25,
        needs: &[Need::Compiler],
        run: || fuzz::run(None, 60),
    },
];

fn fmt() -> Result<()> {
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"])
}

/// The programs that fuzz are a workspace of their own.
fn clippy() -> Result<()> {
    let deny = ["--all-targets", "--quiet", "--", "--deny", "warnings"];
    cargo(&[&["clippy", "--workspace"], &deny[..]].concat())?;
    let manifest = ["clippy", "--manifest-path", "fuzz/Cargo.toml"];
    let mut fuzz = suite_command(&[&manifest, &deny[..]].concat())?;
    shell::run(fuzz.env("CARGO_TARGET_DIR", shell::target()?))
}

/// The measurements are left out: `clippy` checks that they build, and a timing proves nothing.
fn tests() -> Result<()> {
    cargo(&["test", "--workspace", "--exclude", "benches", "--quiet"])
}

/// A real Slurm runs jobs and loses a node; its accounting is read, billed and verified.
fn slurm() -> Result<()> {
    let folder = shell::target()?.join("slurm-month");
    let out = folder.display().to_string();
    shell::run(&mut shell::command("bash", &["cases/slurm/month.sh", &out]))?;
    for package in ["desk", "cli"] {
        shell::named_tests(package, "real_slurm", false, &[("SLURM_MONTH", out.clone())])?;
    }
    Ok(())
}

/// A process that appends is killed a thousand times, and two append at once.
fn crash() -> Result<()> {
    let settings = [("TALLYSTICK_KILLS", "1000".to_owned())];
    shell::named_tests("desk", "crash::kills", false, &settings)?;
    shell::named_tests("desk", "crash::together", false, &[])
}

/// A thousand acknowledgements, each after a sync of the disk.
fn fsync() -> Result<()> {
    let settings = [("TALLYSTICK_SYNCS", "1000".to_owned())];
    shell::named_tests("desk", "crash::fsync", false, &settings)
}

/// PySceneDetect and we find the cuts of the same videos.
fn cuts() -> Result<()> {
    let python = setup::python(Need::Cuts)?.display().to_string();
    shell::named_tests("video", "peer::", false, &[("TALLYSTICK_CUTS_PYTHON", python)])
}

/// Raw data from a bucket of an S3-compatible server.
fn buckets() -> Result<()> {
    let python = setup::python(Need::Buckets)?.display().to_string();
    shell::named_tests("cli", "bucket::", false, &[("TALLYSTICK_S3_PYTHON", python)])
}

/// The running server under requests made from its own description.
fn api() -> Result<()> {
    let tally = shell::build_tally(false)?;
    let folder = emptied("api")?;
    sample::demo(&tally, &folder)?;
    let python = setup::python(Need::ApiTester)?;
    let mut command = shell::command(python, &["xtask/python/api_suite.py"]);
    shell::run(command.arg(tally).arg(folder))
}

/// Labelled data goes from tally to Datumaro and back, in every format that both know.
fn formats() -> Result<()> {
    let tally = shell::build_tally(false)?;
    let folder = emptied("formats")?;
    let python = setup::python(Need::Datumaro)?;
    let mut command = shell::command(python, &["xtask/python/formats_suite.py"]);
    shell::run(command.arg(tally).arg(folder))
}

/// A real browser drives the embedded console against the real binary.
fn e2e() -> Result<()> {
    web::build()?;
    let tally = shell::build_tally(false)?;
    web::scenario("run.mjs", &[("TALLY", tally), ("E2E_DIR", emptied("e2e")?)])
}

/// A folder of the suite's own below the target folder, without what an earlier run left.
fn emptied(name: &str) -> Result<PathBuf> {
    let folder = shell::target()?.join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(folder)
}

/// Every law with forty times the cases of `test`.
fn laws() -> Result<()> {
    let mut command = suite_command(&["test", "--workspace", "--release", "--quiet"])?;
    command.env("PROPTEST_CASES", "10000").env("TALLYSTICK_ALL_ENDS", "1");
    shell::run(&mut command)
}

fn cargo(args: &[&str]) -> Result<()> {
    shell::run(&mut suite_command(args)?)
}

/// A cargo command that finds the Python oracles.
fn suite_command(args: &[&str]) -> Result<Command> {
    let mut command = shell::command(shell::cargo(), args);
    let python = setup::python(Need::Oracles)?;
    if python.exists() {
        command.env("TALLYSTICK_PYTHON", python);
    }
    Ok(command)
}

/// Runs the suites of `test`, or one of them.
pub(crate) fn test(only: Option<&str>, strictness: Strictness) -> Result<()> {
    run(SUITES, only, strictness)
}

/// Runs what takes longer than `test` may.
pub(crate) fn nightly(only: Option<&str>) -> Result<()> {
    run(NIGHTLY, only, Strictness::from_environment())
}

enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

struct Row {
    name: &'static str,
    seconds: u64,
    budget_minutes: u32,
    outcome: Outcome,
}

fn run(suites: &[Suite], only: Option<&str>, strictness: Strictness) -> Result<()> {
    let chosen: Vec<&Suite> =
        suites.iter().filter(|suite| only.is_none_or(|only| only == suite.name)).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = suites.iter().map(|suite| suite.name).collect();
        bail!("no suite {:?}; there are {}", only.unwrap_or_default(), names.join(", "));
    }
    let mut needs: Vec<Need> = chosen.iter().flat_map(|suite| suite.needs).copied().collect();
    needs.sort_unstable();
    needs.dedup();
    let missing = setup::ensure(&needs);

    let mut rows = Vec::new();
    for suite in chosen {
        println!("\n== {}", suite.name);
        let begin = Instant::now();
        let outcome = outcome(suite, &missing);
        match &outcome {
            Outcome::Passed => {}
            Outcome::Failed(reason) => println!("{} failed: {reason}", suite.name),
            Outcome::Skipped(reason) => println!("{} skipped: {reason}", suite.name),
        }
        rows.push(Row {
            name: suite.name,
            seconds: begin.elapsed().as_secs(),
            budget_minutes: suite.budget_minutes,
            outcome,
        });
    }
    conclude(&rows, strictness)
}

fn outcome(suite: &Suite, missing: &Missing) -> Outcome {
    for need in suite.needs {
        if let Some(reason) = missing.get(need) {
            return Outcome::Skipped(format!("{need:?}: {reason}"));
        }
    }
    match (suite.run)() {
        Ok(()) => Outcome::Passed,
        Err(error) => Outcome::Failed(format!("{error:#}")),
    }
}

fn conclude(rows: &[Row], strictness: Strictness) -> Result<()> {
    println!("\n{:<10} {:>8} {:>8}  result", "suite", "seconds", "budget");
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for row in rows {
        let budget = u64::from(row.budget_minutes) * 60;
        let result = match row.outcome {
            Outcome::Passed => {
                passed += 1;
                if row.seconds > budget { "passed, over its budget" } else { "passed" }
            }
            Outcome::Skipped(_) if strictness == Strictness::SkipsPass => {
                skipped += 1;
                "skipped"
            }
            Outcome::Skipped(_) => {
                failed += 1;
                "failed: a skip is not accepted here"
            }
            Outcome::Failed(_) => {
                failed += 1;
                "failed"
            }
        };
        println!("{:<10} {:>8} {:>8}  {result}", row.name, row.seconds, budget);
    }
    let total: u64 = rows.iter().map(|row| row.seconds).sum();
    println!("{:<10} {total:>8}\n", "total");
    let skips = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    println!("{passed} passed, {failed} failed{skips}");
    if failed > 0 {
        return Err(anyhow::anyhow!("failed suites: {failed}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(outcome: Outcome) -> Row {
        Row { name: "a", seconds: 0, budget_minutes: 1, outcome }
    }

    #[test]
    fn one_failed_suite_fails_the_run() {
        let passed = || row(Outcome::Passed);
        let failed = || row(Outcome::Failed("why".to_owned()));
        assert!(conclude(&[passed(), passed()], Strictness::SkipsPass).is_ok());
        assert!(conclude(&[passed(), failed()], Strictness::SkipsPass).is_err());
    }

    #[test]
    fn a_skip_fails_where_everything_can_be_installed() {
        let skipped = || row(Outcome::Skipped("no Slurm".to_owned()));
        assert!(conclude(&[skipped()], Strictness::SkipsPass).is_ok());
        assert!(conclude(&[skipped()], Strictness::SkipsFail).is_err());
    }

    #[test]
    fn the_budgets_of_test_stay_under_forty_minutes() {
        let sum: u32 = SUITES.iter().map(|suite| suite.budget_minutes).sum();
        assert!(sum < 40, "{sum} minutes");
    }

    #[test]
    fn suites_have_different_names() {
        let mut names: Vec<&str> = SUITES.iter().chain(NIGHTLY).map(|suite| suite.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
