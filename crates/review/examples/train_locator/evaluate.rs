//! How well a model finds the passages: by rank within a document, and over all passages.

use review::locator::{Model, Place, Topic, best, learn};

use crate::corpus::Document;

/// A document beside the features of its passages.
pub(crate) struct Sample<'a> {
    pub(crate) document: &'a Document,
    pub(crate) rows: &'a [learn::Row],
}

/// What was measured for one topic.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    /// Every passage: its score and whether it is right.
    passages: Vec<(i64, bool)>,
    /// Documents that have the topic.
    pub(crate) documents: usize,
    /// Of these, those with a right passage among the first three blocks.
    pub(crate) hits: usize,
    /// Of these, those with a right passage among the first three passages.
    pub(crate) close: usize,
    /// Of these, those with a right passage first.
    pub(crate) firsts: usize,
    /// All documents.
    pub(crate) all: usize,
    /// Names of the documents without a hit.
    pub(crate) missed: Vec<String>,
}

impl Figures {
    pub(crate) fn add(&mut self, model: &Model, sample: &Sample<'_>, topic: Topic) {
        let document = sample.document;
        let bit = 1 << topic as u32;
        if document.known & bit == 0 {
            return;
        }
        self.all += 1;
        let right: Vec<bool> = document.labels.iter().map(|labels| labels & bit != 0).collect();
        let scores: Vec<i64> =
            sample.rows.iter().map(|row| model.score(&row.features, topic)).collect();
        self.passages.extend(scores.iter().copied().zip(right.iter().copied()));
        if document.lost & bit != 0 {
            // The reader cut the passage away, so nobody is shown it: a miss.
            self.documents += 1;
            self.missed.push(format!("{} (not in the text read)", document.name));
            return;
        }
        if !right.contains(&true) {
            return;
        }
        self.documents += 1;
        let bodies = document.passages.iter().zip(&scores).filter(|(passage, _)| !passage.title);
        let places = bodies.map(|(passage, score)| Place {
            block: passage.block,
            start: passage.start,
            end: passage.end,
            score: *score,
        });
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.retain(|at| !document.passages[*at].title);
        order.sort_by_key(|at| (std::cmp::Reverse(scores[*at]), *at));
        self.close += usize::from(order.iter().take(3).any(|at| right[*at]));
        let ranked = best(places, 3);
        let is_right = |place: &Place| {
            (document.passages.iter().zip(&right))
                .any(|(passage, right)| *right && passage.block == place.block)
        };
        if ranked.iter().any(is_right) {
            self.hits += 1;
        } else {
            self.missed.push(document.name.clone());
        }
        self.firsts += usize::from(ranked.first().is_some_and(is_right));
    }

    /// Passages in falling order of score, wrong before right where scores are equal.
    fn sorted(&self) -> Vec<(i64, bool)> {
        let mut sorted = self.passages.clone();
        sorted.sort_by_key(|(score, right)| (std::cmp::Reverse(*score), *right));
        sorted
    }

    pub(crate) fn right(&self) -> usize {
        self.passages.iter().filter(|(_, right)| *right).count()
    }

    pub(crate) fn average_precision(&self) -> f64 {
        let mut hits = 0;
        let mut sum = 0.0;
        for (seen, (_, right)) in self.sorted().into_iter().enumerate() {
            if right {
                hits += 1;
                sum += f64::from(hits) / (seen + 1) as f64;
            }
        }
        sum / f64::from(hits.max(1))
    }

    /// Precision, and wrong passages a document, where so many of a hundred are recalled.
    pub(crate) fn at_recall(&self, percent: usize) -> (f64, f64) {
        let wanted = (self.right() * percent).div_ceil(100);
        let mut hits = 0;
        for (seen, (_, right)) in self.sorted().into_iter().enumerate() {
            hits += usize::from(right);
            if hits >= wanted {
                let wrong = seen + 1 - hits;
                let documents = self.all.max(1) as f64;
                return (hits as f64 / (seen + 1) as f64, wrong as f64 / documents);
            }
        }
        (0.0, 0.0)
    }

    pub(crate) fn join(&mut self, other: &Self) {
        self.passages.extend_from_slice(&other.passages);
        self.documents += other.documents;
        self.hits += other.hits;
        self.close += other.close;
        self.firsts += other.firsts;
        self.all += other.all;
        self.missed.extend_from_slice(&other.missed);
    }
}

/// The head of the table.
pub(crate) fn head() {
    println!(
        "{:24} {:>5} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>7} {:>7}",
        "topic",
        "docs",
        "right",
        "hit@3",
        "close",
        "hit@1",
        "AP",
        "P@80R",
        "P@90R",
        "wrong80",
        "wrong90"
    );
}

/// A row of the table.
pub(crate) fn row(name: &str, figures: &Figures) {
    let share = |count: usize| count as f64 / figures.documents.max(1) as f64;
    let (eighty, wrong_eighty) = figures.at_recall(80);
    let (ninety, wrong_ninety) = figures.at_recall(90);
    println!(
        "{name:24} {:5} {:6} {:6.3} {:6.3} {:6.3} {:6.3} {eighty:6.3} {ninety:6.3} \
         {wrong_eighty:7.2} {wrong_ninety:7.2}",
        figures.documents,
        figures.right(),
        share(figures.hits),
        share(figures.close),
        share(figures.firsts),
        figures.average_precision(),
    );
}
