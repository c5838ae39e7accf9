//! The console: installs its packages, checks it, builds it into `web/dist`, from where `server`
//! embeds it. A build whose sources did not change is done at once.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::setup::{self, Need};
use crate::shell;
use crate::tree;

/// The file that embeds the console: cargo looks at it again after a build.
const EMBEDS: &str = "crates/server/src/console.rs";

/// Builds the console where it changed.
///
/// # Errors
/// When Node.js is missing or the build fails.
pub(crate) fn build() -> Result<()> {
    let web = tree::root().join("web");
    let stamp = web.join("dist/.built-from");
    let sources = fingerprint()?;
    if std::fs::read_to_string(&stamp).is_ok_and(|built| built == sources) {
        println!("web: the console is built");
        return Ok(());
    }
    packages(&web)?;
    npm(&web, &["run", "build"])?;
    std::fs::write(&stamp, sources).context("cannot mark the console as built")?;
    // rust-embed lists the folder while it compiles, so cargo does not know of new files in it.
    let embeds = tree::root().join(EMBEDS);
    let text = std::fs::read(&embeds).context(EMBEDS)?;
    std::fs::write(&embeds, text).context(EMBEDS)
}

/// The checks of the console itself: types, words in both languages, units, the generated client.
///
/// # Errors
/// When one of them fails.
pub(crate) fn check() -> Result<()> {
    let web = tree::root().join("web");
    packages(&web)?;
    packages(&web.join("tools"))?;
    for script in ["lint", "test", "check-client"] {
        npm(&web, &["run", script])?;
    }
    build()
}

/// Installs what a `package-lock.json` names, unless it is there already.
///
/// # Errors
/// When there is no Node.js, or the registry gives no package.
pub(crate) fn packages(folder: &Path) -> Result<()> {
    let missing = setup::ensure(&[Need::Node]);
    if let Some(reason) = missing.get(&Need::Node) {
        bail!("Node.js 20 or later is needed: {reason}");
    }
    let lock = folder.join("package-lock.json");
    let wanted = std::fs::read_to_string(&lock)
        .with_context(|| format!("cannot read {}", lock.display()))?;
    let stamp = folder.join("node_modules/.installed-from");
    let wanted = format!("{:016x}", setup::fingerprint(&wanted));
    if std::fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    npm(folder, &["ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
    std::fs::write(&stamp, wanted).context("cannot mark the packages as installed")
}

fn npm(folder: &Path, args: &[&str]) -> Result<()> {
    let mut command = Command::new("npm");
    command.args(args).current_dir(folder).stdin(std::process::Stdio::null());
    // Only the packages themselves; no browser and no prebuilt binary from elsewhere.
    command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    shell::run(&mut command)
}

/// Runs a script of the end-to-end tests.
///
/// # Errors
/// When a scenario fails.
pub(crate) fn scenario(script: &str, settings: &[(&str, PathBuf)]) -> Result<()> {
    let folder = tree::root().join("web/e2e");
    packages(&folder)?;
    let mut command = Command::new("node");
    command.arg(script).current_dir(&folder).stdin(std::process::Stdio::null());
    for (name, value) in settings {
        command.env(name, value);
    }
    shell::run(&mut command)
}

/// A name for what the console is built from: every file of `web/` but the tests that drive it.
fn fingerprint() -> Result<String> {
    let mut all = String::new();
    for file in tree::files(&tree::root())? {
        let ours = file.path.strip_prefix("web/");
        let Some(path) = ours.filter(|path| !path.starts_with("e2e/")) else { continue };
        let content = match &file.text {
            Some(text) => setup::fingerprint(text),
            None => file.bytes,
        };
        all.push_str(&format!("{path} {content:016x}\n"));
    }
    Ok(format!("{:016x}", setup::fingerprint(&all)))
}
