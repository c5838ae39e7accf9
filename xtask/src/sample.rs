//! `cargo xtask run`: the product with a sample deployment, in the browser. Builds the console and
//! the binary, lays down the sample once, and serves it until it is told to stop.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::setup::{self, Need};
use crate::shell;
use crate::tree;
use crate::web;

/// Builds everything, makes the sample where there is none, and serves it.
pub(crate) fn run(release: bool, dir: Option<&str>, listen: Option<&str>) -> Result<()> {
    let missing = setup::ensure(&[Need::Fonts]);
    if let Some(reason) = missing.get(&Need::Fonts) {
        println!("run: invoices cannot be printed in Chinese: {reason}");
    }
    web::build()?;
    let tally = shell::build_tally(release)?;
    let folder = dir.map_or_else(|| tree::root().join("target/sample"), PathBuf::from);
    if !folder.join("tally.json").is_file() {
        demo(&tally, &folder)?;
    }
    serve(&tally, &folder, listen.unwrap_or("127.0.0.1:8080"))
}

/// Lays the sample down.
pub(crate) fn demo(tally: &Path, folder: &Path) -> Result<()> {
    let mut command = Command::new(tally);
    command.arg("demo").arg(folder).stdin(Stdio::null());
    clean(&mut command);
    shell::run(&mut command)
}

fn serve(tally: &Path, folder: &Path, listen: &str) -> Result<()> {
    let accounts = folder.join("demo-accounts.txt");
    let text = std::fs::read_to_string(&accounts)
        .with_context(|| format!("cannot read {}", accounts.display()))?;
    println!("\n{text}");
    let port = listen.rsplit(':').next().unwrap_or(listen);
    println!("Open http://localhost:{port} and sign in as one of them; Ctrl-C ends it.\n");
    let mut command = Command::new(tally);
    command.arg("--data").arg(folder).args(["serve", "--listen", listen]);
    clean(&mut command);
    shell::run(&mut command)
}

/// The settings of the user's own deployment are not the sample's.
fn clean(command: &mut Command) {
    command.env_remove("TALLY_DATA").env_remove("TALLY_NOW");
}
