//! A classifier measured on images: counts, and the figures that follow from them. Clauses:
//! train-4.2, class-4.2.
//!
//! Figures are for display and equal those of scikit-learn; what is decided is decided on the
//! counts, in `standard`.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use units::{Wilson, wilson};

use crate::bootstrap::{Interval, Intervals, intervals};
use crate::counts::{Figures, count, figures, wide};
use crate::fit::{Matrix, largest};

/// For how many of the surest classes hits are counted at most.
const FIRST: usize = 10;
/// Bins of certainty.
const BINS: usize = 10;

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
    /// The 95 % interval of the precision (Wilson), in millionths.
    pub precision_interval: Option<(u64, u64)>,
    /// The 95 % interval of the recall (Wilson), in millionths.
    pub recall_interval: Option<(u64, u64)>,
    /// The 95 % interval of the F1 (bootstrap).
    pub f1_interval: Option<Interval>,
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

/// Images about which the classifier was about equally sure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Surer than this, in tenths; the first bin has 0 within.
    pub above: u64,
    /// How many images.
    pub images: u64,
    /// Of these classified right.
    pub hits: u64,
    /// How sure it was on average.
    pub certainty: f64,
}

/// A part of the judged images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// What images are parted by, such as `brightness`.
    pub by: String,
    /// What these have in common, such as `dark`.
    pub value: String,
    /// How many images.
    pub images: u64,
    /// Of these classified right.
    pub hits: u64,
    /// The 95 % interval of the accuracy (Wilson), in millionths.
    pub accuracy_interval: Option<(u64, u64)>,
    /// The figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A classifier measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Images that were judged.
    pub images: u64,
    /// Of these classified right.
    pub hits: u64,
    /// The 95 % interval of the accuracy (Wilson), in millionths.
    pub accuracy_interval: Option<(u64, u64)>,
    /// Accuracy, and precision, recall and F1 over all classes.
    #[serde(flatten)]
    pub figures: Figures,
    /// The intervals of the means over classes.
    pub intervals: Option<Intervals>,
    /// Images whose class is among the surest, the two surest and so on, up to ten.
    pub top_hits: Vec<u64>,
    /// Mean area under the curve over the classes that have one.
    pub macro_auroc: Option<f64>,
    /// Mean of `-ln` of the probability of the class that an image has.
    pub log_loss: f64,
    /// Mean over images of the squared differences of probabilities from 1 and 0, over all classes.
    pub brier: f64,
    /// Mean distance between certainty and accuracy over the bins of certainty.
    pub calibration_error: f64,
    /// How sure it was against how often it was right, by tenths of certainty.
    pub reliability: Vec<Bin>,
    /// By class, in order.
    pub classes: Vec<ClassFigures>,
    /// Cells that are not zero, in order.
    pub confusion: Vec<ConfusionCell>,
    /// Parts of the images, each measured alone.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub slices: Vec<Slice>,
    /// Wrong ones, the surest first.
    pub misses: Vec<Miss>,
}

impl Evaluation {
    /// Images whose class is among the `first` surest; all of them where there are no more classes.
    #[must_use]
    pub fn among_first(&self, first: usize) -> u64 {
        let last = self.top_hits.last().copied().unwrap_or(0);
        first.checked_sub(1).map_or(0, |at| self.top_hits.get(at).copied().unwrap_or(last))
    }
}

/// Measures probabilities (images, classes) against the classes that images have.
#[must_use]
pub fn evaluate(
    probabilities: &Matrix,
    truth: &[usize],
    names: &[String],
    classes: &[String],
) -> Evaluation {
    let wide_classes = classes.len();
    let pairs = pairs(probabilities, truth);
    let counts = count(pairs.iter().copied(), wide_classes);
    let intervals = intervals(&pairs, wide_classes);
    let by_class = counts.iter().enumerate().map(|(class, counts)| ClassFigures {
        class: name(classes, class),
        support: counts.support,
        predicted: counts.predicted,
        hits: counts.hits,
        precision: counts.precision(),
        recall: counts.recall(),
        f1: counts.f1(),
        precision_interval: bounds(counts.hits, counts.predicted),
        recall_interval: bounds(counts.hits, counts.support),
        f1_interval: intervals.as_ref().and_then(|all| all.classes.get(class).copied()),
        auroc: auroc(probabilities, truth, class),
    });
    let by_class: Vec<ClassFigures> = by_class.collect();
    let images = truth.len() as u64;
    let hits = counts.iter().map(|class| class.hits).sum();
    let curves: Vec<f64> = by_class.iter().filter_map(|class| class.auroc).collect();
    let reliability = reliability(probabilities, &pairs);
    let gaps = reliability.iter();
    let gap = gaps.map(|bin| (wide(bin.hits) - bin.certainty * wide(bin.images)).abs());
    let (log_loss, brier) = losses(probabilities, truth);
    Evaluation {
        images,
        hits,
        accuracy_interval: bounds(hits, images),
        figures: figures(&counts),
        intervals,
        top_hits: top(probabilities, truth),
        macro_auroc: (!curves.is_empty())
            .then(|| curves.iter().sum::<f64>() / wide(curves.len() as u64)),
        log_loss,
        brier,
        calibration_error: gap.sum::<f64>() / wide(images.max(1)),
        reliability,
        classes: by_class,
        confusion: confusion(&pairs, classes),
        slices: Vec::new(),
        misses: misses(probabilities, &pairs, names, classes),
    }
}

/// Measures parts of the judged images: what they are parted by, and the value of each image; one
/// without a value belongs to no part.
#[must_use]
pub fn slices(
    probabilities: &Matrix,
    truth: &[usize],
    by: &str,
    values: &[Option<String>],
) -> Vec<Slice> {
    let pairs = pairs(probabilities, truth);
    let mut parts: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (pair, value) in pairs.iter().zip(values) {
        if let Some(value) = value {
            parts.entry(value).or_default().push(*pair);
        }
    }
    let slice = |(value, pairs): (&str, Vec<(usize, usize)>)| {
        let (images, counts) =
            (pairs.len() as u64, count(pairs.iter().copied(), probabilities.width));
        let hits = counts.iter().map(|class| class.hits).sum();
        let (by, value) = (by.to_owned(), value.to_owned());
        let figures = figures(&counts);
        Slice { by, value, images, hits, accuracy_interval: bounds(hits, images), figures }
    };
    parts.into_iter().map(slice).collect()
}

/// The class that each image has, and the one that it was given.
fn pairs(probabilities: &Matrix, truth: &[usize]) -> Vec<(usize, usize)> {
    let given = |image: usize| largest(probabilities.row(image)).unwrap_or(0);
    truth.iter().enumerate().map(|(image, &truth)| (truth, given(image))).collect()
}

fn name(classes: &[String], class: usize) -> String {
    classes.get(class).cloned().unwrap_or_default()
}

fn bounds(hits: u64, of: u64) -> Option<(u64, u64)> {
    wilson(hits, of).map(|Wilson { lower, upper }| (lower, upper))
}

/// Images whose class is among the surest, the two surest and so on; of equal ones the first.
fn top(probabilities: &Matrix, truth: &[usize]) -> Vec<u64> {
    let mut hits = vec![0_u64; probabilities.width.min(FIRST)];
    for (image, &truth) in truth.iter().enumerate() {
        let row = probabilities.row(image);
        let own = row.get(truth).copied().unwrap_or(0.0);
        let before = row.iter().enumerate().filter(|&(class, &value)| {
            value > own || (value.total_cmp(&own) == Ordering::Equal && class < truth)
        });
        hits.iter_mut().skip(before.count()).for_each(|hits| *hits += 1);
    }
    hits
}

/// Mean log loss and mean Brier score.
fn losses(probabilities: &Matrix, truth: &[usize]) -> (f64, f64) {
    let (mut log, mut squares) = (0.0, 0.0);
    for (image, &truth) in truth.iter().enumerate() {
        for (class, &value) in probabilities.row(image).iter().enumerate() {
            let value = f64::from(value);
            let wanted = if class == truth { 1.0 } else { 0.0 };
            squares += (value - wanted) * (value - wanted);
            if class == truth {
                log -= value.max(f64::from(f32::EPSILON)).ln();
            }
        }
    }
    let images = wide(truth.len().max(1) as u64);
    (log / images, squares / images)
}

fn reliability(probabilities: &Matrix, pairs: &[(usize, usize)]) -> Vec<Bin> {
    let mut bins: Vec<Bin> =
        (0..BINS as u64).map(|above| Bin { above, images: 0, hits: 0, certainty: 0.0 }).collect();
    for (image, (truth, given)) in pairs.iter().enumerate() {
        let certainty = probabilities.row(image).get(*given).copied().unwrap_or(0.0);
        if let Some(bin) = bins.get_mut(bin_of(certainty)) {
            bin.images += 1;
            bin.hits += u64::from(given == truth);
            bin.certainty += f64::from(certainty);
        }
    }
    bins.iter_mut().for_each(|bin| bin.certainty /= wide(bin.images.max(1)));
    bins
}

fn confusion(pairs: &[(usize, usize)], classes: &[String]) -> Vec<ConfusionCell> {
    let mut cells: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for pair in pairs {
        *cells.entry(*pair).or_default() += 1;
    }
    let cell = |((truth, given), count)| ConfusionCell {
        truth: name(classes, truth),
        given: name(classes, given),
        count,
    };
    cells.into_iter().map(cell).collect()
}

fn misses(
    probabilities: &Matrix,
    pairs: &[(usize, usize)],
    names: &[String],
    classes: &[String],
) -> Vec<Miss> {
    let wrong = pairs.iter().enumerate().filter(|(_, (truth, given))| truth != given);
    let miss = |(image, (truth, given)): (usize, &(usize, usize))| Miss {
        image: name(names, image),
        truth: name(classes, *truth),
        given: name(classes, *given),
        certainty: probabilities.row(image).get(*given).copied().unwrap_or(0.0),
    };
    let mut misses: Vec<Miss> = wrong.map(miss).collect();
    misses.sort_by(|one, other| {
        other.certainty.total_cmp(&one.certainty).then(one.image.cmp(&other.image))
    });
    misses
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
