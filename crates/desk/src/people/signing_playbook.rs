//! The playbook that a side holds a contract against before it signs: its text as it was chosen, so
//! that a later edit of the playbook moves no gate. Serves pb-01 to pb-08.

use contract::terms::Side;
use review::Playbook;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Id, Timestamp};

use super::row::{Kept, Row};
use super::{Approver, Fault, People, PeopleError, PlaybookError};
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
    /// Makes a playbook the one that a side signs by; the audit trail tells of it.
    ///
    /// # Errors
    /// [`PlaybookError::Problems`] for a text that does not read, [`PlaybookError::Name`] for one
    /// that has the id of the built-in one and says something else.
    pub async fn sign_by(
        &self,
        approver: Approver<'_>,
        text: &str,
    ) -> Result<SigningPlaybook, PlaybookError> {
        let playbook = Playbook::parse(text).map_err(PlaybookError::Problems)?;
        let built_in = Playbook::ai_vendor();
        if playbook.id == built_in.id && playbook != built_in {
            return Err(PlaybookError::Name);
        }
        let spoken = self.spoken(approver, "sign_by_playbook", &playbook.id).await?;
        let (agreement, side, by, audited) = spoken;
        let place = folder(agreement, side);
        let chosen = SigningPlaybook {
            playbook: playbook.id,
            text: text.to_owned(),
            by: by.to_owned(),
            at: self.now(),
        };
        let write = match self.get::<SigningPlaybook>(&place).await? {
            Some(mut kept) => {
                kept.row = chosen.clone();
                kept.replace()
            }
            None => Kept::new(place.clone(), place, chosen.clone()).insert(),
        };
        let written = self.write(vec![write], vec![audited]).await;
        written.map_err(PeopleError::from)?;
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
