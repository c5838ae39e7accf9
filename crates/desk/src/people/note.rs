//! Notes at an agreement: for both parties, or for one's own side. A note of one side lies under
//! that side's name in the register, so that a question of the other side does not reach it.

use contract::terms::Side;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{AuditEntry, Whose};
use units::{Id, Timestamp};

use super::audit::{Outcome, given_for};
use super::caller::Caller;
use super::role::{Operation, Role, Visibility};
use super::row::{Kept, Row};
use super::{EnterError, Entry, People, PeopleError};

/// The most characters of a note.
const TEXT: usize = 10_000;

/// What is kept of a note: of an agreement and whose eyes, about its author.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Note {
    name: String,
    organisation: Option<String>,
    side: Side,
    text: String,
    at: Timestamp,
    entry: Option<Id>,
}

impl Row for Note {
    const KIND: &'static str = "note";
}

/// A note to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// What it says.
    pub text: String,
    /// [`Visibility::Shared`] or [`Visibility::Mine`].
    pub visibility: Visibility,
    /// The journal entry that it is about, as `e12`.
    pub entry: Option<Id>,
}

/// A note, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoteView {
    /// Its id; ids rise with time.
    pub id: String,
    /// Who wrote it.
    pub person: String,
    /// Their name then.
    pub name: String,
    /// Their organisation.
    pub organisation: Option<String>,
    /// Their side.
    pub side: Side,
    /// What it says.
    pub text: String,
    /// `shared` or `mine`.
    pub visibility: Visibility,
    /// When.
    pub at: Timestamp,
    /// The journal entry that it is about.
    pub entry: Option<Id>,
}

/// Under which name the notes for some eyes lie; nobody's for the other side's.
fn folder(entry: &Entry, visibility: Visibility) -> Option<String> {
    let agreement = entry.agreement();
    match visibility {
        Visibility::Shared => Some(format!("{agreement} shared")),
        Visibility::Mine => Some(format!("{agreement} {}", entry.side().code())),
        Visibility::Theirs => None,
    }
}

impl People {
    /// Writes a note; gives its id. The entry is one for [`Operation::Note`].
    ///
    /// # Errors
    /// [`PeopleError::Invalid`] for an empty or too long text, and
    /// [`super::EnterError::Forbidden`] for eyes that are not the caller's.
    pub async fn write_note(
        &self,
        caller: &Caller,
        entry: &Entry,
        new: &NewNote,
    ) -> Result<String, PeopleError> {
        given_for(entry, Operation::Note)?;
        let folder = folder(entry, new.visibility).filter(|_| entry.shows(new.visibility));
        let folder = folder.ok_or(EnterError::Forbidden)?;
        let text = new.text.trim();
        if text.is_empty() || text.chars().count() > TEXT {
            return Err(PeopleError::Invalid { field: "text" });
        }
        let row = Note {
            name: caller.name().to_owned(),
            organisation: caller.organisation.clone(),
            side: entry.side(),
            text: text.to_owned(),
            at: self.now(),
            entry: new.entry.clone(),
        };
        let kept = Kept::new(self.new_id_in_time()?, folder, row).about(caller.person());
        let id = kept.id.clone();
        self.write(vec![kept.insert()], Vec::new()).await?;
        Ok(id)
    }

    /// The notes that the caller may see, the oldest first, those after `after`, at most `limit`;
    /// with a visibility only those. The entry is one for [`Operation::ReadNotes`].
    ///
    /// # Errors
    /// [`super::EnterError::Forbidden`] for an entry to something else.
    pub async fn notes(
        &self,
        entry: &Entry,
        visibility: Option<Visibility>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<NoteView>, PeopleError> {
        given_for(entry, Operation::ReadNotes)?;
        let mut views = Vec::new();
        for eyes in [Visibility::Shared, Visibility::Mine] {
            let wanted = visibility.is_none_or(|visibility| visibility == eyes);
            let folder = folder(entry, eyes).filter(|_| wanted && entry.shows(eyes));
            let Some(folder) = folder else { continue };
            let page = self.page::<Note>(Whose::Owner(&folder), after, limit).await?;
            views.extend(page.into_iter().map(|kept| view(kept, eyes)));
        }
        views.sort_by(|a, b| a.id.cmp(&b.id));
        views.truncate(limit as usize);
        Ok(views)
    }

    /// Deletes a note: one's own, or, as owner, one of one's own side. The entry is one for
    /// [`Operation::DeleteNote`].
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] for a note that the caller does not see, and
    /// [`super::EnterError::Forbidden`] for somebody else's.
    pub async fn delete_note(
        &self,
        caller: &Caller,
        entry: &Entry,
        note: &str,
    ) -> Result<(), PeopleError> {
        given_for(entry, Operation::DeleteNote)?;
        let seen = |kept: &Kept<Note>| {
            [Visibility::Shared, Visibility::Mine]
                .into_iter()
                .any(|eyes| entry.shows(eyes) && folder(entry, eyes).as_ref() == Some(&kept.owner))
        };
        let kept = self.get::<Note>(note).await?.filter(seen);
        let kept = kept.ok_or(PeopleError::NotFound { what: "note" })?;
        let own = kept.subject.as_deref() == Some(caller.person());
        let owner = entry.roles().contains(&Role::Owner) && kept.row.side == entry.side();
        if !own && !owner {
            return Err(EnterError::Forbidden.into());
        }
        let audited = AuditEntry {
            agreement: Some(entry.agreement().to_string()),
            object: Some(note.to_owned()),
            ..self.entry_of(caller, "delete_note", Outcome::Allowed)
        };
        Ok(self.write(vec![kept.delete()], vec![audited]).await?)
    }
}

fn view(kept: Kept<Note>, visibility: Visibility) -> NoteView {
    let Note { name, organisation, side, text, at, entry } = kept.row;
    let person = kept.subject.unwrap_or_default();
    NoteView { id: kept.id, person, name, organisation, side, text, visibility, at, entry }
}
