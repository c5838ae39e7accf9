//! Playbooks that an organisation wrote for itself, beside the built-in one. Serves pb-01 to pb-08.

use review::Playbook;
use review::playbook::Problem;
use serde::{Deserialize, Serialize};
use units::Timestamp;

use super::caller::Caller;
use super::role::Operation;
use super::row::{Kept, Row};
use super::{EnterError, People, PeopleError};

/// The most playbooks of an organisation.
const MOST: usize = 50;
/// The most bytes of one.
const BYTES: usize = 1 << 20;

/// What is kept: of an organisation, under its own name.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct OwnPlaybook {
    text: String,
    at: Timestamp,
    by: String,
}

impl Row for OwnPlaybook {
    const KIND: &'static str = "playbook";
}

/// Why a playbook was not kept.
#[derive(Debug, thiserror::Error)]
pub enum PlaybookError {
    /// The caller, or the register.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// It does not read; each place is named.
    #[error("the playbook has {} problems", .0.len())]
    Problems(Vec<Problem>),
    /// It is called otherwise inside, or as the built-in one.
    #[error("a playbook of one's own is kept under its own id, which the built-in one has not")]
    Name,
}

impl From<EnterError> for PlaybookError {
    fn from(error: EnterError) -> Self {
        Self::People(error.into())
    }
}

impl From<super::Fault> for PlaybookError {
    fn from(fault: super::Fault) -> Self {
        Self::People(fault.into())
    }
}

impl People {
    /// The texts of the playbooks of the caller's organisation, by name.
    ///
    /// # Errors
    /// When the caller may not read them.
    pub async fn playbooks(&self, caller: &Caller) -> Result<Vec<(String, String)>, PeopleError> {
        let organisation = self.allowed_at(caller, Operation::ReadDocuments).await?;
        let mut all = Vec::new();
        for kept in self.owned::<OwnPlaybook>(&organisation).await? {
            let name = kept.id.split_once(' ').map_or("", |(_, name)| name).to_owned();
            all.push((name, kept.row.text));
        }
        Ok(all)
    }

    /// A playbook that the caller may use: the built-in one by its id, or one of its organisation.
    ///
    /// # Errors
    /// [`EnterError::NotFound`] when there is none of this id.
    pub async fn playbook(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<(Playbook, String), PlaybookError> {
        let built_in = Playbook::ai_vendor();
        if id == built_in.id {
            return Ok((built_in, review::playbook::AI_VENDOR.to_owned()));
        }
        let mut own = self.playbooks(caller).await?.into_iter();
        let found = own.find(|(name, _)| name == id);
        let (_, text) = found.ok_or(EnterError::NotFound)?;
        let playbook = Playbook::parse(&text).map_err(PlaybookError::Problems)?;
        Ok((playbook, text))
    }

    /// Keeps a playbook under its id, in place of the one that was there.
    ///
    /// # Errors
    /// When it does not read, its id is another, or the caller may not write.
    pub async fn keep_playbook(
        &self,
        caller: &Caller,
        id: &str,
        text: &str,
    ) -> Result<Playbook, PlaybookError> {
        let organisation = self.allowed_at(caller, Operation::Draft).await?;
        if text.len() > BYTES {
            return Err(PeopleError::Invalid { field: "playbook" }.into());
        }
        let playbook = Playbook::parse(text).map_err(PlaybookError::Problems)?;
        if playbook.id != id || id == Playbook::ai_vendor().id {
            return Err(PlaybookError::Name);
        }
        let place = format!("{organisation} {id}");
        let row =
            OwnPlaybook { text: text.to_owned(), at: self.now(), by: caller.name().to_owned() };
        let write = match self.get::<OwnPlaybook>(&place).await? {
            Some(mut kept) => {
                kept.row = row;
                kept.replace()
            }
            None => {
                if self.owned::<OwnPlaybook>(&organisation).await?.len() >= MOST {
                    return Err(PeopleError::Invalid { field: "playbooks" }.into());
                }
                Kept::new(place, organisation, row).insert()
            }
        };
        let written = self.write(vec![write], Vec::new()).await;
        written.map_err(PeopleError::from)?;
        Ok(playbook)
    }

    /// Removes a playbook of the caller's organisation.
    ///
    /// # Errors
    /// [`EnterError::NotFound`] when there is none of this id.
    pub async fn drop_playbook(&self, caller: &Caller, id: &str) -> Result<(), PlaybookError> {
        let organisation = self.allowed_at(caller, Operation::Draft).await?;
        let kept = self.get::<OwnPlaybook>(&format!("{organisation} {id}")).await?;
        let kept = kept.ok_or(EnterError::NotFound)?;
        let written = self.write(vec![kept.delete()], Vec::new()).await;
        written.map_err(PeopleError::from)?;
        Ok(())
    }
}
