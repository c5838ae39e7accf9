//! Bytes that an engine chooses by what they reach, into every parser that reads from outside.
//!
//! The programs are those of `fuzz/`; the stable toolchain builds them, since coverage of edges
//! needs no sanitizer.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::{shell, tree};

/// What cargo-fuzz asks of the compiler too, but for the sanitizers.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Each program, the most bytes that are tried, and the folders of files that it begins with: of
/// ours, then of the shared data.
const TARGETS: [(&str, u32, &[&str]); 9] = [
    ("agreement", 16_384, &["cases/agreements"]),
    ("docx", 65_536, &["fuzz/seeds/docx", "../shared/data/docx/misc"]),
    ("identifiers", 4_096, &["fuzz/seeds/identifiers"]),
    ("journal", 16_384, &["crates/journal/tests/formats/v1"]),
    ("playbook", 65_536, &["playbooks"]),
    ("reading", 16_384, &["fuzz/seeds/reading", "../shared/data/vendor-terms"]),
    ("signing", 65_536, &["fuzz/seeds/signing", "crates/journal/tests/formats/v1"]),
    ("units", 256, &["fuzz/seeds/units"]),
    ("wording", 2_048, &["../shared/data/seeds"]),
];

/// Runs each program, or one of them, for this long. What it found lies below cargo's target folder
/// and is tried first the next time.
pub(crate) fn run(only: Option<&str>, seconds: u64) -> Result<()> {
    let host = shell::read(&mut shell::command("rustc", &["-vV"])).context("no rustc")?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).context("no host")?;
    let folder = shell::target()?.join("fuzz");
    for (name, longest, seeds) in TARGETS {
        if only.is_some_and(|only| only != name) {
            continue;
        }
        let manifest = ["build", "--quiet", "--release", "--manifest-path", "fuzz/Cargo.toml"];
        let mut build = shell::command(shell::cargo(), &manifest);
        build.args(["--target", host, "--bin", name]).env("RUSTFLAGS", COVERAGE);
        shell::run(build.env("CARGO_TARGET_DIR", &folder))?;

        let corpus = folder.join("corpus").join(name);
        std::fs::create_dir_all(&corpus).context("the folder of the corpus")?;
        let program = folder.join(host).join("release").join(name);
        let mut command = shell::command(program, &["-timeout=20", "-rss_limit_mb=3072"]);
        command.arg(format!("-max_total_time={seconds}")).arg(format!("-max_len={longest}"));
        command.args(["-print_final_stats=1", "-verbosity=0"]);
        command.arg(format!("-artifact_prefix={}/", folder.display())).arg(&corpus);
        let root = tree::root();
        // Words of the format, which the engine would have to guess.
        let words = root.join(format!("fuzz/{name}.dict"));
        if words.is_file() {
            command.arg(format!("-dict={}", words.display()));
        }
        command.args(seeds.iter().map(|seed| root.join(seed)).filter(|path| Path::is_dir(path)));
        shell::run(&mut command)?;
    }
    Ok(())
}
