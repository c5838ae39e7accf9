//! Projects: made under an agreement by one side, seen by the other as far as it may. Knows the
//! counts per state, which change in the write that changes an item.

use std::collections::{BTreeMap, BTreeSet};

use contract::terms::Side;
use labelling::{Guideline, State};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use store::Whose;
use units::{Id, Timestamp};

use super::again;
use super::error::LabellingError;
use super::guidelines::guideline_row;
use super::rows::{AgreedStandard, Modality, Project, ProjectSettings};
use crate::people::{Caller, Entry, Kept, Operation, Outcome, People, Role, given_for};

/// The most projects of an agreement and a side.
const PROJECTS: usize = 500;

/// A project to be.
#[derive(Debug, Clone)]
pub struct NewProject {
    /// What it is called.
    pub name: String,
    /// What its items are.
    pub modality: Modality,
    /// Its guideline.
    pub guideline: Guideline,
    /// How it is worked on.
    pub settings: ProjectSettings,
    /// The work item of the agreement that it is for.
    pub work_item: Option<Id>,
    /// How many items are agreed.
    pub quantity: Option<u64>,
    /// Until when.
    pub deadline: Option<Timestamp>,
}

/// What changes; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectChange {
    /// What it is called.
    pub name: Option<String>,
    /// How it is worked on.
    pub settings: Option<ProjectSettings>,
    /// How many items are agreed; `null` for no number.
    #[serde(default, deserialize_with = "stated")]
    #[schemars(with = "Option<u64>", range(min = 1, max = 1_000_000_000))]
    pub quantity: Option<Option<u64>>,
    /// Until when; `null` for no deadline.
    #[serde(default, deserialize_with = "stated")]
    #[schemars(with = "Option<Timestamp>")]
    pub deadline: Option<Option<Timestamp>>,
}

/// What is there, `null` too; what is absent stays the default.
fn stated<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(from).map(Some)
}

/// A project, as it is shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProjectView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// `image`, `text` or `video`.
    pub modality: Modality,
    /// Whose it is.
    pub side: Side,
    /// The version of its guideline.
    pub guideline: u32,
    /// How it is worked on; absent for annotators, whom it would tell about gold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settings: Option<ProjectSettings>,
    /// How many items are in each state.
    pub counts: BTreeMap<String, u64>,
    /// How many items there are.
    pub items: u64,
    /// The work item of the agreement.
    pub work_item: Option<Id>,
    /// How many items are agreed.
    pub quantity: Option<u64>,
    /// Until when.
    pub deadline: Option<Timestamp>,
    /// How many items are gold; for who runs or reads the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gold: Option<u64>,
    /// The standards of the work item, as they stood when the project was made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub standards: Vec<AgreedStandard>,
    /// When it was made.
    pub created: Timestamp,
    /// The parts that the caller takes here: `annotator`, `reviewer`, `manager`, `inspector`,
    /// `reader`; `inspects` too for inspectors who decide on drawn items.
    pub parts: Vec<String>,
}

/// Under which name the projects of a side lie.
pub(super) fn folder(agreement: &Id, side: Side) -> String {
    format!("{agreement} {}", side.code())
}

/// What somebody is in a project, beside what an item makes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Standing {
    pub(super) annotator: bool,
    pub(super) reviewer: bool,
    pub(super) manager: bool,
    pub(super) inspector: bool,
    /// Whether the inspector decides on drawn items.
    pub(super) inspects: bool,
    pub(super) reader: bool,
}

impl Standing {
    pub(super) fn of(entry: &Entry, project: &Project) -> Self {
        let may = |operation| entry.may(operation);
        if entry.side() != project.side {
            let (inspector, inspects) = (may(Operation::ReadWork), may(Operation::Inspect));
            return Self { inspector, inspects, ..Self::default() };
        }
        let reads = |role: &Role| !matches!(role, Role::Annotator | Role::Reviewer);
        Self {
            annotator: may(Operation::Label),
            reviewer: may(Operation::Review),
            manager: may(Operation::ManageWork),
            inspector: false,
            inspects: false,
            reader: entry.roles().iter().any(reads) && may(Operation::ReadWork),
        }
    }

    /// Whether figures about people and gold are for these eyes.
    pub(super) const fn sees_figures(self) -> bool {
        self.manager || self.reader
    }

    /// Whether items that are nobody's own may be listed.
    pub(super) const fn lists(self) -> bool {
        self.reviewer || self.manager || self.reader || self.inspector
    }

    fn codes(self) -> Vec<String> {
        let all = [
            ("annotator", self.annotator),
            ("reviewer", self.reviewer),
            ("manager", self.manager),
            ("inspector", self.inspector),
            ("inspects", self.inspects),
            ("reader", self.reader),
        ];
        all.into_iter().filter(|(_, is)| *is).map(|(code, _)| code.to_owned()).collect()
    }
}

impl People {
    /// Makes a project; gives its id. The entry is one for [`Operation::ManageWork`].
    ///
    /// # Errors
    /// When a field cannot be used, or there are too many.
    pub async fn create_project(
        &self,
        caller: &Caller,
        entry: &Entry,
        new: NewProject,
    ) -> Result<String, LabellingError> {
        given_for(entry, Operation::ManageWork)?;
        new.guideline.check()?;
        check_name(&new.name)?;
        if let Some(field) = new.settings.wrong() {
            return Err(LabellingError::field(field));
        }
        let agreed = self.agreed(entry, &new).await?;
        let owner = folder(entry.agreement(), entry.side());
        if self.owned::<Project>(&owner).await?.len() >= PROJECTS {
            let limit = PROJECTS as u64;
            return Err(crate::people::PeopleError::TooMany { limit }.into());
        }
        let row = Project {
            agreement: entry.agreement().clone(),
            side: entry.side(),
            name: new.name.trim().to_owned(),
            modality: new.modality,
            guideline: 1,
            settings: new.settings,
            counts: BTreeMap::new(),
            items: 0,
            work_item: new.work_item,
            quantity: new.quantity.or(agreed.quantity),
            deadline: new.deadline.or(agreed.deadline),
            created: self.now(),
            by: caller.person().to_owned(),
            seed: hex::encode(self.random()?),
            questions: 0,
            gold: BTreeSet::new(),
            standards: agreed.standards,
            delivered: Vec::new(),
            round: None,
            handing: None,
            reviewed_to: None,
        };
        let kept = Kept::new(self.new_id_in_time()?, owner, row);
        let id = kept.id.clone();
        let guideline = guideline_row(&id, 1, new.guideline, self.now(), caller);
        let audited = self.about_agreement(caller, entry, "create_project", &id, Outcome::Allowed);
        self.write(vec![kept.insert(), guideline.insert()], vec![audited]).await?;
        Ok(id)
    }

    /// The projects of the agreement, of both sides, the oldest first. The entry is one for
    /// [`Operation::ReadWork`].
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn projects(&self, entry: &Entry) -> Result<Vec<ProjectView>, LabellingError> {
        given_for(entry, Operation::ReadWork)?;
        let all = self.projects_of(entry.agreement()).await?.into_iter();
        let mut all: Vec<ProjectView> = all.map(|kept| view(kept, entry)).collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(all)
    }

    /// The projects of both sides.
    pub(super) async fn projects_of(
        &self,
        agreement: &Id,
    ) -> Result<Vec<Kept<Project>>, LabellingError> {
        let mut all = Vec::new();
        for side in [Side::Customer, Side::Vendor] {
            all.extend(self.all::<Project>(Whose::Owner(&folder(agreement, side))).await?);
        }
        Ok(all)
    }

    /// One project.
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where the agreement has none of this id.
    pub async fn project(&self, entry: &Entry, id: &str) -> Result<ProjectView, LabellingError> {
        Ok(view(self.project_row(entry, id).await?, entry))
    }

    /// Changes a project. The entry is one for [`Operation::ManageWork`].
    ///
    /// # Errors
    /// When a field cannot be used, or the project is the other side's.
    pub async fn change_project(
        &self,
        entry: &Entry,
        id: &str,
        change: &ProjectChange,
    ) -> Result<ProjectView, LabellingError> {
        given_for(entry, Operation::ManageWork)?;
        if let Some(name) = &change.name {
            check_name(name)?;
        }
        if let Some(field) = change.settings.as_ref().and_then(ProjectSettings::wrong) {
            return Err(LabellingError::field(field));
        }
        if change.quantity == Some(Some(0)) {
            return Err(LabellingError::field("quantity"));
        }
        let _turn = self.counting.lock().await;
        again!(self.try_change_project(entry, id, change))
    }

    async fn try_change_project(
        &self,
        entry: &Entry,
        id: &str,
        change: &ProjectChange,
    ) -> Result<ProjectView, LabellingError> {
        let mut kept = self.own_project(entry, id).await?;
        let project = &mut kept.row;
        if let Some(name) = &change.name {
            name.trim().clone_into(&mut project.name);
        }
        if let Some(settings) = &change.settings {
            if settings.replicas != project.settings.replicas && project.items > 0 {
                return Err(LabellingError::field("replicas"));
            }
            project.settings = settings.clone();
        }
        project.quantity = change.quantity.unwrap_or(project.quantity);
        project.deadline = change.deadline.unwrap_or(project.deadline);
        self.write(vec![kept.replace()], Vec::new()).await?;
        Ok(view(kept, entry))
    }

    /// A project of the entry's agreement.
    pub(super) async fn project_row(
        &self,
        entry: &Entry,
        id: &str,
    ) -> Result<Kept<Project>, LabellingError> {
        let found = self.get::<Project>(id).await?;
        let found = found.filter(|kept| kept.row.agreement == *entry.agreement());
        found.ok_or(LabellingError::absent("project"))
    }

    /// A project of the entry's agreement and side.
    pub(super) async fn own_project(
        &self,
        entry: &Entry,
        id: &str,
    ) -> Result<Kept<Project>, LabellingError> {
        let kept = self.project_row(entry, id).await?;
        if kept.row.side == entry.side() {
            Ok(kept)
        } else {
            Err(crate::people::EnterError::Forbidden.into())
        }
    }
}

fn check_name(name: &str) -> Result<(), LabellingError> {
    let length = name.trim().chars().count();
    if (1..=200).contains(&length) { Ok(()) } else { Err(LabellingError::field("name")) }
}

fn view(kept: Kept<Project>, entry: &Entry) -> ProjectView {
    let standing = Standing::of(entry, &kept.row);
    let shown = |state: State| standing.lists() || !matches!(state, State::Reviewing);
    let counts = State::ALL.into_iter().filter(|state| shown(*state));
    let counts = counts.map(|state| (state.code().to_owned(), kept.row.count(state))).collect();
    let gold = standing.sees_figures().then_some(kept.row.gold.len() as u64);
    let Project { name, modality, side, guideline, settings, items, work_item, .. } = kept.row;
    let standards = kept.row.standards;
    ProjectView {
        id: kept.id,
        name,
        modality,
        side,
        guideline,
        settings: standing.lists().then_some(settings),
        counts,
        items,
        work_item,
        quantity: kept.row.quantity,
        deadline: kept.row.deadline,
        gold,
        standards,
        created: kept.row.created,
        parts: standing.codes(),
    }
}
