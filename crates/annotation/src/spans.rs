//! Marked passages of texts against gold. Serves anno-3.1.2 and anno-3.6. A passage is right where
//! text, first and last character and class are gold's, as CoNLL-2003 counts and seqeval computes.
//! Beside that, overlapping ones count, as in the type score of MUC: one to one, of the same class,
//! with at least one character in common.
//!
//! What is not right is first paired with gold of its class that it overlaps (*wrong borders*),
//! then with gold of any class (*wrong class*); what gold has left is *missed*, what the work has
//! left is *extra*. Only gold's texts are judged.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use units::{Fraction, Ratio};

use crate::dataset::{Dataset, Role};
use crate::delivery::labels;
use crate::finding::Limits;
use crate::labels::LabelSet;
use crate::matching::{Pair, Shape, match_shapes};
use crate::pixel::{IouThreshold, Rect};
use crate::record::Text;
use crate::report::Share;
use crate::text::{LabelQuality, LabelReport, Mean, label_quality, mean};

/// The most characters of a passage that a list shows.
const SHOWN: usize = 60;
/// The least share of two passages together: a character of any text below a billion of them.
const ANY: (i128, i128) = (1, 1_000_000_000);

/// Texts of the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TextCounts {
    /// Gold's texts; every one is judged.
    pub judged: u64,
    /// Of those, texts without any error.
    pub conforming: u64,
    /// Of those, texts that the work lacks.
    pub not_delivered: u64,
    /// Texts of the work that gold does not cover; not judged.
    pub not_in_gold: u64,
    /// Judged texts whose words are not gold's, so that places may not mean the same.
    pub other_words: u64,
}

/// Passages counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SpanCounts {
    /// Gold's passages.
    pub gold: u64,
    /// The work's, in judged texts.
    pub work: u64,
    /// Those of gold's borders and class.
    pub right: u64,
    /// Those of gold's class that overlap it.
    pub wrong_borders: u64,
    /// Those that overlap one of gold's of another class.
    pub wrong_class: u64,
    /// Gold's passages that nothing of the work is paired with.
    pub missed: u64,
    /// Passages of the work that nothing of gold's is paired with.
    pub extra: u64,
}

/// Precision, recall and F1 by one way of counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpanFigures {
    /// `right / work`.
    pub precision: Share,
    /// `right / gold`.
    pub recall: Share,
    /// `2 right / (gold + work)`.
    pub f1: Share,
    /// Mean F1 over the classes that either side uses; absent without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub macro_f1: Option<Mean>,
    /// Figures by class, in order of the class.
    pub per_class: Vec<LabelQuality>,
}

/// A passage, listed with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SpanItem {
    /// The text.
    pub text: String,
    /// First character, counted from 0 in Unicode characters.
    pub start: u64,
    /// The character behind the last.
    pub end: u64,
    /// Its class.
    pub label: String,
    /// What is marked; of a long passage the beginning.
    pub words: String,
}

/// Two passages that were paired and differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpanPair {
    /// Gold's.
    pub gold: SpanItem,
    /// The work's.
    pub work: SpanItem,
}

/// The report on marked passages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpanReport {
    /// Texts.
    pub texts: TextCounts,
    /// Passages.
    pub counts: SpanCounts,
    /// Borders and class are gold's.
    pub exact: SpanFigures,
    /// The class is gold's, and the passages overlap.
    pub overlapping: SpanFigures,
    /// Gold's passages that were not marked.
    pub missed: Vec<SpanItem>,
    /// Passages that should not be marked.
    pub extra: Vec<SpanItem>,
    /// Marked as another class.
    pub wrong_class: Vec<SpanPair>,
    /// Marked with other borders.
    pub wrong_borders: Vec<SpanPair>,
    /// Classes of the texts as a whole, where gold has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<LabelReport>,
}

/// The passages of a text.
type Marked = BTreeMap<String, (String, Vec<SpanItem>)>;

/// Judges marked passages text by text.
#[must_use]
pub fn span_quality(work: &Dataset, gold: &Dataset, limits: &Limits) -> SpanReport {
    let whole = [labels(work), labels(gold)];
    let [given, wanted] = &whole;
    let labels = (!wanted.labels.is_empty()).then(|| label_quality(given, wanted, limits));
    let (work, gold) = (marked(work), marked(gold));
    let mut judged = Judged::default();
    for (name, (words, wanted)) in gold.iter() {
        let found = work.get(name);
        let given = found.map_or(&[][..], |(_, given)| given);
        judged.texts.judged += 1;
        judged.texts.not_delivered += u64::from(found.is_none());
        let other = |(own, _): &(String, _)| !own.is_empty() && own != words;
        judged.texts.other_words += u64::from(found.is_some_and(other));
        let right = judged.text(wanted, given);
        let same = same_label(&whole, name);
        judged.texts.conforming += u64::from(found.is_some() && right && same);
    }
    judged.texts.not_in_gold = work.keys().filter(|name| !gold.contains_key(*name)).count() as u64;
    judged.report(labels)
}

fn same_label([work, gold]: &[LabelSet; 2], name: &str) -> bool {
    gold.labels.get(name).is_none_or(|label| work.labels.get(name) == Some(label))
}

/// The name by which a text is known: its own, or `#` and its number.
fn name_of(text: &Text) -> String {
    if text.name.is_empty() { format!("#{}", text.id) } else { text.name.clone() }
}

fn marked(dataset: &Dataset) -> Marked {
    let names: Vec<String> = dataset.texts.iter().map(name_of).collect();
    let mut marked: Marked = names
        .iter()
        .zip(&dataset.texts)
        .map(|(name, text)| (name.clone(), (text.body.clone(), Vec::new())))
        .collect();
    for record in &dataset.spans {
        let name = names.get(record.text as usize);
        let class = dataset.classes.get(record.class as usize);
        let (Some(name), Some(class)) = (name, class) else { continue };
        let Some((body, list)) = marked.get_mut(name) else { continue };
        let length = usize::try_from(record.end - record.start).unwrap_or(SHOWN).min(SHOWN);
        let from = usize::try_from(record.start).unwrap_or(usize::MAX);
        list.push(SpanItem {
            text: name.clone(),
            start: record.start,
            end: record.end,
            label: class.name.clone(),
            words: body.chars().skip(from).take(length).collect(),
        });
    }
    marked.values_mut().for_each(|(_, list)| list.sort());
    marked
}

/// How often a class was in gold, in the work, right, and right or of wrong borders.
type Tally = BTreeMap<String, [u64; 4]>;

#[derive(Default)]
struct Judged {
    texts: TextCounts,
    right: u64,
    tally: Tally,
    missed: Vec<SpanItem>,
    extra: Vec<SpanItem>,
    wrong_class: Vec<SpanPair>,
    wrong_borders: Vec<SpanPair>,
}

impl Judged {
    fn count(&mut self, label: &str, at: usize) {
        if let Some(slot) = self.tally.entry(label.to_owned()).or_default().get_mut(at) {
            *slot += 1;
        }
    }

    /// Judges the passages of one text; true where all are right. Both lists are in their order.
    fn text(&mut self, gold: &[SpanItem], work: &[SpanItem]) -> bool {
        gold.iter().for_each(|one| self.count(&one.label, 0));
        work.iter().for_each(|one| self.count(&one.label, 1));
        let key = |one: &SpanItem| (one.start, one.end, one.label.clone());
        let mut left: BTreeMap<_, u64> = BTreeMap::new();
        work.iter().for_each(|one| *left.entry(key(one)).or_default() += 1);
        let mut taken: BTreeMap<_, u64> = BTreeMap::new();
        let mut wanted = Vec::new();
        for one in gold {
            match left.get_mut(&key(one)).filter(|count| **count > 0) {
                Some(count) => {
                    *count -= 1;
                    *taken.entry(key(one)).or_default() += 1;
                    self.right += 1;
                    self.count(&one.label, 2);
                    self.count(&one.label, 3);
                }
                None => wanted.push(one),
            }
        }
        let mut offered = Vec::new();
        for one in work {
            match taken.get_mut(&key(one)).filter(|count| **count > 0) {
                Some(count) => *count -= 1,
                None => offered.push(one),
            }
        }
        self.pair(&wanted, &offered);
        wanted.is_empty() && offered.is_empty()
    }

    /// Pairs what is not right.
    fn pair(&mut self, gold: &[&SpanItem], work: &[&SpanItem]) {
        let names: BTreeSet<&str> = gold.iter().chain(work).map(|one| one.label.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let shapes = |list: &[&SpanItem]| -> Vec<Shape> {
            let numbered = (0_u64..).zip(list);
            numbered.map(|(id, one)| shape(one, id, &names)).collect()
        };
        let any = IouThreshold::new(Fraction::new(ANY.0, ANY.1)).expect("above zero, below one");
        let found = match_shapes(&shapes(gold), &shapes(work), any);
        let pair = |pair: &Pair| {
            let gold = gold.get(pair.gold).map(|one| (*one).clone())?;
            let work = work.get(pair.work).map(|one| (*one).clone())?;
            Some(SpanPair { gold, work })
        };
        let borders: Vec<SpanPair> = found.right.iter().filter_map(pair).collect();
        borders.iter().for_each(|pair| self.count(&pair.gold.label, 3));
        self.wrong_borders.extend(borders);
        self.wrong_class.extend(found.wrong_class.iter().filter_map(pair));
        let own = |list: &[&SpanItem], at: &usize| list.get(*at).map(|one| (*one).clone());
        self.missed.extend(found.missed.iter().filter_map(|at| own(gold, at)));
        self.extra.extend(found.extra.iter().filter_map(|at| own(work, at)));
    }

    fn report(self, labels: Option<LabelReport>) -> SpanReport {
        let sum = |at: usize| self.tally.values().filter_map(|counts| counts.get(at)).sum();
        let counts = SpanCounts {
            gold: sum(0),
            work: sum(1),
            right: self.right,
            wrong_borders: self.wrong_borders.len() as u64,
            wrong_class: self.wrong_class.len() as u64,
            missed: self.missed.len() as u64,
            extra: self.extra.len() as u64,
        };
        let figures = |at: usize| {
            let right = sum(at);
            let class = |(label, row): (&String, &[u64; 4])| {
                let [gold, work, ..] = *row;
                LabelQuality::of(label, gold, work, row.get(at).copied().unwrap_or(0))
            };
            let per_class: Vec<LabelQuality> = self.tally.iter().map(class).collect();
            SpanFigures {
                precision: Share::new(right, counts.work),
                recall: Share::new(right, counts.gold),
                f1: Share::new(2 * right, counts.gold + counts.work),
                macro_f1: mean(&per_class, |label| &label.f1),
                per_class,
            }
        };
        let (exact, overlapping) = (figures(2), figures(3));
        SpanReport {
            texts: self.texts,
            counts,
            exact,
            overlapping,
            missed: self.missed,
            extra: self.extra,
            wrong_class: self.wrong_class,
            wrong_borders: self.wrong_borders,
            labels,
        }
    }
}

/// A passage as a line, so that what two share over what they cover is their IoU.
fn shape(one: &SpanItem, id: u64, names: &[&str]) -> Shape {
    let place = |at: u64| i64::try_from(at).unwrap_or(i64::MAX);
    let class = names.binary_search(&one.label.as_str()).unwrap_or_default();
    let class = u32::try_from(class).unwrap_or(u32::MAX);
    let rect = Rect { x0: place(one.start), y0: 0, x1: place(one.end), y1: 1 };
    Shape { class, rect, role: Role::Object, id }
}

impl SpanReport {
    /// Share of passages that are right, of gold's and the extra ones together.
    #[must_use]
    pub const fn conforming_objects(&self) -> Ratio {
        let SpanCounts { right, wrong_borders, wrong_class, missed, extra, .. } = self.counts;
        Ratio::new(right, right + wrong_borders + wrong_class + missed + extra)
    }
}
