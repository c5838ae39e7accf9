//! Issues on items, and what a project knows of its people.

use std::collections::BTreeSet;

use labelling::Action;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{CardWrite, Whose};
use units::Timestamp;

use super::super::again;
use super::super::error::LabellingError;
use super::super::rows::{Worker, keep};
use super::super::seen::{AtItem, Seen};
use crate::people::given_for;
use crate::people::{Caller, EnterError, Entry, Kept, Operation, People, PeopleError, Row};

/// The most issues of an item.
pub(in crate::labelling) const ISSUES: u64 = 999;

/// Where an issue lies; what is absent says nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssuePlace {
    /// The label that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 26))]
    pub label: Option<String>,
    /// Pixels from the left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    /// Pixels from the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    /// The first code point or tick.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// The code point or tick behind the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<i64>,
}

/// An issue to be.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIssue {
    /// What is wrong.
    #[schemars(length(min = 1, max = 4000))]
    pub text: String,
    /// Where.
    pub place: Option<IssuePlace>,
}

/// What is kept of an issue.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::labelling) struct Issue {
    n: u64,
    text: String,
    /// What is wrong, as inspection found it; there is no text then.
    #[serde(default)]
    mistake: Option<IssueMistake>,
    place: Option<IssuePlace>,
    by: String,
    at: Timestamp,
    resolved: Option<Timestamp>,
}

/// A mistake that inspection found.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct IssueMistake {
    /// `missed`, `extra`, `wrong_class` or `imprecise`.
    pub kind: String,
    /// The class that is right, or the work's where nothing is.
    pub class: String,
}

/// What an issue says, and where.
pub(in crate::labelling) struct NewPin {
    pub(in crate::labelling) text: String,
    pub(in crate::labelling) mistake: Option<IssueMistake>,
    pub(in crate::labelling) place: Option<IssuePlace>,
}

impl NewPin {
    /// Words about the whole item.
    pub(in crate::labelling) fn said(text: &str) -> Self {
        Self { text: text.to_owned(), mistake: None, place: None }
    }
}

impl Row for Issue {
    const KIND: &'static str = "issue";
}

/// An issue, as it is shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IssueView {
    /// Its number in the item.
    pub n: u64,
    /// What is wrong.
    pub text: String,
    /// The mistake that inspection found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mistake: Option<IssueMistake>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<IssuePlace>,
    /// When it was raised.
    pub at: Timestamp,
    /// When it was resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved: Option<Timestamp>,
}

impl People {
    /// A new issue on an item; the item's counts change and must be written with it.
    pub(in crate::labelling) fn issue_card(
        &self,
        seen: &mut Seen,
        by: &str,
        pin: NewPin,
    ) -> CardWrite {
        let row = &mut seen.item.row;
        row.issues += 1;
        row.open_issues += 1;
        let (n, by, NewPin { text, mistake, place }) = (row.issues, by.to_owned(), pin);
        let issue = Issue { n, text, mistake, place, by, at: self.now(), resolved: None };
        let id = format!("{}/{n:03}", seen.item.id);
        Kept::new(id, seen.project.id.clone(), issue).about(seen.item.id.clone()).insert()
    }

    /// Raises an issue on an item; gives its number. The entry is one for [`Operation::Work`].
    ///
    /// # Errors
    /// [`LabellingError::NotNow`], a text that is none, or too many issues.
    pub async fn raise_issue(&self, at: AtItem<'_>, new: &NewIssue) -> Result<u64, LabellingError> {
        given_for(at.entry, Operation::Work)?;
        let text = new.text.trim();
        if text.is_empty() || text.chars().count() > 4_000 {
            return Err(LabellingError::field("text"));
        }
        let place = new.place.as_ref();
        let label = place.and_then(|place| place.label.as_deref()).unwrap_or_default();
        let finite = |value: Option<f64>| value.is_none_or(f64::is_finite);
        if label.len() > 26 || place.is_some_and(|place| !finite(place.x) || !finite(place.y)) {
            return Err(LabellingError::field("place"));
        }
        again!(self.try_raise(at, (text, place)))
    }

    async fn try_raise(
        &self,
        at: AtItem<'_>,
        (text, place): (&str, Option<&IssuePlace>),
    ) -> Result<u64, LabellingError> {
        let mut seen = self.see(at).await?;
        seen.check(Action::Ask)?;
        if seen.item.row.issues >= ISSUES {
            return Err(PeopleError::TooMany { limit: ISSUES }.into());
        }
        let pin = NewPin { place: place.cloned(), ..NewPin::said(text) };
        let card = self.issue_card(&mut seen, at.caller.person(), pin);
        let n = seen.item.row.issues;
        self.write(vec![card, seen.item.placed().replace()], Vec::new()).await?;
        Ok(n)
    }

    /// The issues of an item, the oldest first. The entry is one for [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] where the caller sees no such item.
    pub async fn issues(&self, at: AtItem<'_>) -> Result<Vec<IssueView>, LabellingError> {
        given_for(at.entry, Operation::ReadWork)?;
        let seen = self.see(at).await?;
        let all = self.all::<Issue>(Whose::Subject(&seen.item.id)).await?;
        let apart = seen.apart().is_some();
        let shown = all.into_iter().filter(|kept| !apart || kept.row.by == seen.person);
        Ok(shown.map(|kept| view(kept.row)).collect())
    }

    /// Resolves an issue. The entry is one for [`Operation::Work`].
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] where there is none, or it is resolved already.
    pub async fn resolve_issue(&self, at: AtItem<'_>, n: u64) -> Result<(), LabellingError> {
        given_for(at.entry, Operation::Work)?;
        again!(self.try_resolve(at, n))
    }

    async fn try_resolve(&self, at: AtItem<'_>, n: u64) -> Result<(), LabellingError> {
        let mut seen = self.see(at).await?;
        seen.check(Action::Ask)?;
        let found = self.get::<Issue>(&format!("{}/{n:03}", seen.item.id)).await?;
        let found = found.filter(|kept| kept.row.resolved.is_none());
        let mut issue = found.ok_or(LabellingError::absent("issue"))?;
        issue.row.resolved = Some(self.now());
        seen.item.row.open_issues = seen.item.row.open_issues.saturating_sub(1);
        let cards = vec![issue.replace(), seen.item.placed().replace()];
        Ok(self.write(cards, Vec::new()).await?)
    }

    /// Says what a person can do in a project; `None` is everything. The entry is one for
    /// [`Operation::ManageWork`].
    ///
    /// # Errors
    /// When the person does not work here, or a skill is none.
    pub async fn set_skills(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        person: &str,
        skills: Option<BTreeSet<String>>,
    ) -> Result<(), LabellingError> {
        given_for(entry, Operation::ManageWork)?;
        self.own_project(entry, project).await?;
        self.works_here(caller, project, person).await?;
        let wrong = |skill: &String| skill.is_empty() || skill.chars().count() > 64;
        if skills.iter().flatten().any(wrong) || skills.iter().flatten().count() > 100 {
            return Err(LabellingError::field("skills"));
        }
        let id = format!("{project}/{person}");
        let found = self.get::<Worker>(&id).await?;
        let mut worker = found.unwrap_or_else(|| Kept::new(id, project, Worker::default()));
        worker.row.skills = skills;
        Ok(self.write(vec![keep(&worker)], Vec::new()).await?)
    }

    /// Refuses a person who neither took anything in the project nor belongs to the organisation.
    pub(in crate::labelling) async fn works_here(
        &self,
        caller: &Caller,
        project: &str,
        person: &str,
    ) -> Result<(), LabellingError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if person.is_empty() || person.len() > 64 || !person.bytes().all(plain) {
            return Err(LabellingError::field("person"));
        }
        if self.get::<Worker>(&format!("{project}/{person}")).await?.is_some() {
            return Ok(());
        }
        let organisation = caller.organisation().ok_or(EnterError::Forbidden)?;
        match self.membership(organisation, person).await? {
            Some(_) => Ok(()),
            None => Err(LabellingError::field("person")),
        }
    }
}

fn view(row: Issue) -> IssueView {
    let Issue { n, text, mistake, place, at, resolved, .. } = row;
    IssueView { n, text, mistake, place, at, resolved }
}
