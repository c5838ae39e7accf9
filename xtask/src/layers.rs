//! Which crate may depend on which, and which outside library belongs to which crate.
//!
//! The table is the diagram of ARCHITECTURE.md. Development dependencies may cross the layers (an
//! oracle may look anywhere) and are listed, so that a crossing is seen.

#[cfg(test)]
mod tests;

use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::tree;

/// Each crate and every crate of ours that it may name.
const MAY_USE: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("contract", &["units"]),
    ("settlement", &["contract", "units"]),
    ("docx", &[]),
    ("wording", &["units"]),
    ("reading", &["docx", "units", "wording"]),
    ("review", &["contract", "units", "wording"]),
    ("document", &["annotation", "contract", "docx", "review", "settlement", "units", "wording"]),
    ("identifiers", &["units"]),
    ("journal", &["units"]),
    ("media", &["identifiers", "units", "video"]),
    ("annotation", &["media", "units"]),
    ("formats", &["annotation", "units"]),
    ("labelling", &["annotation", "units"]),
    ("onnx", &[]),
    ("vision", &["media", "onnx"]),
    ("training", &["media", "onnx", "units", "vision"]),
    ("classification", &["media", "onnx", "training", "units", "vision"]),
    ("lease", &["units"]),
    ("video", &["units"]),
    ("store", &["journal", "units"]),
    ("signing", &["journal", "units"]),
    ("desk", BELOW_DESK),
    ("server", ABOVE_DESK),
    ("cli", ABOVE_DESK_AND_SERVER),
    ("xtask", &[]),
    ("benches", ABOVE_DESK_AND_SERVER),
];

const BELOW_DESK: &[&str] = &[
    "annotation",
    "classification",
    "contract",
    "document",
    "docx",
    "formats",
    "identifiers",
    "journal",
    "labelling",
    "lease",
    "media",
    "onnx",
    "reading",
    "review",
    "settlement",
    "signing",
    "store",
    "training",
    "units",
    "wording",
];
const ABOVE_DESK: &[&str] = &[
    "annotation",
    "classification",
    "contract",
    "desk",
    "document",
    "docx",
    "formats",
    "identifiers",
    "journal",
    "labelling",
    "lease",
    "media",
    "onnx",
    "reading",
    "review",
    "settlement",
    "signing",
    "store",
    "training",
    "units",
    "video",
    "vision",
    "wording",
];
const ABOVE_DESK_AND_SERVER: &[&str] = &[
    "annotation",
    "classification",
    "contract",
    "desk",
    "document",
    "docx",
    "formats",
    "identifiers",
    "journal",
    "labelling",
    "lease",
    "media",
    "onnx",
    "reading",
    "review",
    "server",
    "settlement",
    "signing",
    "store",
    "training",
    "units",
    "video",
    "vision",
    "wording",
];

/// An outside library and the only crates that may depend on it.
const WALLS: &[(&str, &[&str], &str)] = &[
    ("sqlx", &["store"], "a method of store"),
    ("rusqlite", &[], "sqlx in store"),
    ("object_store", &["store", "cli"], "the objects of store, and the buckets of cli"),
    ("hotcoco", &["annotation", "benches"], "annotation's report"),
    ("parquet", &["formats", "benches"], "a format of formats"),
    ("axum", &["server"], "a route of server"),
    ("hyper", &["server"], "a route of server"),
    ("typst", &["document"], "a sheet of document::pdf"),
    ("typst-layout", &["document"], "a sheet of document::pdf"),
    ("typst-pdf", &["document"], "a sheet of document::pdf"),
    ("anyhow", &["cli", "xtask", "benches"], "a thiserror enum of the operation"),
    ("clap", &["cli", "xtask", "benches"], "arguments of a function"),
    ("clap_complete", &["cli"], "cli's completions"),
    ("comfy-table", &["cli"], "cli's tables"),
    ("indicatif", &["cli"], "cli's progress"),
    ("miette", &["cli"], "a finding with its place"),
    ("getrandom", &["desk"], "desk's randomness, passed in"),
    ("chrono", &[], "jiff through units::time"),
    ("rust_decimal", &[], "units::Decimal"),
    ("reqwest", &["server", "benches"], "server's egress, which pins the address"),
    ("lettre", &["server"], "server's mail"),
    ("openidconnect", &["server"], "server's sign-in"),
    ("webauthn-rs", &["server"], "server's sign-in"),
    ("utoipa", &["server"], "a route of server"),
    ("prometheus-client", &["server"], "server's metrics"),
    ("argon2", &["desk"], "desk::people"),
    ("typst", &["document"], "document::pdf"),
    ("typst-pdf", &["document"], "document::pdf"),
];

/// Crates that do no I/O.
const PURE: &[&str] = &["units", "contract", "settlement", "journal"];
/// What a pure crate may depend on: formats, hashes, signatures, civil time.
const PURE_MAY_USE: &[&str] = &[
    "base64",
    "ct-merkle",
    "ed25519-dalek",
    "hex",
    "jiff",
    "p256",
    "schemars",
    "serde",
    "serde_json",
    "sha2",
    "signed_note",
    "sm2",
    "thiserror",
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<String>,
}

/// Checks the workspace.
pub(crate) fn run() -> Result<()> {
    let output = Command::new(crate::shell::cargo())
        .args(["metadata", "--no-deps", "--format-version", "1", "--quiet"])
        .current_dir(tree::root())
        .output()
        .context("cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let report = check(&metadata);
    for crossing in &report.crossings {
        println!("note: {crossing}");
    }
    for problem in &report.problems {
        println!("{problem}");
    }
    if !report.problems.is_empty() {
        bail!("layers: {} problems", report.problems.len());
    }
    println!("layers: {} crates, no problem", metadata.packages.len());
    Ok(())
}

struct Report {
    problems: Vec<String>,
    /// Development dependencies that the layers would not allow.
    crossings: Vec<String>,
}

fn check(metadata: &Metadata) -> Report {
    let mut report = Report { problems: Vec::new(), crossings: Vec::new() };
    for package in &metadata.packages {
        let name = package.name.as_str();
        let Some((_, may_use)) = MAY_USE.iter().find(|(known, _)| *known == name) else {
            report.problems.push(format!(
                "{name}: a crate outside the layers is banned, give it a row in xtask/src/layers.rs"
            ));
            continue;
        };
        for dependency in &package.dependencies {
            // A crate may name itself, to test with a feature that it does not have by default.
            if dependency.name == name {
                continue;
            }
            let ours = dependency.path.is_some();
            let in_tests = dependency.kind.as_deref() == Some("dev");
            let fault = if ours {
                (!may_use.contains(&dependency.name.as_str()))
                    .then(|| format!("{name} -> {} goes against the layers", dependency.name))
            } else {
                walled(name, &dependency.name)
                    .or_else(|| (!in_tests).then(|| impure(name, &dependency.name)).flatten())
            };
            let Some(fault) = fault else { continue };
            if in_tests {
                report.crossings.push(format!("{fault} (in tests)"));
            } else {
                report.problems.push(fault);
            }
        }
    }
    report
}

fn walled(name: &str, library: &str) -> Option<String> {
    let (_, owners, instead) = WALLS.iter().find(|(walled, ..)| *walled == library)?;
    (!owners.contains(&name)).then(|| format!("{name} -> {library} is banned, use {instead}"))
}

fn impure(name: &str, library: &str) -> Option<String> {
    (PURE.contains(&name) && !PURE_MAY_USE.contains(&library)).then(|| {
        format!("{name} -> {library} is banned in a pure crate, pass its result in as an argument")
    })
}
