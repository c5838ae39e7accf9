//! Running other programs: every command is printed before it runs.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::tree;

/// The cargo that started us.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A command in the root of the checkout.
pub(crate) fn command(program: impl Into<OsString>, args: &[&str]) -> Command {
    let mut command = Command::new(program.into());
    command.args(args).current_dir(tree::root()).stdin(Stdio::null());
    command
}

/// Runs a command, prints it first, and fails with it.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = line(command);
    println!("$ {line}");
    let status = command.status().with_context(|| format!("cannot start {line}"))?;
    if !status.success() {
        bail!("{line}: {status}");
    }
    Ok(())
}

/// Runs a command in silence and gives its output; `None` when it fails or does not exist.
pub(crate) fn read(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn line(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let short = program.rsplit('/').next().unwrap_or(&program).to_owned();
    let words = command.get_args().map(|arg| {
        let arg = arg.to_string_lossy();
        if arg.contains(' ') || arg.is_empty() { format!("'{arg}'") } else { arg.into_owned() }
    });
    std::iter::once(short).chain(words).collect::<Vec<_>>().join(" ")
}

/// Where things live that outlast a checkout.
pub(crate) fn cache() -> PathBuf {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(home)
        .unwrap_or_else(|| tree::root().join("target"))
        .join("tallystick")
}

/// The folder that cargo builds into.
pub(crate) fn target() -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let mut metadata =
        command(cargo(), &["metadata", "--no-deps", "--format-version", "1", "--quiet"]);
    let text = read(&mut metadata).context("cargo metadata failed")?;
    Ok(serde_json::from_str::<Metadata>(&text).context("cargo metadata")?.target_directory)
}

/// Builds the product and gives the path of its binary.
pub(crate) fn build_tally(release: bool) -> Result<PathBuf> {
    let mut args = vec!["build", "--package", "cli", "--bin", "tally"];
    if release {
        args.push("--release");
    }
    run(&mut command(cargo(), &args))?;
    Ok(target()?.join(if release { "release" } else { "debug" }).join("tally"))
}

/// Runs the integration tests of a package whose names contain `filter`, and fails when there is
/// none: a filter that matches nothing would pass in silence.
pub(crate) fn named_tests(
    package: &str,
    filter: &str,
    release: bool,
    settings: &[(&str, String)],
) -> Result<()> {
    let mut args = vec!["test", "--quiet", "--package", package, "--test", "runner"];
    if release {
        args.push("--release");
    }
    args.extend(["--", filter]);
    let mut list = command(cargo(), &args);
    list.arg("--list").stderr(Stdio::inherit());
    let names = read(&mut list).with_context(|| format!("the tests of {package} do not build"))?;
    if !names.lines().any(|line| line.ends_with(": test")) {
        bail!("{package} has no test whose name contains {filter:?}");
    }
    let mut command = command(cargo(), &args);
    command.arg("--nocapture");
    for (name, value) in settings {
        command.env(name, value);
    }
    run(&mut command)
}
