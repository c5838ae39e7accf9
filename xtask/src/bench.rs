//! The benchmarks, built for release, beside the peers that they are compared with.

use anyhow::Result;

use crate::setup::{self, Need};
use crate::shell;

/// Benchmarks that a crate holds itself, so that no other crate is built for them.
const OWN: [(&str, &str); 3] = [("redline", "docx"), ("review", "review"), ("intake", "media")];

/// Runs all benchmarks, or those named; `benches` itself reads the other words and refuses what it
/// does not know.
pub(crate) fn run(words: &[String]) -> Result<()> {
    let flags = words.iter().position(|word| word.starts_with('-')).unwrap_or(words.len());
    let (names, flags) = words.split_at(flags);
    let is_own = |name: &String| OWN.iter().any(|(own, _)| own == name);
    for (name, package) in OWN {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            own(name, package, flags)?;
        }
    }
    let others: Vec<&String> = names.iter().filter(|name| !is_own(name)).collect();
    if names.is_empty() || !others.is_empty() {
        heavy(&others, flags)?;
    }
    Ok(())
}

/// A benchmark of one crate; of the flags it knows `--rounds`.
fn own(name: &str, package: &str, flags: &[String]) -> Result<()> {
    let mut command = shell::command(
        shell::cargo(),
        &["bench", "--quiet", "--package", package, "--bench", name, "--"],
    );
    command.args(flags);
    let peers: &[(Need, &str)] = match name {
        "review" => &[(Need::LexNlp, "TALLYSTICK_LEXNLP")],
        // Pillow is among what Datumaro needs.
        "intake" => &[(Need::Datumaro, "TALLYSTICK_PILLOW"), (Need::Cuts, "TALLYSTICK_SCENES")],
        _ => &[],
    };
    for (need, setting) in peers {
        match setup::ensure(&[*need]).get(need) {
            Some(reason) => println!("bench: {need:?} is left out: {reason}"),
            None => _ = command.env(setting, setup::python(*need)?),
        }
    }
    shell::run(&mut command)
}

/// The benchmarks of `benches`.
fn heavy(names: &[&String], flags: &[String]) -> Result<()> {
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
    command.args(names).args(flags);
    match missing.get(&Need::Peers) {
        Some(reason) => println!("bench: the peers are left out: {reason}"),
        None => {
            command.env("TALLYSTICK_PYTHON", setup::python(Need::Peers)?);
        }
    }
    shell::run(&mut command)
}
