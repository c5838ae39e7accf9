//! The files of the checkout, as git sees them: tracked, or new and not ignored.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// One file, read once. `text` is `None` when the file is not UTF-8.
pub(crate) struct File {
    /// Path from the root of the checkout, with `/`.
    pub(crate) path: String,
    /// Size in bytes.
    pub(crate) bytes: u64,
    /// The content, when it is text.
    pub(crate) text: Option<String>,
}

impl File {
    #[cfg(test)]
    pub(crate) fn sample(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), bytes: text.len() as u64, text: Some(text.to_owned()) }
    }

    /// Whether the whole file is test code.
    pub(crate) fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            // A suite that implementations run, compiled for tests alone.
            || self.path.contains("/conformance/")
            || self.path.ends_with("/tests.rs")
            || self.path.ends_with("_tests.rs")
    }
}

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built_from = manifest.parent().unwrap_or(manifest);
    // A binary in a shared target folder may have been built from another checkout; the one the
    // command was given in is meant.
    let here = std::env::current_dir().unwrap_or_else(|_| built_from.to_path_buf());
    here.ancestors()
        .find(|dir| dir.join("xtask/Cargo.toml").is_file() && dir.join("Cargo.toml").is_file())
        .map_or_else(|| built_from.to_path_buf(), Path::to_path_buf)
}

/// Every file that is tracked or would be, sorted by path.
pub(crate) fn files(root: &Path) -> Result<Vec<File>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("git is needed to list the files")?;
    if !output.status.success() {
        bail!("git ls-files failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let listing = String::from_utf8(output.stdout).context("a path is not UTF-8")?;
    let mut files = Vec::new();
    for path in listing.split('\0').filter(|path| !path.is_empty()) {
        let full = root.join(path);
        // A deleted file stays in the index until the next commit.
        let Ok(content) = std::fs::read(&full) else { continue };
        files.push(File {
            path: path.to_owned(),
            bytes: content.len() as u64,
            text: String::from_utf8(content).ok(),
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    Ok(files)
}
