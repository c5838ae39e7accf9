//! `cargo xtask run`: the product working on a sample, every command shown before it runs: an
//! annotation agreement from the draft to the verified bundle, in a rehearsal whose clock is set.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::tree;

/// The agreement of the sample, and where its terms stand.
const ID: &str = "anno-2026-017";
const TERMS: &str = "cases/agreements/annotation.toml";

/// A day of the sample and what happens on it.
const DAYS: &[(&str, &[&[&str]])] = &[
    (
        "2026-03-02T09:00:00+08:00",
        &[
            &["check", "agreement.toml"],
            &["new", "agreement.toml", "--as", "vendor", "--by", "周可欣"],
            &["sign", ID, "--as", "vendor", "--by", "周可欣", "--key", "vendor.key"],
            &["sign", ID, "--as", "customer", "--by", "沈一诺", "--key", "customer.key"],
        ],
    ),
    (
        "2026-03-04T10:00:00+08:00",
        &[
            &[
                "record",
                ID,
                "--as",
                "customer",
                "--by",
                "沈一诺",
                "guideline_provided",
                "version=1",
                "sha256=@guideline.md",
            ],
            &[
                "pay",
                ID,
                "--ref",
                "bank-1",
                "--amount",
                "15000.00",
                "--on",
                "2026-03-04",
                "--prepayment",
                "--by",
                "周可欣",
            ],
        ],
    ),
    (
        "2026-03-20T10:00:00+08:00",
        &[
            &[
                "record",
                ID,
                "--as",
                "customer",
                "--by",
                "沈一诺",
                "data_provided",
                "batch=texts-1",
                "quantity=50000",
                "sha256=@guideline.md",
            ],
            &[
                "seed",
                "commit",
                ID,
                "lot-1",
                "--as",
                "customer",
                "--by",
                "沈一诺",
                "--seed-file",
                "customer.seed",
            ],
        ],
    ),
    (
        "2026-03-20T10:05:00+08:00",
        &[&[
            "seed",
            "commit",
            ID,
            "lot-1",
            "--as",
            "vendor",
            "--by",
            "周可欣",
            "--seed-file",
            "vendor.seed",
        ]],
    ),
    (
        "2026-03-30T16:00:00+08:00",
        &[
            &[
                "import",
                ID,
                "work.csv",
                "--as-delivery",
                "lot-1",
                "--item",
                "texts",
                "--by",
                "周可欣",
            ],
            &[
                "seed",
                "reveal",
                ID,
                "lot-1",
                "--as",
                "vendor",
                "--by",
                "周可欣",
                "--seed-file",
                "vendor.seed",
            ],
            &[
                "seed",
                "reveal",
                ID,
                "lot-1",
                "--as",
                "customer",
                "--by",
                "沈一诺",
                "--seed-file",
                "customer.seed",
            ],
        ],
    ),
    (
        "2026-03-31T09:00:00+08:00",
        &[
            &["quality", "--work", "work.csv", "--gold", "gold.csv"],
            &[
                "inspect",
                ID,
                "lot-1",
                "--work",
                "work.csv",
                "--gold",
                "gold.csv",
                "--item",
                "texts",
                "--by",
                "沈一诺",
            ],
            &["accept", ID, "lot-1", "--by", "沈一诺"],
        ],
    ),
    (
        "2026-04-01T09:00:00+08:00",
        &[
            &["position", ID],
            &["settle", ID, "2026-03", "--submit", "--by", "周可欣"],
            &["approve", ID, "2026-03", "--by", "沈一诺"],
            &["invoice", ID, "2026-03", "--by", "周可欣"],
        ],
    ),
    ("2026-05-20T09:00:00+08:00", &[&["account", ID], &["log", ID]]),
    (
        "2026-05-20T10:00:00+08:00",
        &[
            &["cosign", ID, "--key", "customer.key", "--out", "checkpoint.note"],
            &["export", ID, "--out", "bundle.tally"],
            &["verify", "bundle.tally", "--checkpoint", "checkpoint.note"],
        ],
    ),
];

/// Builds `tally` and shows it in a fresh folder.
pub(crate) fn run(release: bool, dir: Option<&str>) -> Result<()> {
    let tally = shell::build_tally(release)?;
    let folder = dir.map_or_else(|| tree::root().join("target/sample"), PathBuf::from);
    let folder = fresh(&folder)?;
    std::fs::copy(tree::root().join(TERMS), folder.join("agreement.toml"))?;
    write(&folder, "guideline.md", "# 情感标注细则\n\n每条只取一个标签。\n")?;
    write(&folder, "gold.csv", &labels(|_| false))?;
    write(&folder, "work.csv", &labels(|at| at % 37 == 0))?;
    say(
        &tally,
        &folder,
        "2026-03-02T09:00:00+08:00",
        &["init", "--rehearsal", "--name", "sample"],
    )?;
    for name in ["customer", "vendor"] {
        let (key, file) = (format!("{name}.example"), format!("{name}.key"));
        say(&tally, &folder, "", &["key", "new", "--name", &key, "--out", &file])?;
    }
    for (now, commands) in DAYS {
        println!("\n# {now}");
        for words in *commands {
            say(&tally, &folder, now, words)?;
        }
    }
    println!("\nThe deployment, the keys and the bundle are in {}.", folder.display());
    Ok(())
}

/// A folder of its own for each run, so that the second one starts at once.
fn fresh(folder: &Path) -> Result<PathBuf> {
    for number in 1..10_000 {
        let candidate = folder.join(number.to_string());
        if !candidate.exists() {
            std::fs::create_dir_all(&candidate)?;
            return Ok(candidate);
        }
    }
    bail!("{} is full; remove it", folder.display())
}

fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    std::fs::write(folder.join(name), text).with_context(|| format!("cannot write {name}"))
}

/// A table of 600 texts with their sentiment; some are labelled wrong.
fn labels(wrong: impl Fn(usize) -> bool) -> String {
    let names = ["positive", "neutral", "negative"];
    let mut text = "id,label\n".to_owned();
    for at in 1..=600 {
        let label = names[(at + usize::from(wrong(at))) % names.len()];
        text.push_str(&format!("t{at:04},{label}\n"));
    }
    text
}

/// Prints a command and runs it in the sample's folder.
fn say(tally: &Path, folder: &Path, now: &str, words: &[&str]) -> Result<()> {
    println!("\n$ tally {}", words.join(" "));
    let mut command = Command::new(tally);
    command.args(words).current_dir(folder).stdin(Stdio::null());
    command.env_remove("TALLY_DATA");
    if now.is_empty() {
        command.env_remove("TALLY_NOW")
    } else {
        command.env("TALLY_NOW", now)
    };
    let status = command.status().context("cannot start tally")?;
    if !status.success() {
        bail!("tally {}: {status}", words.join(" "));
    }
    Ok(())
}
