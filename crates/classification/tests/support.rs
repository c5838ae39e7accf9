//! A version that is loaded in a moment, and a clock that is set.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use classification::{Clock, Loading, Version, load};
use units::Timestamp;

use crate::packages::package;

/// How tests load packages.
pub(crate) fn loading(workers: usize) -> Loading {
    Loading { workers, library: None, limits: media::Limits::default() }
}

/// A version of a package made in a moment.
pub(crate) fn version(name: &str, seed: u64, workers: usize) -> Version {
    let folder = tempfile::tempdir().expect("a test makes what it needs");
    package(folder.path(), seed);
    load(folder.path(), "colours", name, &loading(workers)).expect("a test makes what it needs")
}

/// A clock that stands until it is set.
#[derive(Default)]
pub(crate) struct Hand(AtomicU64);

impl Hand {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    pub(crate) fn set(&self, ticks: u64) {
        self.0.store(ticks, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_780_000_000)
    }

    fn ticks(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}
