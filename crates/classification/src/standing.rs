//! What stands after a restart: which versions were loaded while the service ran and which of them
//! answers, in one file that is replaced whole with each change. A package that is gone or is
//! another one by then is left out and told; what can serve goes on. Serves class-4.3.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::models::{ModelError, ModelState, Models};
use crate::version::{LoadError, Loading, load};

/// The form of the file.
const FORMAT: u32 = 1;

/// One version that was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Loaded {
    model: String,
    version: String,
    /// Below the folder of packages; none for the version that was named at the start.
    folder: Option<String>,
    /// The digest of the package's manifest.
    package: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    format: u32,
    models: Vec<ModelState>,
    loaded: Vec<Loaded>,
}

/// The file. One change after the other is written.
#[derive(Debug)]
pub struct Standing {
    path: PathBuf,
    writing: Mutex<()>,
}

/// Why the file was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum StandingError {
    /// The disk does not give or take it.
    #[error("{} cannot be read or written: {source}", path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is none of ours: it is replaced whole, so no torn write makes it so.
    #[error("{} is damaged: {said}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        said: String,
    },
}

/// Why a version that was loaded is not loaded again.
#[derive(Debug, thiserror::Error)]
pub enum LeftOut {
    /// It was named at the start then, and is not now.
    #[error("it was named at the start then, and another one is now")]
    NotNamed,
    /// Its package is not below the folder of packages any more.
    #[error("its package is gone")]
    Gone,
    /// Its package is another one now.
    #[error("its package is another one now")]
    Changed,
    /// Its package cannot serve any more.
    #[error(transparent)]
    Refused(#[from] LoadError),
    /// There is no place for it.
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl LeftOut {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotNamed => "not_named",
            Self::Gone => "package_gone",
            Self::Changed => "package_changed",
            Self::Refused(error) => error.code(),
            Self::Model(error) => error.code(),
        }
    }
}

/// A version that is not loaded again.
#[derive(Debug)]
pub struct Left {
    /// The model.
    pub model: String,
    /// The version.
    pub version: String,
    /// Why.
    pub why: LeftOut,
}

/// A folder below another; links are followed before it is looked at.
#[must_use]
pub fn below(root: &Path, path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    let root = root.canonicalize().ok()?;
    let found = root.join(path).canonicalize().ok().filter(|_| plain)?;
    found.starts_with(&root).then_some(found)
}

impl Standing {
    /// The file at a place; it need not be there yet.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), writing: Mutex::default() }
    }

    fn failed(&self, source: std::io::Error) -> StandingError {
        StandingError::Disk { path: self.path.clone(), source }
    }

    /// Writes what the models are set to, and waits for the disk.
    ///
    /// # Errors
    /// When the disk does not take it; what was written before stands then.
    pub fn keep(&self, models: &Models) -> Result<(), StandingError> {
        // Looked at behind the lock: what is written last is what was set last.
        let held = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let states = models.states();
        let mut saved = Saved { format: FORMAT, models: states, loaded: Vec::new() };
        for state in &saved.models {
            for version in &state.versions {
                // One that was let go in between is missed by the next change, which follows.
                let Ok(found) = models.version(Some(&state.model), Some(version)) else { continue };
                saved.loaded.push(Loaded {
                    model: state.model.clone(),
                    version: version.clone(),
                    folder: found.folder.clone(),
                    package: found.digest.to_string(),
                });
            }
        }
        let written = serde_json::to_vec_pretty(&saved)
            .map_err(std::io::Error::from)
            .and_then(|text| replace(&self.path, &text))
            .map_err(|source| self.failed(source));
        drop(held);
        written
    }

    /// Loads what was loaded and sets the models as they were. Where the version that is named at
    /// the start is not the one of then, it answers: who starts the service just said so.
    ///
    /// # Errors
    /// When the file cannot be read, or is none of ours.
    pub fn restore(
        &self,
        models: &Models,
        packages: Option<&Path>,
        loading: &Loading,
    ) -> Result<Vec<Left>, StandingError> {
        let saved = match fs::read(&self.path) {
            Ok(text) => self.parse(&text)?,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.failed(error)),
        };
        let mut left = Vec::new();
        let mut same_start = false;
        for loaded in &saved.loaded {
            let (model, version) = (&loaded.model, &loaded.version);
            let standing = models.version(Some(model), Some(version)).ok();
            let same = standing.as_ref().map(|found| *found.digest == *loaded.package);
            same_start |= same == Some(true) && model == models.main();
            let why = match (same, &loaded.folder) {
                (Some(true), _) => continue,
                (Some(false), _) => LeftOut::Changed,
                (None, None) => LeftOut::NotNamed,
                (None, Some(folder)) => match again(loaded, folder, models, packages, loading) {
                    Ok(()) => continue,
                    Err(why) => why,
                },
            };
            left.push(Left { model: model.clone(), version: version.clone(), why });
        }
        for state in &saved.models {
            if state.model != models.main() || same_start {
                models.resume(state);
            }
        }
        Ok(left)
    }

    fn parse(&self, text: &[u8]) -> Result<Saved, StandingError> {
        let damaged = |said: String| StandingError::Damaged { path: self.path.clone(), said };
        let saved: Saved =
            serde_json::from_slice(text).map_err(|error| damaged(error.to_string()))?;
        let right = saved.format == FORMAT;
        right.then_some(saved).ok_or_else(|| damaged("it has another format".to_owned()))
    }
}

/// Loads a version again, if its package is the same.
fn again(
    loaded: &Loaded,
    folder: &str,
    models: &Models,
    packages: Option<&Path>,
    loading: &Loading,
) -> Result<(), LeftOut> {
    let place = packages.and_then(|root| below(root, folder)).ok_or(LeftOut::Gone)?;
    let mut version = load(&place, &loaded.model, &loaded.version, loading)?;
    if *version.digest != *loaded.package {
        return Err(LeftOut::Changed);
    }
    version.folder = Some(folder.to_owned());
    Ok(models.add(version)?)
}

/// Puts a file in the place of another, on disk before it counts.
fn replace(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
