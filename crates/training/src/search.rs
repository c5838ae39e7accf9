//! Which settings are best, by cross-validation over what may be learned from: every image is
//! judged once by a head that never saw it. Those judgements also tell which labels look wrong.

use serde::{Deserialize, Serialize};

use crate::fit::{
    FitError, Matrix, Settings, Shown, average_views, fit, judge, largest, probabilities,
};

/// One setting that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The settings.
    pub settings: Settings,
    /// Images classified right by heads that did not see them.
    pub hits: usize,
    /// Mean loss over the same.
    pub loss: f32,
}

/// What the search came to.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchReport {
    /// In the order in which they were tried.
    pub trials: Vec<Trial>,
    /// The place of the best in it: least loss.
    pub best: usize,
    /// For each image, the probabilities given by heads that did not see it, with the best
    /// settings.
    pub unseen: Matrix,
}

/// Tries each of `candidates` on `folds` folds. `told` hears after each fold: how many are done of
/// how many.
///
/// # Errors
/// As [`fit`]; and when there is nothing to try.
pub fn search(
    rows: &Matrix,
    labels: &[usize],
    views: usize,
    classes: usize,
    candidates: &[Settings],
    folds: usize,
    mut told: impl FnMut(usize, usize),
) -> Result<SearchReport, FitError> {
    let fold = fold_of(labels, classes, folds.max(2));
    let all = Shown { rows, labels, views };
    let (mut trials, mut done) = (Vec::new(), 0);
    let mut best: Option<(usize, f32, Matrix)> = None;
    for settings in candidates {
        let mut unseen = Matrix { width: classes, values: vec![0.0; labels.len() * classes] };
        for out in 0..folds.max(2) {
            one_fold(all, classes, settings, &fold, out, &mut unseen)?;
            done += 1;
            told(done, candidates.len() * folds.max(2));
        }
        let (loss, hits) = judge(&unseen, labels, 1);
        if best.as_ref().is_none_or(|(_, least, _)| loss < *least) {
            best = Some((trials.len(), loss, unseen));
        }
        trials.push(Trial { settings: settings.clone(), hits, loss });
    }
    let (best, _, unseen) = best.ok_or(FitError::Empty)?;
    Ok(SearchReport { trials, best, unseen })
}

fn one_fold(
    all: Shown<'_>,
    classes: usize,
    settings: &Settings,
    fold: &[usize],
    out: usize,
    unseen: &mut Matrix,
) -> Result<(), FitError> {
    let pick = |wanted: bool| -> Vec<usize> {
        (0..all.labels.len()).filter(|&image| (fold.get(image) == Some(&out)) == wanted).collect()
    };
    let rows_of = |images: &[usize]| -> Matrix {
        let rows =
            images.iter().flat_map(|image| (0..all.views).map(move |v| image * all.views + v));
        all.rows.pick(&rows.collect::<Vec<_>>())
    };
    let labels_of = |images: &[usize]| -> Vec<usize> {
        images.iter().filter_map(|&image| all.labels.get(image).copied()).collect()
    };
    let (learn, judged) = (pick(false), pick(true));
    if learn.is_empty() || judged.is_empty() {
        return Ok(());
    }
    let trained =
        fit(&rows_of(&learn), &labels_of(&learn), None, all.views, classes, settings, |_| true)?;
    let given = average_views(&probabilities(&trained.head, &rows_of(&judged)), all.views);
    for (place, image) in judged.into_iter().enumerate() {
        let to = unseen.values.get_mut(image * classes..(image + 1) * classes);
        if let Some(to) = to {
            to.copy_from_slice(given.row(place));
        }
    }
    Ok(())
}

/// Which fold an image belongs to: those of a class are dealt out in turn.
fn fold_of(labels: &[usize], classes: usize, folds: usize) -> Vec<usize> {
    let mut dealt = vec![0_usize; classes];
    let mut deal = |&label: &usize| {
        let next = dealt.get_mut(label).map_or(0, |count| {
            *count += 1;
            *count - 1
        });
        (next + label) % folds
    };
    labels.iter().map(&mut deal).collect()
}

/// Images whose label looks wrong: those that heads which never saw them give another class with at
/// least the certainty that this class has on average where it is right (confident learning:
/// Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels").
/// The place of the image and the class that it seems to have, the surest first.
#[must_use]
pub fn doubtful(unseen: &Matrix, labels: &[usize]) -> Vec<(usize, usize)> {
    let classes = unseen.width;
    let (mut sums, mut counts) = (vec![0.0_f32; classes], vec![0.0_f32; classes]);
    for (image, &label) in labels.iter().enumerate() {
        if let (Some(sum), Some(count)) = (sums.get_mut(label), counts.get_mut(label)) {
            *sum += unseen.row(image).get(label).copied().unwrap_or(0.0);
            *count += 1.0;
        }
    }
    let level = |class: usize| {
        let (sum, count) = (sums.get(class).copied(), counts.get(class).copied());
        sum.zip(count).filter(|(_, count)| *count > 0.0).map(|(sum, count)| sum / count)
    };
    let mut found: Vec<(usize, usize, f32)> = Vec::new();
    for (image, &label) in labels.iter().enumerate() {
        let row = unseen.row(image);
        let Some(class) = largest(row).filter(|&class| class != label) else { continue };
        let value = row.get(class).copied().unwrap_or(0.0);
        if level(class).is_some_and(|level| value >= level) {
            found.push((image, class, value - row.get(label).copied().unwrap_or(0.0)));
        }
    }
    found.sort_by(|one, other| other.2.total_cmp(&one.2).then(one.0.cmp(&other.0)));
    found.into_iter().map(|(image, class, _)| (image, class)).collect()
}
