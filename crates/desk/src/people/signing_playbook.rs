//! The playbook that a side holds a contract against before it signs: its text as it was chosen, so
//! that a later edit of the playbook moves no gate. Serves pb-01 to pb-08.

use contract::terms::Side;
use review::Playbook;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::AuditEntry;
use units::{Id, Timestamp};

use super::audit::{Outcome, given_for};
use super::caller::Caller;
use super::role::Operation;
use super::row::{Kept, Row};
use super::{Entry, Fault, People, PeopleError, PlaybookError};
use crate::papers::folder;

/// The playbook that a side signs by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SigningPlaybook {
    /// The playbook's id.
    pub playbook: String,
    /// Its text on the day it was chosen.
    pub text: String,
    /// Who chose it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Row for SigningPlaybook {
    const KIND: &'static str = "signing_playbook";
}

impl People {
    /// Makes a playbook the one that the caller's side signs by: the built-in one, or one of its
    /// organisation. The entry is one for [`Operation::Sign`].
    ///
    /// # Errors
    /// [`super::EnterError::NotFound`] when there is none of this id.
    pub async fn sign_by(
        &self,
        caller: &Caller,
        entry: &Entry,
        playbook: &str,
    ) -> Result<SigningPlaybook, PlaybookError> {
        given_for(entry, Operation::Sign)?;
        let (_, text) = self.playbook(caller, playbook).await?;
        let audited = AuditEntry {
            agreement: Some(entry.agreement().to_string()),
            object: Some(playbook.to_owned()),
            ..self.entry_of(caller, "sign_by_playbook", Outcome::Allowed)
        };
        let at = (entry.agreement(), entry.side());
        Ok(self.keep_signing_playbook(at, caller.name(), (playbook, text), vec![audited]).await?)
    }

    /// Makes a playbook the one that a side signs by, at the operator's terminal.
    ///
    /// # Errors
    /// [`PlaybookError::Problems`] for a text that does not read.
    pub async fn sign_by_text(
        &self,
        at: (&Id, Side),
        by: &str,
        text: &str,
    ) -> Result<SigningPlaybook, PlaybookError> {
        let playbook = Playbook::parse(text).map_err(PlaybookError::Problems)?;
        let kept = self.keep_signing_playbook(at, by, (&playbook.id, text.to_owned()), Vec::new());
        Ok(kept.await?)
    }

    async fn keep_signing_playbook(
        &self,
        (agreement, side): (&Id, Side),
        by: &str,
        (playbook, text): (&str, String),
        audited: Vec<AuditEntry>,
    ) -> Result<SigningPlaybook, PeopleError> {
        let place = folder(agreement, side);
        let (playbook, by) = (playbook.to_owned(), by.to_owned());
        let chosen = SigningPlaybook { playbook, text, by, at: self.now() };
        let write = match self.get::<SigningPlaybook>(&place).await? {
            Some(mut kept) => {
                kept.row = chosen.clone();
                kept.replace()
            }
            None => Kept::new(place.clone(), place, chosen.clone()).insert(),
        };
        self.write(vec![write], audited).await?;
        Ok(chosen)
    }

    /// The playbook that a side chose to sign by, where it chose one.
    pub(crate) async fn signing_playbook(
        &self,
        agreement: &Id,
        side: Side,
    ) -> Result<Option<SigningPlaybook>, Fault> {
        let kept = self.get::<SigningPlaybook>(&folder(agreement, side)).await?;
        Ok(kept.map(|kept| kept.row))
    }
}
