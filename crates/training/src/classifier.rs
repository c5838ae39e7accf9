//! A delivered classifier at work: bytes of an image in, a probability for each class out, as the
//! package says and in no other way.

use media::{Pixels, read_pixels};
use vision::{Choice, Engine, EngineError, Recipe};

use crate::embed::{EmbedError, View, prepare};
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
        Self::of(engine, manifest.views.clone(), manifest.classes.clone(), limits)
    }

    /// The same before there is a package.
    ///
    /// # Errors
    /// When a view has another side than the network takes.
    pub fn of(
        engine: Engine,
        views: Vec<View>,
        classes: Vec<String>,
        limits: media::Limits,
    ) -> Result<Self, EmbedError> {
        sided(&engine, &views)?;
        Ok(Self { engine, views, classes, limits })
    }

    /// The classes in the order of the probabilities.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// Which engine runs it.
    #[must_use]
    pub const fn engine(&self) -> Choice {
        self.engine.choice()
    }

    /// How large an image may be.
    pub(crate) const fn limits(&self) -> &media::Limits {
        &self.limits
    }

    /// What the network is given, view by view.
    pub(crate) fn prepared(&self, pixels: &Pixels) -> Result<Vec<f32>, EmbedError> {
        Ok(prepare(&self.views, pixels)?)
    }

    /// What it is given as the bytes that it was made from.
    pub(crate) fn as_bytes(&self, numbers: &[f32]) -> Vec<u8> {
        self.by_view(numbers, |recipe, number| recipe.byte(*number))
    }

    /// The other way round.
    pub(crate) fn as_numbers(&self, bytes: &[u8]) -> Vec<f32> {
        self.by_view(bytes, |recipe, byte| recipe.number(*byte))
    }

    fn by_view<A, B>(&self, values: &[A], turn: impl Fn(&Recipe, &A) -> B) -> Vec<B> {
        let side = self.engine.side() as usize;
        let all = values.chunks(3 * side * side).zip(&self.views);
        all.flat_map(|(values, view)| values.iter().map(|value| turn(&view.recipe, value)))
            .collect()
    }

    /// The probabilities of an image, one for each class: the mean over the views.
    ///
    /// # Errors
    /// When the image cannot be read or the network does not run.
    pub fn classify(&mut self, bytes: &[u8]) -> Result<Vec<f32>, EmbedError> {
        let pixels = read_pixels(bytes, &self.limits).map_err(EmbedError::Image)?;
        self.classify_pixels(&pixels)
    }

    /// The same for an image that was read already.
    ///
    /// # Errors
    /// When it cannot be prepared or the network does not run.
    pub fn classify_pixels(&mut self, pixels: &Pixels) -> Result<Vec<f32>, EmbedError> {
        let numbers = prepare(&self.views, pixels)?;
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
