//! The benchmarks: each engine on a work that is stated, beside the peers that do the same work in
//! the same run. Prints tables; asserts answers, never timings.
//!
//! Every measurement is a process of its own, so that its peak memory is its own too, and the
//! contenders take turns, so that a disturbed minute disturbs all of them.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that speaks on a terminal"
)]

mod acceptance;
mod append;
mod convert;
mod fold;
mod load;
mod many;
mod measure;
mod race;
mod rate;
mod saves;
mod seed;
mod table;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Parser;

use race::Setting;

/// Measures the engines beside their peers.
#[derive(Parser)]
#[command(name = "benches")]
struct Arguments {
    /// Which benchmarks: fold, rate, append, many, load, verify, acceptance, convert.
    /// All where none is named.
    names: Vec<String>,
    /// How often each contender runs; medians are printed.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Divides the size of every work, to try things out.
    #[arg(long, default_value_t = 1)]
    divide: u64,
    /// Writes the results into a file too, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Runs one benchmark.
type Run = fn(&Setting) -> Result<table::Table>;

const BENCHES: [(&str, Run); 9] = [
    ("fold", fold::run),
    ("rate", rate::run),
    ("append", append::run),
    ("many", many::run),
    ("load", load::run),
    ("verify", verify::run),
    ("acceptance", acceptance::run),
    ("convert", convert::run),
    ("saves", saves::run),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.split_first() {
        Some((first, rest)) if first == race::WORKER => work(rest),
        _ => all(&Arguments::parse()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("benches: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn all(arguments: &Arguments) -> Result<()> {
    for name in &arguments.names {
        if !BENCHES.iter().any(|(known, _)| known == name) {
            let names = BENCHES.map(|(name, _)| name).join(", ");
            bail!("no benchmark {name:?}; there are {names}");
        }
    }
    let setting = Setting::new(arguments.rounds, arguments.divide)?;
    let mut tables = Vec::new();
    for (name, run) in BENCHES {
        if arguments.names.is_empty() || arguments.names.iter().any(|wanted| wanted == name) {
            let table = run(&setting)?;
            println!("{table}");
            tables.push(table);
        }
    }
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&tables)?;
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// One measurement in a process of its own: its result goes to standard output.
fn work(words: &[String]) -> Result<()> {
    let Some((task, words)) = words.split_first() else { bail!("no task") };
    let sample = match task.as_str() {
        "fold" => fold::work(words),
        "rate" => rate::work(words),
        "append" => append::work(words),
        "many" => many::work(words),
        "verify" => verify::work(words),
        "acceptance" => acceptance::work(words),
        "convert" => convert::work(words),
        "saves" => saves::work(words),
        other => bail!("no task {other:?}"),
    };
    println!("{}", serde_json::to_string(&sample?)?);
    Ok(())
}
