//! A package that is loaded: checked whole, held to its known answers, an engine for each worker.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use training::{
    Answer, Classifier, EmbedError, GoldenReport, Manifest, PackageError, read_golden,
    read_package, verify,
};
use vision::{Choice, EngineError};

/// How far the probabilities of a trial may be from one in all.
const TOLERANCE: f32 = 1e-3;

/// How packages are loaded.
#[derive(Debug, Clone)]
pub struct Loading {
    /// Workers; each gets an engine of its own with one thread.
    pub workers: usize,
    /// The library of ONNX Runtime; `rten` where there is none.
    pub library: Option<PathBuf>,
    /// How much is read of an image.
    pub limits: media::Limits,
}

/// A package that can answer.
pub struct Version {
    /// The model's name.
    pub model: String,
    /// The version's name.
    pub version: String,
    /// Where the package lies below the folder of packages; none for the one named at the start.
    pub folder: Option<String>,
    /// SHA-256 of the package's manifest, which holds the digests of all its files.
    pub digest: Arc<str>,
    /// What the package says of itself.
    pub manifest: Manifest,
    /// Pixels across and down of a prepared image.
    pub side: u32,
    /// What runs it.
    pub choice: Choice,
    engines: Vec<Mutex<Classifier>>,
}

impl std::fmt::Debug for Version {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {} ({})", self.model, self.version, self.digest)
    }
}

/// Why a package cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It is not whole, or does not hold together.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// No engine takes it.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// It does not fit together at work.
    #[error(transparent)]
    Work(#[from] EmbedError),
    /// Its probabilities of a grey image are none.
    #[error("the probabilities of a trial add up to {sum}")]
    Sum {
        /// What they add up to.
        sum: f32,
    },
    /// It gives other answers here than those that travel with it.
    #[error(
        "its known answers come out differently here: {} numbers of the preprocessing differ, \
         probabilities differ by {:.1e} at most ({:.0e} is allowed)",
        report.unlike,
        report.largest_difference,
        report.tolerance
    )]
    Unlike {
        /// By how much.
        report: GoldenReport,
    },
}

impl LoadError {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Package(PackageError::Changed { .. }) => "package_changed",
            Self::Package(PackageError::Classes { .. })
            | Self::Work(EmbedError::NoProbabilities) => "classes_do_not_fit",
            Self::Package(PackageError::Graph(_)) => "bad_network",
            Self::Package(_) => "no_package",
            Self::Unlike { .. } => "other_answers",
            Self::Engine(EngineError::Library { .. }) => "no_runtime",
            Self::Engine(_) | Self::Work(_) | Self::Sum { .. } => "bad_network",
        }
    }
}

/// Reads a package whole, loads an engine for each worker and lets each answer once; the first
/// gives the known answers of the package, as `tally package verify` has them given.
///
/// # Errors
/// The first thing that is wrong; nothing stays loaded then.
pub fn load(
    folder: &Path,
    model: &str,
    version: &str,
    loading: &Loading,
) -> Result<Version, LoadError> {
    verify(folder)?;
    let (manifest, file, _) = read_package(folder)?;
    let stated = serde_json::to_vec(&manifest).map_err(|error| PackageError::Manifest {
        path: folder.to_owned(),
        line: 0,
        said: error.to_string(),
    })?;
    let digest = hex::encode(Sha256::digest(stated));
    let golden = read_golden(folder, &manifest)?;
    let mut engines = Vec::new();
    for _ in 0..loading.workers.max(1) {
        let engine = vision::open(&file, loading.library.as_deref(), 1)?;
        let mut classifier = Classifier::new(engine, &manifest, loading.limits)?;
        let side = classifier.side() as usize;
        for answer in classifier.infer(&vec![0.0; 3 * side * side], 1)? {
            let sum: f32 = answer.probabilities.iter().sum();
            // Written so that a sum that is no number is refused too.
            let one = (sum - 1.0).abs() <= TOLERANCE;
            if !one {
                return Err(LoadError::Sum { sum });
            }
        }
        // The others run the same file with the same library.
        if engines.is_empty() {
            let report = golden.compare(&mut classifier).map_err(PackageError::Golden)?;
            if !report.holds() {
                return Err(LoadError::Unlike { report });
            }
        }
        engines.push(classifier);
    }
    let (side, choice) =
        engines.first().map_or((0, Choice::Rten), |one| (one.side(), one.engine()));
    Ok(Version {
        model: model.to_owned(),
        version: version.to_owned(),
        folder: None,
        digest: digest.into(),
        manifest,
        side,
        choice,
        engines: engines.into_iter().map(Mutex::new).collect(),
    })
}

impl Version {
    /// The classes in the order of the probabilities.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.manifest.classes
    }

    /// Answers with a worker's engine.
    pub(crate) fn with<T>(
        &self,
        worker: usize,
        work: impl FnOnce(&mut Classifier) -> Result<T, EmbedError>,
    ) -> Result<T, EmbedError> {
        let at = worker.checked_rem(self.engines.len()).unwrap_or(0);
        let engine = self.engines.get(at).ok_or(EmbedError::NoProbabilities)?;
        work(&mut engine.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The classes of an answer, the surest first.
    #[must_use]
    pub fn ranked<'a>(&'a self, answer: &Answer) -> Vec<(&'a str, f32)> {
        let classes = self.classes().iter().map(String::as_str);
        let mut ranked: Vec<_> = classes.zip(answer.probabilities.iter().copied()).collect();
        ranked.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(other.0)));
        ranked
    }
}
