//! After the customer's decision: an accepted round is closed; of a rejected one the failed items
//! go back to who labelled them, with their mistakes where they are, and the vendor may open more.
//! Serves anno-3.6.

use std::collections::BTreeSet;

use contract::Refusal;
use contract::state::State as Contract;
use contract::terms::WorkItem;
use labelling::{KeyBox, Label, Mistake, MistakeKind, Shape, State, judge};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{MAX_CARD_PAGE, Whose};

use super::super::again;
use super::super::error::LabellingError;
use super::super::projects::Standing;
use super::super::rows::{Item, MAIN, Project, item_id, queue};
use super::super::seen::Seen;
use super::super::work::{ISSUES, IssueMistake, IssuePlace, NewPin};
use super::inspect::matching;
use super::terms::item_of;
use super::{Round, within};
use crate::people::{Caller, Entry, Kept, Operation, Outcome, People, given_for};

/// The most mistakes of one item that are pinned; all are counted.
const PINS: usize = 100;
/// The most items of one request by their numbers, and the most that an answer names.
const MOST: usize = 1_000;

/// What is opened again after a rejection: by number, or by what the items have in common.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReworkWanted {
    /// Items by number.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub items: Vec<u64>,
    /// Accepted items of the rejected round that all of this is true of.
    pub filter: Option<ReworkFilter>,
    /// What is to be looked at; who labelled the items reads it.
    #[schemars(length(max = 4000))]
    pub text: Option<String>,
}

/// Which items of the rejected round.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReworkFilter {
    /// Labelled by this person.
    #[schemars(length(min = 1, max = 64))]
    pub person: Option<String>,
    /// With a label of this class.
    #[schemars(length(min = 1, max = 64))]
    pub class: Option<String>,
}

/// What was opened again.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct ReworkView {
    /// How many items went back, with those that failed inspection.
    pub count: u64,
    /// The first of them.
    pub returned: Vec<u64>,
    /// Items that are not accepted, or not there.
    pub refused: Vec<u64>,
}

impl People {
    /// Carries out what the customer decided on the projects of the agreement: asked after every
    /// decision. The entry may be one for anything.
    ///
    /// # Errors
    /// Trouble with the machine. What was done stays, and the rest is done when asked again.
    pub async fn settle_projects(&self, entry: &Entry) -> Result<(), LabellingError> {
        let _turn = self.counting.lock().await;
        let book = self.desk(entry).open_book(entry.agreement()).await?;
        for project in self.projects_of(entry.agreement()).await? {
            self.settle(entry, &project.id, &book.state).await?;
        }
        Ok(())
    }

    /// Carries out the decision on the latest round of a project, where there is one; says how
    /// many items went back. Called with the turn of counting.
    pub(super) async fn settle(
        &self,
        entry: &Entry,
        project: &str,
        state: &Contract,
    ) -> Result<Vec<u64>, LabellingError> {
        let kept = again!(self.end_handing(entry, project, state))?;
        let Some(mut round) = self.round_of(&kept).await? else { return Ok(Vec::new()) };
        if round.row.settled.is_some() {
            return Ok(Vec::new());
        }
        let Some(found) = round.row.in_journal(state) else { return Ok(Vec::new()) };
        let (accepted, rejected) = (found.accepted.is_some(), found.rejected.is_some());
        if !accepted && !rejected {
            return Ok(Vec::new());
        }
        let mut back = Vec::new();
        if rejected {
            let terms = state.agreement.as_ref().ok_or(Refusal::NotDrafted)?;
            let agreed = item_of(terms, &kept.row, Some(&round.row.item))?;
            let drawn = round.row.sample.iter().flat_map(|sample| &sample.items);
            let failed = drawn.filter(|one| one.mistakes.is_some_and(super::Mistakes::fails));
            for one in failed {
                let by = one.by.clone().unwrap_or_default();
                if again!(self.fail(entry, (project, one.seq), &round.row, agreed, &by))? {
                    back.push(one.seq);
                }
            }
        }
        round.row.settled = Some(accepted);
        again!(self.close(entry, project, &round, rejected))?;
        Ok(back)
    }

    /// Closes a round; a rejected one is the vendor's again.
    async fn close(
        &self,
        entry: &Entry,
        project: &str,
        round: &Kept<Round>,
        rejected: bool,
    ) -> Result<(), LabellingError> {
        let mut kept = self.project_row(entry, project).await?;
        if rejected {
            kept.row.delivered.retain(|range| !round.row.contents.contains(range));
        }
        Ok(self.write(vec![round.replace(), kept.replace()], Vec::new()).await?)
    }

    /// Sends a failed item back with its mistakes; false where it went back already.
    async fn fail(
        &self,
        entry: &Entry,
        (project, seq): (&str, u64),
        round: &Round,
        agreed: &WorkItem,
        by: &str,
    ) -> Result<bool, LabellingError> {
        let mut seen = self.behind(entry, project, seq, by).await?;
        if seen.item.row.state != State::Accepted {
            return Ok(false);
        }
        let right = self.labels(project, seq, &round.slot()).await?.row.document.labels;
        let work = self.labels(project, seq, MAIN).await?.row.document.labels;
        let (iou, tolerance) = matching(agreed, &seen.project.row, &seen.item.row);
        let mut cards = Vec::new();
        for mistake in judge(&right, &work, iou, tolerance).mistakes.into_iter().take(PINS) {
            if seen.item.row.issues < ISSUES {
                cards.push(self.issue_card(&mut seen, by, pin(mistake, &right, &work)));
            }
        }
        cards.extend(self.sent_back(&mut seen).await?);
        self.write(cards, Vec::new()).await?;
        Ok(true)
    }

    /// An item as the machinery sees it that sends it back.
    async fn behind(
        &self,
        entry: &Entry,
        project: &str,
        seq: u64,
        by: &str,
    ) -> Result<Seen, LabellingError> {
        let project = self.project_row(entry, project).await?;
        let item = self.item_row(&project.id, seq).await?;
        let (turn, inspection, now) = (None, None, self.now());
        let (standing, person) = (Standing::default(), by.to_owned());
        Ok(Seen { project, standing, item, turn, person, inspection, now })
    }

    /// Opens items of a rejected round again, beside those that failed. The entry is one for
    /// [`Operation::ManageWork`].
    ///
    /// # Errors
    /// [`LabellingError::Delivered`] while the customer has not decided or has accepted.
    pub async fn rework_project(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        wanted: &ReworkWanted,
    ) -> Result<ReworkView, LabellingError> {
        given_for(entry, Operation::ManageWork)?;
        if wanted.items.len() > MOST {
            return Err(LabellingError::field("items"));
        }
        let text = wanted.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        if text.is_some_and(|text| text.chars().count() > 4_000) {
            return Err(LabellingError::field("text"));
        }
        self.own_project(entry, project).await?;
        let _turn = self.counting.lock().await;
        let book = self.desk(entry).open_book(entry.agreement()).await?;
        let mut back = self.settle(entry, project, &book.state).await?;
        let kept = self.own_project(entry, project).await?;
        let round = self.round_of(&kept).await?;
        let round = round.filter(|round| round.row.settled == Some(false));
        let round = round.ok_or(LabellingError::Delivered)?;
        let mut items: BTreeSet<u64> = wanted.items.iter().copied().collect();
        if let Some(filter) = &wanted.filter {
            items.extend(self.filtered(&kept, &round.row, filter).await?);
        }
        let mut view = ReworkView::default();
        for seq in items {
            let done = within(&round.row.contents, seq)
                && again!(self.try_rework(caller, entry, (project, seq), text))?;
            if done { back.push(seq) } else { view.refused.push(seq) }
        }
        let audited =
            self.about_agreement(caller, entry, "rework_project", project, Outcome::Allowed);
        self.write(Vec::new(), vec![audited]).await?;
        view.refused.truncate(MOST);
        view.count = back.len() as u64;
        back.truncate(MOST);
        view.returned = back;
        Ok(view)
    }

    async fn try_rework(
        &self,
        caller: &Caller,
        entry: &Entry,
        (project, seq): (&str, u64),
        text: Option<&str>,
    ) -> Result<bool, LabellingError> {
        let mut seen = self.behind(entry, project, seq, caller.person()).await?;
        if seen.item.row.state != State::Accepted || seen.item.row.issues >= ISSUES {
            return Ok(false);
        }
        let said = text.map(|text| self.issue_card(&mut seen, caller.person(), NewPin::said(text)));
        let mut cards = self.sent_back(&mut seen).await?;
        cards.extend(said);
        self.write(cards, Vec::new()).await?;
        Ok(true)
    }

    /// Accepted items of a round that a filter says yes to.
    async fn filtered(
        &self,
        kept: &Kept<Project>,
        round: &Round,
        filter: &ReworkFilter,
    ) -> Result<Vec<u64>, LabellingError> {
        let subject = queue(&kept.id, State::Accepted);
        let (mut found, mut after) = (Vec::new(), item_id(&kept.id, 0));
        let fits = |item: &Item| {
            let made = |person: &String| {
                item.author.as_ref() == Some(person) || item.replicas.contains(person)
            };
            within(&round.contents, item.seq)
                && filter.person.as_ref().is_none_or(made)
                && filter.class.as_ref().is_none_or(|class| item.counts.contains_key(class))
        };
        loop {
            let whose = Whose::Subject(&subject);
            let page = self.page::<Item>(whose, Some(&after), MAX_CARD_PAGE).await?;
            let Some(last) = page.last() else { return Ok(found) };
            after.clone_from(&last.id);
            found.extend(page.iter().filter(|item| fits(&item.row)).map(|item| item.row.seq));
        }
    }
}

/// A mistake where it is: on the work's label, or where the right one would be.
fn pin(mistake: Mistake, right: &[Label], work: &[Label]) -> NewPin {
    let kind = match mistake.kind {
        MistakeKind::Missed => "missed",
        MistakeKind::Extra => "extra",
        MistakeKind::WrongClass => "wrong_class",
        MistakeKind::Imprecise => "imprecise",
    };
    let at = |labels: &'_ [Label], id: &Option<String>| {
        labels.iter().find(|label| Some(&label.id) == id.as_ref()).map(place)
    };
    let mut place = at(work, &mistake.work).or_else(|| at(right, &mistake.gold));
    if let Some(place) = &mut place {
        // The work's label is there to be looked at; the right one is not.
        place.label.clone_from(&mistake.work);
    }
    let class = mistake.class;
    let mistake = Some(IssueMistake { kind: kind.to_owned(), class });
    NewPin { text: String::new(), mistake, place }
}

fn place(label: &Label) -> IssuePlace {
    let mut place = IssuePlace::default();
    let mut middle = |[x0, y0, x1, y1]: [i64; 4]| {
        let half = |a: i64, b: i64| (i128::from(a) + i128::from(b)) as f64 / 2_000_000.0;
        (place.x, place.y) = (Some(half(x0, x1)), Some(half(y0, y1)));
    };
    match &label.shape {
        Shape::Box { rect, .. } => middle(*rect),
        Shape::Span { start, end } => {
            place.start = i64::try_from(*start).ok();
            place.end = i64::try_from(*end).ok();
        }
        Shape::Event { start, end } => (place.start, place.end) = (Some(*start), Some(*end)),
        Shape::Keyframe { at } => place.start = Some(*at),
        Shape::Track { boxes } => {
            if let Some(KeyBox { at, rect, .. }) = boxes.first() {
                middle(*rect);
                place.start = Some(*at);
            }
        }
        Shape::Class => {}
    }
    place
}
