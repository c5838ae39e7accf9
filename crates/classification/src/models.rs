//! Which version answers. Models by name, each with its versions: the active one, a share for a
//! canary, a shadow whose answers are compared and never given, and the way back.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::version::Version;

/// Versions that a model may have loaded at once.
const MOST: usize = 16;

/// A version that gets a share of the requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// The version.
    pub version: String,
    /// Its share in whole percent.
    pub percent: u8,
}

/// What a model is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelState {
    /// Its name.
    pub model: String,
    /// The version that answers.
    pub active: String,
    /// The one that answered before.
    pub previous: Option<String>,
    /// The canary.
    pub canary: Option<Canary>,
    /// The shadow.
    pub shadow: Option<String>,
    /// Every version that is loaded.
    pub versions: Vec<String>,
}

/// What answers a request.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The version.
    pub version: Arc<Version>,
    /// The one whose answer is compared.
    pub shadow: Option<Arc<Version>>,
}

/// Why the versions stay as they are, or none is there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// No such model.
    #[error("there is no model {model}")]
    NoModel {
        /// The name.
        model: String,
    },
    /// No such version.
    #[error("{model} has no version {version}")]
    NoVersion {
        /// The model.
        model: String,
        /// The version.
        version: String,
    },
    /// It is loaded already.
    #[error("{model} has version {version} already")]
    Exists {
        /// The model.
        model: String,
        /// The version.
        version: String,
    },
    /// The active version, a canary or a shadow is not unloaded.
    #[error("version {version} of {model} is in use")]
    InUse {
        /// The model.
        model: String,
        /// The version.
        version: String,
    },
    /// Nothing was active before.
    #[error("{model} has no version to go back to")]
    NoWayBack {
        /// The model.
        model: String,
    },
    /// More than a hundred percent.
    #[error("{percent} % is no share")]
    Share {
        /// The share.
        percent: u8,
    },
    /// Too many versions are loaded.
    #[error("{model} has {MOST} versions loaded: unload one")]
    TooMany {
        /// The model.
        model: String,
    },
}

impl ModelError {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoModel { .. } => "no_such_model",
            Self::NoVersion { .. } => "no_such_version",
            Self::Exists { .. } => "version_exists",
            Self::InUse { .. } => "version_in_use",
            Self::NoWayBack { .. } => "no_way_back",
            Self::Share { .. } => "bad_share",
            Self::TooMany { .. } => "too_many_versions",
        }
    }
}

#[derive(Debug)]
struct Model {
    versions: BTreeMap<String, Arc<Version>>,
    active: String,
    previous: Option<String>,
    canary: Option<Canary>,
    shadow: Option<String>,
}

/// See the module.
#[derive(Debug)]
pub struct Models {
    main: String,
    models: RwLock<BTreeMap<String, Model>>,
}

/// A number of 0 to 99 that follows from the request's id alone.
fn part_of(request: &str) -> u8 {
    let digest: [u8; 32] = Sha256::digest(request.as_bytes()).into();
    let number = u16::from_be_bytes([digest[0], digest[1]]);
    // 65,536 is no multiple of 100: parts differ by less than a sixth of a percent.
    u8::try_from(number % 100).unwrap_or(0)
}

impl Models {
    /// Begins with a model whose only version is active; requests that name no model go to it.
    #[must_use]
    pub fn new(version: Version) -> Self {
        let main = version.model.clone();
        let models = Self { main, models: RwLock::default() };
        models.enter(version);
        models
    }

    /// The model of requests that name none.
    #[must_use]
    pub fn main(&self) -> &str {
        &self.main
    }

    fn enter(&self, version: Version) {
        let mut models = self.models.write().unwrap_or_else(PoisonError::into_inner);
        let (model, name) = (version.model.clone(), version.version.clone());
        let version = Arc::new(version);
        match models.get_mut(&model) {
            Some(model) => {
                model.versions.insert(name, version);
            }
            None => {
                let versions = BTreeMap::from([(name.clone(), version)]);
                let [previous, shadow] = [None, None];
                let entry = Model { versions, active: name, previous, canary: None, shadow };
                models.insert(model, entry);
            }
        }
    }

    /// Whether a version of this name can be loaded.
    ///
    /// # Errors
    /// When it is there already, or too many are.
    pub fn vacant(&self, model: &str, version: &str) -> Result<(), ModelError> {
        let models = self.models.read().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = models.get(model) else { return Ok(()) };
        let model = model.to_owned();
        if found.versions.contains_key(version) {
            return Err(ModelError::Exists { model, version: version.to_owned() });
        }
        if found.versions.len() >= MOST {
            return Err(ModelError::TooMany { model });
        }
        Ok(())
    }

    /// Takes a loaded version in; of a new model it is active at once.
    ///
    /// # Errors
    /// As [`Self::vacant`].
    pub fn add(&self, version: Version) -> Result<(), ModelError> {
        self.vacant(&version.model, &version.version)?;
        self.enter(version);
        Ok(())
    }

    fn change(
        &self,
        model: &str,
        version: Option<&str>,
        change: impl FnOnce(&mut Model) -> Result<(), ModelError>,
    ) -> Result<ModelState, ModelError> {
        let mut models = self.models.write().unwrap_or_else(PoisonError::into_inner);
        let absent = || ModelError::NoModel { model: model.to_owned() };
        let found = models.get_mut(model).ok_or_else(absent)?;
        if let Some(version) = version.filter(|version| !found.versions.contains_key(*version)) {
            let (model, version) = (model.to_owned(), version.to_owned());
            return Err(ModelError::NoVersion { model, version });
        }
        change(found)?;
        Ok(state(model, found))
    }

    /// From here on this version answers. Requests that are under way end with the one before.
    ///
    /// # Errors
    /// When it is not loaded.
    pub fn activate(&self, model: &str, version: &str) -> Result<ModelState, ModelError> {
        self.change(model, Some(version), |model| {
            if model.active != version {
                let before = std::mem::replace(&mut model.active, version.to_owned());
                model.previous = Some(before);
            }
            model.canary = model.canary.take().filter(|canary| canary.version != version);
            model.shadow = model.shadow.take().filter(|shadow| shadow != version);
            Ok(())
        })
    }

    /// Sets a model as it was, as far as its versions are loaded: what answered then, else what
    /// answered before that, else what answers now.
    pub(crate) fn resume(&self, state: &ModelState) {
        let mut models = self.models.write().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = models.get_mut(&state.model) else { return };
        let is_loaded = |version: &String| found.versions.contains_key(version);
        let previous = state.previous.clone().filter(is_loaded);
        let active = Some(state.active.clone()).filter(is_loaded).or_else(|| previous.clone());
        let active = active.unwrap_or_else(|| found.active.clone());
        let canary = state.canary.clone().filter(|canary| is_loaded(&canary.version));
        let shadow = state.shadow.clone().filter(is_loaded);
        found.previous = previous.filter(|previous| *previous != active);
        found.canary = canary.filter(|canary| canary.version != active);
        found.shadow = shadow.filter(|shadow| *shadow != active);
        found.active = active;
    }

    /// The version before answers again, and no canary.
    ///
    /// # Errors
    /// When there was none before.
    pub fn roll_back(&self, model: &str) -> Result<ModelState, ModelError> {
        self.change(model, None, |found| {
            // A canary alone is taken back first: the active version was never left.
            if found.canary.take().is_some() {
                return Ok(());
            }
            let nothing = || ModelError::NoWayBack { model: model.to_owned() };
            let before = found.previous.take().ok_or_else(nothing)?;
            found.previous = Some(std::mem::replace(&mut found.active, before));
            Ok(())
        })
    }

    /// Gives a version a share of the requests; with no share, none.
    ///
    /// # Errors
    /// When it is not loaded, or the share is no percentage.
    pub fn set_canary(
        &self,
        model: &str,
        version: &str,
        percent: u8,
    ) -> Result<ModelState, ModelError> {
        if percent > 100 {
            return Err(ModelError::Share { percent });
        }
        self.change(model, Some(version), |model| {
            let canary = Canary { version: version.to_owned(), percent };
            model.canary = Some(canary).filter(|_| percent > 0);
            Ok(())
        })
    }

    /// Compares a version with the one that answers; `None` ends it.
    ///
    /// # Errors
    /// When it is not loaded.
    pub fn set_shadow(&self, model: &str, version: Option<&str>) -> Result<ModelState, ModelError> {
        self.change(model, version, |model| {
            model.shadow = version.map(str::to_owned);
            Ok(())
        })
    }

    /// Lets a version go that nothing uses.
    ///
    /// # Errors
    /// When it is not loaded, or in use.
    pub fn unload(&self, model: &str, version: &str) -> Result<ModelState, ModelError> {
        self.change(model, Some(version), |found| {
            let canary = found.canary.as_ref().is_some_and(|canary| canary.version == version);
            if found.active == version || canary || found.shadow.as_deref() == Some(version) {
                let (model, version) = (model.to_owned(), version.to_owned());
                return Err(ModelError::InUse { model, version });
            }
            found.versions.remove(version);
            found.previous = found.previous.take().filter(|previous| previous != version);
            Ok(())
        })
    }

    /// What every model is set to.
    #[must_use]
    pub fn states(&self) -> Vec<ModelState> {
        let models = self.models.read().unwrap_or_else(PoisonError::into_inner);
        models.iter().map(|(name, model)| state(name, model)).collect()
    }

    /// A version by its name; the active one where none is named.
    ///
    /// # Errors
    /// When there is no such model or version.
    pub fn version(
        &self,
        model: Option<&str>,
        version: Option<&str>,
    ) -> Result<Arc<Version>, ModelError> {
        let models = self.models.read().unwrap_or_else(PoisonError::into_inner);
        let (name, found) = self.find(&models, model)?;
        found_version(name, found, version.unwrap_or(&found.active))
    }

    /// What answers a request: a version that it names, the canary by the request's id, or the
    /// active one. The same id always gets the same as long as nothing is changed.
    ///
    /// # Errors
    /// When there is no such model or version.
    pub fn choose(
        &self,
        model: Option<&str>,
        version: Option<&str>,
        request: &str,
    ) -> Result<Chosen, ModelError> {
        let models = self.models.read().unwrap_or_else(PoisonError::into_inner);
        let (name, found) = self.find(&models, model)?;
        let canary = found.canary.as_ref();
        let canary = canary.filter(|canary| part_of(request) < canary.percent);
        let wanted = match (version, canary) {
            (Some(version), _) => version,
            (None, Some(canary)) => &canary.version,
            (None, None) => &found.active,
        };
        let version = found_version(name, found, wanted)?;
        let shadow = found.shadow.as_deref().filter(|shadow| *shadow != wanted);
        let shadow = shadow.and_then(|shadow| found.versions.get(shadow)).cloned();
        Ok(Chosen { version, shadow })
    }

    fn find<'a>(
        &'a self,
        models: &'a BTreeMap<String, Model>,
        model: Option<&'a str>,
    ) -> Result<(&'a str, &'a Model), ModelError> {
        let name = model.unwrap_or(&self.main);
        let found = models.get(name);
        found
            .map(|model| (name, model))
            .ok_or_else(|| ModelError::NoModel { model: name.to_owned() })
    }
}

fn found_version(name: &str, model: &Model, version: &str) -> Result<Arc<Version>, ModelError> {
    model.versions.get(version).cloned().ok_or_else(|| ModelError::NoVersion {
        model: name.to_owned(),
        version: version.to_owned(),
    })
}

fn state(name: &str, model: &Model) -> ModelState {
    ModelState {
        model: name.to_owned(),
        active: model.active.clone(),
        previous: model.previous.clone(),
        canary: model.canary.clone(),
        shadow: model.shadow.clone(),
        versions: model.versions.keys().cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::part_of;

    #[test]
    fn a_share_of_the_requests_is_about_that_share_and_always_the_same_ones() {
        for percent in [1_u8, 10, 50, 99] {
            let chosen = |at: &u32| part_of(&format!("request-{at}")) < percent;
            let count = (0..20_000).filter(chosen).count();
            let want = usize::from(percent) * 200;
            assert!(count.abs_diff(want) < 300, "{percent} %: {count} of 20,000");
        }
        assert!((0..1_000).all(|at| part_of(&at.to_string()) < 100));
        assert_eq!(part_of("request-7"), part_of("request-7"));
    }
}
