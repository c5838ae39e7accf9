//! In which range a figure lies that has no formula for it: images are drawn anew from those that
//! were judged, as many as there are, a thousand times, and the middle 95 % of the figures is the
//! interval (percentile bootstrap: Efron and Tibshirani, "An Introduction to the Bootstrap").
//! Drawn from a fixed seed: the same images give the same interval on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

use crate::counts::{ClassCounts, Figures, count, figures};

/// How often images are drawn anew.
const RESAMPLES: usize = 1_000;
/// What the draws come from.
const SEED: u64 = 1;

/// From and to, of 95 %.
pub type Interval = (f64, f64);

/// The intervals of figures that are means over classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intervals {
    /// How often images were drawn anew.
    pub resamples: usize,
    /// What the draws came from.
    pub seed: u64,
    /// Mean precision over classes.
    pub macro_precision: Interval,
    /// Mean recall over classes.
    pub macro_recall: Interval,
    /// Mean F1 over classes.
    pub macro_f1: Interval,
    /// Mean F1 weighed by support.
    pub weighted_f1: Interval,
    /// F1 over all classes together.
    pub micro_f1: Interval,
    /// F1 by class, in order.
    pub classes: Vec<Interval>,
}

/// The intervals over pairs of truth and answer; nothing where there are none.
pub(crate) fn intervals(pairs: &[(usize, usize)], classes: usize) -> Option<Intervals> {
    let bound = u64::try_from(pairs.len()).ok().filter(|bound| *bound > 0)?;
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let draws: Vec<(Figures, Vec<ClassCounts>)> = (0..RESAMPLES)
        .map(|_| {
            // The bias of a remainder below 2^-40 moves no figure that anybody could notice.
            let mut drawn = || usize::try_from(rng.next_u64() % bound).unwrap_or(0);
            let sample = (0..pairs.len()).filter_map(|_| pairs.get(drawn()).copied());
            let counts = count(sample, classes);
            (figures(&counts), counts)
        })
        .collect();
    let of = |figure: &dyn Fn(&Figures) -> f64| {
        middle(draws.iter().map(|(figures, _)| figure(figures)).collect())
    };
    let class = |class: usize| {
        let f1 = |counts: &[ClassCounts]| counts.get(class).map_or(0.0, |counts| counts.f1());
        middle(draws.iter().map(|(_, counts)| f1(counts)).collect())
    };
    Some(Intervals {
        resamples: RESAMPLES,
        seed: SEED,
        macro_precision: of(&|figures| figures.macro_precision),
        macro_recall: of(&|figures| figures.macro_recall),
        macro_f1: of(&|figures| figures.macro_f1),
        weighted_f1: of(&|figures| figures.weighted_f1),
        micro_f1: of(&|figures| figures.micro_f1),
        classes: (0..classes).map(class).collect(),
    })
}

/// What the middle 95 % of values lie between.
fn middle(mut values: Vec<f64>) -> Interval {
    values.sort_by(f64::total_cmp);
    let at = |place: usize| values.get(place).copied().unwrap_or(0.0);
    let outside = values.len() / 40;
    (at(outside), at(values.len().saturating_sub(outside + 1)))
}
