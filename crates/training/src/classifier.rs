//! A delivered classifier at work: bytes of an image in, a probability for each class out, as the
//! package says and in no other way.

use media::{Pixels, read_pixels};
use vision::{Choice, Engine, EngineError, Outputs, Recipe};

use crate::embed::{EmbedError, View, prepare};
use crate::fit::{Matrix, mean_view};
use crate::package::Manifest;

/// What a classifier says of an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// A probability for each class, in the package's order.
    pub probabilities: Vec<f32>,
    /// What the head read.
    pub embedding: Vec<f32>,
}

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

    /// Pixels across and down of a prepared image.
    #[must_use]
    pub const fn side(&self) -> u32 {
        self.engine.side()
    }

    /// The probabilities of an image, one for each class: the mean over the views.
    ///
    /// # Errors
    /// When the image cannot be read or the network does not run.
    pub fn classify(&mut self, bytes: &[u8]) -> Result<Vec<f32>, EmbedError> {
        self.answer(bytes).map(|answer| answer.probabilities)
    }

    /// The probabilities and the embedding of an image, each the mean over the views.
    ///
    /// # Errors
    /// When the image cannot be read or the network does not run.
    pub fn answer(&mut self, bytes: &[u8]) -> Result<Answer, EmbedError> {
        let pixels = read_pixels(bytes, &self.limits).map_err(EmbedError::Image)?;
        self.answer_pixels(&pixels)
    }

    /// The probabilities of an image that was read already.
    ///
    /// # Errors
    /// When it cannot be prepared or the network does not run.
    pub fn classify_pixels(&mut self, pixels: &Pixels) -> Result<Vec<f32>, EmbedError> {
        self.answer_pixels(pixels).map(|answer| answer.probabilities)
    }

    fn answer_pixels(&mut self, pixels: &Pixels) -> Result<Answer, EmbedError> {
        let numbers = prepare(&self.views, pixels)?;
        let views = self.views.len();
        let (probabilities, embeddings) = self.run(&numbers, views)?;
        let probabilities = mean_view(&probabilities, 0, views);
        Ok(Answer { probabilities, embedding: mean_view(&embeddings, 0, views) })
    }

    /// Answers for images that somebody else prepared, (images, 3, side, side): one view each.
    ///
    /// # Errors
    /// When the numbers are not those of the images, or the network does not run.
    pub fn infer(&mut self, numbers: &[f32], images: usize) -> Result<Vec<Answer>, EmbedError> {
        let (probabilities, embeddings) = self.run(numbers, images)?;
        let answer = |image: usize| Answer {
            probabilities: probabilities.row(image).to_vec(),
            embedding: embeddings.row(image).to_vec(),
        };
        Ok((0..images).map(answer).collect())
    }

    fn run(&mut self, numbers: &[f32], images: usize) -> Result<(Matrix, Matrix), EmbedError> {
        let Outputs(outputs) = self.engine.run(numbers, images)?;
        let (mut probabilities, mut embeddings) = (None, None);
        for output in outputs {
            let rows = Matrix { width: output.width, values: output.values };
            match output.name.as_str() {
                onnx::PROBABILITIES => probabilities = Some(rows),
                onnx::EMBEDDING => embeddings = Some(rows),
                _ => {}
            }
        }
        let fits = |rows: &Matrix| rows.width == self.classes.len();
        let probabilities = probabilities.filter(fits).ok_or(EmbedError::NoProbabilities)?;
        Ok((probabilities, embeddings.ok_or(EmbedError::NoEmbedding)?))
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
