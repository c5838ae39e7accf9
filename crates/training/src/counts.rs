//! What images have and what they were given, counted by class, and the figures that follow.

use serde::{Deserialize, Serialize};

/// What one class came to, in images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ClassCounts {
    /// Have it.
    pub(crate) support: u64,
    /// Were given it.
    pub(crate) predicted: u64,
    /// Both.
    pub(crate) hits: u64,
}

impl ClassCounts {
    pub(crate) fn precision(self) -> f64 {
        share(self.hits, self.predicted)
    }

    pub(crate) fn recall(self) -> f64 {
        share(self.hits, self.support)
    }

    pub(crate) fn f1(self) -> f64 {
        share(2 * self.hits, self.support + self.predicted)
    }

    const fn seen(self) -> bool {
        self.support + self.predicted > 0
    }
}

/// Figures over all classes. A mean is over the classes that have images or were given.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Images classified right, of all.
    pub accuracy: f64,
    /// Mean precision over classes.
    pub macro_precision: f64,
    /// Mean recall over classes.
    pub macro_recall: f64,
    /// Mean F1 over classes.
    pub macro_f1: f64,
    /// Mean F1 over classes, weighed by support.
    pub weighted_f1: f64,
    /// Right ones of all classes over what was given. With one class for each image this, the
    /// recall and the F1 are the accuracy, as long as every image was given a class.
    pub micro_precision: f64,
    /// Right ones of all classes over the images that have one.
    pub micro_recall: f64,
    /// F1 over all classes together.
    pub micro_f1: f64,
}

/// Counts by class of pairs of truth and answer.
pub(crate) fn count(
    pairs: impl Iterator<Item = (usize, usize)>,
    classes: usize,
) -> Vec<ClassCounts> {
    let mut counts = vec![ClassCounts::default(); classes];
    for (truth, given) in pairs {
        if let Some(class) = counts.get_mut(truth) {
            class.support += 1;
            class.hits += u64::from(truth == given);
        }
        if let Some(class) = counts.get_mut(given) {
            class.predicted += 1;
        }
    }
    counts
}

/// The figures of counts.
pub(crate) fn figures(counts: &[ClassCounts]) -> Figures {
    let sum = |of: &dyn Fn(&ClassCounts) -> u64| counts.iter().map(of).sum::<u64>();
    let all = ClassCounts {
        support: sum(&|class| class.support),
        predicted: sum(&|class| class.predicted),
        hits: sum(&|class| class.hits),
    };
    let seen = counts.iter().filter(|class| class.seen()).count() as u64;
    let mean = |of: &dyn Fn(ClassCounts) -> f64| {
        let seen_ones = counts.iter().filter(|class| class.seen());
        seen_ones.map(|class| of(*class)).sum::<f64>() / wide(seen.max(1))
    };
    let weighed: f64 = counts.iter().map(|class| class.f1() * wide(class.support)).sum();
    Figures {
        accuracy: share(all.hits, all.support),
        macro_precision: mean(&ClassCounts::precision),
        macro_recall: mean(&ClassCounts::recall),
        macro_f1: mean(&ClassCounts::f1),
        weighted_f1: weighed / wide(all.support.max(1)),
        micro_precision: all.precision(),
        micro_recall: all.recall(),
        micro_f1: all.f1(),
    }
}

pub(crate) fn share(hits: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { wide(hits) / wide(of) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of images are far below 2^52")]
pub(crate) fn wide(count: u64) -> f64 {
    count as f64
}
