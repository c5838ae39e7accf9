//! The manifest of a project's raw data, which both parties sign: an annex of the agreement that
//! names the SHA-256 of a statement, which names that of the list of items. Serves anno-3.4,
//! anno-6.2. What was declared stands in it as it was said; whether it is true is not known here.
//! An item never changes its name or content, so that a manifest holds as long as no item is added.

use std::fmt::Write as _;

use contract::Refusal;
use contract::state::{Phase, State as Contract};
use contract::terms::{Bilingual, Document, DocumentRank, Side};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{MAX_CARD_PAGE, ObjectRef, Whose};
use units::{Id, Timestamp};

use super::acceptance::ranges;
use super::error::LabellingError;
use super::rows::{Item, KeptObject, Modality, Project, item_id, keep};
use crate::papers::NewDocument;
use crate::people::{Caller, Entry, Kept, Operation, Outcome, People, Row, given_for};

/// The most items of one manifest.
const MOST_LISTED: u64 = 500_000;
/// What a statement says that it is.
const FORMAT: &str = "tallystick/raw-data-manifest/1";

/// Classes of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PersonalData {
    /// None.
    None,
    /// Personal data.
    Personal,
    /// Sensitive personal data.
    Sensitive,
}

/// What is declared of raw data that was taken.
#[derive(Debug, Clone)]
pub struct Declared {
    /// Warranty of rights.
    pub rights: String,
    /// The class of personal data.
    pub personal_data: PersonalData,
    /// Whether personal data was removed or masked.
    pub deidentified: bool,
    /// The manifest of the intake, an object of the agreement.
    pub manifest: ObjectRef,
}

/// An intake: what was declared of which items.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RawIntake {
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) rights: String,
    pub(crate) personal_data: PersonalData,
    pub(crate) deidentified: bool,
    /// The items, as ranges with both ends.
    pub(crate) items: Vec<(u64, u64)>,
    pub(crate) manifest: KeptObject,
}

/// A manifest that was proposed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RawManifest {
    pub(crate) number: u32,
    pub(crate) document: Id,
    pub(crate) items: u64,
    pub(crate) bytes: u64,
    pub(crate) list: KeptObject,
    pub(crate) statement: KeptObject,
    pub(crate) at: Timestamp,
    pub(crate) side: Side,
}

impl Row for RawIntake {
    const KIND: &'static str = "raw_intake";
}

impl Row for RawManifest {
    const KIND: &'static str = "raw_manifest";
}

/// Raw data of a project: what was declared, and what both parties signed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RawDataView {
    /// How many items the project has now.
    pub items: u64,
    /// Of those, items that came without a declaration.
    pub undeclared: u64,
    /// What was declared, the oldest first.
    pub intakes: Vec<RawIntakeView>,
    /// The manifests, the oldest first.
    pub manifests: Vec<RawManifestView>,
}

/// What was declared of some items.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RawIntakeView {
    /// When they were taken.
    pub at: Timestamp,
    /// The items, as ranges with both ends.
    pub items: Vec<(u64, u64)>,
    /// Warranty of rights.
    pub rights: String,
    /// The class of personal data.
    pub personal_data: PersonalData,
    /// Whether personal data was removed or masked.
    pub deidentified: bool,
    /// SHA-256 of the intake's own manifest.
    pub manifest_sha256: String,
}

/// A manifest of raw data.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RawManifestView {
    /// Its number in the project, from 1.
    pub number: u32,
    /// The annex that the parties sign.
    pub document: Id,
    /// SHA-256 of the statement, which the annex names.
    pub sha256: String,
    /// SHA-256 of the list of items, which the statement names.
    pub list_sha256: String,
    /// How many items it lists.
    pub items: u64,
    /// Their bytes.
    pub bytes: u64,
    /// When it was proposed.
    pub at: Timestamp,
    /// By which side.
    pub side: Side,
    /// Who has signed it.
    pub signed: Vec<Side>,
    /// Whether it lists every item that the project has now.
    pub current: bool,
}

/// A file of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RawDataFile {
    /// The statement, JSON.
    Statement,
    /// The list of items, JSON Lines.
    List,
}

/// What a statement says.
#[derive(Serialize)]
struct Statement<'a> {
    format: &'a str,
    agreement: &'a Id,
    project: &'a str,
    name: &'a str,
    modality: Modality,
    number: u32,
    items: u64,
    bytes: u64,
    list_sha256: &'a str,
    list_bytes: u64,
    undeclared: u64,
    intakes: &'a [RawIntakeView],
}

/// A line of the list.
#[derive(Serialize)]
struct Line<'a> {
    seq: u64,
    name: &'a str,
    size: u64,
    sha256: &'a str,
}

/// The list of a project's items.
struct Listed {
    items: u64,
    bytes: u64,
    text: String,
}

impl People {
    /// Keeps what was declared of items that were taken together. The entry is one for
    /// [`Operation::ManageWork`].
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn declare_raw_data(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        declared: Declared,
        items: &[u64],
    ) -> Result<(), LabellingError> {
        given_for(entry, Operation::ManageWork)?;
        let kept = self.own_project(entry, project).await?;
        let row = RawIntake {
            at: self.now(),
            by: caller.person().to_owned(),
            rights: declared.rights,
            personal_data: declared.personal_data,
            deidentified: declared.deidentified,
            items: ranges(items),
            manifest: KeptObject::from(&declared.manifest),
        };
        let id = format!("{project}/{}", self.new_id_in_time()?);
        Ok(self.write(vec![Kept::new(id, kept.id, row).insert()], Vec::new()).await?)
    }

    /// What was declared of a project's raw data, and its manifests. The entry is one for
    /// [`Operation::ReadDocuments`]; `state` is that of its agreement.
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where there is no such project.
    pub async fn raw_data(
        &self,
        entry: &Entry,
        project: &str,
        state: &Contract,
    ) -> Result<RawDataView, LabellingError> {
        given_for(entry, Operation::ReadDocuments)?;
        let kept = self.project_row(entry, project).await?;
        let intakes = self.intakes(project).await?;
        let manifests = self.manifests(project, state).await?;
        let view = |row: RawManifest| {
            let signed = state.documents.get(&row.document);
            let signed = signed.map(|one| one.signed.keys().copied().collect());
            RawManifestView {
                current: row.items == kept.row.items,
                number: row.number,
                document: row.document,
                sha256: row.statement.sha256,
                list_sha256: row.list.sha256,
                items: row.items,
                bytes: row.bytes,
                at: row.at,
                side: row.side,
                signed: signed.unwrap_or_default(),
            }
        };
        Ok(RawDataView {
            items: kept.row.items,
            undeclared: undeclared(&intakes, kept.row.items),
            intakes,
            manifests: manifests.into_iter().map(view).collect(),
        })
    }

    /// Proposes a manifest of all items of a project as an annex, which both parties then sign.
    /// Gives the annex's name. The entry is one for [`Operation::Propose`].
    ///
    /// # Errors
    /// When there are no items, or none that the manifest before lacks, and what the contract
    /// refuses.
    pub async fn propose_raw_data(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
    ) -> Result<Id, LabellingError> {
        given_for(entry, Operation::Propose)?;
        // No item is added while they are listed.
        let _turn = self.counting.lock().await;
        let kept = self.project_row(entry, project).await?;
        let (desk, agreement) = (self.desk(entry), entry.agreement());
        let book = desk.open_book(agreement).await?;
        match book.state.phase() {
            Phase::InForce => {}
            Phase::Ended => return Err(Refusal::HasEnded.into()),
            Phase::Empty | Phase::Draft => return Err(Refusal::NotInForce.into()),
        }
        let before = self.manifests(project, &book.state).await?;
        let last = before.last();
        if let Some(last) = last.filter(|last| last.items == kept.row.items) {
            let name = last.document.to_string();
            return Err(Refusal::Exists { what: "manifest", name }.into());
        }
        let number = last.map_or(1, |last| last.number + 1);
        let listed = self.listed(&kept).await?;
        let (list, sum) = (listed.text.as_bytes(), hex::encode(Sha256::digest(&listed.text)));
        let intakes = self.intakes(project).await?;
        let statement = statement(&kept, number, &listed, &sum, &intakes);
        let document = annex(project, number, &listed, &statement)?;
        let row = RawManifest {
            number,
            document: document.id.clone(),
            items: listed.items,
            bytes: listed.bytes,
            list: KeptObject::from(&desk.put(agreement, list).await?),
            statement: KeptObject::from(&desk.put(agreement, &statement).await?),
            at: self.now(),
            side: entry.side(),
        };
        // First the row: the annex in the journal is what makes it count.
        let found = self.get::<RawManifest>(document.id.as_str()).await?;
        let mut new = Kept::new(document.id.as_str(), project, row);
        new.version = found.map_or(0, |found| found.version);
        let object = format!("{project}: {}", document.id);
        let audited =
            self.about_agreement(caller, entry, "propose_raw_data", &object, Outcome::Allowed);
        self.write(vec![keep(&new)], vec![audited]).await?;
        let id = document.id.clone();
        desk.propose(agreement, entry.actor(), NewDocument::from(document)).await?;
        Ok(id)
    }

    /// A file of a manifest. The entry is one for [`Operation::ReadDocuments`]; `state` is that of
    /// its agreement.
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where there is no such manifest.
    pub async fn raw_data_file(
        &self,
        entry: &Entry,
        (project, number): (&str, u32),
        file: RawDataFile,
        state: &Contract,
    ) -> Result<ObjectRef, LabellingError> {
        given_for(entry, Operation::ReadDocuments)?;
        let kept = self.project_row(entry, project).await?;
        let mut all = self.manifests(&kept.id, state).await?.into_iter();
        let found = all.find(|row| row.number == number);
        let row = found.ok_or(LabellingError::absent("manifest"))?;
        let object = match file {
            RawDataFile::Statement => row.statement,
            RawDataFile::List => row.list,
        };
        Ok(object.object()?)
    }

    /// The manifests whose annex stands in the journal.
    async fn manifests(
        &self,
        project: &str,
        state: &Contract,
    ) -> Result<Vec<RawManifest>, LabellingError> {
        let all = self.owned::<RawManifest>(project).await?.into_iter().map(|kept| kept.row);
        // An annex of this name by other hands names another file.
        let stands = |row: &RawManifest| {
            let found = state.documents.get(&row.document);
            found.is_some_and(|one| one.document.sha256.as_ref() == Some(&row.statement.sha256))
        };
        let mut all: Vec<RawManifest> = all.filter(stands).collect();
        all.sort_by_key(|row| row.number);
        Ok(all)
    }

    async fn intakes(&self, project: &str) -> Result<Vec<RawIntakeView>, LabellingError> {
        let all = self.owned::<RawIntake>(project).await?.into_iter().map(|kept| kept.row);
        let view = |row: RawIntake| RawIntakeView {
            at: row.at,
            items: row.items,
            rights: row.rights,
            personal_data: row.personal_data,
            deidentified: row.deidentified,
            manifest_sha256: row.manifest.sha256,
        };
        let mut all: Vec<_> = all.filter(|row| !row.items.is_empty()).map(view).collect();
        // Items are numbered in the order in which they came.
        all.sort_by(|a, b| a.items.cmp(&b.items));
        Ok(all)
    }

    /// Every item, a line each, by number.
    async fn listed(&self, kept: &Kept<Project>) -> Result<Listed, LabellingError> {
        if kept.row.items == 0 {
            return Err(Refusal::Zero { field: "items" }.into());
        }
        if kept.row.items > MOST_LISTED {
            return Err(crate::people::PeopleError::TooMany { limit: MOST_LISTED }.into());
        }
        let mut listed = Listed { items: 0, bytes: 0, text: String::new() };
        let mut after = item_id(&kept.id, 0);
        loop {
            let whose = Whose::Owner(&kept.id);
            let page = self.page::<Item>(whose, Some(&after), MAX_CARD_PAGE).await?;
            let Some(last) = page.last() else { return Ok(listed) };
            after.clone_from(&last.id);
            for Item { seq, name, size, sha256, .. } in page.into_iter().map(|kept| kept.row) {
                listed.items += 1;
                listed.bytes = listed.bytes.saturating_add(size);
                let line = Line { seq, name: &name, size, sha256: &sha256 };
                let line = serde_json::to_string(&line).expect("plain data");
                writeln!(listed.text, "{line}").expect("a text takes every line");
            }
        }
    }
}

/// Items that no intake declared.
fn undeclared(intakes: &[RawIntakeView], items: u64) -> u64 {
    let of = |(from, to): &(u64, u64)| to.saturating_sub(*from) + 1;
    let declared: u64 = intakes.iter().flat_map(|intake| &intake.items).map(of).sum();
    items.saturating_sub(declared)
}

fn statement(
    kept: &Kept<Project>,
    number: u32,
    listed: &Listed,
    list_sha256: &str,
    intakes: &[RawIntakeView],
) -> Vec<u8> {
    let statement = Statement {
        format: FORMAT,
        agreement: &kept.row.agreement,
        project: &kept.id,
        name: &kept.row.name,
        modality: kept.row.modality,
        number,
        items: listed.items,
        bytes: listed.bytes,
        list_sha256,
        list_bytes: listed.text.len() as u64,
        undeclared: undeclared(intakes, listed.items),
        intakes,
    };
    let mut bytes = serde_json::to_vec_pretty(&statement).expect("plain data");
    bytes.push(b'\n');
    bytes
}

/// The annex that names a statement; it replaces no term.
fn annex(
    project: &str,
    number: u32,
    listed: &Listed,
    statement: &[u8],
) -> Result<Document, LabellingError> {
    let [zh, en] = document::words::raw_data_title(number, listed.items, listed.bytes);
    let id = format!("raw-data-{project}-{number}");
    Ok(Document {
        id: Id::new(&id).map_err(|_| LabellingError::field("project"))?,
        rank: DocumentRank::Annex,
        title: Bilingual { zh, en },
        sha256: Some(hex::encode(Sha256::digest(statement))),
        effective: None,
        replaces: Vec::new(),
    })
}
