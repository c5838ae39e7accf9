//! The head while it learns: layers, their gradients, one step of the optimiser.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};
use onnx::{Head, Layer};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng as _;

use crate::fit::{Hidden, Matrix, Settings};

/// Takes the mean and the spread out of embeddings.
pub(crate) struct Scaler {
    mean: Vec<f32>,
    spread: Vec<f32>,
}

impl Scaler {
    pub(crate) fn of(rows: &Matrix) -> Self {
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

    pub(crate) fn apply(&self, rows: &Matrix) -> Matrix {
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
pub(crate) struct Net {
    layers: Vec<Dense>,
    classes: usize,
}

impl Net {
    pub(crate) fn new(
        width: usize,
        classes: usize,
        settings: &Settings,
        rng: &mut ChaCha8Rng,
    ) -> Self {
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

    pub(crate) fn probabilities(&self, x: &Matrix) -> Matrix {
        let (_, mut logits) = self.forward(x, None);
        logits.values.chunks_exact_mut(self.classes.max(1)).for_each(softmax);
        logits
    }

    /// One step; the sum of the losses of its rows.
    #[expect(clippy::too_many_arguments, reason = "one call, in the loop above")]
    pub(crate) fn step(
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
    pub(crate) fn folded(&self, scaler: &Scaler) -> Head {
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

/// `out = a b + keep out` for a of (m, k) and b of (k, n), either of them written the other way
/// round.
pub(crate) fn multiply(
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

pub(crate) fn softmax(row: &mut [f32]) {
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
pub(crate) fn wide(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, reason = "weights are kept in 32 bits")]
pub(crate) fn narrow(value: f64) -> f32 {
    value as f32
}
