//! Known answers that travel with a package: a few small made images as files, what each becomes
//! before the network, and the probabilities after it. Whoever runs the package elsewhere sees at
//! once whether its decoder, its resizing or its engine gives other numbers. Clause: train-4.2.

use media::{Pixels, read_pixels, write_jpeg, write_png};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use serde::Serialize;

use crate::classifier::Classifier;
use crate::embed::EmbedError;

/// Made images in a package.
const IMAGES: u32 = 3;
/// By how much a probability of a network in floating point may differ.
pub const TOLERANCE: f32 = 1e-4;

/// One made image with its answers.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    /// A PNG or JPEG file.
    file: Vec<u8>,
    /// What goes into the network, view by view, before the mean is taken away and the rest is
    /// divided: (views, 3, side, side).
    prepared: Vec<u8>,
    /// What comes out of it, the mean over the views.
    probabilities: Vec<f32>,
}

/// The known answers of a package.
#[derive(Debug, Clone, PartialEq)]
pub struct Golden {
    known: Vec<Known>,
    tolerance: f32,
}

/// Why there are no known answers.
#[derive(Debug, thiserror::Error)]
pub enum GoldenError {
    /// The file is none of ours.
    #[error("{said}")]
    Form {
        /// What is wrong with it.
        said: String,
    },
    /// A made image has no answer.
    #[error(transparent)]
    Embed(#[from] EmbedError),
}

/// Known answers against those given here.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GoldenReport {
    /// Made images.
    pub images: usize,
    /// Numbers before the network that are not the same, of all views of all images.
    pub unlike: usize,
    /// The largest difference of a probability.
    pub largest_difference: f32,
    /// The largest that is allowed.
    pub tolerance: f32,
}

impl GoldenReport {
    /// Whether this machine gives the package's numbers.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.unlike == 0 && self.largest_difference <= self.tolerance
    }
}

impl Golden {
    /// The answers of a classifier; `tolerance` is what another engine may differ by.
    ///
    /// # Errors
    /// When an image has no answer.
    pub fn of(classifier: &mut Classifier, tolerance: f32) -> Result<Self, GoldenError> {
        let mut known = Vec::new();
        for number in 0..IMAGES {
            let file = made(number)?;
            let pixels = read(&file, classifier)?;
            let prepared = classifier.prepared(&pixels)?;
            let probabilities = classifier.classify_pixels(&pixels)?;
            let prepared = classifier.as_bytes(&prepared);
            known.push(Known { file, prepared, probabilities });
        }
        Ok(Self { known, tolerance })
    }

    /// Gives a classifier the images and compares its answers.
    ///
    /// # Errors
    /// When an image has no answer.
    pub fn compare(&self, classifier: &mut Classifier) -> Result<GoldenReport, GoldenError> {
        let mut report = GoldenReport {
            images: self.known.len(),
            unlike: 0,
            largest_difference: 0.0,
            tolerance: self.tolerance,
        };
        for known in &self.known {
            let pixels = read(&known.file, classifier)?;
            let found = classifier.prepared(&pixels)?;
            let wanted = classifier.as_numbers(&known.prepared);
            let short = found.len().abs_diff(wanted.len());
            let same = |(a, b): &(&f32, &f32)| a.to_bits() == b.to_bits();
            let unlike = found.iter().zip(&wanted).filter(|pair| !same(pair)).count();
            report.unlike += short + unlike;
            let given = classifier.classify_pixels(&pixels)?;
            if given.len() != known.probabilities.len() {
                let said = format!("{} probabilities", known.probabilities.len());
                return Err(GoldenError::Form { said });
            }
            for (a, b) in given.iter().zip(&known.probabilities) {
                let apart = (a - b).abs();
                // What is no number differs the most, and nothing comes after it.
                if apart.is_nan() || apart > report.largest_difference {
                    report.largest_difference = apart;
                }
            }
        }
        Ok(report)
    }

    /// The file: for each image `image.N` (a file), `prepared.N` and `probabilities.N`, and
    /// `tolerance`.
    ///
    /// # Errors
    /// When the numbers do not fit their shapes.
    pub fn write(&self) -> Result<Vec<u8>, GoldenError> {
        let bytes = |values: &[f32]| -> Vec<u8> {
            values.iter().flat_map(|value| value.to_le_bytes()).collect()
        };
        let mut parts = vec![("tolerance".to_owned(), Dtype::F32, bytes(&[self.tolerance]))];
        for (number, known) in self.known.iter().enumerate() {
            let name = |what: &str| format!("{what}.{number}");
            parts.push((name("image"), Dtype::U8, known.file.clone()));
            parts.push((name("prepared"), Dtype::U8, known.prepared.clone()));
            parts.push((name("probabilities"), Dtype::F32, bytes(&known.probabilities)));
        }
        let form = |error: safetensors::SafeTensorError| form(&error);
        let mut views = Vec::with_capacity(parts.len());
        for (name, kind, content) in &parts {
            let width = if *kind == Dtype::F32 { 4 } else { 1 };
            let shape = vec![content.len() / width];
            views.push((name, TensorView::new(*kind, shape, content).map_err(form)?));
        }
        serialize(views, None).map_err(form)
    }

    /// Reads the file.
    ///
    /// # Errors
    /// When it is none of ours.
    pub fn read(bytes: &[u8]) -> Result<Self, GoldenError> {
        let tensors = SafeTensors::deserialize(bytes).map_err(|error| form(&error))?;
        let take = |name: &str, kind: Dtype| {
            let found = tensors.tensor(name).map_err(|error| form(&error))?;
            let said = format!("{name} is of {:?}", found.dtype());
            let right = found.dtype() == kind;
            right.then(|| found.data().to_vec()).ok_or(GoldenError::Form { said })
        };
        let floats = |name: &str| -> Result<Vec<f32>, GoldenError> {
            let bytes = take(name, Dtype::F32)?;
            let numbers = bytes.chunks_exact(4).filter_map(|four| four.try_into().ok());
            Ok(numbers.map(f32::from_le_bytes).collect())
        };
        let mut known = Vec::new();
        for number in 0..IMAGES {
            let name = |what: &str| format!("{what}.{number}");
            let file = take(&name("image"), Dtype::U8)?;
            let prepared = take(&name("prepared"), Dtype::U8)?;
            known.push(Known { file, prepared, probabilities: floats(&name("probabilities"))? });
        }
        let tolerance = floats("tolerance")?.first().copied();
        let tolerance = tolerance.filter(|value| (0.0..1.0).contains(value));
        let said = "the tolerance is no share".to_owned();
        Ok(Self { known, tolerance: tolerance.ok_or(GoldenError::Form { said })? })
    }
}

fn form(error: &dyn std::fmt::Display) -> GoldenError {
    GoldenError::Form { said: error.to_string() }
}

fn read(file: &[u8], classifier: &Classifier) -> Result<Pixels, EmbedError> {
    read_pixels(file, classifier.limits()).map_err(EmbedError::Image)
}

/// A made image: wide and smooth, tall and coarse as JPEG, smaller than any network's input.
fn made(number: u32) -> Result<Vec<u8>, EmbedError> {
    let (width, height) = match number {
        0 => (301, 167),
        1 => (97, 245),
        _ => (23, 19),
    };
    let value = |x: u32, y: u32, colour: u32| -> u32 {
        match number {
            0 => x * 200 / width + (y * (colour + 1)) / 9 + 40 * ((x / 16 + y / 16) % 2),
            1 => (x / 8 * 53 + y / 8 * 97 + colour * 71).wrapping_mul(2_654_435_761) >> 24,
            _ => (x * 11 + y * 7 * (colour + 1)) * 3,
        }
    };
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let pixel = |(x, y)| [0, 1, 2].map(|colour| (value(x, y, colour) % 256) as u8);
    let pixels = Pixels { width, height, rgb: places.flat_map(pixel).collect() };
    let file = if number == 1 { write_jpeg(&pixels) } else { write_png(&pixels) };
    file.map_err(|problem| EmbedError::Image(problem.into()))
}
