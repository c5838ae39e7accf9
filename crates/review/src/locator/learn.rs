//! How the weights of the locator are made: a logistic regression for each topic, by L-BFGS.
//!
//! The same rows give the same bytes on every machine: sums run in one order, and nothing but
//! the four operations and the square root of IEEE 754 is used (`exp` and `ln` are written out
//! here, since those of the platform differ). No program calls it but the training command.

mod lbfgs;

use std::collections::HashMap;

use super::Topic;
use super::features::{Features, GROUPS};
use super::model::{Head, Model, Weight, norm};

/// One passage with what is known of it.
#[derive(Debug, Clone)]
pub struct Row {
    /// What the model sees.
    pub features: Features,
    /// The document it is from: rows of one document stand together.
    pub document: u32,
    /// Bit by topic: it speaks of it.
    pub topics: u32,
    /// Bit by topic: whether it does is known.
    pub known: u32,
}

/// How the weights are made.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// A feature of fewer documents is left out.
    pub least_documents: u32,
    /// How much a passage that speaks of the topic counts beside one that does not.
    pub positive: f64,
    /// How much the order within a document counts beside each passage alone.
    pub listwise: f64,
    /// How strongly weights are held near 0.
    pub ridge: f64,
    /// Of the passages that speak of no topic, one in so many is seen, counting that much.
    pub sample: u32,
    /// How many steps the search takes at most.
    pub steps: usize,
    /// How many weights a topic keeps at most, the greatest.
    pub keep: usize,
    /// How much each group of features counts.
    pub groups: [f64; GROUPS],
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            least_documents: 3,
            positive: 1.0,
            listwise: 3.0,
            ridge: 1.0,
            sample: 3,
            steps: 40,
            keep: 10_000,
            groups: [1.0, 1.0, 0.5, 0.5, 0.5, 0.5],
        }
    }
}

/// The rows as a sparse matrix.
struct Matrix {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    /// Of each column: its hash, and what a value in it is for one feature alone.
    hashes: Vec<u32>,
    factors: Vec<f64>,
    /// Of each row: its index in the input, and how much it counts.
    rows: Vec<usize>,
    counts: Vec<f64>,
}

/// Makes the weights of every topic of which something is known.
#[must_use]
pub fn train(rows: &[Row], topics: &[Topic], settings: &Settings) -> Model {
    let mut heads = vec![Head::default(); Topic::ALL.len()];
    let mut parts: HashMap<u32, Vec<Weight>> = HashMap::new();
    // Topics that are known of the same rows share a matrix.
    let mut todo: Vec<Topic> = topics.to_vec();
    todo.sort_unstable();
    while let Some(first) = todo.first().copied() {
        let of_topic = |topic: Topic| -> Vec<usize> {
            (0..rows.len()).filter(|row| rows[*row].known >> topic as u32 & 1 == 1).collect()
        };
        let known = of_topic(first);
        let (alike, rest) = todo.iter().partition(|topic| of_topic(**topic) == known);
        todo = rest;
        let alike: Vec<Topic> = alike;
        let mask = alike.iter().fold(0, |mask, topic| mask | 1 << *topic as u32);
        let matrix = matrix(rows, &known, mask, settings);
        for (topic, (head, weights)) in each(&matrix, rows, &alike, settings) {
            heads[topic as usize] = head;
            for (hash, value) in weights {
                let weight = Weight { topic: topic as u8, value };
                parts.entry(hash).or_default().push(weight);
            }
        }
    }
    let mut parts: Vec<(u32, Vec<Weight>)> = parts.into_iter().collect();
    for (_, weights) in &mut parts {
        weights.sort_by_key(|weight| weight.topic);
    }
    Model::new(heads, parts)
}

type Learned = (Head, Vec<(u32, i8)>);

/// Learns topic by topic, in as many threads as the machine offers.
fn each(
    matrix: &Matrix,
    rows: &[Row],
    topics: &[Topic],
    settings: &Settings,
) -> Vec<(Topic, Learned)> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut found: Vec<(Topic, Learned)> = std::thread::scope(|scope| {
        let worker = || {
            let mut mine = Vec::new();
            loop {
                let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(topic) = topics.get(at).copied() else { return mine };
                mine.push((topic, learn(matrix, rows, topic, settings)));
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a worker only computes"))
            .collect()
    });
    found.sort_by_key(|(topic, _)| *topic);
    found
}

fn matrix(rows: &[Row], known: &[usize], mask: u32, settings: &Settings) -> Matrix {
    let mut documents: HashMap<u32, (u32, u32)> = HashMap::new();
    let mut total = 0;
    let mut last = None;
    for row in known {
        let row = &rows[*row];
        if last != Some(row.document) {
            last = Some(row.document);
            total += 1;
        }
        for feature in row.features.groups.iter().flatten() {
            let (count, seen) = documents.entry(*feature).or_insert((0, u32::MAX));
            if *seen != row.document {
                *seen = row.document;
                *count += 1;
            }
        }
    }
    let mut hashes: Vec<u32> = documents
        .iter()
        .filter(|(_, (count, _))| *count >= settings.least_documents)
        .map(|(hash, _)| *hash)
        .collect();
    hashes.sort_unstable();
    let column: HashMap<u32, u32> = hashes.iter().copied().zip(0..).collect();
    let factors: Vec<f64> = hashes
        .iter()
        .map(|hash| 1.0 + lbfgs::ln(f64::from(1 + total) / f64::from(1 + documents[hash].0)))
        .collect();
    let mut matrix = Matrix {
        starts: vec![0],
        columns: Vec::new(),
        values: Vec::new(),
        hashes,
        factors,
        rows: Vec::new(),
        counts: Vec::new(),
    };
    for index in known {
        let row = &rows[*index];
        let plain = row.topics & mask == 0;
        if plain && !scatter(*index).is_multiple_of(settings.sample) {
            continue;
        }
        for (group, share) in row.features.groups.iter().zip(settings.groups) {
            let norm = norm(group.len()) as f64 / 65_536.0 * share;
            for feature in group {
                let Some(at) = column.get(feature) else { continue };
                matrix.columns.push(*at);
                matrix.values.push((matrix.factors[*at as usize] * norm) as f32);
            }
        }
        matrix.starts.push(matrix.columns.len());
        matrix.rows.push(*index);
        matrix.counts.push(if plain { f64::from(settings.sample) } else { 1.0 });
    }
    matrix
}

/// A fixed order that looks like none.
fn scatter(index: usize) -> u32 {
    let state = (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (state >> 40) as u32
}

fn learn(matrix: &Matrix, rows: &[Row], topic: Topic, settings: &Settings) -> Learned {
    let bit = 1 << topic as u32;
    let wanted: Vec<bool> = matrix.rows.iter().map(|row| rows[*row].topics & bit != 0).collect();
    if !wanted.contains(&true) {
        return (Head { bias: -10_000, scale: 0 }, Vec::new());
    }
    let counts: Vec<f64> = (0..wanted.len())
        .map(|row| if wanted[row] { settings.positive } else { matrix.counts[row] })
        .collect();
    let documents = documents_with(matrix, rows, &wanted);
    let features = matrix.hashes.len();
    // The last weight is the bias, which nothing holds back.
    let cost = |weights: &[f64], gradient: &mut [f64]| -> f64 {
        let mut cost = 0.0;
        for at in 0..features {
            cost += 0.5 * settings.ridge * weights[at] * weights[at];
            gradient[at] = settings.ridge * weights[at];
        }
        gradient[features] = 0.0;
        let sums: Vec<f64> = (0..wanted.len())
            .map(|row| {
                let range = matrix.starts[row]..matrix.starts[row + 1];
                let values = &matrix.values[range.clone()];
                (matrix.columns[range].iter().zip(values))
                    .fold(weights[features], |sum, (column, value)| {
                        sum + weights[*column as usize] * f64::from(*value)
                    })
            })
            .collect();
        let mut slopes = vec![0.0; wanted.len()];
        cost += settings.listwise * ranked(&sums, &wanted, &documents, &matrix.counts, &mut slopes);
        slopes.iter_mut().for_each(|slope| *slope *= settings.listwise);
        for row in 0..wanted.len() {
            let range = matrix.starts[row]..matrix.starts[row + 1];
            let sum = sums[row];
            let signed = if wanted[row] { sum } else { -sum };
            let (loss, slope) = lbfgs::logistic(signed);
            cost += counts[row] * loss;
            let slope = slopes[row] + counts[row] * if wanted[row] { slope } else { -slope };
            if slope.abs() < 1e-7 {
                continue;
            }
            gradient[features] += slope;
            for (column, value) in matrix.columns[range.clone()].iter().zip(&matrix.values[range]) {
                gradient[*column as usize] += slope * f64::from(*value);
            }
        }
        cost
    };
    let weights = lbfgs::minimum(vec![0.0; features + 1], cost, settings.steps);
    quantised(matrix, &weights, settings)
}

/// The rows of each document that speaks of the topic.
fn documents_with(matrix: &Matrix, rows: &[Row], wanted: &[bool]) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < wanted.len() {
        let document = rows[matrix.rows[start]].document;
        let length = (matrix.rows[start..].iter())
            .take_while(|row| rows[**row].document == document)
            .count();
        if wanted[start..start + length].contains(&true) {
            found.push(start..start + length);
        }
        start += length;
    }
    found
}

/// How unlikely the right passages of each document are beside its others, and the slopes.
fn ranked(
    sums: &[f64],
    wanted: &[bool],
    documents: &[std::ops::Range<usize>],
    counts: &[f64],
    slopes: &mut [f64],
) -> f64 {
    let mut cost = 0.0;
    for rows in documents {
        let most = rows.clone().fold(f64::NEG_INFINITY, |most, row| most.max(sums[row]));
        let mut all = 0.0;
        let mut right = 0.0;
        for row in rows.clone() {
            let share = counts[row] * lbfgs::exp(sums[row] - most);
            slopes[row] = share;
            all += share;
            if wanted[row] {
                right += share;
            }
        }
        let right = right.max(1e-30 * all);
        cost += lbfgs::ln(all / right);
        for row in rows.clone() {
            let share = slopes[row];
            slopes[row] = share / all - if wanted[row] { share / right } else { 0.0 };
        }
    }
    cost
}

/// Weights of the features themselves as bytes, the greatest of them.
fn quantised(matrix: &Matrix, weights: &[f64], settings: &Settings) -> Learned {
    let mut plain: Vec<(u32, f64)> = matrix
        .hashes
        .iter()
        .enumerate()
        .map(|(at, hash)| (*hash, weights[at] * matrix.factors[at]))
        .collect();
    plain.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()).then(one.0.cmp(&other.0)));
    plain.truncate(settings.keep);
    let most = plain.first().map_or(0.0, |(_, weight)| weight.abs());
    let unit = most / 127.0;
    let head = Head {
        bias: (weights[matrix.hashes.len()] * 1000.0) as i32,
        scale: (unit * 1000.0 * 65_536.0) as u32,
    };
    let bytes = plain
        .into_iter()
        .filter_map(|(hash, weight)| {
            let value = (weight / unit).round() as i8;
            (value != 0).then_some((hash, value))
        })
        .collect();
    (head, bytes)
}
