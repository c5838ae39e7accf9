//! The guideline annex: versions that never change, what a new one touches, questions and their
//! answers. Serves anno-3.2 and anno-4.1 (the customer answers questions).

use std::collections::BTreeMap;

use labelling::{Guideline, State, changes, touched};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{MAX_CARD_PAGE, Whose};
use units::Timestamp;

use super::again;
use super::error::LabellingError;
use super::rows::{GuidelineRow, Item, Project, item_id};
use crate::people::{Caller, Entry, Kept, Operation, Outcome, People, Row, given_for};

/// The most versions of a guideline.
const VERSIONS: u32 = 9_999;
/// The most questions of a project.
const QUESTIONS: u64 = 9_999;
/// How many touched items are named; all are counted.
const NAMED: usize = 1_000;

/// A version of the guideline, as it is shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GuidelineView {
    /// The version, from 1.
    pub version: u32,
    /// When it was laid down.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// The guideline itself: `title`, `classes`, `pages`.
    pub guideline: Value,
    /// Questions that were answered.
    pub questions: Vec<QuestionView>,
}

/// What a new version touches.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TouchedView {
    /// The new version.
    pub version: u32,
    /// Classes that it adds, removes or changes, with `added`, `removed` or `changed`.
    pub changes: BTreeMap<String, String>,
    /// Which finished items must be looked at again.
    pub touched: TouchedItems,
}

/// Finished items that a change touches.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct TouchedItems {
    /// How many.
    pub count: u64,
    /// The first of them, at most 1,000.
    pub items: Vec<u64>,
}

/// A question about the guideline.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Question {
    n: u64,
    text: String,
    item: Option<u64>,
    by: String,
    name: String,
    at: Timestamp,
    answer: Option<Answer>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Answer {
    text: String,
    name: String,
    at: Timestamp,
    guideline: u32,
}

impl Row for Question {
    const KIND: &'static str = "question";
}

/// A question to be.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuestion {
    /// What is asked.
    #[schemars(length(min = 1, max = 4000))]
    pub text: String,
    /// The item that it is about.
    pub item: Option<u64>,
}

/// A question, as it is shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QuestionView {
    /// Its number.
    pub n: u64,
    /// What is asked.
    pub text: String,
    /// The item that it is about.
    pub item: Option<u64>,
    /// Who asked.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// The answer: part of the guideline from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Who answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// The version of the guideline that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guideline: Option<u32>,
}

pub(super) fn guideline_row(
    project: &str,
    version: u32,
    guideline: Guideline,
    at: Timestamp,
    caller: &Caller,
) -> Kept<GuidelineRow> {
    let (by, name) = (caller.person().to_owned(), caller.name().to_owned());
    let row = GuidelineRow { guideline, at, by, name };
    Kept::new(format!("{project}/{version:04}"), project, row)
}

impl People {
    /// The guideline by which a project is labelled now.
    pub(super) async fn guideline_now(
        &self,
        project: &Kept<Project>,
    ) -> Result<Guideline, LabellingError> {
        let id = format!("{}/{:04}", project.id, project.row.guideline);
        let found = self.get::<GuidelineRow>(&id).await?;
        Ok(found.ok_or(LabellingError::absent("guideline"))?.row.guideline)
    }

    /// A version of the guideline, the newest where none is named, with the questions that were
    /// answered. The entry is one for [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where there is none.
    pub async fn guideline(
        &self,
        entry: &Entry,
        project: &str,
        version: Option<u32>,
    ) -> Result<GuidelineView, LabellingError> {
        given_for(entry, Operation::ReadWork)?;
        let kept = self.project_row(entry, project).await?;
        let version = version.unwrap_or(kept.row.guideline);
        let found = self.get::<GuidelineRow>(&format!("{project}/{version:04}")).await?;
        let row = found.ok_or(LabellingError::absent("guideline"))?.row;
        let guideline = serde_json::to_value(&row.guideline);
        let questions = self.questions(entry, project).await?;
        Ok(GuidelineView {
            version,
            at: row.at,
            by: row.name,
            guideline: guideline.expect("a guideline is plain data"),
            questions: questions.into_iter().filter(|one| one.answer.is_some()).collect(),
        })
    }

    /// Lays down the next version of the guideline and says which finished items it touches. The
    /// entry is one for [`Operation::ManageWork`].
    ///
    /// # Errors
    /// With the place of everything that is wrong with it.
    pub async fn put_guideline(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        guideline: Guideline,
    ) -> Result<TouchedView, LabellingError> {
        given_for(entry, Operation::ManageWork)?;
        guideline.check()?;
        let old = self.guideline_now(&self.own_project(entry, project).await?).await?;
        let changes = changes(&old, &guideline);
        let version = {
            let _turn = self.counting.lock().await;
            again!(self.try_put_guideline(caller, entry, project, &guideline))?
        };
        let mut found = TouchedItems::default();
        if !changes.is_empty() {
            for state in [State::Submitted, State::Reviewing, State::Accepted] {
                self.touched_in(project, state, &changes, &mut found).await?;
            }
        }
        let code = |touch| match touch {
            labelling::Touch::Added => "added",
            labelling::Touch::Removed => "removed",
            labelling::Touch::Changed => "changed",
        };
        let changes = changes.into_iter().map(|one| (one.class, code(one.touch).to_owned()));
        Ok(TouchedView { version, changes: changes.collect(), touched: found })
    }

    async fn touched_in(
        &self,
        project: &str,
        state: State,
        changes: &[labelling::Change],
        found: &mut TouchedItems,
    ) -> Result<(), LabellingError> {
        let queue = super::rows::queue(project, state);
        let mut after = item_id(project, 0);
        loop {
            let whose = Whose::Subject(&queue);
            let page = self.page::<Item>(whose, Some(&after), MAX_CARD_PAGE).await?;
            let last = page.len() < MAX_CARD_PAGE as usize;
            if let Some(end) = page.last() {
                after.clone_from(&end.id);
            }
            for kept in page.iter().filter(|kept| touched(changes, &kept.row.counts)) {
                found.count += 1;
                if found.items.len() < NAMED {
                    found.items.push(kept.row.seq);
                }
            }
            if last {
                return Ok(());
            }
        }
    }

    async fn try_put_guideline(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        guideline: &Guideline,
    ) -> Result<u32, LabellingError> {
        let mut kept = self.own_project(entry, project).await?;
        if kept.row.guideline >= VERSIONS {
            let limit = u64::from(VERSIONS);
            return Err(crate::people::PeopleError::TooMany { limit }.into());
        }
        kept.row.guideline += 1;
        let version = kept.row.guideline;
        let row = guideline_row(project, version, guideline.clone(), self.now(), caller);
        let object = format!("{project}/{version:04}");
        let audited =
            self.about_agreement(caller, entry, "put_guideline", &object, Outcome::Allowed);
        self.write(vec![kept.replace(), row.insert()], vec![audited]).await?;
        Ok(version)
    }

    /// The questions of a project, the oldest first. The entry is one for
    /// [`Operation::ReadWork`].
    ///
    /// # Errors
    /// [`crate::people::PeopleError::NotFound`] where there is no such project.
    pub async fn questions(
        &self,
        entry: &Entry,
        project: &str,
    ) -> Result<Vec<QuestionView>, LabellingError> {
        given_for(entry, Operation::ReadWork)?;
        let kept = self.project_row(entry, project).await?;
        let all = self.all::<Question>(Whose::Owner(&kept.id)).await?;
        Ok(all.into_iter().map(|kept| question(kept.row)).collect())
    }

    /// Asks a question; gives its number. The entry is one for [`Operation::Work`].
    ///
    /// # Errors
    /// When the text is empty or too long, or there are too many.
    pub async fn ask(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        new: &NewQuestion,
    ) -> Result<u64, LabellingError> {
        given_for(entry, Operation::Work)?;
        let text = checked(&new.text)?;
        let _turn = self.counting.lock().await;
        again!(self.try_ask(caller, entry, project, (&text, new.item)))
    }

    async fn try_ask(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        (text, item): (&str, Option<u64>),
    ) -> Result<u64, LabellingError> {
        let mut kept = self.project_row(entry, project).await?;
        if kept.row.questions >= QUESTIONS {
            return Err(crate::people::PeopleError::TooMany { limit: QUESTIONS }.into());
        }
        kept.row.questions += 1;
        let n = kept.row.questions;
        let row = Question {
            n,
            text: text.to_owned(),
            item,
            by: caller.person().to_owned(),
            name: caller.name().to_owned(),
            at: self.now(),
            answer: None,
        };
        let row = Kept::new(format!("{project}/{n:04}"), project, row);
        self.write(vec![kept.replace(), row.insert()], Vec::new()).await?;
        Ok(n)
    }

    /// Answers a question, as manager or for the customer; the answer belongs to the guideline of
    /// now. The entry is one for [`Operation::Work`].
    ///
    /// # Errors
    /// When it is answered already, or the caller neither runs the project nor inspects it.
    pub async fn answer(
        &self,
        caller: &Caller,
        entry: &Entry,
        project: &str,
        n: u64,
        text: &str,
    ) -> Result<QuestionView, LabellingError> {
        given_for(entry, Operation::Work)?;
        let text = checked(text)?;
        let kept = self.project_row(entry, project).await?;
        let standing = super::projects::Standing::of(entry, &kept.row);
        if !standing.manager && !standing.inspector {
            return Err(crate::people::EnterError::Forbidden.into());
        }
        let found = self.get::<Question>(&format!("{project}/{n:04}")).await?;
        let mut found = found.ok_or(LabellingError::absent("question"))?;
        if found.row.answer.is_some() {
            return Err(crate::people::PeopleError::Taken { what: "answer" }.into());
        }
        let (name, at) = (caller.name().to_owned(), self.now());
        found.row.answer = Some(Answer { text, name, at, guideline: kept.row.guideline });
        self.write(vec![found.replace()], Vec::new()).await?;
        Ok(question(found.row))
    }
}

fn checked(text: &str) -> Result<String, LabellingError> {
    let text = text.trim();
    let length = text.chars().count();
    let fits = (1..=4_000).contains(&length);
    if fits { Ok(text.to_owned()) } else { Err(LabellingError::field("text")) }
}

fn question(row: Question) -> QuestionView {
    let Question { n, text, item, name, at, answer, .. } = row;
    let (mut said, mut by, mut when, mut guideline) = (None, None, None, None);
    if let Some(answer) = answer {
        (said, by) = (Some(answer.text), Some(answer.name));
        (when, guideline) = (Some(answer.at), Some(answer.guideline));
    }
    let (answered_by, answered_at) = (by, when);
    QuestionView { n, text, item, name, at, answer: said, answered_by, answered_at, guideline }
}
