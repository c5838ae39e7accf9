//! Datasets of a training: images by class, as objects of the agreement. Serves train-2.1,
//! train-2.2.3. What is brought to judge by is seen by whoever brought it, and by nobody else.

use contract::event::{Actor, Recorded};
use contract::terms::Side;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::ObjectRef;
use units::Timestamp;

use super::error::TrainingError;
use super::form::{Groups, classes, digest, list, part_code, renamed, test_set};
use super::rows::{DatasetClassView, DatasetPurpose, DatasetRow, ImageList, KeptImage};
use crate::desk::Desk;
use crate::labelling::{KeptObject, PersonalData};
use crate::people::{Caller, Entry, Kept, Operation, Outcome, People, PeopleError, given_for};

/// Datasets of an agreement at most.
const MOST: usize = 200;
/// Images of a page.
const PAGE: usize = 60;

/// A dataset that is brought.
#[derive(Debug, Clone)]
pub struct NewDataset {
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub purpose: DatasetPurpose,
    /// Under which licence the images are.
    pub licence: String,
    /// Where they come from.
    pub origin: String,
    /// What the people shown agreed to.
    pub consents: Vec<String>,
    /// The class of personal data.
    pub personal_data: PersonalData,
    /// The images.
    pub images: Vec<NewImage>,
    /// What was found when they were looked at.
    pub report: DatasetReport,
}

/// An image that was looked at and kept.
#[derive(Debug, Clone)]
pub struct NewImage {
    /// Its path: `[PART/]CLASS/FILE`.
    pub name: String,
    /// The file.
    pub original: ObjectRef,
    /// A small picture.
    pub thumbnail: Option<ObjectRef>,
}

/// What was found when a dataset was taken, by the names of its images.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct DatasetReport {
    /// Files that were not taken.
    pub refused: Vec<DatasetProblem>,
    /// What is worth knowing of images that were taken.
    pub notices: Vec<DatasetProblem>,
    /// Content that was there before: the name, and what it equals.
    pub duplicates: Vec<(String, String)>,
    /// Images that look alike.
    pub near: Vec<Vec<String>>,
}

/// Something about a file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct DatasetProblem {
    /// The file.
    pub name: String,
    /// The byte, where that is known.
    pub byte: Option<u64>,
    /// What, as a code.
    pub code: String,
}

/// A dataset, as it is shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DatasetView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub purpose: DatasetPurpose,
    /// Who brought it.
    pub side: Side,
    /// Under which licence the images are.
    pub licence: String,
    /// Where they come from.
    pub origin: String,
    /// What the people shown agreed to.
    pub consents: Vec<String>,
    /// The class of personal data.
    pub personal_data: PersonalData,
    /// How many images.
    pub images: u64,
    /// Their bytes.
    pub bytes: u64,
    /// SHA-256 over the sorted list of names, classes and hashes.
    pub digest: String,
    /// How many images by class and part.
    pub classes: Vec<DatasetClassView>,
    /// When it was taken.
    pub at: Timestamp,
    /// Whether it is the sealed test set.
    pub sealed: bool,
}

/// A dataset with what was found in it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DatasetDetail {
    /// The dataset.
    #[serde(flatten)]
    pub dataset: DatasetView,
    /// What was found when it was taken.
    pub report: DatasetReport,
    /// Groups of images that look alike and lie in different parts: what is judged was seen.
    pub leaks: Vec<Vec<String>>,
    /// Groups of images that look alike and have different classes: one of them is wrong.
    pub conflicts: Vec<Vec<String>>,
}

/// Which images.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct ImageFilter {
    /// Of this class alone.
    #[schemars(length(max = 200))]
    pub class: Option<String>,
    /// Of this part alone: `train`, `validation` or `test`.
    #[schemars(length(max = 20))]
    pub part: Option<String>,
    /// Whether only those about which there is something to say.
    pub problems: Option<bool>,
    /// Behind this number: the `next_cursor` of the answer before.
    #[schemars(range(min = 0, max = 999_999_999))]
    pub after: Option<u64>,
}

/// An image of a dataset, as it is listed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DatasetImageView {
    /// Its number, from 1.
    pub number: u64,
    /// `PART/CLASS/FILE`.
    pub name: String,
    /// Its class.
    pub class: String,
    /// `train`, `validation` or `test`.
    pub part: String,
    /// Its bytes.
    pub size: u64,
    /// SHA-256 of its content.
    pub sha256: String,
    /// What is to be said of it: `alike`, `leak`, `conflict`, or the code of a notice.
    pub problems: Vec<String>,
}

/// A page of images.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DatasetImagesView {
    /// The images.
    pub images: Vec<DatasetImageView>,
    /// How many there are in all.
    pub total: u64,
    /// Where the next page begins; absent at the end.
    pub next_cursor: Option<String>,
}

impl People {
    /// Keeps a dataset. The entry is one for [`Operation::ManageWork`].
    ///
    /// # Errors
    /// When a field cannot be used, or its images lie in no folders of classes.
    pub async fn add_dataset(
        &self,
        caller: &Caller,
        entry: &Entry,
        new: NewDataset,
    ) -> Result<DatasetView, TrainingError> {
        given_for(entry, Operation::ManageWork)?;
        if !(1..=200).contains(&new.name.trim().chars().count()) {
            return Err(TrainingError::field("name"));
        }
        if self.owned::<DatasetRow>(entry.agreement().as_str()).await?.len() >= MOST {
            return Err(PeopleError::TooMany { limit: MOST as u64 }.into());
        }
        let list = list(&new);
        let classes = classes(&list);
        let least = if new.purpose == DatasetPurpose::Test { 1 } else { 2 };
        if classes.len() < least {
            let (classes, least) = (classes.len() as u64, least as u64);
            return Err(TrainingError::Classes { classes, least });
        }
        let desk = self.desk(entry);
        let kept = |value: Result<Vec<u8>, serde_json::Error>| {
            value.map_err(|error| TrainingError::Io(error.into()))
        };
        let bytes = kept(serde_json::to_vec(&list))?;
        let report = kept(serde_json::to_vec(&renamed(&new)))?;
        let list_object = desk.put(entry.agreement(), &bytes).await?;
        let report_object = desk.put(entry.agreement(), &report).await?;
        let row = DatasetRow {
            agreement: entry.agreement().clone(),
            side: entry.side(),
            name: new.name.trim().to_owned(),
            purpose: new.purpose,
            licence: new.licence,
            origin: new.origin,
            consents: new.consents,
            personal_data: new.personal_data,
            images: list.images.len() as u64,
            bytes: list.images.iter().map(|image| image.original.size).sum(),
            digest: digest(&list),
            classes,
            list: KeptObject::from(&list_object),
            report: KeptObject::from(&report_object),
            at: self.now(),
            by: caller.person().to_owned(),
        };
        let kept = Kept::new(self.new_id_in_time()?, entry.agreement().as_str(), row);
        let audited =
            self.about_agreement(caller, entry, "add_dataset", &kept.id, Outcome::Allowed);
        self.write(vec![kept.insert()], vec![audited]).await?;
        Ok(view(&kept, None))
    }

    /// The datasets that the entry's side sees, the oldest first.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn datasets(&self, entry: &Entry) -> Result<Vec<DatasetView>, TrainingError> {
        given_for(entry, Operation::ReadWork)?;
        let sealed = sealed_hash(&self.desk(entry), entry).await?;
        let all = self.owned::<DatasetRow>(entry.agreement().as_str()).await?;
        let seen = all.iter().filter(|kept| sees(entry, &kept.row));
        let mut views = Vec::new();
        for kept in seen {
            views.push(self.shown(entry, kept, sealed.as_deref()).await?);
        }
        Ok(views)
    }

    async fn shown(
        &self,
        entry: &Entry,
        kept: &Kept<DatasetRow>,
        sealed: Option<&str>,
    ) -> Result<DatasetView, TrainingError> {
        let judged = kept.row.purpose == DatasetPurpose::Test && sealed.is_some();
        let own = if judged { Some(test_set(&self.list_of(entry, kept).await?)) } else { None };
        let hash = own.and_then(|set| set.hash().ok());
        Ok(view(kept, hash.as_deref().filter(|hash| Some(*hash) == sealed)))
    }

    /// One dataset with what was found in it.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] where the side sees none of this id.
    pub async fn dataset(&self, entry: &Entry, id: &str) -> Result<DatasetDetail, TrainingError> {
        given_for(entry, Operation::ReadWork)?;
        let kept = self.dataset_row(entry, id).await?;
        let desk = self.desk(entry);
        let sealed = sealed_hash(&desk, entry).await?;
        let dataset = self.shown(entry, &kept, sealed.as_deref()).await?;
        let list = self.list_of(entry, &kept).await?;
        let bytes = desk.get(entry.agreement(), &kept.row.report.object()?).await?;
        let report: DatasetReport =
            serde_json::from_slice(&bytes).map_err(|error| TrainingError::Io(error.into()))?;
        let Groups { leaks, conflicts } = Groups::of(&report, &list);
        Ok(DatasetDetail { dataset, report, leaks, conflicts })
    }

    /// Images of a dataset, a page at a time.
    ///
    /// # Errors
    /// As [`People::dataset`].
    pub async fn dataset_images(
        &self,
        entry: &Entry,
        id: &str,
        filter: &ImageFilter,
    ) -> Result<DatasetImagesView, TrainingError> {
        given_for(entry, Operation::ReadWork)?;
        let kept = self.dataset_row(entry, id).await?;
        let list = self.list_of(entry, &kept).await?;
        let bytes = self.desk(entry).get(entry.agreement(), &kept.row.report.object()?).await?;
        let report: DatasetReport =
            serde_json::from_slice(&bytes).map_err(|error| TrainingError::Io(error.into()))?;
        let said = Groups::of(&report, &list).said(&report);
        let wanted = (1_u64..).zip(&list.images).filter(|(_, image)| {
            filter.class.as_ref().is_none_or(|class| *class == image.class)
                && filter.part.as_deref().is_none_or(|part| part == part_code(image.part))
                && (filter.problems != Some(true) || said.contains_key(image.name.as_str()))
        });
        let wanted: Vec<(u64, &KeptImage)> = wanted.collect();
        let after = filter.after.unwrap_or(0);
        let rest = wanted.iter().filter(|(number, _)| *number > after);
        let page: Vec<DatasetImageView> = rest
            .clone()
            .take(PAGE)
            .map(|(number, image)| DatasetImageView {
                number: *number,
                name: image.name.clone(),
                class: image.class.clone(),
                part: part_code(image.part).to_owned(),
                size: image.original.size,
                sha256: image.original.sha256.clone(),
                problems: said.get(image.name.as_str()).cloned().unwrap_or_default(),
            })
            .collect();
        let more = rest.count() > page.len();
        let next_cursor = page.last().map(|image| image.number.to_string()).filter(|_| more);
        Ok(DatasetImagesView { images: page, total: wanted.len() as u64, next_cursor })
    }

    /// The small picture of an image by its name, or the image itself where it has none.
    ///
    /// # Errors
    /// As [`People::dataset`].
    pub async fn dataset_picture(
        &self,
        entry: &Entry,
        id: &str,
        name: &str,
    ) -> Result<ObjectRef, TrainingError> {
        given_for(entry, Operation::ReadWork)?;
        let kept = self.dataset_row(entry, id).await?;
        let list = self.list_of(entry, &kept).await?;
        let image = list.images.iter().find(|image| image.name == name);
        let image = image.ok_or(TrainingError::absent("image"))?;
        Ok(image.thumbnail.as_ref().unwrap_or(&image.original).object()?)
    }

    /// Seals a dataset as the test set. The entry is one for [`Operation::Record`].
    ///
    /// # Errors
    /// When it was brought to learn from, or the contract refuses.
    pub async fn seal_dataset(
        &self,
        entry: &Entry,
        actor: &Actor,
        id: &str,
    ) -> Result<Vec<Recorded>, TrainingError> {
        given_for(entry, Operation::Record)?;
        let kept = self.dataset_row(entry, id).await?;
        if kept.row.purpose != DatasetPurpose::Test {
            return Err(TrainingError::field("dataset"));
        }
        let set = test_set(&self.list_of(entry, &kept).await?);
        Ok(super::seal(&self.desk(entry), actor, entry.agreement(), &set).await?)
    }

    /// A dataset that the entry's side sees.
    pub(super) async fn dataset_row(
        &self,
        entry: &Entry,
        id: &str,
    ) -> Result<Kept<DatasetRow>, TrainingError> {
        let found = self.get::<DatasetRow>(id).await?;
        let own = |kept: &Kept<DatasetRow>| {
            kept.row.agreement == *entry.agreement() && sees(entry, &kept.row)
        };
        found.filter(own).ok_or(TrainingError::absent("dataset"))
    }

    /// The images of a dataset.
    pub(super) async fn list_of(
        &self,
        entry: &Entry,
        kept: &Kept<DatasetRow>,
    ) -> Result<ImageList, TrainingError> {
        read_list(&self.desk(entry), &kept.row).await
    }
}

pub(super) async fn read_list(desk: &Desk, row: &DatasetRow) -> Result<ImageList, TrainingError> {
    let bytes = desk.get(&row.agreement, &row.list.object()?).await?;
    serde_json::from_slice(&bytes).map_err(|error| TrainingError::Io(error.into()))
}

pub(super) fn sees(entry: &Entry, row: &DatasetRow) -> bool {
    row.purpose == DatasetPurpose::Training || row.side == entry.side()
}

async fn sealed_hash(desk: &Desk, entry: &Entry) -> Result<Option<String>, TrainingError> {
    let book = desk.open_book(entry.agreement()).await?;
    Ok(book.state.facts.test_set.as_ref().map(|set| set.sha256.clone()))
}

fn view(kept: &Kept<DatasetRow>, sealed: Option<&str>) -> DatasetView {
    let row = &kept.row;
    DatasetView {
        id: kept.id.clone(),
        name: row.name.clone(),
        purpose: row.purpose,
        side: row.side,
        licence: row.licence.clone(),
        origin: row.origin.clone(),
        consents: row.consents.clone(),
        personal_data: row.personal_data,
        images: row.images,
        bytes: row.bytes,
        digest: row.digest.clone(),
        classes: row.classes.clone(),
        at: row.at,
        sealed: sealed.is_some(),
    }
}
