//! What was wrong, item by item, and how far people who labelled the same items agree. Both are
//! worked out from the labels that are kept, over a bounded part of a project at a time. Serves
//! anno-3.6. For who runs or reads the project, never for who labels.

use std::collections::BTreeMap;

use annotation::{Coefficient, Ratings, agreement};
use labelling::{Label, MistakeKind, Shape, State, judge};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{MAX_CARD_PAGE, Whose};
use units::RoundingMode;

use super::error::LabellingError;
use super::place::{self, Spot};
use super::projects::Standing;
use super::rows::{GOLD, HANDED, Item, MAIN, Project, Turn, TurnKind, Worker};
use super::rows::{item_id, queue, slot_id};
use crate::people::{EnterError, Entry, Kept, Operation, People, given_for};

/// Items judged for one answer.
const ITEMS: usize = 50;
/// Labels judged for one answer, after which it ends.
const LABELS: usize = 50_000;
/// Mistakes of one answer; an item is told whole.
const MISTAKES: usize = 500;
/// Items over which agreement is worked out.
const REPLICATED: usize = 2_000;
/// Rows looked through for them.
const LOOKED: usize = 20_000;
/// Items with conflicts that are listed.
const CONFLICTS: usize = 200;
/// Drawings of the bootstrap interval, and from where they begin.
const BOOTSTRAP: (u64, u32) = (1, 1_000);

/// Against what work is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// Hidden gold.
    Gold,
    /// What the review accepted.
    Review,
}

/// Something that was wrong with an item.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MistakeView {
    /// The item.
    pub seq: u64,
    /// What its file is called.
    pub name: String,
    /// Who made it.
    pub person: String,
    /// `missed`, `extra`, `wrong_class` or `imprecise`.
    pub kind: String,
    /// The class of the reference, or of the work where the reference has none.
    pub class: String,
    /// The class that the work gave instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// The label of the reference, else of the work.
    pub label: String,
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

/// How often a class was taken for a class.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TakenFor {
    /// The class of the reference; absent for what is not there.
    pub class: Option<String>,
    /// The class of the work; absent for what was missed.
    pub found: Option<String>,
    /// How often.
    pub count: u64,
}

/// What was wrong with some items of a project.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct MistakesView {
    /// The mistakes, by item.
    pub items: Vec<MistakeView>,
    /// Which class was taken for which in the items that were judged, right ones with them.
    pub pairs: Vec<TakenFor>,
    /// How many pieces of work were judged.
    pub judged: u64,
    /// Where to go on, where more may come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A coefficient of agreement, six places, rounded to the nearest.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CoefficientView {
    /// `cohen_kappa`, `fleiss_kappa` or `krippendorff_alpha`.
    pub coefficient: String,
    /// Items that counted.
    pub items: u64,
    /// The value; absent where no disagreement was to be expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The lower end of the bootstrap interval of 95 %, for display.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Its upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// An item whose replicas leave something to decide.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ConflictView {
    /// The item.
    pub seq: u64,
    /// What its file is called.
    pub name: String,
    /// On how many labels they do not agree.
    pub conflicts: u64,
    /// How many people labelled it.
    pub replicas: u64,
}

/// How far the replicas of a project agree.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct ReplicasView {
    /// Items with two replicas or more.
    pub items: u64,
    /// Coefficients over the classes of whole items; none where there are no such labels.
    pub coefficients: Vec<CoefficientView>,
    /// Items that wait for review with something to decide, the first of them.
    pub conflicts: Vec<ConflictView>,
    /// Whether the project holds more than was looked through.
    pub more: bool,
}

impl People {
    /// What was wrong with the items behind `after`, against gold or against what the review
    /// accepted. The entry is one for [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`EnterError::Forbidden`] for the other side and for who labels or reviews and nothing else.
    pub async fn mistakes(
        &self,
        entry: &Entry,
        project: &str,
        against: Against,
        after: u64,
    ) -> Result<MistakesView, LabellingError> {
        given_for(entry, Operation::ReadWork)?;
        let kept = self.figured(entry, project).await?;
        let base = place::items_of(&kept);
        let pairs = BTreeMap::new();
        let mut found = Found { base, labels: 0, seen: 0, pairs, items: Vec::new() };
        let next = match against {
            Against::Gold => self.against_gold(&kept, after, &mut found).await?,
            Against::Review => self.against_review(&kept, after, &mut found).await?,
        };
        let pairs = found.pairs.into_iter();
        let pairs = pairs.map(|((class, found), count)| TakenFor { class, found, count });
        Ok(MistakesView {
            items: found.items,
            pairs: pairs.collect(),
            judged: found.seen,
            next_cursor: next.map(|seq| seq.to_string()),
        })
    }

    async fn against_gold(
        &self,
        project: &Kept<Project>,
        after: u64,
        found: &mut Found,
    ) -> Result<Option<u64>, LabellingError> {
        let workers = self.all::<Worker>(Whose::Owner(&project.id)).await?;
        let behind = project.row.gold.range(after.saturating_add(1)..);
        for (count, seq) in behind.enumerate() {
            if count > 0 && (count >= ITEMS || found.is_full()) {
                return Ok(Some(seq - 1));
            }
            let gold = self.labels(&project.id, *seq, GOLD).await?.row.document.labels;
            let item = self.item_row(&project.id, *seq).await?.row;
            for worker in workers.iter().filter(|worker| worker.row.gold.contains(seq)) {
                let person = worker.id.rsplit('/').next().unwrap_or_default();
                let id = slot_id(&project.id, *seq, person);
                let turn = self.get::<Turn>(&id).await?.map(|kept| kept.row);
                let done = |turn: &Turn| {
                    turn.kind == TurnKind::Gold
                        && !matches!(turn.state, State::Annotating | State::Returned)
                };
                if turn.as_ref().is_some_and(done) {
                    let work = self.labels(&project.id, *seq, person).await?.row.document.labels;
                    found.judge(&project.row, &item, person, (&gold, &work));
                }
            }
        }
        Ok(None)
    }

    async fn against_review(
        &self,
        project: &Kept<Project>,
        after: u64,
        found: &mut Found,
    ) -> Result<Option<u64>, LabellingError> {
        let subject = queue(&project.id, State::Accepted);
        let from = item_id(&project.id, after);
        let whose = Whose::Subject(&subject);
        let page = self.page::<Item>(whose, Some(&from), ITEMS as u32 + 1).await?;
        for (count, kept) in page.iter().enumerate() {
            let item = &kept.row;
            if count > 0 && (count >= ITEMS || found.is_full()) {
                return Ok(Some(item.seq - 1));
            }
            let main = self.labels(&project.id, item.seq, MAIN).await?.row.document.labels;
            let mut slots: Vec<(&str, &str)> = Vec::new();
            slots.extend(item.author.iter().map(|who| (who.as_str(), HANDED)));
            slots.extend(item.handed_in.iter().map(|who| (who.as_str(), who.as_str())));
            for (person, slot) in slots {
                let work = self.labels(&project.id, item.seq, slot).await?;
                // What was accepted without a review has nothing to be compared with.
                if work.version > 0 && item.reviewer.is_some() {
                    found.judge(&project.row, item, person, (&main, &work.row.document.labels));
                }
            }
        }
        Ok(None)
    }

    /// How far the replicas of a project agree, and where they do not. The entry is one for
    /// [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`EnterError::Forbidden`] for the other side and for who labels or reviews and nothing else.
    pub async fn replicas(
        &self,
        entry: &Entry,
        project: &str,
    ) -> Result<ReplicasView, LabellingError> {
        given_for(entry, Operation::ReadWork)?;
        let kept = self.figured(entry, project).await?;
        let mut view = ReplicasView::default();
        let (mut rated, mut after) = (Vec::new(), None::<String>);
        let (mut looked, mut labels) = (0, 0);
        loop {
            let whose = Whose::Owner(&kept.id);
            let page = self.page::<Item>(whose, after.as_deref(), MAX_CARD_PAGE).await?;
            let last = page.len() < MAX_CARD_PAGE as usize;
            looked += page.len();
            after = page.last().map(|item| item.id.clone());
            for item in page.iter().filter(|item| item.row.handed_in.len() >= 2) {
                if rated.len() >= REPLICATED || labels > LABELS * 4 {
                    view.more = true;
                    break;
                }
                view.items += 1;
                view.conflicts.extend(conflict(&item.row));
                rated.push(self.ratings(&kept.id, &item.row, &mut labels).await?);
            }
            if last || view.more {
                break;
            }
            if looked >= LOOKED {
                view.more = true;
                break;
            }
        }
        view.conflicts.truncate(CONFLICTS);
        view.coefficients = coefficients(&rated);
        Ok(view)
    }

    /// The class that each person gave an item as a whole.
    async fn ratings(
        &self,
        project: &str,
        item: &Item,
        looked: &mut usize,
    ) -> Result<BTreeMap<String, String>, LabellingError> {
        let mut given = BTreeMap::new();
        for person in &item.handed_in {
            let labels = self.labels(project, item.seq, person).await?.row.document.labels;
            *looked += labels.len();
            let mut classes: Vec<&str> = Vec::new();
            let whole = labels.iter().filter(|label| matches!(label.shape, Shape::Class));
            classes.extend(whole.map(|label| label.class.as_str()));
            classes.sort_unstable();
            if !classes.is_empty() {
                given.insert(person.clone(), classes.join(" "));
            }
        }
        Ok(given)
    }

    /// A project whose figures the caller may see.
    pub(super) async fn figured(
        &self,
        entry: &Entry,
        project: &str,
    ) -> Result<Kept<Project>, LabellingError> {
        let kept = self.own_project(entry, project).await?;
        if Standing::of(entry, &kept.row).sees_figures() {
            Ok(kept)
        } else {
            Err(EnterError::Forbidden.into())
        }
    }
}

/// What was found so far.
struct Found {
    /// Where the console shows the items.
    base: String,
    labels: usize,
    seen: u64,
    pairs: BTreeMap<(Option<String>, Option<String>), u64>,
    items: Vec<MistakeView>,
}

impl Found {
    const fn is_full(&self) -> bool {
        self.labels >= LABELS || self.items.len() >= MISTAKES
    }

    fn judge(
        &mut self,
        project: &Project,
        item: &Item,
        person: &str,
        (reference, work): (&[Label], &[Label]),
    ) {
        let judged = judge(reference, work, project.iou(), project.tolerance(item));
        self.labels += reference.len() + work.len();
        self.seen += 1;
        for (class, tally) in &judged.tally.classes {
            if tally.right > 0 {
                let both = (Some(class.clone()), Some(class.clone()));
                *self.pairs.entry(both).or_default() += tally.right;
            }
        }
        let of = |labels: &[Label]| -> BTreeMap<String, Label> {
            labels.iter().map(|label| (label.id.clone(), label.clone())).collect()
        };
        let (reference, work) = (of(reference), of(work));
        for mistake in judged.mistakes {
            let gold = mistake.gold.as_ref().and_then(|id| reference.get(id));
            let made = mistake.work.as_ref().and_then(|id| work.get(id));
            let class = |label: Option<&Label>| label.map(|label| label.class.clone());
            if mistake.kind != MistakeKind::Imprecise {
                *self.pairs.entry((class(gold), class(made))).or_default() += 1;
            }
            let Some(label) = gold.or(made) else { continue };
            let wrong = mistake.kind == MistakeKind::WrongClass;
            let spot = Spot::of(&label.shape);
            self.items.push(MistakeView {
                seq: item.seq,
                name: item.name.clone(),
                person: person.to_owned(),
                kind: code(mistake.kind).to_owned(),
                class: mistake.class,
                found: class(made).filter(|_| wrong),
                label: label.id.clone(),
                open: spot.open(&self.base, item.seq, Some(&label.id)),
                rect: spot.rect,
                start: spot.start,
                end: spot.end,
            });
        }
    }
}

const fn code(kind: MistakeKind) -> &'static str {
    match kind {
        MistakeKind::Missed => "missed",
        MistakeKind::Extra => "extra",
        MistakeKind::WrongClass => "wrong_class",
        MistakeKind::Imprecise => "imprecise",
    }
}

fn conflict(item: &Item) -> Option<ConflictView> {
    let open = item.state == State::Submitted && item.conflicts > 0;
    open.then(|| ConflictView {
        seq: item.seq,
        name: item.name.clone(),
        conflicts: item.conflicts,
        replicas: item.handed_in.len() as u64,
    })
}

/// The coefficients that fit what people gave: Cohen's for two people, Fleiss' where each item has
/// as many, Krippendorff's always.
fn coefficients(rated: &[BTreeMap<String, String>]) -> Vec<CoefficientView> {
    let rated: Vec<_> = rated.iter().filter(|given| given.len() >= 2).collect();
    if rated.is_empty() {
        return Vec::new();
    }
    let mut people: Vec<&String> = rated.iter().flat_map(|given| given.keys()).collect();
    people.sort_unstable();
    people.dedup();
    let dense = || rated.iter().map(|one| one.values().cloned().map(Some).collect());
    let dense: Vec<Ratings> = dense().collect();
    let mut all = Vec::new();
    if people.len() == 2 {
        let of = |one: &BTreeMap<String, String>| -> Ratings {
            people.iter().map(|person| one.get(*person).cloned()).collect()
        };
        let columns: Vec<Ratings> = rated.iter().map(|one| of(one)).collect();
        all.extend(coefficient(&columns, Coefficient::CohenKappa, "cohen_kappa"));
    }
    all.extend(coefficient(&dense, Coefficient::FleissKappa, "fleiss_kappa"));
    all.extend(coefficient(&dense, Coefficient::KrippendorffAlpha, "krippendorff_alpha"));
    all
}

fn coefficient(items: &[Ratings], which: Coefficient, code: &str) -> Option<CoefficientView> {
    let (seed, resamples) = BOOTSTRAP;
    let found = agreement(items, which, seed, resamples).ok()?;
    let value = found.value.map(|value| value.to_decimal(6, RoundingMode::HalfEven).to_string());
    Some(CoefficientView {
        coefficient: code.to_owned(),
        items: found.units,
        value,
        low: found.interval.map(|one| one.low),
        high: found.interval.map(|one| one.high),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(rows: &[(&str, &str)]) -> BTreeMap<String, String> {
        rows.iter().map(|(who, class)| ((*who).to_owned(), (*class).to_owned())).collect()
    }

    #[test]
    fn two_people_get_all_coefficients_and_three_in_turn_get_no_cohen() {
        let two = [
            given(&[("a", "yes"), ("b", "yes")]),
            given(&[("a", "no"), ("b", "no")]),
            given(&[("a", "yes"), ("b", "no")]),
            given(&[("a", "no"), ("b", "no")]),
        ];
        let named = |all: &[CoefficientView]| -> Vec<(String, Option<String>)> {
            all.iter().map(|one| (one.coefficient.clone(), one.value.clone())).collect()
        };
        // Cohen: observed 3/4, expected 1/2 * 1/4 + 1/2 * 3/4 = 1/2.
        let found = named(&coefficients(&two));
        assert_eq!(found[0], ("cohen_kappa".to_owned(), Some("0.500000".to_owned())));
        assert_eq!(found.len(), 3);
        let turns = [given(&[("a", "yes"), ("b", "yes")]), given(&[("b", "no"), ("c", "no")])];
        let codes: Vec<String> =
            named(&coefficients(&turns)).into_iter().map(|one| one.0).collect();
        assert_eq!(codes, ["fleiss_kappa", "krippendorff_alpha"]);
    }

    #[test]
    fn what_one_person_labelled_says_nothing_of_agreement() {
        assert!(coefficients(&[given(&[("a", "yes")]), given(&[])]).is_empty());
    }
}
