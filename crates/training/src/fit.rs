//! A head learned from embeddings: linear or with one hidden layer; AdamW (Loshchilov and Hutter,
//! "Decoupled Weight Decay Regularization"), class weights, label smoothing, a learning rate that
//! falls by a cosine, and an end when the validation part gets no better. Clause: train-4.1.
//!
//! One thread and one order of additions: the same embeddings, settings and seed give the same
//! weights on the same processor, to the bit.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};
use onnx::{Head, Layer};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

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

/// Trains a head. `views` rows of each image stand one after the other, each learned from alone; the
/// validation part is judged by their mean. `told` hears of each epoch and stops by `false`.
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

/// The place of the largest number, the first where two are equal.
pub(crate) fn largest(values: &[f32]) -> Option<usize> {
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

/// Takes the mean and the spread out of embeddings.
struct Scaler {
    mean: Vec<f32>,
    spread: Vec<f32>,
}

impl Scaler {
    fn of(rows: &Matrix) -> Self {
        let (count, width) = (wide(rows.rows().max(1)), rows.width);
        let (mut sum, mut squares) = (vec![0.0_f64; width], vec![0.0_f64; width]);
        for row in rows.values.chunks_exact(width.max(1)) {
            for ((sum, squares), value) in sum.iter_mut().zip(&mut squares).zip(row) {
                let value = f64::from(*value);
                *sum += value;
                *squares += value * value;
            }
        }
        let mean: Vec<f64> = sum.iter().map(|sum| sum / count).collect();
        let spread = squares.iter().zip(&mean);
        let spread = spread.map(|(squares, mean)| (squares / count - mean * mean).max(0.0).sqrt());
        // What never changes says nothing and is not blown up.
        let spread = spread.map(|spread| if spread < 1e-6 { 1.0 } else { narrow(spread) });
        Self { spread: spread.collect(), mean: mean.into_iter().map(narrow).collect() }
    }

    fn apply(&self, rows: &Matrix) -> Matrix {
        let mut values = rows.values.clone();
        for row in values.chunks_exact_mut(rows.width.max(1)) {
            for ((value, mean), spread) in row.iter_mut().zip(&self.mean).zip(&self.spread) {
                *value = (*value - mean) / spread;
            }
        }
        Matrix { width: rows.width, values }
    }
}

/// A layer with the state of its optimiser. Weights lie input by input: (inputs, outputs).
#[derive(Debug, Clone)]
struct Dense {
    inputs: usize,
    outputs: usize,
    weights: Adam,
    bias: Adam,
}

#[derive(Debug, Clone)]
struct Adam {
    values: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
}

impl Adam {
    fn new(values: Vec<f32>) -> Self {
        let zero = vec![0.0; values.len()];
        Self { values, first: zero.clone(), second: zero }
    }

    /// One step of AdamW; `step` counts from 1.
    fn update(&mut self, gradient: &[f32], rate: f32, decay: f32, step: usize) {
        const FIRST: f32 = 0.9;
        const SECOND: f32 = 0.999;
        let count = i32::try_from(step).unwrap_or(i32::MAX);
        let (one, two) = (1.0 - FIRST.powi(count), 1.0 - SECOND.powi(count));
        let state = self.values.iter_mut().zip(&mut self.first).zip(&mut self.second);
        for (((value, first), second), gradient) in state.zip(gradient) {
            *first = FIRST * *first + (1.0 - FIRST) * gradient;
            *second = SECOND * *second + (1.0 - SECOND) * gradient * gradient;
            let step = (*first / one) / ((*second / two).sqrt() + 1e-8);
            *value -= rate * (step + decay * *value);
        }
    }
}

#[derive(Debug, Clone)]
struct Net {
    layers: Vec<Dense>,
    classes: usize,
}

impl Net {
    fn new(width: usize, classes: usize, settings: &Settings, rng: &mut ChaCha8Rng) -> Self {
        let widths = match settings.hidden {
            Hidden::None => vec![width, classes],
            Hidden::Of(hidden) => vec![width, hidden, classes],
        };
        let layer = |two: &[usize]| {
            let (inputs, outputs) = (two.first().copied()?, two.get(1).copied()?);
            // A linear head begins at nothing: its loss has one lowest place.
            let reach = if widths.len() == 2 { 0.0 } else { (6.0 / narrow(wide(inputs))).sqrt() };
            let weights = (0..inputs * outputs).map(|_| (uniform(rng) * 2.0 - 1.0) * reach);
            Some(Dense {
                inputs,
                outputs,
                weights: Adam::new(weights.collect()),
                bias: Adam::new(vec![0.0; outputs]),
            })
        };
        Self { layers: widths.windows(2).filter_map(layer).collect(), classes }
    }

    /// What goes into each layer, and the logits.
    fn forward(
        &self,
        x: &Matrix,
        mut kept: Option<(f32, &mut ChaCha8Rng)>,
    ) -> (Vec<Matrix>, Matrix) {
        let mut inputs = Vec::with_capacity(self.layers.len());
        let mut now = x.clone();
        for (index, layer) in self.layers.iter().enumerate() {
            if index > 0 {
                now.values.iter_mut().for_each(|value| *value = value.max(0.0));
                if let Some((share, rng)) = kept.as_mut().filter(|(share, _)| *share > 0.0) {
                    for value in &mut now.values {
                        *value = if uniform(rng) < *share { 0.0 } else { *value / (1.0 - *share) };
                    }
                }
            }
            let rows = now.rows();
            let mut out = Vec::with_capacity(rows * layer.outputs);
            for _ in 0..rows {
                out.extend_from_slice(&layer.bias.values);
            }
            multiply(
                (rows, layer.inputs, layer.outputs),
                (&now.values, false),
                (&layer.weights.values, false),
                1.0,
                &mut out,
            );
            inputs.push(now);
            now = Matrix { width: layer.outputs, values: out };
        }
        (inputs, now)
    }

    fn probabilities(&self, x: &Matrix) -> Matrix {
        let (_, mut logits) = self.forward(x, None);
        logits.values.chunks_exact_mut(self.classes.max(1)).for_each(softmax);
        logits
    }

    /// One step; the sum of the losses of its rows.
    #[expect(clippy::too_many_arguments, reason = "one call, in the loop above")]
    fn step(
        &mut self,
        x: &Matrix,
        labels: &[usize],
        weights: &[f32],
        settings: &Settings,
        rate: f32,
        step: usize,
        rng: &mut ChaCha8Rng,
    ) -> f32 {
        let (inputs, mut delta) = self.forward(x, Some((settings.dropout, rng)));
        let count = narrow(wide(labels.len().max(1)));
        let spread = settings.smoothing / narrow(wide(self.classes));
        let mut loss = 0.0;
        for (row, &label) in delta.values.chunks_exact_mut(self.classes.max(1)).zip(labels) {
            softmax(row);
            let weight = weights.get(label).copied().unwrap_or(1.0);
            for (class, value) in row.iter_mut().enumerate() {
                let sure = if class == label { 1.0 - settings.smoothing } else { 0.0 };
                let target = sure + spread;
                loss -= weight * target * value.max(1e-12).ln();
                *value = weight * (*value - target) / count;
            }
        }
        for (index, input) in inputs.iter().enumerate().rev() {
            let Some(layer) = self.layers.get_mut(index) else { continue };
            let rows = input.rows();
            let mut gradient = vec![0.0; layer.inputs * layer.outputs];
            multiply(
                (layer.inputs, rows, layer.outputs),
                (&input.values, true),
                (&delta.values, false),
                0.0,
                &mut gradient,
            );
            let mut bias = vec![0.0; layer.outputs];
            for row in delta.values.chunks_exact(layer.outputs.max(1)) {
                bias.iter_mut().zip(row).for_each(|(sum, value)| *sum += *value);
            }
            if index > 0 {
                let mut before = vec![0.0; rows * layer.inputs];
                multiply(
                    (rows, layer.outputs, layer.inputs),
                    (&delta.values, false),
                    (&layer.weights.values, true),
                    0.0,
                    &mut before,
                );
                // A number that was cut off or left out passes nothing back.
                for (value, input) in before.iter_mut().zip(&input.values) {
                    if *input <= 0.0 {
                        *value = 0.0;
                    } else if settings.dropout > 0.0 {
                        *value /= 1.0 - settings.dropout;
                    }
                }
                delta = Matrix { width: layer.inputs, values: before };
            }
            layer.weights.update(&gradient, rate, settings.decay, step);
            layer.bias.update(&bias, rate, 0.0, step);
        }
        loss
    }

    /// The head on plain embeddings: `W (x - mean) / spread + b` as one layer.
    fn folded(&self, scaler: &Scaler) -> Head {
        let layer = |(index, dense): (usize, &Dense)| {
            let mut weights = vec![0.0_f32; dense.inputs * dense.outputs];
            let mut bias: Vec<f64> = dense.bias.values.iter().map(|&b| f64::from(b)).collect();
            let rows = dense.weights.values.chunks_exact(dense.outputs.max(1));
            for (input, row) in rows.enumerate() {
                let (mean, spread) = match index {
                    0 => (scaler.mean.get(input), scaler.spread.get(input)),
                    _ => (None, None),
                };
                let (mean, spread) = (mean.copied().unwrap_or(0.0), spread.copied().unwrap_or(1.0));
                for (output, &weight) in row.iter().enumerate() {
                    let scaled = f64::from(weight) / f64::from(spread);
                    if let Some(to) = weights.get_mut(output * dense.inputs + input) {
                        *to = narrow(scaled);
                    }
                    if let Some(bias) = bias.get_mut(output) {
                        *bias -= scaled * f64::from(mean);
                    }
                }
            }
            let bias = bias.into_iter().map(narrow).collect();
            Layer { inputs: dense.inputs, outputs: dense.outputs, weights, bias }
        };
        Head { layers: self.layers.iter().enumerate().map(layer).collect() }
    }
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

/// `out = a b + keep out` for a of (m, k) and b of (k, n), either of them written the other way round.
fn multiply(
    (m, k, n): (usize, usize, usize),
    (a, a_turned): (&[f32], bool),
    (b, b_turned): (&[f32], bool),
    keep: f32,
    out: &mut [f32],
) {
    let view = |values, turned, rows, columns| match turned {
        false => ArrayView2::from_shape((rows, columns), values),
        true => ArrayView2::from_shape((columns, rows), values).map(ArrayView2::reversed_axes),
    };
    let shapes =
        (view(a, a_turned, m, k), view(b, b_turned, k, n), ArrayViewMut2::from_shape((m, n), out));
    // Counts are made beside the shapes; where they differed, nothing would be learned.
    debug_assert!(shapes.0.is_ok() && shapes.1.is_ok() && shapes.2.is_ok());
    if let (Ok(a), Ok(b), Ok(mut out)) = shapes {
        general_mat_mul(1.0, &a, &b, keep, &mut out);
    }
}

fn softmax(row: &mut [f32]) {
    let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for value in row.iter_mut() {
        *value = (*value - most).exp();
        sum += *value;
    }
    row.iter_mut().for_each(|value| *value /= sum);
}

/// From 0 to below 1.
fn uniform(rng: &mut ChaCha8Rng) -> f32 {
    narrow(f64::from(rng.next_u32() >> 8) / f64::from(1_u32 << 24))
}

#[expect(clippy::cast_precision_loss, reason = "counts of images are far below 2^52")]
fn wide(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, reason = "weights are kept in 32 bits")]
fn narrow(value: f64) -> f32 {
    value as f32
}
