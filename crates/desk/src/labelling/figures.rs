//! Figures of a project: progress with a forecast, people's speed and quality, the payroll. Every
//! figure is a sum of days, and each day was kept in the write that made it. Serves anno-3.6 and
//! anno-4.1. Knows no price.

use std::collections::BTreeMap;

use annotation::{Share, wilson};
use labelling::{ClassTally, Line, Pace, State, Stint, Tally, forecast, lines};
use schemars::JsonSchema;
use serde::Serialize;
use store::Whose;
use units::{Date, Timestamp, Zone};

use super::error::LabellingError;
use super::projects::Standing;
use super::rows::{AgreedStandard, Day, Project, Worker};
use crate::people::{Caller, EnterError, Entry, Kept, Operation, People, given_for};

/// Over how many days the pace is taken.
const PACE_DAYS: i64 = 7;

/// How far a project is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProgressView {
    /// How many items are in each state.
    pub counts: BTreeMap<String, u64>,
    /// How many items there are.
    pub items: u64,
    /// How many items are agreed.
    pub quantity: Option<u64>,
    /// Until when.
    pub deadline: Option<Timestamp>,
    /// The standards of the work item.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub standards: Vec<AgreedStandard>,
    /// Items that are still to be labelled; of a work item, at least as many as are agreed.
    pub remaining: u64,
    /// Items labelled in the last seven days, or since the project was made.
    pub labelled_lately: u64,
    /// When the last one is labelled at that pace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
    /// Whether that is after the deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<bool>,
    /// Items a day that would meet the deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed_per_day: Option<u64>,
    /// Items a day at the pace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pace_per_day: Option<u64>,
}

/// A share with its interval.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ShareView {
    /// How many counted.
    pub hits: u64,
    /// Of how many.
    pub total: u64,
    /// Six places, rounded down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<String>,
    /// The lower end of the Wilson interval at 95 %, in millionths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<u64>,
    /// Its upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<u64>,
}

/// Counts of a class, or of all, with the shares that follow.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CountsView {
    /// Labels of the reference.
    pub gold: u64,
    /// Labels of the work.
    pub work: u64,
    /// Matched, and of the same class.
    pub right: u64,
    /// Matched by another class.
    pub wrong_class: u64,
    /// Not found.
    pub missed: u64,
    /// Not there in the reference.
    pub extra: u64,
    /// Right, with an IoU below 0.8.
    pub imprecise: u64,
    /// Right of the work.
    pub precision: ShareView,
    /// Right of the reference.
    pub recall: ShareView,
    /// Twice the right, of both.
    pub f1: ShareView,
    /// Right of all that is right, wrong, missed or extra.
    pub accuracy: ShareView,
    /// Mean IoU of the right, six places, rounded down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_iou: Option<String>,
}

/// Work measured against a reference.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QualityView {
    /// Items that were judged.
    pub items: ShareView,
    /// All classes together.
    pub total: CountsView,
    /// By class.
    pub classes: BTreeMap<String, CountsView>,
}

/// The quality of one day's work.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QualityDay {
    /// The day, one of Shanghai.
    pub day: Date,
    /// Right of all that is right, wrong, missed or extra, against hidden gold.
    pub gold: ShareView,
    /// The same against what the review accepted that day.
    pub review: ShareView,
}

/// The quality of a project's work.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProjectQualityView {
    /// The agreed IoU in percent.
    pub iou_percent: u8,
    /// Against hidden gold.
    pub gold: QualityView,
    /// What was handed in against what the review accepted.
    pub review: QualityView,
    /// By day, the earliest first; days on which nothing was judged are left out.
    pub days: Vec<QualityDay>,
}

/// What a person did in a project.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WorkerView {
    /// The person's id.
    pub person: String,
    /// Their name.
    pub name: String,
    /// What they can do; absent where nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills: Option<Vec<String>>,
    /// What they did.
    pub work: WorkView,
    /// Items handed in for each hour of labelling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items_per_hour: Option<u64>,
    /// Labels handed in for each hour of labelling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels_per_hour: Option<u64>,
    /// Against hidden gold; for who runs the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gold: Option<QualityView>,
    /// What they handed in against what the review accepted; for who runs the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<QualityView>,
}

/// Hours and pieces of a person.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WorkView {
    /// On how many days.
    pub days: u64,
    /// Seconds of labelling.
    pub label_seconds: u64,
    /// Seconds of reviewing.
    pub review_seconds: u64,
    /// Items handed in for the first time.
    pub submitted: u64,
    /// Labels that stood in them.
    pub submitted_labels: u64,
    /// Items handed in again.
    pub corrected: u64,
    /// Items skipped.
    pub skipped: u64,
    /// Items accepted by the review.
    pub accepted: u64,
    /// Items sent back.
    pub returned: u64,
    /// Reviews decided.
    pub reviewed: u64,
    /// Labels drawn.
    pub made: u64,
    /// Labels changed.
    pub changed: u64,
    /// Labels deleted.
    pub deleted: u64,
}

/// A line of the payroll.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PayrollLine {
    /// The person's id.
    pub person: String,
    /// Their name.
    pub name: String,
    /// What they did.
    pub work: WorkView,
}

/// The payroll of a project over some days.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PayrollView {
    /// The first day; a day is one of Shanghai.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// A line a person, by id.
    pub lines: Vec<PayrollLine>,
}

impl People {
    async fn days(
        &self,
        project: &str,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Result<Vec<Kept<Day>>, LabellingError> {
        let mut all = self.all::<Day>(Whose::Owner(project)).await?;
        let within = |day: &str| {
            from.is_none_or(|from| day >= from.to_string().as_str())
                && to.is_none_or(|to| day <= to.to_string().as_str())
        };
        all.retain(|kept| within(&kept.row.day));
        Ok(all)
    }

    /// How far a project is, and when it will be done. The entry is one for
    /// [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where there is no such project.
    pub async fn progress(
        &self,
        entry: &Entry,
        project: &str,
    ) -> Result<ProgressView, LabellingError> {
        given_for(entry, Operation::ReadWork)?;
        let row = self.project_row(entry, project).await?.row;
        let now = self.now();
        let from = now.plus_seconds(-PACE_DAYS * 86_400).date(&Zone::shanghai());
        let days = self.days(project, Some(from.plus_days(1)), None).await?;
        let handed = days.iter().map(|day| &day.row.stint);
        let handed: u64 = handed.map(|s| s.submitted.saturating_sub(s.gold.items)).sum();
        let labelled = handed / u64::from(row.settings.replicas.max(1));
        let since = now.seconds_since(row.created).clamp(1, PACE_DAYS * 86_400);
        let pace = Pace { items: labelled, seconds: since.unsigned_abs() };
        let open = [State::Waiting, State::Annotating, State::Returned];
        let open: u64 = open.into_iter().map(|state| row.count(state)).sum();
        let done = [State::Submitted, State::Reviewing, State::Accepted];
        let done: u64 = done.into_iter().map(|state| row.count(state)).sum();
        // What the agreement asks for and nobody has brought in yet is to be labelled too.
        let agreed = row.quantity.filter(|_| row.work_item.is_some()).unwrap_or(0);
        let remaining = open.max(agreed.saturating_sub(done));
        let found = forecast(remaining, pace, now, row.deadline);
        let counts = State::ALL.into_iter().map(|s| (s.code().to_owned(), row.count(s)));
        Ok(ProgressView {
            counts: counts.collect(),
            items: row.items,
            quantity: row.quantity,
            deadline: row.deadline,
            standards: row.standards,
            remaining,
            labelled_lately: labelled,
            done_at: found.done_at,
            late: found.late,
            needed_per_day: found.needed_per_day,
            pace_per_day: found.pace_per_day,
        })
    }

    /// What the people of a project did, by id: for who runs or reads it everybody, for others
    /// themselves and nothing about gold. The entry is one for [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`EnterError::Forbidden`] for the other side.
    pub async fn workers(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
    ) -> Result<Vec<WorkerView>, LabellingError> {
        given_for(entry, Operation::ReadWork)?;
        let row = self.own_project(entry, project).await?.row;
        let all = Standing::of(entry, &row).sees_figures();
        let days = self.days(project, None, None).await?;
        let mut done: BTreeMap<String, Line> = sums(&days);
        let mut views = Vec::new();
        for kept in self.all::<Worker>(Whose::Owner(project)).await? {
            let person = kept.id.rsplit('/').next().unwrap_or_default().to_owned();
            if !all && person != caller.person() {
                continue;
            }
            let none = || Line { person: person.clone(), days: 0, stint: Stint::default() };
            let line = done.remove(&person).unwrap_or_else(none);
            views.push(worker(&person, Some(kept.row), &line, all));
        }
        let rest = done.into_values().filter(|line| all || line.person == caller.person());
        views.extend(rest.map(|line| worker(&line.person, None, &line, all)));
        for view in views.iter_mut().filter(|view| view.name.is_empty()) {
            view.name = self.name_of_person(&view.person).await?.unwrap_or_default();
        }
        views.sort_by(|a, b| a.person.cmp(&b.person));
        Ok(views)
    }

    /// The quality of a project's work so far. The entry is one for [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`EnterError::Forbidden`] for who labels or reviews and nothing else.
    pub async fn work_quality(
        &self,
        entry: &Entry,
        project: &str,
    ) -> Result<ProjectQualityView, LabellingError> {
        given_for(entry, Operation::ReadWork)?;
        let row: Project = self.project_row(entry, project).await?.row;
        let standing = Standing::of(entry, &row);
        if !standing.sees_figures() && !standing.inspector {
            return Err(EnterError::Forbidden.into());
        }
        let (mut gold, mut review) = (Tally::default(), Tally::default());
        let mut by_day: BTreeMap<String, (ClassTally, ClassTally)> = BTreeMap::new();
        for day in self.days(project, None, None).await? {
            let stint = &day.row.stint;
            gold.add(&stint.gold);
            review.add(&stint.review);
            let sums = by_day.entry(day.row.day.clone()).or_default();
            sums.0.add(&stint.gold.total());
            sums.1.add(&stint.review.total());
        }
        let (gold, review) = (quality(&gold), quality(&review));
        let days = by_day.into_iter().filter_map(|(day, sums)| quality_day(&day, &sums)).collect();
        Ok(ProjectQualityView { iou_percent: row.settings.iou_percent, gold, review, days })
    }

    /// The payroll of a project over some days, both ends included. The entry is one for
    /// [`Operation::ReadPayroll`].
    ///
    /// # Errors
    /// [`EnterError::Forbidden`] for the other side.
    pub async fn payroll(
        &self,
        entry: &Entry,
        project: &str,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Result<PayrollView, LabellingError> {
        given_for(entry, Operation::ReadPayroll)?;
        self.own_project(entry, project).await?;
        let days = self.days(project, from, to).await?;
        let mut view = PayrollView { from, to, lines: Vec::new() };
        for (person, line) in sums(&days) {
            let worker = self.get::<Worker>(&format!("{project}/{person}")).await?;
            let named = worker.map(|kept| kept.row.name).filter(|name| !name.is_empty());
            // Who only reviews was never given an item.
            let name = match named {
                Some(name) => name,
                None => self.name_of_person(&person).await?.unwrap_or_default(),
            };
            view.lines.push(PayrollLine { person, name, work: work(&line) });
        }
        Ok(view)
    }
}

fn sums(days: &[Kept<Day>]) -> BTreeMap<String, Line> {
    let days = days.iter().map(|day| (day.row.person.as_str(), &day.row.stint));
    lines(days).into_iter().map(|line| (line.person.clone(), line)).collect()
}

fn worker(person: &str, row: Option<Worker>, line: &Line, all: bool) -> WorkerView {
    let row = row.unwrap_or_default();
    let stint = &line.stint;
    WorkerView {
        person: person.to_owned(),
        name: row.name,
        skills: row.skills.map(|skills| skills.into_iter().collect()),
        work: work(line),
        items_per_hour: stint.items_per_hour(),
        labels_per_hour: stint.labels_per_hour(),
        gold: all.then(|| quality(&stint.gold)),
        review: all.then(|| quality(&stint.review)),
    }
}

fn work(line: &Line) -> WorkView {
    let stint = &line.stint;
    WorkView {
        days: line.days,
        label_seconds: stint.label_seconds,
        review_seconds: stint.review_seconds,
        submitted: stint.submitted,
        submitted_labels: stint.submitted_labels,
        corrected: stint.corrected,
        skipped: stint.skipped,
        accepted: stint.accepted,
        returned: stint.returned,
        reviewed: stint.reviewed,
        made: stint.made,
        changed: stint.changed,
        deleted: stint.deleted,
    }
}

fn quality(tally: &Tally) -> QualityView {
    let classes = tally.classes.iter().map(|(class, one)| (class.clone(), counts(one)));
    QualityView {
        items: share(tally.conforming, tally.items),
        total: counts(&tally.total()),
        classes: classes.collect(),
    }
}

fn quality_day(day: &str, (gold, review): &(ClassTally, ClassTally)) -> Option<QualityDay> {
    let accuracy = |sum: &ClassTally| share(sum.right, sum.judged());
    let judged = gold.judged() + review.judged() > 0;
    let day = day.parse().ok().filter(|_| judged)?;
    Some(QualityDay { day, gold: accuracy(gold), review: accuracy(review) })
}

fn counts(one: &ClassTally) -> CountsView {
    let mean = units::Ratio::new(one.iou_billionths, one.right.saturating_mul(1_000_000_000));
    let mean = mean.value().map(|mean| mean.to_decimal(6, units::RoundingMode::Floor).to_string());
    CountsView {
        gold: one.gold,
        work: one.work,
        right: one.right,
        wrong_class: one.wrong_class,
        missed: one.missed,
        extra: one.extra,
        imprecise: one.imprecise,
        precision: share(one.right, one.work),
        recall: share(one.right, one.gold),
        f1: share(2 * one.right, one.gold + one.work),
        accuracy: share(one.right, one.judged()),
        mean_iou: mean,
    }
}

fn share(hits: u64, total: u64) -> ShareView {
    let (interval, decimal) = (wilson(hits, total), Share::new(hits, total).decimal);
    let (lower, upper) = (interval.map(|one| one.lower), interval.map(|one| one.upper));
    ShareView { hits, total, decimal, lower, upper }
}
