//! What people did, as counts that add up: a day of one person in one project, and payroll lines
//! made of them. Serves anno-4.1. Knows seconds and pieces; knows no price.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::quality::Tally;

/// What one person did in one project on one day. Days add up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stint {
    /// Seconds that the person's saves counted while labelling.
    pub label_seconds: u64,
    /// The same while reviewing.
    pub review_seconds: u64,
    /// Labels drawn.
    pub made: u64,
    /// Labels changed.
    pub changed: u64,
    /// Labels deleted.
    pub deleted: u64,
    /// Items handed in for the first time, replicas and gold among them.
    pub submitted: u64,
    /// Labels that stood in them.
    pub submitted_labels: u64,
    /// Items handed in again after they came back.
    pub corrected: u64,
    /// Items skipped.
    pub skipped: u64,
    /// Items of this person that a reviewer accepted on this day.
    pub accepted: u64,
    /// Items of this person that came back on this day.
    pub returned: u64,
    /// Reviews that this person decided.
    pub reviewed: u64,
    /// Against gold.
    #[serde(default)]
    pub gold: Tally,
    /// Against what the reviewer made of it.
    #[serde(default)]
    pub review: Tally,
}

/// A line of the payroll: a person over some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The person.
    pub person: String,
    /// On how many days.
    pub days: u64,
    /// What they did.
    pub stint: Stint,
}

impl Stint {
    /// Adds another day.
    pub fn add(&mut self, other: &Self) {
        self.label_seconds += other.label_seconds;
        self.review_seconds += other.review_seconds;
        self.made += other.made;
        self.changed += other.changed;
        self.deleted += other.deleted;
        self.submitted += other.submitted;
        self.submitted_labels += other.submitted_labels;
        self.corrected += other.corrected;
        self.skipped += other.skipped;
        self.accepted += other.accepted;
        self.returned += other.returned;
        self.reviewed += other.reviewed;
        self.gold.add(&other.gold);
        self.review.add(&other.review);
    }

    /// Labels handed in for each hour of labelling, rounded down; `None` without a second.
    #[must_use]
    pub fn labels_per_hour(&self) -> Option<u64> {
        (self.submitted_labels * 3_600).checked_div(self.label_seconds)
    }

    /// Items handed in for each hour of labelling, rounded down; `None` without a second.
    #[must_use]
    pub fn items_per_hour(&self) -> Option<u64> {
        (self.submitted * 3_600).checked_div(self.label_seconds)
    }
}

/// One line a person, by name, from days in any order.
#[must_use]
pub fn lines<'a>(days: impl IntoIterator<Item = (&'a str, &'a Stint)>) -> Vec<Line> {
    let mut all: BTreeMap<&str, (u64, Stint)> = BTreeMap::new();
    for (person, stint) in days {
        let (days, sum) = all.entry(person).or_default();
        *days += 1;
        sum.add(stint);
    }
    let line = |(person, (days, stint)): (&str, (u64, Stint))| Line {
        person: person.to_owned(),
        days,
        stint,
    };
    all.into_iter().map(line).collect()
}
