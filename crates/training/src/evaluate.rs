//! A classifier measured on images: counts, and the figures that follow from them; whether a
//! standard is met, is not met, or cannot be told from so few images. Clauses: train-4.2,
//! class-4.2.
//!
//! Decisions are made on counts by whole numbers. The figures beside them are for display and equal
//! those of scikit-learn.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use units::{Percent, Ratio, Wilson, wilson};

use crate::fit::{Matrix, largest};

/// Classes that are told as the first so many.
const FIRST: usize = 5;

/// What one class came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassFigures {
    /// The class.
    pub class: String,
    /// Images that have it.
    pub support: u64,
    /// Images that were given it.
    pub predicted: u64,
    /// Images that have it and were given it.
    pub hits: u64,
    /// `hits / predicted`; 0 where nothing was predicted.
    pub precision: f64,
    /// `hits / support`; 0 where there is none.
    pub recall: f64,
    /// `2 hits / (support + predicted)`.
    pub f1: f64,
    /// Area under the receiver operating characteristic, this class against the rest.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub auroc: Option<f64>,
}

/// How often an image of one class was given another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfusionCell {
    /// The class that it has.
    pub truth: String,
    /// The class that it was given.
    pub given: String,
    /// How many images.
    pub count: u64,
}

/// An image that was classified wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Miss {
    /// The image.
    pub image: String,
    /// The class that it has.
    pub truth: String,
    /// The class that it was given.
    pub given: String,
    /// How sure the classifier was.
    pub certainty: f32,
}

/// A classifier measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Images that were judged.
    pub images: u64,
    /// Of these classified right.
    pub hits: u64,
    /// `hits / images`.
    pub accuracy: f64,
    /// The 95 % interval of the accuracy (Wilson), in millionths.
    pub accuracy_interval: Option<(u64, u64)>,
    /// Images whose class is among the five surest.
    pub top5_hits: u64,
    /// Mean precision over the classes that have images or were given.
    pub macro_precision: f64,
    /// Mean recall over the same classes.
    pub macro_recall: f64,
    /// Mean F1 over the same classes.
    pub macro_f1: f64,
    /// Mean F1 weighed by support.
    pub weighted_f1: f64,
    /// Mean area under the curve over the classes that have one.
    pub macro_auroc: Option<f64>,
    /// Mean distance between certainty and accuracy over ten bins of certainty.
    pub calibration_error: f64,
    /// By class, in order.
    pub classes: Vec<ClassFigures>,
    /// Cells that are not zero, in order.
    pub confusion: Vec<ConfusionCell>,
    /// Wrong ones, the surest first.
    pub misses: Vec<Miss>,
}

/// Measures probabilities (images, classes) against the classes that images have.
#[must_use]
pub fn evaluate(
    probabilities: &Matrix,
    truth: &[usize],
    names: &[String],
    classes: &[String],
) -> Evaluation {
    let count = classes.len();
    let mut matrix = vec![0_u64; count * count];
    let (mut top5, mut misses) = (0_u64, Vec::new());
    let mut bins = vec![(0_u64, 0_u64, 0.0_f64); 10];
    for (image, &truth) in truth.iter().enumerate() {
        let row = probabilities.row(image);
        let given = largest(row).unwrap_or(0);
        let certainty = row.get(given).copied().unwrap_or(0.0);
        let own = row.get(truth).copied().unwrap_or(0.0);
        let before = row.iter().enumerate().filter(|&(class, &value)| {
            value > own || (value.total_cmp(&own) == Ordering::Equal && class < truth)
        });
        top5 += u64::from(before.count() < FIRST);
        if let Some(cell) = matrix.get_mut(truth * count + given) {
            *cell += 1;
        }
        let bin = bins.get_mut(bin_of(certainty));
        if let Some((all, hits, sum)) = bin {
            *all += 1;
            *hits += u64::from(given == truth);
            *sum += f64::from(certainty);
        }
        if given != truth {
            let class = |class: usize| classes.get(class).cloned().unwrap_or_default();
            let image = names.get(image).cloned().unwrap_or_default();
            misses.push(Miss { image, truth: class(truth), given: class(given), certainty });
        }
    }
    misses.sort_by(|one, other| {
        other.certainty.total_cmp(&one.certainty).then(one.image.cmp(&other.image))
    });
    let cell = |truth: usize, given: usize| matrix.get(truth * count + given).copied().unwrap_or(0);
    let figures: Vec<ClassFigures> = (0..count)
        .map(|class| {
            let support = (0..count).map(|given| cell(class, given)).sum();
            let predicted = (0..count).map(|truth| cell(truth, class)).sum();
            let hits = cell(class, class);
            ClassFigures {
                class: classes.get(class).cloned().unwrap_or_default(),
                support,
                predicted,
                hits,
                precision: share(hits, predicted),
                recall: share(hits, support),
                f1: share(2 * hits, support + predicted),
                auroc: auroc(probabilities, truth, class),
            }
        })
        .collect();
    let images = truth.len() as u64;
    let hits = figures.iter().map(|class| class.hits).sum();
    let seen: Vec<&ClassFigures> =
        figures.iter().filter(|class| class.support + class.predicted > 0).collect();
    let mean = |of: &dyn Fn(&ClassFigures) -> f64| {
        seen.iter().map(|class| of(class)).sum::<f64>() / wide(seen.len() as u64).max(1.0)
    };
    let weighed: f64 = figures.iter().map(|class| class.f1 * wide(class.support)).sum();
    let curves: Vec<f64> = figures.iter().filter_map(|class| class.auroc).collect();
    let gaps = bins.iter().filter(|(all, ..)| *all > 0);
    let gap: f64 = gaps.map(|(_, hits, sum)| (wide(*hits) - sum).abs()).sum();
    let cells = (0..count).flat_map(|truth| (0..count).map(move |given| (truth, given)));
    let class = |place: usize| classes.get(place).cloned().unwrap_or_default();
    Evaluation {
        images,
        hits,
        accuracy: share(hits, images),
        accuracy_interval: wilson(hits, images).map(|Wilson { lower, upper }| (lower, upper)),
        top5_hits: top5,
        macro_precision: mean(&|class| class.precision),
        macro_recall: mean(&|class| class.recall),
        macro_f1: mean(&|class| class.f1),
        weighted_f1: weighed / wide(images).max(1.0),
        macro_auroc: (!curves.is_empty())
            .then(|| curves.iter().sum::<f64>() / wide(curves.len() as u64)),
        calibration_error: gap / wide(images).max(1.0),
        confusion: cells
            .filter(|&(truth, given)| cell(truth, given) > 0)
            .map(|(truth, given)| ConfusionCell {
                truth: class(truth),
                given: class(given),
                count: cell(truth, given),
            })
            .collect(),
        classes: figures,
        misses,
    }
}

/// Area under the curve by ranks, ties counted half; nothing where one side is empty.
fn auroc(probabilities: &Matrix, truth: &[usize], class: usize) -> Option<f64> {
    let mut scores: Vec<(f32, bool)> = truth
        .iter()
        .enumerate()
        .map(|(image, &truth)| {
            (probabilities.row(image).get(class).copied().unwrap_or(0.0), truth == class)
        })
        .collect();
    scores.sort_by(|one, other| one.0.total_cmp(&other.0));
    let own = scores.iter().filter(|(_, own)| *own).count() as u64;
    let others = scores.len() as u64 - own;
    if own == 0 || others == 0 {
        return None;
    }
    // Twice the count of pairs in which the own one is higher, so that ties stay whole.
    let (mut doubled, mut below) = (0_u64, 0_u64);
    for tied in scores.chunk_by(|one, other| one.0.total_cmp(&other.0) == Ordering::Equal) {
        let here = tied.iter().filter(|(_, own)| *own).count() as u64;
        let rest = tied.len() as u64 - here;
        doubled += here * (2 * below + rest);
        below += rest;
    }
    Some(wide(doubled) / (2.0 * wide(own) * wide(others)))
}

fn bin_of(certainty: f32) -> usize {
    (1..10).rev().find(|&edge| f64::from(certainty) > f64::from(edge) / 10.0).unwrap_or(0) as usize
}

/// A measure that a standard can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Images classified right, of all.
    Accuracy,
    /// Mean recall over classes.
    MacroRecall,
    /// Mean F1 over classes.
    MacroF1,
}

/// Whether a standard is met on a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is reached, and the interval lies above it.
    Met,
    /// It is not reached, and the interval lies below it.
    NotMet,
    /// It is reached or not by chance: the interval has it within.
    Undecidable,
}

/// A standard against a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Whether the observed figure reaches the threshold, which is what a contract asks.
    pub reached: bool,
    /// What the sample can tell about images that were not judged; for the accuracy alone.
    pub verdict: Option<Verdict>,
    /// For how many images the interval would be clear of the threshold at the same accuracy.
    pub needed: Option<u64>,
}

/// Compares a measurement with a threshold. The accuracy is compared by counts; means over classes
/// by fractions with the common denominator of all, rounded down to `10^-15`.
#[must_use]
pub fn gate(evaluation: &Evaluation, wanted: Wanted, threshold: Percent) -> Gate {
    let counted = |of: &dyn Fn(&ClassFigures) -> (u64, u64)| {
        let seen: Vec<_> =
            evaluation.classes.iter().filter(|class| class.support + class.predicted > 0).collect();
        let mean = mean_of(seen.iter().map(|class| of(class)), seen.len() as u64);
        Ratio::new(mean, ONE).reaches(threshold)
    };
    match wanted {
        Wanted::Accuracy => {
            let ratio = Ratio::new(evaluation.hits, evaluation.images);
            let (verdict, needed) = certain(evaluation, threshold);
            Gate { reached: ratio.reaches(threshold), verdict, needed }
        }
        Wanted::MacroRecall => {
            let reached = counted(&|class| (class.hits, class.support));
            Gate { reached, verdict: None, needed: None }
        }
        Wanted::MacroF1 => {
            let reached = counted(&|class| (2 * class.hits, class.support + class.predicted));
            Gate { reached, verdict: None, needed: None }
        }
    }
}

/// What a mean is counted in.
const ONE: u64 = 1_000_000_000_000_000;

/// The mean of fractions in units of `10^-15`, each rounded down; 0/0 counts as 0.
fn mean_of(parts: impl Iterator<Item = (u64, u64)>, count: u64) -> u64 {
    let sum: u128 = parts
        .map(|(hits, of)| match of {
            0 => 0,
            of => u128::from(hits) * u128::from(ONE) / u128::from(of),
        })
        .sum();
    u64::try_from(sum / u128::from(count.max(1))).unwrap_or(u64::MAX)
}

fn certain(evaluation: &Evaluation, threshold: Percent) -> (Option<Verdict>, Option<u64>) {
    const MILLION: u64 = 1_000_000;
    let Some((lower, upper)) = evaluation.accuracy_interval else { return (None, None) };
    let verdict = if Ratio::new(lower, MILLION).reaches(threshold) {
        Verdict::Met
    } else if Ratio::new(upper, MILLION).reaches(threshold) {
        Verdict::Undecidable
    } else {
        Verdict::NotMet
    };
    let more = (verdict == Verdict::Undecidable)
        .then(|| needed(evaluation.hits, evaluation.images, threshold))
        .flatten();
    (Some(verdict), more)
}

/// For how many images the 95 % interval would be clear of the threshold, were the share of hits
/// the same; nothing where the share equals the threshold, or a billion would not be enough.
#[must_use]
pub fn needed(hits: u64, images: u64, threshold: Percent) -> Option<u64> {
    const MILLION: u64 = 1_000_000;
    let clear = |count: u64| {
        let scaled = u128::from(hits) * u128::from(count) / u128::from(images.max(1));
        let scaled = u64::try_from(scaled).unwrap_or(u64::MAX);
        wilson(scaled, count).is_some_and(|Wilson { lower, upper }| {
            Ratio::new(lower, MILLION).reaches(threshold)
                || !Ratio::new(upper, MILLION).reaches(threshold)
        })
    };
    let (mut low, mut high) = (images.max(1), 1_000_000_000);
    if !clear(high) {
        return None;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if clear(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(high)
}

fn share(hits: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { wide(hits) / wide(of) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of images are far below 2^52")]
fn wide(count: u64) -> f64 {
    count as f64
}
