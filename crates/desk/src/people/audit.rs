//! The audit trail: who did or tried what, when, from where. Serves the six months that network
//! logs are kept by law, with 190 days as floor. No secret ever stands in it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{AUDIT_DAYS, AuditEntry, AuditFilter, MAX_CARD_KEY_BYTES};
use units::{Id, Timestamp};

use super::caller::{Caller, Origin};
use super::role::Operation;
use super::{EnterError, Fault, People, PeopleError};

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Allowed,
    /// It was not.
    Refused,
}

/// Which entries; what is absent asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
pub struct AuditQuery {
    /// Of this agreement.
    pub agreement: Option<Id>,
    /// Of this person or `key <id>`.
    pub person: Option<String>,
    /// Of this action.
    pub action: Option<String>,
}

/// An entry, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditView {
    /// Its place; rising.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The person's id, or `key <id>`.
    pub person: Option<String>,
    /// What, as a code.
    pub action: String,
    /// To what.
    pub object: Option<String>,
    /// At which agreement.
    pub agreement: Option<String>,
    /// `allowed` or `refused`.
    pub result: String,
    /// From which address.
    pub address: Option<String>,
    /// In which request.
    pub request_id: Option<String>,
}

impl Outcome {
    /// `allowed` or `refused`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused => "refused",
        }
    }
}

/// A text that fits a field; what a stranger sends may be long.
pub(super) fn cut(text: &str) -> Option<String> {
    let limit = usize::try_from(MAX_CARD_KEY_BYTES).expect("a small number");
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (end > 0).then(|| text[..end].to_owned())
}

impl People {
    pub(super) fn entry_without_caller(&self, action: &str, outcome: Outcome) -> AuditEntry {
        AuditEntry {
            at: self.now().micros(),
            action: action.to_owned(),
            result: outcome.code().to_owned(),
            ..AuditEntry::default()
        }
    }

    pub(crate) fn entry_of(&self, caller: &Caller, action: &str, outcome: Outcome) -> AuditEntry {
        AuditEntry {
            organisation: caller.organisation.clone(),
            person: Some(caller.audited_as()),
            address: cut(&caller.origin.address),
            request: cut(&caller.origin.request),
            ..self.entry_without_caller(action, outcome)
        }
    }

    pub(super) fn sign_in_entry(
        &self,
        action: &str,
        person: Option<&str>,
        organisation: Option<String>,
        outcome: Outcome,
        origin: &Origin,
    ) -> AuditEntry {
        AuditEntry {
            organisation,
            person: person.and_then(cut),
            address: cut(&origin.address),
            request: cut(&origin.request),
            ..self.entry_without_caller(action, outcome)
        }
    }

    /// Audits what a face did for a caller: signing, payment, export, deletion.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn audited(
        &self,
        caller: &Caller,
        action: &str,
        agreement: Option<&Id>,
        object: Option<&str>,
        outcome: Outcome,
    ) -> Result<(), Fault> {
        let entry = AuditEntry {
            agreement: agreement.map(ToString::to_string),
            object: object.and_then(cut),
            ..self.entry_of(caller, action, outcome)
        };
        Ok(self.write(Vec::new(), vec![entry]).await?)
    }

    /// The entries of the caller's organisation, the newest first, those before `before`.
    ///
    /// # Errors
    /// [`EnterError::Forbidden`].
    pub async fn audit(
        &self,
        caller: &Caller,
        query: &AuditQuery,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditView>, PeopleError> {
        let organisation = self.allowed_at(caller, Operation::ReadAudit).await?;
        let filter = AuditFilter {
            organisation: Some(&organisation),
            agreement: query.agreement.as_ref().map(Id::as_str),
            person: query.person.as_deref(),
            action: query.action.as_deref(),
        };
        let rows = self.register.audit(filter, before, limit).await?;
        let view = |row: store::AuditRow| AuditView {
            seq: row.seq,
            at: Timestamp::from_micros(row.entry.at),
            person: row.entry.person,
            action: row.entry.action,
            object: row.entry.object,
            agreement: row.entry.agreement,
            result: row.entry.result,
            address: row.entry.address,
            request_id: row.entry.request,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Removes audit entries older than so many days, for the operator; never those of the last
    /// [`AUDIT_DAYS`]. Says how many.
    ///
    /// # Errors
    /// [`PeopleError::Invalid`] for fewer days.
    pub async fn drop_audit(&self, days: i64) -> Result<u64, PeopleError> {
        if days < AUDIT_DAYS {
            return Err(PeopleError::Invalid { field: "days" });
        }
        let now = self.now();
        let before = now.plus_seconds(days.saturating_mul(-86_400));
        Ok(self.register.audit_drop(before, now).await?)
    }
}

/// An entry must have been given for what is done with it.
pub(crate) fn given_for(entry: &super::Entry, operation: Operation) -> Result<(), EnterError> {
    if entry.operation() == operation { Ok(()) } else { Err(EnterError::Forbidden) }
}
