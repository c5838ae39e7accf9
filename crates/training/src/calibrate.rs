//! How far the values inside a network reach on images, which a network in whole numbers of eight
//! bits is written by; and what was lost by it.

use std::collections::BTreeMap;

use media::Pixels;
use onnx::Range;
use serde::{Deserialize, Serialize};
use vision::Engine;

use crate::classifier::sided;
use crate::embed::{EmbedError, View, prepare};

/// By how much a probability of a network in whole numbers may differ between engines: one rounds a
/// half up where the other rounds it down, and a step of a value is 1/255 of its reach.
pub const WHOLE_TOLERANCE: f32 = 0.05;

/// Looks at images through a watched network.
pub struct Observer {
    engine: Engine,
    views: Vec<View>,
    values: Vec<String>,
    seen: BTreeMap<String, (Vec<f32>, Vec<f32>)>,
}

impl Observer {
    /// `engine` has the graph of [`onnx::watch`] loaded, and `values` are those that it tells of.
    ///
    /// # Errors
    /// When a view has another side than the network takes.
    pub fn new(engine: Engine, values: Vec<String>, views: Vec<View>) -> Result<Self, EmbedError> {
        sided(&engine, &views)?;
        Ok(Self { engine, views, values, seen: BTreeMap::new() })
    }

    /// Sees how far values reach on an image.
    ///
    /// # Errors
    /// When the image cannot be prepared or the network does not run.
    pub fn look(&mut self, pixels: &Pixels) -> Result<(), EmbedError> {
        let numbers = prepare(&self.views, pixels)?;
        let outputs = self.engine.run(&numbers, self.views.len())?;
        let outputs: BTreeMap<String, Vec<f32>> =
            outputs.0.into_iter().map(|output| (output.name, output.values)).collect();
        for value in &self.values {
            let of = |what: &str| outputs.get(&format!("{value}.{what}"));
            if let (Some(least), Some(most)) = (of("least"), of("most")) {
                let seen = self.seen.entry(value.clone()).or_default();
                seen.0.extend(least);
                seen.1.extend(most);
            }
        }
        Ok(())
    }

    /// How far each value reaches: the mean of what images reach, so that a single image with one
    /// far number does not make the steps coarse for all. What lies beyond is cut off.
    #[must_use]
    pub fn ranges(&self) -> BTreeMap<String, Range> {
        let mean = |all: &[f32]| {
            let count = all.len().max(1);
            let sum: f64 = all.iter().map(|value| f64::from(*value)).sum();
            crate::net::narrow(sum / crate::net::wide(count))
        };
        let range = |(name, (least, most)): (&String, &(Vec<f32>, Vec<f32>))| {
            (name.clone(), (mean(least), mean(most)))
        };
        self.seen.iter().map(range).collect()
    }
}

/// What a network in whole numbers lost, measured on images that it was not calibrated by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantised {
    /// SHA-256 of the network in floating point, in hexadecimal.
    pub from: String,
    /// Images that it was calibrated by.
    pub calibrated: u64,
    /// Images that both were measured on.
    pub judged: u64,
    /// Of these right before.
    pub hits_before: u64,
    /// Of these right after.
    pub hits_after: u64,
    /// Given the same class by both.
    pub equal: u64,
    /// The largest difference of a probability.
    pub largest_difference: f32,
    /// Bytes of the network before.
    pub bytes_before: u64,
    /// Bytes of the network after.
    pub bytes_after: u64,
    /// The engine that measured.
    pub engine: String,
    /// Mean microseconds for an image before, decoding included.
    pub micros_before: u64,
    /// Mean microseconds for an image after.
    pub micros_after: u64,
}
