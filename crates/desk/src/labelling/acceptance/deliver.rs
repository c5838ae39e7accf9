//! The accepted items of a project as the next round of a delivery: written in an agreed format,
//! kept, and handed over by the use case that takes files. Serves anno-3.5 and anno-3.6. Whether a
//! round may be handed over decides the contract.

use std::path::{Path, PathBuf};

use contract::Refusal;
use contract::state::State as Contract;
use contract::terms::Agreement;
use formats::{Exported, Format};
use labelling::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::Id;

use super::super::again;
use super::super::delivery::{AcceptedLabels, kinds as kinds_of};
use super::super::error::LabellingError;
use super::super::rows::{KeptObject, Project, keep};
use super::terms::{annotation, formats_of, item_of};
use super::{Round, delivery_id, ranges, round_id};
use crate::intake::DeliveredItem;
use crate::people::{Caller, EnterError, Entry, Kept, Operation, Outcome, People, given_for};

/// What is delivered.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deliver {
    /// The work item of the agreement, where several fit.
    pub item: Option<Id>,
    /// The format, one of those agreed; the first of them where it is absent.
    #[schemars(length(max = 20))]
    pub format: Option<String>,
    /// Whether the accepted items go although others are not finished.
    #[serde(default)]
    pub partial: bool,
    /// How many units, where the files do not say: minutes or hours of video.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub quantity: Option<u64>,
}

/// A file of a delivery.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DeliveredFile {
    /// What it is called.
    pub name: String,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
}

/// A round that was handed over.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DeliveredView {
    /// The delivery.
    pub delivery: Id,
    /// Its round.
    pub round: u32,
    /// The work item of the agreement.
    pub item: Id,
    /// The format.
    pub format: String,
    /// How many items of the project are in it.
    pub items: u64,
    /// How many units, as the agreement counts them.
    pub quantity: u64,
    /// The files.
    pub files: Vec<DeliveredFile>,
    /// SHA-256 of the list of files, as it stands in the journal.
    pub hash: String,
    /// Labels that the format does not hold.
    pub left_out: u64,
    /// Classes that the agreement does not have.
    pub unknown_labels: Vec<String>,
    /// The entry of the journal.
    pub entry: u64,
}

/// A file that was written, with what it holds.
struct Written {
    path: PathBuf,
    name: String,
    left_out: u64,
}

impl People {
    /// Hands the accepted items of a project over as the next round of its delivery. `folder` is
    /// empty and for this call. The entry is one for [`Operation::Deliver`].
    ///
    /// # Errors
    /// [`LabellingError::Open`] while items are not finished, and what the contract refuses.
    pub async fn deliver_project(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        wanted: &Deliver,
        folder: &Path,
    ) -> Result<DeliveredView, LabellingError> {
        given_for(entry, Operation::Deliver)?;
        let kept = self.own_project(entry, project).await?;
        if !entry.may(Operation::ManageWork) {
            return Err(EnterError::Forbidden.into());
        }
        // Nobody opens an item again while it is written down.
        let _turn = self.counting.lock().await;
        let desk = self.desk(entry);
        let book = desk.open_book(entry.agreement()).await?;
        self.settle(entry, &kept.id, &book.state).await?;
        let kept = self.own_project(entry, project).await?;
        let terms = book.state.agreement.clone().ok_or(Refusal::NotDrafted)?;
        all_done(&kept.row, wanted.partial)?;
        let item = item_of(&terms, &kept.row, wanted.item.as_ref())?.id.clone();
        let format = format_for(&terms, wanted)?;
        let (number, round) = next_round(&kept, &book.state)?;
        let delivery = delivery_id(project, number)?;
        let labels = self.deliverable(entry, &kept).await?;
        let numbers = labels.numbers.clone();
        let written = write(labels, format, folder, &format!("{delivery}-{round}")).await?;
        let bytes = tokio::fs::read(&written.path).await?;
        let object = KeptObject::from(&desk.put(entry.agreement(), &bytes).await?);
        drop(bytes);
        let row = Round {
            delivery: delivery.clone(),
            number,
            round,
            item: item.clone(),
            format: format.code().to_owned(),
            file: written.name,
            object,
            contents: ranges(&numbers),
            sample: None,
            deciding: false,
            result: None,
            settled: None,
        };
        again!(self.begin_handing(entry, project, &row))?;
        let files = [DeliveredItem { item, path: written.path, quantity: wanted.quantity }];
        let (agreement, actor) = (entry.agreement(), entry.actor());
        let done = desk.import_delivery(agreement, actor, &delivery, &files, false).await;
        let book = desk.open_book(agreement).await?;
        again!(self.end_handing(entry, project, &book.state))?;
        let done = done?;
        let audited =
            self.about_agreement(caller, entry, "deliver_project", project, Outcome::Allowed);
        self.write(Vec::new(), vec![audited]).await?;
        Ok(view(row, numbers.len() as u64, written.left_out, done))
    }

    /// The accepted items that are not with the customer, as a dataset. Labels of a model go out
    /// where the agreement lets a model label.
    async fn deliverable(
        &self,
        entry: &Entry,
        kept: &Kept<Project>,
    ) -> Result<AcceptedLabels, LabellingError> {
        let fresh = |seq| !kept.row.is_delivered(seq);
        let labels = self.accepted_labels(entry, kept, fresh).await?;
        if labels.numbers.is_empty() {
            return Err(Refusal::Zero { field: "items" }.into());
        }
        if let Some(name) = labels.building.twice() {
            return Err(LabellingError::OneName { name: name.to_owned() });
        }
        if labels.building.of_a_model {
            self.may_pre_label(entry).await?;
        }
        Ok(labels)
    }

    /// Keeps a round that is to be handed over, in place of one that the contract refused before,
    /// and holds its items: they stay as they are until the customer decides.
    async fn begin_handing(
        &self,
        entry: &Entry,
        project: &str,
        row: &Round,
    ) -> Result<(), LabellingError> {
        let id = round_id(project, row.number, row.round);
        let found = self.get::<Round>(&id).await?;
        let mut round = Kept::new(id, project, row.clone());
        round.version = found.map_or(0, |found| found.version);
        let mut kept = self.own_project(entry, project).await?;
        kept.row.delivered.extend(&row.contents);
        kept.row.delivered.sort_unstable();
        kept.row.handing = Some((row.number, row.round));
        Ok(self.write(vec![keep(&round), kept.replace()], Vec::new()).await?)
    }
}

/// Refuses a whole delivery while items are not finished. Clause: anno-3.6.
fn all_done(project: &Project, partial: bool) -> Result<(), LabellingError> {
    use State::{Annotating, Returned, Reviewing, Submitted, Waiting};
    let states = [Waiting, Annotating, Submitted, Reviewing, Returned];
    let open: u64 = states.into_iter().map(|state| project.count(state)).sum();
    if open == 0 || partial { Ok(()) } else { Err(LabellingError::Open { open }) }
}

/// The format asked for, where it is agreed. Clause: anno-3.5.
fn format_for(terms: &Agreement, wanted: &Deliver) -> Result<Format, LabellingError> {
    let agreed = formats_of(annotation(terms)?);
    let found = match &wanted.format {
        None => agreed.first().copied(),
        Some(code) => agreed.iter().copied().find(|format| format.code() == code),
    };
    found.ok_or_else(|| other_format(wanted.format.as_deref(), &agreed))
}

fn other_format(format: Option<&str>, agreed: &[Format]) -> LabellingError {
    let agreed = agreed.iter().map(|format| format.code().to_owned()).collect();
    LabellingError::DeliveryFormat { format: format.unwrap_or_default().to_owned(), agreed }
}

/// The number of the delivery and its round that come next: another delivery when the one before
/// was accepted.
fn next_round(kept: &Kept<Project>, state: &Contract) -> Result<(u32, u32), LabellingError> {
    let number = kept.row.round.map_or(1, |(number, _)| number);
    let found = state.facts.deliveries.get(&delivery_id(&kept.id, number)?);
    Ok(match found {
        Some(found) if found.accepted.is_some() => (number + 1, 1),
        found => (number, found.map_or(0, |found| found.round) + 1),
    })
}

/// Writes the labels into one file: as it is, or an archive of several.
async fn write(
    labels: AcceptedLabels,
    format: Format,
    folder: &Path,
    stem: &str,
) -> Result<Written, LabellingError> {
    let (items, kinds) = (labels.numbers.len(), labels.building.kinds());
    let (exported, left_out) = labels.building.export(format).await?;
    let Exported { files, dataset, .. } = exported;
    let images = dataset.images.iter().filter(|image| image.frame.is_none()).count();
    let mut held = images + dataset.texts.len() + dataset.videos.len();
    if dataset.texts.is_empty() && dataset.videos.is_empty() {
        held = dataset.images.len();
    }
    // What was ordered must be in it: events are not delivered in a format that has none, nor
    // keyframes in one where they last.
    let lost = kinds.into_iter().zip(kinds_of(&dataset)).any(|(had, has)| had && !has);
    if held < items || files.is_empty() || lost {
        return Err(other_format(Some(format.code()), &[]));
    }
    let ending = match files.as_slice() {
        [only] => only.name.rsplit_once('.').map_or("txt", |(_, ending)| ending).to_owned(),
        _ => "zip".to_owned(),
    };
    let name = format!("{stem}.{ending}");
    tokio::fs::create_dir_all(folder).await?;
    let path = folder.join(&name);
    let out = path.clone();
    let saved = tokio::task::spawn_blocking(move || formats::save(&files, &out)).await;
    saved.map_err(|_| LabellingError::field("format"))??;
    Ok(Written { path, name, left_out })
}

fn view(
    row: Round,
    items: u64,
    left_out: u64,
    done: crate::intake::DeliveryImport,
) -> DeliveredView {
    let listed = done.manifest.items;
    let quantity = listed.iter().map(|item| item.quantity).sum();
    let files = listed.into_iter().flat_map(|item| item.files).map(|file| DeliveredFile {
        name: file.name,
        sha256: file.sha256.to_string(),
        size: file.size,
    });
    DeliveredView {
        delivery: row.delivery,
        round: row.round,
        item: row.item,
        format: row.format,
        items,
        quantity,
        files: files.collect(),
        hash: done.sha256,
        left_out,
        unknown_labels: done.unknown_labels,
        entry: done.entry,
    }
}
