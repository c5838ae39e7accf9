//! A head learned from embeddings: linear or with one hidden layer; AdamW (Loshchilov and Hutter,
//! "Decoupled Weight Decay Regularization"), class weights, label smoothing, a learning rate that
//! falls by a cosine, and an end when the validation part gets no better. Clause: train-4.1.
//!
//! One thread and one order of additions: the same embeddings, settings and seed give the same
//! weights on the same processor, to the bit.

use onnx::Head;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

use crate::net::{Net, Scaler, multiply, narrow, softmax, wide};

/// Rows of numbers, one after the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matrix {
    /// Numbers of a row.
    pub width: usize,
    /// Row by row.
    pub values: Vec<f32>,
}

impl Matrix {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    /// A row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f32] {
        let from = row.saturating_mul(self.width);
        self.values.get(from..from + self.width).unwrap_or(&[])
    }

    /// These rows, in this order.
    #[must_use]
    pub fn pick(&self, rows: &[usize]) -> Self {
        let values = rows.iter().flat_map(|&row| self.row(row).iter().copied()).collect();
        Self { width: self.width, values }
    }
}

/// Whether the head has a hidden layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hidden {
    /// From the embedding to the classes.
    None,
    /// One hidden layer of this width.
    Of(usize),
}

/// How a head is trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Its shape.
    pub hidden: Hidden,
    /// Passes over the images at most.
    pub epochs: usize,
    /// Rows of one step.
    pub batch: usize,
    /// The learning rate of the first step.
    pub rate: f32,
    /// What weights lose in each step, times the learning rate.
    pub decay: f32,
    /// The share of certainty that is spread over all classes.
    pub smoothing: f32,
    /// Whether rare classes weigh more: by the count of all over the count of the class.
    pub balance: bool,
    /// The share of hidden numbers that is left out of a step.
    pub dropout: f32,
    /// Epochs without a better validation loss after which it ends; 0 never ends early.
    pub patience: usize,
    /// What the order of images and the first weights come from.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hidden: Hidden::None,
            epochs: 40,
            batch: 128,
            rate: 2e-3,
            decay: 0.3,
            smoothing: 0.05,
            balance: false,
            dropout: 0.0,
            patience: 0,
            seed: 1,
        }
    }
}

/// Why a head was not trained.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Nothing to learn from.
    #[error("there are no images to learn from")]
    Empty,
    /// Rows and classes differ in count.
    #[error("{rows} embeddings stand against {labels} classes in {views} views")]
    Count {
        /// Embeddings.
        rows: usize,
        /// Classes given.
        labels: usize,
        /// Embeddings of one image.
        views: usize,
    },
    /// A class that is not in the list.
    #[error("image {image} has class {class} of {classes}")]
    Class {
        /// Its place, from 0.
        image: usize,
        /// Its class.
        class: usize,
        /// Classes in all.
        classes: usize,
    },
    /// A setting that cannot be.
    #[error("{setting} cannot be {value}")]
    Setting {
        /// Which.
        setting: &'static str,
        /// Its value.
        value: String,
    },
    /// The weights grew beyond every number.
    #[error("the loss of epoch {epoch} is no number; a smaller learning rate may help")]
    Diverged {
        /// The epoch, from 1.
        epoch: usize,
    },
}

/// What an epoch came to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FitReport {
    /// From 1.
    pub epoch: usize,
    /// Mean loss over what was learned from, while it was learned.
    pub loss: f32,
    /// Mean loss over the validation part, without smoothing; absent where there is none.
    pub validation_loss: Option<f32>,
    /// Images of the validation part that were classified right.
    pub validation_hits: Option<usize>,
}

/// A trained head, with how it went.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// Reads plain embeddings: what standardised them is folded in.
    pub head: Head,
    /// Epoch by epoch.
    pub curve: Vec<FitReport>,
    /// The epoch whose weights were kept, from 1.
    pub best: usize,
}

/// Images with their classes, in `views` rows each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) rows: &'a Matrix,
    pub(crate) labels: &'a [usize],
    pub(crate) views: usize,
}

impl Shown<'_> {
    fn check(&self, classes: usize) -> Result<(), FitError> {
        let (rows, labels) = (self.rows.rows(), self.labels.len());
        if self.views == 0 || rows != labels.saturating_mul(self.views) {
            return Err(FitError::Count { rows, labels, views: self.views });
        }
        match self.labels.iter().position(|&class| class >= classes) {
            Some(image) => {
                let class = self.labels.get(image).copied().unwrap_or(0);
                Err(FitError::Class { image, class, classes })
            }
            None => Ok(()),
        }
    }
}

/// Trains a head. `views` rows of each image stand one after the other, each learned from alone;
/// the validation part is judged by their mean. `told` hears of each epoch and stops by `false`.
///
/// # Errors
/// When counts differ, a setting cannot be, or the weights diverge.
pub fn fit(
    rows: &Matrix,
    labels: &[usize],
    validation: Option<(&Matrix, &[usize])>,
    views: usize,
    classes: usize,
    settings: &Settings,
    mut told: impl FnMut(&FitReport) -> bool,
) -> Result<Trained, FitError> {
    let learned = Shown { rows, labels, views };
    let judged = validation.map(|(rows, labels)| Shown { rows, labels, views });
    possible(settings)?;
    learned.check(classes)?;
    judged.map_or(Ok(()), |judged| judged.check(classes))?;
    if labels.is_empty() || classes < 2 {
        return Err(FitError::Empty);
    }
    let scaler = Scaler::of(rows);
    let standard = scaler.apply(rows);
    let judged_rows = judged.map(|judged| scaler.apply(judged.rows));
    let mut rng = ChaCha8Rng::seed_from_u64(settings.seed);
    let mut net = Net::new(rows.width, classes, settings, &mut rng);
    let weights = class_weights(labels, classes, settings.balance);
    let mut order: Vec<usize> = (0..standard.rows()).collect();
    let steps = order.len().div_ceil(settings.batch) * settings.epochs;
    let (mut curve, mut step) = (Vec::new(), 0);
    let mut best: Option<(usize, f32, Net)> = None;
    for epoch in 1..=settings.epochs {
        shuffle(&mut order, &mut rng);
        let mut loss = 0.0_f64;
        for batch in order.chunks(settings.batch) {
            let x = standard.pick(batch);
            let y: Vec<usize> =
                batch.iter().filter_map(|row| labels.get(row / views).copied()).collect();
            let rate = cosine(settings.rate, step, steps);
            step += 1;
            loss += f64::from(net.step(&x, &y, &weights, settings, rate, step, &mut rng));
        }
        let loss = narrow(loss / wide(order.len()));
        if !loss.is_finite() {
            return Err(FitError::Diverged { epoch });
        }
        let verdict = judged
            .zip(judged_rows.as_ref())
            .map(|(judged, rows)| judge(&net.probabilities(rows), judged.labels, views));
        let report = FitReport {
            epoch,
            loss,
            validation_loss: verdict.map(|(loss, _)| loss),
            validation_hits: verdict.map(|(_, hits)| hits),
        };
        curve.push(report);
        let value = report.validation_loss.unwrap_or(0.0);
        let better = best.as_ref().is_none_or(|(_, least, _)| value < *least);
        if settings.patience > 0 && judged.is_some() {
            if better {
                best = Some((epoch, value, net.clone()));
            }
            let stale = best.as_ref().is_some_and(|(at, ..)| epoch - at >= settings.patience);
            if stale {
                told(&report);
                break;
            }
        }
        if !told(&report) {
            break;
        }
    }
    let last = curve.len();
    let (best, net) = best.map_or((last, net), |(epoch, _, net)| (epoch, net));
    Ok(Trained { head: net.folded(&scaler), curve, best })
}

fn possible(settings: &Settings) -> Result<(), FitError> {
    let bad = |setting, value: String| Err(FitError::Setting { setting, value });
    let share = |value: f32| (0.0..1.0).contains(&value);
    match settings {
        s if s.epochs == 0 || s.epochs > 100_000 => bad("epochs", s.epochs.to_string()),
        s if s.batch == 0 => bad("batch", s.batch.to_string()),
        s if !(s.rate > 0.0 && s.rate.is_finite()) => bad("rate", s.rate.to_string()),
        s if !(s.decay >= 0.0 && s.decay.is_finite()) => bad("decay", s.decay.to_string()),
        s if !share(s.smoothing) => bad("smoothing", s.smoothing.to_string()),
        s if !share(s.dropout) => bad("dropout", s.dropout.to_string()),
        s if s.hidden == Hidden::Of(0) => bad("hidden", "0".to_owned()),
        _ => Ok(()),
    }
}

/// Mean loss and hits over images whose views are averaged.
pub(crate) fn judge(probabilities: &Matrix, labels: &[usize], views: usize) -> (f32, usize) {
    let (mut loss, mut hits) = (0.0_f64, 0);
    for (image, &label) in labels.iter().enumerate() {
        let mean = mean_view(probabilities, image, views);
        loss -= f64::from(mean.get(label).copied().unwrap_or(0.0).max(1e-12)).ln();
        hits += usize::from(largest(&mean) == Some(label));
    }
    (narrow(loss / wide(labels.len().max(1))), hits)
}

/// The mean over the `views` rows of each image.
#[must_use]
pub fn average_views(probabilities: &Matrix, views: usize) -> Matrix {
    let images = probabilities.rows().checked_div(views).unwrap_or(0);
    let values = (0..images).flat_map(|image| mean_view(probabilities, image, views)).collect();
    Matrix { width: probabilities.width, values }
}

/// The mean over the views of an image.
pub(crate) fn mean_view(probabilities: &Matrix, image: usize, views: usize) -> Vec<f32> {
    let mut mean = vec![0.0_f32; probabilities.width];
    for view in 0..views {
        for (sum, value) in mean.iter_mut().zip(probabilities.row(image * views + view)) {
            *sum += *value;
        }
    }
    let count = narrow(wide(views));
    mean.iter_mut().for_each(|value| *value /= count);
    mean
}

/// The place of the largest number, the first where two are equal; nothing where there is none.
#[must_use]
pub fn largest(values: &[f32]) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (place, &value) in values.iter().enumerate() {
        if best.is_none_or(|(_, most)| value > most) {
            best = Some((place, value));
        }
    }
    best.map(|(place, _)| place)
}

fn class_weights(labels: &[usize], classes: usize, balance: bool) -> Vec<f32> {
    let mut counts = vec![0_usize; classes];
    for &label in labels {
        if let Some(count) = counts.get_mut(label) {
            *count += 1;
        }
    }
    let mean = wide(labels.len()) / wide(classes);
    let weight = |&count: &usize| if balance { narrow(mean / wide(count.max(1))) } else { 1.0 };
    counts.iter().map(weight).collect()
}

fn shuffle(order: &mut [usize], rng: &mut ChaCha8Rng) {
    for last in (1..order.len()).rev() {
        let bound = u64::try_from(last + 1).unwrap_or(u64::MAX);
        // The bias of a remainder below 2^-40 moves no image that anybody could notice.
        order.swap(last, usize::try_from(rng.next_u64() % bound).unwrap_or(0));
    }
}

fn cosine(rate: f32, step: usize, steps: usize) -> f32 {
    let part = narrow(wide(step) / wide(steps.max(1)));
    rate * 0.5 * (1.0 + (std::f32::consts::PI * part).cos())
}

/// The probabilities of plain embeddings through a head, row by row.
#[must_use]
pub fn probabilities(head: &Head, rows: &Matrix) -> Matrix {
    let mut now = rows.clone();
    for (index, layer) in head.layers.iter().enumerate() {
        if index > 0 {
            now.values.iter_mut().for_each(|value| *value = value.max(0.0));
        }
        let count = now.rows();
        let mut out = Vec::with_capacity(count * layer.outputs);
        for _ in 0..count {
            out.extend_from_slice(&layer.bias);
        }
        let shape = (count, layer.inputs, layer.outputs);
        multiply(shape, (&now.values, false), (&layer.weights, true), 1.0, &mut out);
        now = Matrix { width: layer.outputs, values: out };
    }
    let width = now.width.max(1);
    now.values.chunks_exact_mut(width).for_each(softmax);
    now
}
