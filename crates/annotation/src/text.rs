//! Labels against gold: accuracy, confusion, precision, recall and F1 by class, macro and micro.
//! Serves anno-3.6 (accuracy of text labels). Only gold's items are judged; an item that the work
//! lacks counts as wrong.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use units::Fraction;

use crate::exact::Rational;
use crate::finding::{Finding, Findings, Limits, Place, Problem, Severity};
use crate::labels::LabelSet;
use crate::report::{Share, decimal};

/// The figures of one label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelQuality {
    /// The label.
    pub label: String,
    /// Items that gold gives this label.
    pub gold: u64,
    /// Items that the work gives this label.
    pub work: u64,
    /// Items that both give it.
    pub right: u64,
    /// `right / work`.
    pub precision: Share,
    /// `right / gold`.
    pub recall: Share,
    /// `2 right / (gold + work)`.
    pub f1: Share,
}

/// A mean over classes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mean {
    /// The value; a part that is 0/0 counts as 0, as scikit-learn has it.
    pub value: Fraction,
    /// Whether the value is exact; if not, it is rounded down to `10^-18`.
    pub exact: bool,
    /// Six places, rounded down.
    pub decimal: String,
}

/// One cell of the confusion matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// Gold's label.
    pub gold: String,
    /// The work's label; absent where the work lacks the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<String>,
    /// How many items.
    pub count: u64,
}

/// An item whose label is not gold's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrongLabel {
    /// The item.
    pub id: String,
    /// Gold's label.
    pub gold: String,
    /// The work's label; absent where the work lacks the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<String>,
}

/// The report on labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelReport {
    /// Gold's items; every one is judged.
    pub judged: u64,
    /// Of those, items that the work lacks.
    pub not_delivered: u64,
    /// Items of the work that gold does not cover; not judged.
    pub not_in_gold: u64,
    /// Items with gold's label, of all judged. Micro-F1 is the same where nothing is lacking.
    pub accuracy: Share,
    /// `2 right / (judged + delivered)`.
    pub micro_f1: Share,
    /// Mean F1 over the labels that either side uses. Absent when nothing was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub macro_f1: Option<Mean>,
    /// Mean precision over the same labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub macro_precision: Option<Mean>,
    /// Mean recall over the same labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub macro_recall: Option<Mean>,
    /// Figures by label, in order of the label.
    pub per_class: Vec<LabelQuality>,
    /// Nonzero cells, in order of gold's and the work's label.
    pub confusion: Vec<Confusion>,
    /// Agreement beyond chance between the work and gold, over delivered items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohen_kappa: Option<Mean>,
    /// Items whose label is not gold's.
    pub wrong: Vec<WrongLabel>,
    /// Items that were not delivered, up to the limit.
    pub findings: Vec<Finding>,
}

/// Judges a delivery of labels against gold.
#[must_use]
pub fn label_quality(work: &LabelSet, gold: &LabelSet, limits: &Limits) -> LabelReport {
    let mut findings = Findings::new("", limits);
    let mut cells: BTreeMap<(&str, Option<&str>), u64> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (id, label) in &gold.labels {
        let given = work.labels.get(id);
        *cells.entry((label, given.map(String::as_str))).or_insert(0) += 1;
        if given != Some(label) {
            let (id, gold, work) = (id.clone(), label.clone(), given.cloned());
            wrong.push(WrongLabel { id, gold, work });
        }
        if given.is_none() {
            let place = Place { id: Some(id.clone()), ..Place::default() };
            findings.push(Severity::Warning, Problem::TextNotDelivered, place);
        }
    }
    let judged = gold.labels.len() as u64;
    let lacking: u64 = cells.iter().filter(|((_, w), _)| w.is_none()).map(|(_, n)| n).sum();
    let delivered = judged - lacking;
    let right = judged - wrong.len() as u64;
    let per_class = by_label(&cells);
    LabelReport {
        judged,
        not_delivered: lacking,
        not_in_gold: work.labels.keys().filter(|id| !gold.labels.contains_key(*id)).count() as u64,
        accuracy: Share::new(right, judged),
        micro_f1: Share::new(2 * right, judged + delivered),
        macro_f1: mean(&per_class, |label| &label.f1),
        macro_precision: mean(&per_class, |label| &label.precision),
        macro_recall: mean(&per_class, |label| &label.recall),
        cohen_kappa: crate::agreement::cohen_of_cells(
            cells.iter().filter_map(|((gold, work), count)| Some((*gold, (*work)?, *count))),
        )
        .map(|value| Mean { value, exact: true, decimal: decimal(value) }),
        per_class,
        confusion: cells
            .into_iter()
            .map(|((gold, work), count)| Confusion {
                gold: gold.to_owned(),
                work: work.map(str::to_owned),
                count,
            })
            .collect(),
        wrong,
        findings: findings.finish(b""),
    }
}

fn by_label(cells: &BTreeMap<(&str, Option<&str>), u64>) -> Vec<LabelQuality> {
    let names: BTreeSet<&str> =
        cells.keys().flat_map(|(gold, work)| [Some(*gold), *work]).flatten().collect();
    let mut figures: BTreeMap<&str, [u64; 3]> =
        names.into_iter().map(|name| (name, [0; 3])).collect();
    for ((gold, work), count) in cells {
        if let Some([in_gold, _, both]) = figures.get_mut(gold) {
            *in_gold += count;
            *both += if *work == Some(*gold) { *count } else { 0 };
        }
        if let Some([_, in_work, _]) = work.and_then(|work| figures.get_mut(work)) {
            *in_work += count;
        }
    }
    let quality =
        |(label, [gold, work, right]): (&str, [u64; 3])| LabelQuality::of(label, gold, work, right);
    figures.into_iter().map(quality).collect()
}

impl LabelQuality {
    /// The figures of a label from its counts.
    pub(crate) fn of(label: &str, gold: u64, work: u64, right: u64) -> Self {
        Self {
            label: label.to_owned(),
            gold,
            work,
            right,
            precision: Share::new(right, work),
            recall: Share::new(right, gold),
            f1: Share::new(2 * right, gold + work),
        }
    }
}

/// The mean of a figure over labels; none without any.
pub(crate) fn mean(labels: &[LabelQuality], of: fn(&LabelQuality) -> &Share) -> Option<Mean> {
    if labels.is_empty() {
        return None;
    }
    let mut sum = Rational::zero();
    for share in labels.iter().map(of).filter(|share| share.total > 0) {
        sum.add(share.hits, share.total);
    }
    sum.divide(labels.len() as u64);
    let (value, exact) = sum.fraction();
    Some(Mean { value, exact, decimal: decimal(value) })
}
