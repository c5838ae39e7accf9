//! The customer's inspection of a delivered project: the sample that both seeds give, dealt to the
//! inspectors one by one, and the signed rule applied to what they said. Serves anno-3.6 and
//! anno-4.1.1. The draw and the rule are `inspection`'s.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use annotation::IouThreshold;
use contract::Refusal;
use contract::terms::WorkItem;
use formats::Format;
use journal::Hash;
use labelling::{Action, Hold, MistakeKind, hold_until, judge};
use schemars::JsonSchema;
use serde::Deserialize;
use store::{CardWrite, MAX_CARD_PAGE, Whose};

use super::super::again;
use super::super::delivery::Building;
use super::super::error::LabellingError;
use super::super::projects::Standing;
use super::super::rows::{Item, MAIN, Project, item_id, keep};
use super::super::seen::AtItem;
use super::super::taking::Names;
use super::terms::{code, item_of};
use super::{Drawn, Mistakes, Outcome, Round, Sample, StandardResultView, unreadable, within};
use crate::inspection::{self, InspectionReport};
use crate::people::{
    Caller, EnterError, Entry, Kept, Operation, Outcome as Audited, People, given_for,
};

/// How many copies one write takes, beside the round.
const CHUNK: usize = 200;

/// Whether an inspector is done with an item.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// True when its labels are as they should be; false takes that back.
    pub done: bool,
}

impl People {
    /// Draws the sample that both seeds give from the delivered files, and gives the inspectors a
    /// copy of each drawn item. Drawn twice it is the same. `folder` is empty and for this call.
    /// The entry is one for [`Operation::Inspect`].
    ///
    /// # Errors
    /// When nothing is under inspection, or a seed was not revealed.
    pub async fn draw_inspection(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        folder: &Path,
    ) -> Result<(), LabellingError> {
        given_for(entry, Operation::Inspect)?;
        let _turn = self.counting.lock().await;
        let (kept, mut round) = self.under_inspection(entry, project).await?;
        if round.row.sample.is_some() {
            return Ok(());
        }
        let work = self.laid_down(entry, &round.row, &folder.join("work")).await?;
        let (desk, id) = (self.desk(entry), entry.agreement());
        let drawn =
            inspection::sample(&desk, id, &round.row.delivery, &round.row.item, &work).await?;
        let names = self.delivered_names(&kept, &round.row).await?;
        let mut items = Vec::new();
        for name in drawn.items {
            let numbered = name.strip_prefix('#').and_then(|number| number.parse().ok());
            let seq = numbered.or_else(|| names.find(&name));
            let seq = seq.ok_or_else(|| unreadable(project))?;
            let (hold, by, at, mistakes) = (None, None, None, None);
            items.push(Drawn { seq, name, hold, by, at, mistakes });
        }
        let slot = round.row.slot();
        let mut cards: Vec<CardWrite> = Vec::new();
        for one in &items {
            let delivered = self.labels(project, one.seq, MAIN).await?.row;
            let mut copy = self.labels(project, one.seq, &slot).await?;
            copy.row = delivered;
            cards.push(keep(&copy));
            if cards.len() == CHUNK {
                self.write(std::mem::take(&mut cards), Vec::new()).await?;
            }
        }
        round.row.sample = Some(Sample {
            lot: drawn.lot,
            wanted: drawn.wanted,
            accept: drawn.accept,
            severity: drawn.severity.map(|severity| code(&severity)),
            items,
        });
        cards.push(round.replace());
        let audited =
            self.about_agreement(caller, entry, "draw_inspection", project, Audited::Allowed);
        Ok(self.write(cards, vec![audited]).await?)
    }

    /// The project and its round, for an inspector, while the contract waits for a decision.
    async fn under_inspection(
        &self,
        entry: &Entry,
        project: &str,
    ) -> Result<(Kept<Project>, Kept<Round>), LabellingError> {
        let kept = self.project_row(entry, project).await?;
        if !Standing::of(entry, &kept.row).inspects {
            return Err(EnterError::Forbidden.into());
        }
        let book = self.desk(entry).open_book(entry.agreement()).await?;
        let kept = again!(self.end_handing(entry, project, &book.state))?;
        let round = self.round_of(&kept).await?.ok_or(LabellingError::NoInspection)?;
        let found = round.row.in_journal(&book.state).ok_or(LabellingError::NoInspection)?;
        if found.accepted.is_some() || found.rejected.is_some() {
            return Err(LabellingError::NoInspection);
        }
        Ok((kept, round))
    }

    /// The delivered items by name.
    async fn delivered_names(
        &self,
        kept: &Kept<Project>,
        round: &Round,
    ) -> Result<Names, LabellingError> {
        let (mut names, mut after) = (Names::default(), item_id(&kept.id, 0));
        loop {
            let whose = Whose::Owner(&kept.id);
            let page = self.page::<Item>(whose, Some(&after), MAX_CARD_PAGE).await?;
            let Some(last) = page.last() else { return Ok(names) };
            after.clone_from(&last.id);
            let delivered = page.into_iter().filter(|item| within(&round.contents, item.row.seq));
            delivered.for_each(|item| names.add(item.row.name, item.row.seq));
        }
    }

    /// The next drawn item for an inspector: the one that they have, else the first that nobody
    /// decided and nobody has.
    pub(in crate::labelling) async fn try_inspect(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        except: &BTreeSet<u64>,
    ) -> Result<Option<u64>, LabellingError> {
        let kept = self.project_row(entry, project).await?;
        if !Standing::of(entry, &kept.row).inspects {
            return Err(EnterError::Forbidden.into());
        }
        let Some(mut round) = self.round_of(&kept).await? else { return Ok(None) };
        if round.row.result.is_some() || round.row.settled.is_some() {
            return Ok(None);
        }
        let (now, person) = (self.now(), caller.person());
        let Some(sample) = round.row.sample.as_mut() else { return Ok(None) };
        let open = |one: &Drawn| one.by.is_none() && !except.contains(&one.seq);
        let own = |one: &Drawn| one.hold.as_ref().is_some_and(|hold| hold.person == person);
        let free = |one: &Drawn| one.hold.as_ref().is_none_or(|hold| hold.until <= now);
        let found = sample.items.iter().position(|one| open(one) && own(one));
        let found = found.or_else(|| sample.items.iter().position(|one| open(one) && free(one)));
        let Some(one) = found.and_then(|at| sample.items.get_mut(at)) else { return Ok(None) };
        let until = hold_until(now, kept.row.settings.hold_minutes);
        one.hold = Some(Hold { person: person.to_owned(), until });
        let seq = one.seq;
        self.write(vec![round.replace()], Vec::new()).await?;
        Ok(Some(seq))
    }

    /// Says that a drawn item is decided, or not yet. The entry is one for [`Operation::Inspect`].
    ///
    /// # Errors
    /// [`LabellingError::NotNow`] where the item was not drawn, [`LabellingError::Unfinished`]
    /// where a label lacks a required attribute.
    pub async fn inspect_item(&self, at: AtItem<'_>, done: Done) -> Result<(), LabellingError> {
        given_for(at.entry, Operation::Inspect)?;
        let _turn = self.counting.lock().await;
        again!(self.try_inspected(at, done))
    }

    async fn try_inspected(&self, at: AtItem<'_>, done: Done) -> Result<(), LabellingError> {
        let mut seen = self.see(at).await?;
        seen.check(Action::Inspect)?;
        let slot = seen.slot();
        let Some(mut round) = seen.inspection.take() else {
            return Err(LabellingError::NotDrawn);
        };
        if done.done {
            let document = self.labels(at.project, at.seq, &slot).await?.row.document;
            let guideline = self.guideline_now(&seen.project).await?;
            super::super::work::finished(&document, &guideline)?;
        }
        let items = round.row.sample.iter_mut().flat_map(|sample| &mut sample.items);
        for one in items.filter(|one| one.seq == at.seq) {
            one.hold = None;
            one.by = done.done.then(|| seen.person.clone());
            one.at = done.done.then(|| self.now());
        }
        Ok(self.write(vec![round.replace()], Vec::new()).await?)
    }

    /// Applies the signed rule when every drawn item is decided: what the inspectors said is gold.
    /// Records the sample and the result with its report, and keeps what failed. `folder` is empty
    /// and for this call. The entry is one for [`Operation::Inspect`].
    ///
    /// # Errors
    /// [`LabellingError::Undecided`] while items are left, and as [`crate::inspection::inspect`].
    pub async fn decide_inspection(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        folder: &Path,
    ) -> Result<(), LabellingError> {
        given_for(entry, Operation::Inspect)?;
        let _turn = self.counting.lock().await;
        let (kept, round) = self.under_inspection(entry, project).await?;
        let sample = round.row.sample.as_ref().ok_or(LabellingError::NotDrawn)?;
        let left = sample.items.iter().filter(|one| one.by.is_none()).count() as u64;
        if left > 0 {
            return Err(LabellingError::Undecided { left });
        }
        if round.row.result.is_some() {
            return Ok(());
        }
        self.judging(&round.id, true).await?;
        let decided = self.judged(caller, entry, &kept, folder).await;
        if decided.is_err() {
            self.judging(&round.id, false).await?;
        }
        decided
    }

    /// Holds what the inspectors said while it is judged, or lets go of it.
    async fn judging(&self, round: &str, deciding: bool) -> Result<(), LabellingError> {
        let mut kept = self.get::<Round>(round).await?.ok_or(LabellingError::NoInspection)?;
        kept.row.deciding = deciding;
        Ok(self.write(vec![kept.replace()], Vec::new()).await?)
    }

    /// Judges what the inspectors said, and keeps what failed. What the journal has already is not
    /// recorded again.
    async fn judged(
        &self,
        caller: &Caller,
        entry: &Entry,
        kept: &Kept<Project>,
        folder: &Path,
    ) -> Result<(), LabellingError> {
        let project = kept.id.as_str();
        let mut round = self.round_of(kept).await?.ok_or(LabellingError::NoInspection)?;
        let gold = self.inspectors_file(entry, kept, &round.row, &folder.join("gold")).await?;
        let work = self.laid_down(entry, &round.row, &folder.join("work")).await?;
        let (desk, id, actor) = (self.desk(entry), entry.agreement(), entry.actor());
        let (delivery, item) = (round.row.delivery.clone(), round.row.item.clone());
        let report = inspection::inspect(&desk, actor, id, &delivery, &item, &work, &gold).await?;
        let book = desk.open_book(id).await?;
        let terms = book.state.agreement.as_ref().ok_or(Refusal::NotDrafted)?;
        let agreed = item_of(terms, &kept.row, Some(&item))?;
        let slot = round.row.slot();
        for one in round.row.sample.iter_mut().flat_map(|sample| &mut sample.items) {
            let right = self.labels(project, one.seq, &slot).await?.row.document;
            let work = self.labels(project, one.seq, MAIN).await?.row.document;
            let item = self.item_row(project, one.seq).await?.row;
            let (iou, tolerance) = matching(agreed, &kept.row, &item);
            one.mistakes = Some(count(&judge(&right.labels, &work.labels, iou, tolerance)));
        }
        (round.row.result, round.row.deciding) = (Some(outcome(&report)?), false);
        let audited =
            self.about_agreement(caller, entry, "decide_inspection", project, Audited::Allowed);
        Ok(self.write(vec![round.replace()], vec![audited]).await?)
    }

    /// What the inspectors said of the drawn items, in the format of the delivery.
    async fn inspectors_file(
        &self,
        entry: &Entry,
        kept: &Kept<Project>,
        round: &Round,
        folder: &Path,
    ) -> Result<PathBuf, LabellingError> {
        let mut building = Building::new(&self.guideline_now(kept).await?);
        let slot = round.slot();
        let mut drawn: Vec<u64> =
            round.sample.iter().flat_map(|s| &s.items).map(|d| d.seq).collect();
        drawn.sort_unstable();
        for seq in drawn {
            let item = self.item_row(&kept.id, seq).await?;
            let right = self.labels(&kept.id, seq, &slot).await?.row.document;
            let body = self.body_of(entry, &item.row).await?;
            building.add(&item.row, &right, body);
        }
        let format = Format::ALL.into_iter().find(|format| format.code() == round.format);
        let format = format.ok_or_else(|| unreadable(&kept.id))?;
        let (exported, _) = building.export(format).await?;
        tokio::fs::create_dir_all(folder).await?;
        let path = folder.join(&round.file);
        let out = path.clone();
        let saved = move || formats::save(&exported.files, &out);
        let saved = tokio::task::spawn_blocking(saved).await;
        saved.map_err(|_| LabellingError::field("format"))??;
        Ok(path)
    }
}

/// When two labels match: the IoU and the ticks of the agreed standards, else the project's.
pub(super) fn matching(agreed: &WorkItem, project: &Project, item: &Item) -> (IouThreshold, u64) {
    let iou = agreed.standards.iter().find_map(|standard| standard.iou);
    let iou = iou.and_then(|iou| IouThreshold::new(iou.to_fraction()).ok());
    let seconds = agreed.standards.iter().find_map(|standard| standard.tolerance);
    let ticks = seconds.and_then(|seconds| item.ticks(seconds));
    (iou.unwrap_or_else(|| project.iou()), ticks.unwrap_or_else(|| project.tolerance(item)))
}

fn count(judged: &labelling::Judged) -> Mistakes {
    let total = judged.tally.total();
    let imprecise = judged.mistakes.iter().filter(|one| one.kind == MistakeKind::Imprecise);
    Mistakes {
        missed: total.missed,
        extra: total.extra,
        wrong_class: total.wrong_class,
        imprecise: imprecise.count() as u64,
    }
}

/// What the report says, for the page; the report itself is the evidence.
fn outcome(report: &InspectionReport) -> Result<Outcome, LabellingError> {
    let bytes = serde_json::to_vec(report).map_err(|_| crate::desk::unwritable("report"))?;
    let standards = report.standards.iter().map(|one| StandardResultView {
        metric: code(&one.metric),
        iou: one.iou.map(|iou| iou.to_string()),
        threshold: Some(one.threshold.to_string()),
        hits: one.ratio.map(|ratio| ratio.hits),
        total: one.ratio.map(|ratio| ratio.total),
        accept: one.decision.as_ref().and_then(|decision| decision.accept),
        verdict: code(&one.verdict),
    });
    let plan = report.plan.as_ref().map(|plan| StandardResultView {
        metric: "conforming_items".to_owned(),
        iou: None,
        threshold: None,
        hits: Some(plan.observed.hits),
        total: Some(plan.observed.total),
        accept: plan.accept,
        verdict: code(&plan.verdict),
    });
    Ok(Outcome {
        verdict: report.verdict,
        sha256: Hash::of(&bytes).to_string(),
        standards: standards.collect(),
        plan,
    })
}
