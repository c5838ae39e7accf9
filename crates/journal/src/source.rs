//! Dense source sequences. A tree shows that nothing was changed; it cannot show that a record was
//! never put in. So each meter numbers its records from 1 without a gap and seals ranges of them;
//! a missing number is then a visible gap. Knows nothing of what is metered.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use units::Id;

use crate::hash::Hash;
use crate::tree::Frontier;

/// One record of a source, as a checker sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// The meter.
    pub source: Id,
    /// Its number there, from 1.
    pub seq: u64,
    /// The leaf hash of the record's canonical bytes.
    pub hash: Hash,
    /// The metered quantity in the source's smallest unit, for the control total.
    pub quantity: i64,
}

/// What a source says of a range of its own records. Stands in the log as a payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSeal {
    /// The meter.
    pub source: Id,
    /// The first number of the range.
    pub from_seq: u64,
    /// The last number of the range.
    pub to_seq: u64,
    /// Records in the range: `to_seq - from_seq + 1`.
    pub count: u64,
    /// The sum of their quantities, as decimal text because it may pass 2^53.
    #[serde(with = "text")]
    pub sum: i128,
    /// The RFC 6962 root over their hashes, in order of number.
    pub root: Hash,
}

/// What is wrong with the records of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SourceFinding {
    /// Numbers that no record has, up to the highest number seen or sealed.
    Missing {
        /// The meter.
        source: Id,
        /// The first missing number.
        from_seq: u64,
        /// The last missing number.
        to_seq: u64,
    },
    /// The same record came more than once.
    Duplicate {
        /// The meter.
        source: Id,
        /// Its number.
        seq: u64,
    },
    /// Two different records have one number.
    Conflict {
        /// The meter.
        source: Id,
        /// The number.
        seq: u64,
        /// The smaller hash.
        first: Hash,
        /// The other hash.
        second: Hash,
    },
    /// Numbers start at 1; a record or seal has 0.
    NumberZero {
        /// The meter.
        source: Id,
    },
    /// Numbers up to the last seal that no seal covers.
    Unsealed {
        /// The meter.
        source: Id,
        /// The first number.
        from_seq: u64,
        /// The last number.
        to_seq: u64,
    },
    /// Two seals cover the same number.
    SealsOverlap {
        /// The meter.
        source: Id,
        /// The first number that both cover.
        seq: u64,
    },
    /// A seal whose range or count contradicts itself.
    SealRange {
        /// The seal.
        seal: SourceSeal,
    },
    /// The records of a complete range add up to something else than sealed.
    SealSum {
        /// The seal.
        seal: SourceSeal,
        /// The sum over the records, decimal text.
        sum: String,
    },
    /// A record of a complete range is not the one that was sealed.
    SealRoot {
        /// The seal.
        seal: SourceSeal,
        /// The root over the records.
        root: Hash,
    },
}

impl SourceSeal {
    /// Seals the records of one source; they come in order of number without a gap. `None` when
    /// there are none, or they have a gap, another source or the number 0.
    #[must_use]
    pub fn over(records: &[SourceRecord]) -> Option<Self> {
        let (first, last) = (records.first()?, records.last()?);
        let numbered = |(index, record): (usize, &SourceRecord)| {
            record.source == first.source && record.seq == first.seq + index as u64
        };
        if first.seq == 0 || !records.iter().enumerate().all(numbered) {
            return None;
        }
        let (sum, root) = totals(records.iter());
        Some(Self {
            source: first.source.clone(),
            from_seq: first.seq,
            to_seq: last.seq,
            count: records.len() as u64,
            sum,
            root,
        })
    }
}

fn totals<'a>(records: impl Iterator<Item = &'a SourceRecord>) -> (i128, Hash) {
    let mut tree = Frontier::new();
    let mut sum = 0;
    for record in records {
        sum += i128::from(record.quantity);
        tree.append(record.hash);
    }
    (sum, tree.root())
}

/// Checks records, in any order, against each other and against seals. The result is sorted by
/// source; it is empty when nothing is missing, doubled or different.
#[must_use]
pub fn check_sources(
    records: impl IntoIterator<Item = SourceRecord>,
    seals: &[SourceSeal],
) -> Vec<SourceFinding> {
    let mut sources: BTreeMap<Id, (Vec<SourceRecord>, Vec<&SourceSeal>)> = BTreeMap::new();
    for record in records {
        match sources.get_mut(&record.source) {
            Some((list, _)) => list.push(record),
            None => {
                sources.insert(record.source.clone(), (alloc::vec![record], Vec::new()));
            }
        }
    }
    for seal in seals {
        sources.entry(seal.source.clone()).or_default().1.push(seal);
    }
    let mut findings = Vec::new();
    for (source, (mut records, mut seals)) in sources {
        records.sort_by(|left, right| (left.seq, &left.hash).cmp(&(right.seq, &right.hash)));
        seals.sort_by_key(|seal| (seal.from_seq, seal.to_seq));
        let highest = seals.iter().map(|seal| seal.to_seq).max().unwrap_or(0);
        check_density(&source, &mut records, highest, &mut findings);
        check_seals(&source, &records, &seals, &mut findings);
    }
    findings
}

/// Reports doubles and gaps of one source's sorted records, and removes the doubles.
fn check_density(
    source: &Id,
    records: &mut Vec<SourceRecord>,
    highest: u64,
    findings: &mut Vec<SourceFinding>,
) {
    if records.first().is_some_and(|record| record.seq == 0) {
        findings.push(SourceFinding::NumberZero { source: source.clone() });
        records.retain(|record| record.seq != 0);
    }
    records.dedup_by(|later, kept| {
        let same = later.seq == kept.seq;
        if same {
            let (source, seq) = (source.clone(), later.seq);
            findings.push(if later.hash == kept.hash {
                SourceFinding::Duplicate { source, seq }
            } else {
                let (first, second) = (kept.hash, later.hash);
                SourceFinding::Conflict { source, seq, first, second }
            });
        }
        same
    });
    let mut next: u64 = 1;
    let mut missing = |from_seq: u64, to_seq: u64| {
        findings.push(SourceFinding::Missing { source: source.clone(), from_seq, to_seq });
    };
    for record in records.iter() {
        if record.seq > next {
            missing(next, record.seq - 1);
        }
        next = record.seq.saturating_add(1);
    }
    if highest >= next {
        missing(next, highest);
    }
}

/// Checks one source's seals, sorted by range, against its records without doubles.
fn check_seals(
    source: &Id,
    records: &[SourceRecord],
    seals: &[&SourceSeal],
    findings: &mut Vec<SourceFinding>,
) {
    let mut next: u64 = 1;
    for seal in seals {
        let sound = seal.from_seq >= 1
            && seal.to_seq >= seal.from_seq
            && (seal.to_seq - seal.from_seq).checked_add(1) == Some(seal.count);
        if !sound {
            findings.push(SourceFinding::SealRange { seal: (*seal).clone() });
            continue;
        }
        let source = source.clone();
        if seal.from_seq > next {
            let (from_seq, to_seq) = (next, seal.from_seq - 1);
            findings.push(SourceFinding::Unsealed { source, from_seq, to_seq });
        } else if seal.from_seq < next {
            findings.push(SourceFinding::SealsOverlap { source, seq: seal.from_seq });
        }
        next = next.max(seal.to_seq.saturating_add(1));
        let start = records.partition_point(|record| record.seq < seal.from_seq);
        let end = records.partition_point(|record| record.seq <= seal.to_seq);
        // A gap is reported as one; the totals over what is left would only repeat it.
        if (end - start) as u64 != seal.count {
            continue;
        }
        let (sum, root) = totals(records[start..end].iter());
        if sum != seal.sum {
            let sum = sum.to_string();
            findings.push(SourceFinding::SealSum { seal: (*seal).clone(), sum });
        }
        if root != seal.root {
            findings.push(SourceFinding::SealRoot { seal: (*seal).clone(), root });
        }
    }
}

/// A large integer as decimal text.
mod text {
    use alloc::string::String;

    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(value: &i128, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i128, D::Error> {
        let text = String::deserialize(from)?;
        let value: i128 = text.parse().map_err(de::Error::custom)?;
        if alloc::format!("{value}") == text {
            Ok(value)
        } else {
            Err(de::Error::custom("not a plain decimal integer"))
        }
    }
}
