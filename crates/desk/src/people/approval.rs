//! Approvals of findings that nobody may sign without: who approved a walk-away, when and why. They
//! lie under their own side's name, so that a question of the other side does not reach them.

use contract::terms::Side;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Whose;
use units::{Id, Timestamp};

use super::audit::given_for;
use super::caller::Caller;
use super::role::Operation;
use super::row::{Kept, Row};
use super::{Entry, Fault, People, PeopleError};
use crate::papers::folder;

/// The most characters of a reason, and of a finding's id.
const TEXT: usize = 2_000;

/// A walk-away that a person approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    /// The finding's id.
    pub finding: String,
    /// The version that it was approved for.
    pub version: u32,
    /// Who approved it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Row for Approval {
    const KIND: &'static str = "approval";
}

impl People {
    /// Approves a finding for the caller's side. The entry is one for [`Operation::Sign`].
    ///
    /// # Errors
    /// [`PeopleError::Invalid`] for an empty or too long reason.
    pub async fn approve_finding(
        &self,
        caller: &Caller,
        entry: &Entry,
        (version, finding, reason): (u32, &str, &str),
    ) -> Result<Approval, PeopleError> {
        given_for(entry, Operation::Sign)?;
        let owner = folder(entry.agreement(), entry.side());
        let approval = self.approval(version, finding, caller.name(), reason)?;
        let kept = Kept::new(self.new_id_in_time()?, owner, approval.clone());
        self.write(vec![kept.about(caller.person()).insert()], Vec::new()).await?;
        Ok(approval)
    }

    /// Approves a finding for a side, at the operator's terminal.
    ///
    /// # Errors
    /// As [`People::approve_finding`].
    pub async fn approve_finding_for(
        &self,
        (agreement, side): (&Id, Side),
        by: &str,
        (version, finding, reason): (u32, &str, &str),
    ) -> Result<Approval, PeopleError> {
        let approval = self.approval(version, finding, by, reason)?;
        let kept = Kept::new(self.new_id_in_time()?, folder(agreement, side), approval.clone());
        self.write(vec![kept.insert()], Vec::new()).await?;
        Ok(approval)
    }

    fn approval(
        &self,
        version: u32,
        finding: &str,
        by: &str,
        reason: &str,
    ) -> Result<Approval, PeopleError> {
        let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= TEXT;
        if !fits(reason) {
            return Err(PeopleError::Invalid { field: "reason" });
        }
        if !fits(finding) {
            return Err(PeopleError::Invalid { field: "finding" });
        }
        let (finding, by) = (finding.to_owned(), by.to_owned());
        let (at, reason) = (self.now(), reason.trim().to_owned());
        Ok(Approval { finding, version, by, at, reason })
    }

    /// What a side approved, the oldest first.
    pub(crate) async fn approvals_of(
        &self,
        agreement: &Id,
        side: Side,
    ) -> Result<Vec<Approval>, Fault> {
        let owner = folder(agreement, side);
        let kept = self.all::<Approval>(Whose::Owner(&owner)).await?;
        Ok(kept.into_iter().map(|kept| kept.row).collect())
    }
}
