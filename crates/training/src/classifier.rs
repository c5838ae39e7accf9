//! A delivered classifier at work: bytes of an image in, a probability for each class out, as the
//! package says and in no other way.

use media::read_pixels;
use vision::{Engine, EngineError};

use crate::embed::{EmbedError, View};
use crate::fit::{Matrix, mean_view};
use crate::package::Manifest;

/// A package that is ready to classify.
pub struct Classifier {
    engine: Engine,
    views: Vec<View>,
    classes: Vec<String>,
    limits: media::Limits,
}

impl Classifier {
    /// The engine has the package's classifier loaded.
    ///
    /// # Errors
    /// When a view has another side than the network takes.
    pub fn new(
        engine: Engine,
        manifest: &Manifest,
        limits: media::Limits,
    ) -> Result<Self, EmbedError> {
        sided(&engine, &manifest.views)?;
        let (views, classes) = (manifest.views.clone(), manifest.classes.clone());
        Ok(Self { engine, views, classes, limits })
    }

    /// The classes in the order of the probabilities.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The probabilities of an image, one for each class: the mean over the views.
    ///
    /// # Errors
    /// When the image cannot be read or the network does not run.
    pub fn classify(&mut self, bytes: &[u8]) -> Result<Vec<f32>, EmbedError> {
        let pixels = read_pixels(bytes, &self.limits).map_err(EmbedError::Image)?;
        let mut numbers = Vec::new();
        for view in &self.views {
            numbers.extend(view.prepare(&pixels)?);
        }
        let outputs = self.engine.run(&numbers, self.views.len())?;
        let output = outputs.take(onnx::PROBABILITIES);
        let output = output.filter(|output| output.width == self.classes.len());
        let output = output.ok_or(EmbedError::NoProbabilities)?;
        let all = Matrix { width: output.width, values: output.values };
        Ok(mean_view(&all, 0, self.views.len()))
    }
}

/// Whether the views are as large as the network takes.
pub(crate) fn sided(engine: &Engine, views: &[View]) -> Result<(), EmbedError> {
    let side = engine.side();
    match views.iter().find(|view| view.recipe.side != side) {
        Some(view) => {
            let found = format!("images of {side} pixels, not of {}", view.recipe.side);
            Err(EngineError::Input { found }.into())
        }
        None => Ok(()),
    }
}
