//! Images through a backbone, in several views each: what the head learns from and reads. What was
//! computed once for the same bytes, backbone and view is taken from a folder, when one is given.

use std::fs;
use std::path::{Path, PathBuf};

use media::{Fault, Pixels};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use vision::{Engine, EngineError, Recipe, RecipeError};

use crate::classifier::sided;

/// One way to look at an image.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// How it becomes numbers.
    pub recipe: Recipe,
    /// Whether left and right are exchanged.
    pub mirrored: bool,
}

impl View {
    /// The numbers of an image in this view.
    ///
    /// # Errors
    /// When the recipe makes nothing of it.
    pub fn prepare(&self, image: &Pixels) -> Result<Vec<f32>, RecipeError> {
        let mut numbers = self.recipe.prepare(image)?;
        if self.mirrored {
            for row in numbers.chunks_exact_mut(self.recipe.side as usize) {
                row.reverse();
            }
        }
        Ok(numbers)
    }
}

/// The numbers of an image in each view, one after the other.
///
/// # Errors
/// When a recipe makes nothing of it.
pub(crate) fn prepare(views: &[View], image: &Pixels) -> Result<Vec<f32>, RecipeError> {
    let mut numbers = Vec::new();
    for view in views {
        numbers.extend(view.prepare(image)?);
    }
    Ok(numbers)
}

/// Names ways to look at an image: SHA-256 over the digests of their recipes, in hexadecimal.
#[must_use]
pub fn preprocessing(views: &[View]) -> String {
    let mut hash = Sha256::new();
    for view in views {
        hash.update(view.recipe.digest().as_bytes());
        hash.update([u8::from(view.mirrored)]);
    }
    hex::encode(hash.finalize())
}

/// Why an image has no embedding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// The image cannot be read.
    #[error("the image cannot be read: {}", .0.problem.code())]
    Image(Fault),
    /// It cannot be prepared.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// The network does not run.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The network gives no embedding.
    #[error("the network gives no embedding")]
    NoEmbedding,
    /// The network gives no probability for each class.
    #[error("the network gives no probability for each class")]
    NoProbabilities,
}

/// A backbone with the views it looks through.
pub struct Embedder {
    engine: Engine,
    views: Vec<View>,
    cache: Option<PathBuf>,
}

impl Embedder {
    /// `digest` names the backbone's file; `cache` is a folder for what was computed.
    ///
    /// # Errors
    /// When a view does not have the side that the network takes.
    pub fn new(
        engine: Engine,
        digest: &str,
        views: Vec<View>,
        cache: Option<&Path>,
    ) -> Result<Self, EmbedError> {
        sided(&engine, &views)?;
        let mut hash = Sha256::new();
        hash.update(digest.as_bytes());
        hash.update(engine.choice().name().as_bytes());
        hash.update(preprocessing(&views).as_bytes());
        let key = hex::encode(hash.finalize());
        let cache = cache.map(|folder| folder.join(key));
        Ok(Self { engine, views, cache })
    }

    /// The views, in order.
    #[must_use]
    pub fn views(&self) -> &[View] {
        &self.views
    }

    /// The embeddings of an image, one for each view. `pixels` are those of `bytes`, which name
    /// what is kept.
    ///
    /// # Errors
    /// When the image cannot be prepared or the network does not run.
    pub fn embed(&mut self, bytes: &[u8], pixels: &Pixels) -> Result<Vec<Vec<f32>>, EmbedError> {
        let place = self.cache.as_ref().map(|folder| {
            let name = hex::encode(Sha256::digest(bytes));
            folder.join(name.get(..2).unwrap_or("00")).join(name)
        });
        if let Some(found) = place.as_deref().and_then(|place| kept(place, self.views.len())) {
            return Ok(found);
        }
        let numbers = prepare(&self.views, pixels)?;
        let outputs = self.engine.run(&numbers, self.views.len())?;
        let output = outputs.take(onnx::EMBEDDING).ok_or(EmbedError::NoEmbedding)?;
        let rows: Vec<Vec<f32>> =
            output.values.chunks(output.width.max(1)).map(<[f32]>::to_vec).collect();
        if let Some(place) = place {
            keep(&place, &rows);
        }
        Ok(rows)
    }
}

/// What was computed before; nothing where the file has another size.
fn kept(place: &Path, views: usize) -> Option<Vec<Vec<f32>>> {
    let bytes = fs::read(place).ok()?;
    let width = bytes.len().checked_div(4 * views)?;
    if width == 0 || bytes.len() != 4 * views * width {
        return None;
    }
    let numbers: Vec<f32> = bytes
        .chunks_exact(4)
        .filter_map(|four| four.try_into().ok().map(f32::from_le_bytes))
        .collect();
    let finite = numbers.iter().all(|number| number.is_finite());
    finite.then(|| numbers.chunks(width).map(<[f32]>::to_vec).collect())
}

/// Kept for the next time; that it cannot be kept is no reason to stop.
fn keep(place: &Path, rows: &[Vec<f32>]) {
    let bytes: Vec<u8> = rows.iter().flatten().flat_map(|number| number.to_le_bytes()).collect();
    let beside = place.with_extension("part");
    let folder = place.parent().map(fs::create_dir_all);
    if matches!(folder, Some(Ok(()))) && fs::write(&beside, bytes).is_ok() {
        let _moved = fs::rename(&beside, place);
    }
}
