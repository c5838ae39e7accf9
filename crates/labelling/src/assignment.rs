//! Who gets which item next, and for how long. Serves anno-3.2. Knows what was read from the queue,
//! not the queue.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use units::Timestamp;

/// A step of the work (环节).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// To label.
    Annotate,
    /// To review.
    Review,
}

/// An item held by a person (占用).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The person.
    pub person: String,
    /// From then on somebody else may have it.
    pub until: Timestamp,
}

/// An item that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Its number in the project.
    pub seq: u64,
    /// Higher comes first.
    pub priority: u8,
    /// What who takes it must be able to do.
    pub skills: &'a BTreeSet<String>,
    /// Who labelled it.
    pub author: Option<&'a str>,
    /// For whom it waits, where that is decided.
    pub reserved: Option<&'a str>,
    /// Who has a replica of it already.
    pub replicas: &'a [String],
    /// How many replicas it takes; 1 where there is no consensus.
    pub wanted: u32,
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// The person.
    pub person: &'a str,
    /// What the person can do; `None` where nobody said, which is everything.
    pub skills: Option<&'a BTreeSet<String>>,
    /// For what.
    pub stage: Stage,
}

/// The item that the asker gets: one reserved for them, else the highest priority, else the lowest
/// number. Nobody reviews their own labels, and nobody labels two replicas of one item.
#[must_use]
pub fn choose(candidates: &[Candidate<'_>], asker: &Asker<'_>) -> Option<u64> {
    let fits = |one: &&Candidate<'_>| {
        let reserved = one.reserved.is_none_or(|person| person == asker.person);
        let able = asker.skills.is_none_or(|skills| one.skills.is_subset(skills));
        let fresh = match asker.stage {
            Stage::Review => one.author != Some(asker.person),
            Stage::Annotate => {
                let taken = one.replicas.iter().any(|person| person == asker.person);
                one.wanted <= 1 || (!taken && (one.replicas.len() as u64) < u64::from(one.wanted))
            }
        };
        // Who reviews must not have made a replica either.
        let party = asker.stage == Stage::Review
            && one.replicas.iter().any(|person| person == asker.person);
        reserved && able && fresh && !party
    };
    let best = candidates
        .iter()
        .filter(fits)
        .min_by_key(|one| (one.reserved.is_none(), std::cmp::Reverse(one.priority), one.seq));
    best.map(|one| one.seq)
}

/// When a hold of so many minutes ends.
#[must_use]
pub const fn hold_until(now: Timestamp, minutes: u32) -> Timestamp {
    now.plus_seconds(minutes as i64 * 60)
}
