//! Approvals of findings that nobody may sign without: who approved a walk-away, when and why. They
//! lie under their own side's name, so that a question of the other side does not reach them.

use contract::terms::Side;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{AuditEntry, Whose};
use units::{Id, Timestamp};

#[cfg(doc)]
use super::EnterError;
use super::audit::{Outcome, cut, given_for};
use super::caller::Caller;
use super::role::Operation;
use super::row::{Kept, Row};
use super::{Entry, Fault, People, PeopleError};
use crate::papers::folder;

/// The most characters of a reason, and of a finding's id.
const TEXT: usize = 2_000;
/// The action of the audit entry.
const APPROVE: &str = "approve_finding";

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

/// Who decides something before a signature, and for which side.
#[derive(Debug, Clone, Copy)]
pub enum Approver<'a> {
    /// A caller who entered for [`Operation::Sign`], for its own side.
    Caller(&'a Caller, &'a Entry),
    /// Somebody at the operator's terminal, by name, for a side of an agreement.
    Operator(&'a Id, Side, &'a str),
}

impl People {
    /// Approves a finding of a version for a side, with a reason; the audit trail tells of it.
    ///
    /// # Errors
    /// [`PeopleError::Invalid`] for an empty or too long reason, [`EnterError::Forbidden`] for an
    /// entry of another operation.
    pub async fn approve_finding(
        &self,
        approver: Approver<'_>,
        (version, finding, reason): (u32, &str, &str),
    ) -> Result<Approval, PeopleError> {
        let object = format!("{version} {finding}");
        let (agreement, side, by, audited) = self.spoken(approver, APPROVE, &object).await?;
        let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= TEXT;
        if !fits(reason) {
            return Err(PeopleError::Invalid { field: "reason" });
        }
        if !fits(finding) {
            return Err(PeopleError::Invalid { field: "finding" });
        }
        let approval = Approval {
            finding: finding.to_owned(),
            version,
            by: by.to_owned(),
            at: self.now(),
            reason: reason.trim().to_owned(),
        };
        let owner = folder(agreement, side);
        let mut kept = Kept::new(self.new_id_in_time()?, owner, approval.clone());
        if let Approver::Caller(caller, _) = approver {
            kept = kept.about(caller.person());
        }
        self.write(vec![kept.insert()], vec![audited]).await?;
        Ok(approval)
    }

    /// For which side of which agreement somebody speaks, under which name, and the entry that
    /// tells of it.
    pub(super) async fn spoken<'a>(
        &self,
        approver: Approver<'a>,
        action: &str,
        object: &str,
    ) -> Result<(&'a Id, Side, &'a str, AuditEntry), PeopleError> {
        let (agreement, side, by, entry) = match approver {
            Approver::Caller(caller, entry) => {
                given_for(entry, Operation::Sign)?;
                let audited = self.entry_of(caller, action, Outcome::Allowed);
                (entry.agreement(), entry.side(), caller.name(), audited)
            }
            Approver::Operator(agreement, side, by) => {
                let seat = self.seat_of(agreement, side).await?;
                let audited = AuditEntry {
                    organisation: seat.map(|seat| seat.owner),
                    person: cut(by),
                    ..self.entry_without_caller(action, Outcome::Allowed)
                };
                (agreement, side, by, audited)
            }
        };
        let agreement_id = Some(agreement.to_string());
        let audited = AuditEntry { agreement: agreement_id, object: cut(object), ..entry };
        Ok((agreement, side, by, audited))
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
