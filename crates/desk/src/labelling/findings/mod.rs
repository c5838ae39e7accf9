//! What is worth looking at in a project: items that look alike, measures far from the usual,
//! labels that contradict one another or the guideline, identifiers of persons in texts. Worked
//! out of what intake and saves kept, within bounds; no original is read. Serves anno-3.4 and
//! anno-3.6. For who runs or reads the project, never for who labels. A finding proves no mistake.

mod collect;
mod compare;

use std::collections::BTreeMap;

use labelling::{Beyond, Both, Fences, HandPace, Label, far, middle_pace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Whose;

use super::error::LabellingError;
use super::place::{self, Spot};
use super::rows::{Day, Item, Labels, MAIN};
use crate::people::{Entry, Kept, Operation, People, given_for};
use collect::{Collected, Seen};

/// Items that are looked at, the first of the project.
const ITEMS: usize = 20_000;
/// Labels that are looked at.
const LABELS: usize = 200_000;
/// Rows of labels that are read at once: each has at most 2 MiB.
const AT_ONCE: u32 = 20;
/// Findings of each kind that are listed, and of one kind that is asked for alone.
const LISTED: (usize, usize) = (100, 1_000);
/// Items of one finding that are listed.
const TOGETHER: usize = 20;

/// What a finding is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Items that look alike.
    NearDuplicate,
    /// A measure, or a person's pace, far from the usual.
    Outlier,
    /// Labels that contradict one another or the guideline.
    Conflict,
    /// An identifier of a person or an organisation in a text.
    Identifier,
}

impl FindingKind {
    /// Each of them.
    pub const ALL: [Self; 4] =
        [Self::NearDuplicate, Self::Outlier, Self::Conflict, Self::Identifier];

    /// As it is written.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NearDuplicate => "near_duplicate",
            Self::Outlier => "outlier",
            Self::Conflict => "conflict",
            Self::Identifier => "identifier",
        }
    }
}

/// An item of a finding, with the place in it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FoundItem {
    /// Its number in the project.
    pub seq: u64,
    /// What its file is called.
    pub name: String,
    /// The label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Left, top, right and bottom edge in pixels of the displayed image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rect: Option<[f64; 4]>,
    /// The first code point or tick.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// The code point or tick behind the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<i64>,
    /// Where the console opens the item with the label selected.
    pub open: String,
}

/// Something worth looking at.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What it is about.
    pub kind: FindingKind,
    /// Why, as a code.
    pub reason: String,
    /// The items, the first twenty; none where it is about a person.
    pub items: Vec<FoundItem>,
    /// How many items more.
    pub more: u64,
    /// The class.
    pub class: Option<String>,
    /// The person.
    pub person: Option<String>,
    /// What a sentence about it tells.
    pub why: Why,
}

/// What a sentence about a finding tells. A class stands with its name.
#[derive(Debug, Clone)]
pub enum Why {
    /// Items that look alike.
    Alike {
        /// How many.
        count: usize,
    },
    /// Two items that look alike and are labelled differently.
    Contradiction {
        /// The one.
        first: u64,
        /// The other.
        second: u64,
    },
    /// Replicas that left something to decide.
    Replicas {
        /// On how many labels.
        conflicts: u64,
    },
    /// A box whose area in square pixels is unusual.
    Area {
        /// The class.
        class: Both,
        /// Its area.
        area: u64,
        /// What is usual in its class.
        usual: Fences,
    },
    /// A box whose width by height, in thousandths, is unusual.
    Aspect {
        /// The class.
        class: Both,
        /// Its width by height.
        aspect: u64,
        /// What is usual in its class.
        usual: Fences,
    },
    /// An item with an unusual number of labels.
    Count {
        /// How many.
        count: u64,
        /// What is usual.
        usual: Fences,
    },
    /// A person of an unusual pace.
    Pace {
        /// Faster or slower.
        beyond: Beyond,
        /// Milliseconds for a label.
        own: u64,
        /// The same of the middle person.
        middle: u64,
    },
    /// A box below the smallest size.
    TooSmall {
        /// The class.
        class: Both,
        /// Its width and height in pixels, as decimals.
        size: [String; 2],
        /// The smallest width and height.
        least: [u32; 2],
    },
    /// A label without an attribute that is required.
    Missing {
        /// The class.
        class: Both,
        /// The attribute.
        attribute: Both,
    },
    /// A label that breaks another rule; the reason says which.
    Rule {
        /// The class.
        class: Both,
        /// The field of the label.
        field: String,
    },
    /// An identifier; the reason is its kind.
    Identifier {
        /// `checked`, `context` or `form`.
        certainty: String,
    },
}

/// What is worth looking at in a project.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// The findings, by kind and number; of each kind the first hundred, or of a kind that is asked
    /// for alone the first thousand.
    pub items: Vec<Finding>,
    /// How many there are of each kind.
    pub counts: BTreeMap<String, u64>,
    /// How many items were looked at.
    pub looked: u64,
    /// How many of those have no fingerprint: they were taken before one was kept.
    pub unknown: u64,
    /// How many labels of finished items were looked at.
    pub labels: u64,
    /// Whether the project holds more than was looked at.
    pub more: bool,
}

/// What was found so far.
struct Found {
    base: String,
    only: Option<FindingKind>,
    view: Findings,
}

/// A finding to be.
struct New<'a> {
    kind: FindingKind,
    reason: &'a str,
    items: Vec<FoundItem>,
    class: Option<&'a str>,
    person: Option<&'a str>,
    why: Why,
}

impl Found {
    fn item(&self, seen: &Seen, label: Option<&str>, spot: Spot) -> FoundItem {
        FoundItem {
            seq: seen.seq,
            name: seen.name.clone(),
            label: label.map(str::to_owned),
            rect: spot.rect,
            start: spot.start,
            end: spot.end,
            open: spot.open(&self.base, seen.seq, label),
        }
    }

    fn labelled(&self, seen: &Seen, label: &Label) -> FoundItem {
        self.item(seen, Some(&label.id), Spot::of(&label.shape))
    }

    fn add(&mut self, new: New<'_>) {
        if self.only.is_some_and(|only| only != new.kind) {
            return;
        }
        let count = self.view.counts.entry(new.kind.code().to_owned()).or_default();
        *count += 1;
        let most = if self.only.is_some() { LISTED.1 } else { LISTED.0 };
        if *count > most as u64 {
            return;
        }
        let mut items = new.items;
        let more = items.len().saturating_sub(TOGETHER) as u64;
        items.truncate(TOGETHER);
        self.view.items.push(Finding {
            kind: new.kind,
            reason: new.reason.to_owned(),
            items,
            more,
            class: new.class.map(str::to_owned),
            person: new.person.map(str::to_owned),
            why: new.why,
        });
    }
}

impl People {
    /// What is worth looking at in a project, of one kind or of all. The entry is one for
    /// [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`crate::people::EnterError::Forbidden`] for the other side and for who labels or reviews
    /// and nothing else.
    pub async fn findings(
        &self,
        entry: &Entry,
        project: &str,
        only: Option<FindingKind>,
    ) -> Result<Findings, LabellingError> {
        given_for(entry, Operation::ReadWork)?;
        let kept = self.figured(entry, project).await?;
        let guideline = self.guideline_now(&kept).await?;
        let counts = FindingKind::ALL.into_iter().filter(|kind| only.is_none_or(|o| o == *kind));
        let counts = counts.map(|kind| (kind.code().to_owned(), 0)).collect();
        let view = Findings { counts, ..Findings::default() };
        let mut found = Found { base: place::items_of(&kept), only, view };
        let seen = self.seen_items(&kept.id, &mut found.view).await?;
        let mut collected = Collected::default();
        if matches!(only, None | Some(FindingKind::Outlier | FindingKind::Conflict)) {
            self.collect(&kept.id, &seen, &mut found, &mut collected, &guideline).await?;
        }
        for item in seen.values() {
            found.identified(item);
            found.disagreed(item);
        }
        collected.outliers(&guideline, &seen, &mut found);
        if only.is_none_or(|only| only == FindingKind::Outlier) {
            self.paces(&kept.id, &mut found).await?;
        }
        if matches!(only, None | Some(FindingKind::NearDuplicate | FindingKind::Conflict)) {
            self.alike(&kept, &seen, &mut found).await?;
        }
        let order = |one: &Finding| (one.kind, one.items.first().map(|item| item.seq));
        found.view.items.sort_by_key(order);
        Ok(found.view)
    }

    /// The first items of a project, without what is not compared.
    async fn seen_items(
        &self,
        project: &str,
        view: &mut Findings,
    ) -> Result<BTreeMap<u64, Seen>, LabellingError> {
        let mut seen = BTreeMap::new();
        let mut after = None::<String>;
        loop {
            let whose = Whose::Owner(project);
            let page = self.page::<Item>(whose, after.as_deref(), store::MAX_CARD_PAGE).await?;
            let last = page.len() < store::MAX_CARD_PAGE as usize;
            after = page.last().map(|kept| kept.id.clone());
            for kept in page {
                if seen.len() == ITEMS {
                    view.more = true;
                    break;
                }
                let one = Seen::of(kept.row);
                view.unknown += u64::from(one.unknown);
                seen.insert(one.seq, one);
            }
            if last || view.more {
                view.looked = seen.len() as u64;
                return Ok(seen);
            }
        }
    }

    /// Looks at the labels of finished items, in the order of the items.
    async fn collect(
        &self,
        project: &str,
        seen: &BTreeMap<u64, Seen>,
        found: &mut Found,
        collected: &mut Collected,
        guideline: &labelling::Guideline,
    ) -> Result<(), LabellingError> {
        let mut after = None::<String>;
        loop {
            let whose = Whose::Owner(project);
            let page: Vec<Kept<Labels>> = self.page(whose, after.as_deref(), AT_ONCE).await?;
            let last = page.len() < AT_ONCE as usize;
            after = page.last().map(|kept| kept.id.clone());
            for kept in page {
                let mut parts = kept.id.rsplit('/');
                let main = parts.next() == Some(MAIN);
                let seq = parts.next().and_then(|seq| seq.parse::<u64>().ok());
                let Some(item) = seq.and_then(|seq| seen.get(&seq)) else { continue };
                if !main || !item.finished {
                    continue;
                }
                let labels = &kept.row.document.labels;
                if found.view.labels as usize + labels.len() > LABELS {
                    found.view.more = true;
                    return Ok(());
                }
                found.view.labels += labels.len() as u64;
                collected.take(item, labels);
                for label in labels {
                    found.ruled(item, label, guideline);
                }
            }
            if last {
                return Ok(());
            }
        }
    }

    /// People whose pace is far from the middle one.
    async fn paces(&self, project: &str, found: &mut Found) -> Result<(), LabellingError> {
        let days = self.all::<Day>(Whose::Owner(project)).await?;
        let days = days.iter().map(|day| (day.row.person.as_str(), &day.row.stint));
        let lines = labelling::lines(days);
        let pace = |line: &labelling::Line| HandPace {
            seconds: line.stint.label_seconds,
            items: line.stint.submitted,
            labels: line.stint.submitted_labels,
        };
        let all: Vec<HandPace> = lines.iter().map(pace).collect();
        let Some(middle) = middle_pace(&all) else { return Ok(()) };
        for line in &lines {
            let Some(own) = pace(line).per_label() else { continue };
            let Some(beyond) = far(own, middle) else { continue };
            found.add(New {
                kind: FindingKind::Outlier,
                reason: if beyond == Beyond::Below { "person_fast" } else { "person_slow" },
                items: Vec::new(),
                class: None,
                person: Some(&line.person),
                why: Why::Pace { beyond, own, middle },
            });
        }
        Ok(())
    }
}
