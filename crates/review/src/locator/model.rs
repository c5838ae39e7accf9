//! The weights of the locator: how they are kept in a file and how they score a passage.
//!
//! A score is a bias and, for each group of features, the sum of the weights of those present
//! over the square root of how many there are. Weights are bytes with one scale a topic.

use super::Topic;
use super::features::{BITS, Features, GROUPS};

/// The first bytes of a weights file; the last counts the formats.
const MAGIC: &[u8; 8] = b"TALLYLO\x01";
/// No file holds more features.
const MOST_FEATURES: usize = 1 << 20;
/// The greatest scale, so that no sum leaves 64 bits.
const MOST_SCALE: u32 = 1 << 26;
/// The greatest bias, in thousandths.
const MOST_BIAS: i32 = 1_000_000;

/// One weight of a feature for a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// Which topic, as its place in [`Topic::ALL`].
    pub topic: u8,
    /// The weight in units of the topic's scale.
    pub value: i8,
}

/// What a topic has beside the weights of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// The score of an empty passage, in thousandths.
    pub bias: i32,
    /// Thousandths for one unit of weight, in 65,536ths.
    pub scale: u32,
}

/// A linear model of every topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// One a topic, in the order of [`Topic::ALL`].
    heads: Vec<Head>,
    /// Hashes of features in rising order.
    features: Vec<u32>,
    /// Where the weights of each feature begin, and the end of the last.
    starts: Vec<usize>,
    weights: Vec<Weight>,
}

/// Why bytes are no weights file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// They begin otherwise.
    #[error("not a weights file of this version")]
    Magic,
    /// They end too soon.
    #[error("the weights break off at byte {at}")]
    Short {
        /// Where the next byte should be.
        at: usize,
    },
    /// They go on behind the end.
    #[error("{left} bytes behind the weights")]
    Long {
        /// How many.
        left: usize,
    },
    /// A number that no weights file holds.
    #[error("the weights hold an impossible {what} before byte {at}")]
    Value {
        /// Which number.
        what: &'static str,
        /// Where it ends.
        at: usize,
    },
    /// The sum over all bytes differs.
    #[error("the weights are damaged: their checksum differs")]
    Checksum,
}

impl Model {
    /// A model of its parts; each feature with its weights, in any order.
    #[must_use]
    pub fn new(heads: Vec<Head>, mut parts: Vec<(u32, Vec<Weight>)>) -> Self {
        parts.sort_by_key(|(feature, _)| *feature);
        let mut model = Self { heads, features: Vec::new(), starts: vec![0], weights: Vec::new() };
        for (feature, weights) in parts {
            model.features.push(feature);
            model.weights.extend(weights);
            model.starts.push(model.weights.len());
        }
        model
    }

    /// Thousandths of log-odds that a passage with these features speaks of a topic.
    #[must_use]
    pub fn score(&self, features: &Features, topic: Topic) -> i64 {
        self.scores(features)[topic as usize]
    }

    /// The scores of every topic, in the order of [`Topic::ALL`].
    #[must_use]
    pub fn scores(&self, features: &Features) -> Vec<i64> {
        let mut total: Vec<i64> = self.heads.iter().map(|head| i64::from(head.bias)).collect();
        let mut sums = vec![0_i64; self.heads.len()];
        for group in &features.groups {
            sums.fill(0);
            for feature in group {
                let Ok(at) = self.features.binary_search(feature) else { continue };
                for weight in &self.weights[self.starts[at]..self.starts[at + 1]] {
                    sums[usize::from(weight.topic)] += i64::from(weight.value);
                }
            }
            let norm = norm(group.len());
            for ((total, sum), head) in total.iter_mut().zip(&sums).zip(&self.heads) {
                *total += (sum * i64::from(head.scale) * norm) >> 32;
            }
        }
        total
    }

    /// How many features have a weight, and how many weights there are.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.features.len(), self.weights.len())
    }

    /// The bytes of the weights file.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.push(u8::try_from(GROUPS).expect("few groups"));
        bytes.push(u8::try_from(BITS).expect("few bits"));
        bytes.push(u8::try_from(self.heads.len()).expect("few topics"));
        for head in &self.heads {
            bytes.extend(head.bias.to_le_bytes());
            bytes.extend(head.scale.to_le_bytes());
        }
        let count = u32::try_from(self.features.len()).expect("fewer features than hashes");
        bytes.extend(count.to_le_bytes());
        let mut last = 0;
        for (at, feature) in self.features.iter().enumerate() {
            let mut step = feature - last;
            last = *feature;
            while step >= 0x80 {
                bytes.push((step & 0x7f) as u8 | 0x80);
                step >>= 7;
            }
            bytes.push(step as u8);
            let weights = &self.weights[self.starts[at]..self.starts[at + 1]];
            bytes.push(u8::try_from(weights.len()).expect("no more weights than topics"));
            for weight in weights {
                bytes.push(weight.topic);
                bytes.push(weight.value.cast_unsigned());
            }
        }
        let sum = checksum(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }

    /// Reads a weights file.
    ///
    /// # Errors
    /// Where the bytes are none; see [`ModelError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut input = Input { bytes, at: 0 };
        if input.take(MAGIC.len()).map_err(|_| ModelError::Magic)? != MAGIC {
            return Err(ModelError::Magic);
        }
        input.expect("number of groups", GROUPS)?;
        input.expect("width of hashes", BITS as usize)?;
        input.expect("number of topics", Topic::ALL.len())?;
        let mut heads = Vec::new();
        for _ in Topic::ALL {
            let bias = i32::from_le_bytes(input.four()?);
            let scale = u32::from_le_bytes(input.four()?);
            input.check("bias", (-MOST_BIAS..=MOST_BIAS).contains(&bias))?;
            input.check("scale", scale <= MOST_SCALE)?;
            heads.push(Head { bias, scale });
        }
        let count = u32::from_le_bytes(input.four()?) as usize;
        input.check("number of features", count <= MOST_FEATURES)?;
        let mut model = Self { heads, features: Vec::new(), starts: vec![0], weights: Vec::new() };
        for index in 0..count {
            let step = input.varint()?;
            let last = model.features.last().copied().unwrap_or(0);
            let feature = last.saturating_add(step);
            input.check("feature", feature < 1 << BITS && (index == 0 || step > 0))?;
            model.features.push(feature);
            let weights = usize::from(input.byte()?);
            input.check("number of weights", weights <= Topic::ALL.len())?;
            for _ in 0..weights {
                let topic = input.byte()?;
                input.check("topic", usize::from(topic) < Topic::ALL.len())?;
                let value = input.byte()?.cast_signed();
                model.weights.push(Weight { topic, value });
            }
            model.starts.push(model.weights.len());
        }
        let sum = checksum(&bytes[..input.at]);
        if input.take(8)? != sum.to_le_bytes() {
            return Err(ModelError::Checksum);
        }
        match bytes.len() - input.at {
            0 => Ok(model),
            left => Err(ModelError::Long { left }),
        }
    }
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], ModelError> {
        let found = self.bytes.get(self.at..self.at + count);
        let found = found.ok_or(ModelError::Short { at: self.bytes.len() })?;
        self.at += count;
        Ok(found)
    }

    fn byte(&mut self) -> Result<u8, ModelError> {
        Ok(self.take(1)?[0])
    }

    fn four(&mut self) -> Result<[u8; 4], ModelError> {
        let found = self.take(4)?;
        Ok([found[0], found[1], found[2], found[3]])
    }

    fn varint(&mut self) -> Result<u32, ModelError> {
        let mut value = 0;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(ModelError::Value { what: "feature", at: self.at })
    }

    fn check(&self, what: &'static str, holds: bool) -> Result<(), ModelError> {
        if holds { Ok(()) } else { Err(ModelError::Value { what, at: self.at }) }
    }

    fn expect(&mut self, what: &'static str, value: usize) -> Result<(), ModelError> {
        let found = usize::from(self.byte()?);
        self.check(what, found == value)
    }
}

/// FNV-1a over all bytes: finds damage, proves nothing.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |state, byte| {
        (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// 65,536 over the square root of a count, rounded down.
pub(super) fn norm(count: usize) -> i64 {
    let square = (1_u64 << 32) / (count.max(1) as u64);
    square.isqrt().cast_signed()
}
