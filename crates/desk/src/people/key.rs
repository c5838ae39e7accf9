//! API keys: `tally_<id>_<secret>`, kept by the secret's hash. A key acts for the organisation and
//! in the name of who made it, within its scopes and never beyond that person's roles; it cannot
//! sign, manage people, or make keys.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{AuditEntry, RegisterError};
use units::{Id, Timestamp};

use super::audit::Outcome;
use super::caller::{By, Caller, Origin};
use super::person::{Person, name_of};
use super::role::Operation;
use super::row::{Kept, Row};
use super::secret::{TOKEN, hash, same};
use super::{EnterError, Fault, People, PeopleError};

/// The longest life of a key, in days.
const DAYS: u32 = 366;

/// How many keys an organisation may have.
const KEYS: u64 = 200;

/// How much later than kept the last use may be, in seconds.
const TOUCH: i64 = 60;

/// What a key may be used for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// Read, verify and take away.
    Read,
    /// Record facts, take files, hand over, inspect, accept.
    Record,
    /// Statements, invoices, payments.
    Money,
    /// Terms, claims, disputes, notices, notes, webhooks, the audit trail.
    Manage,
}

/// What is kept of a key: of an organisation, about who made it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ApiKey {
    name: String,
    hash: String,
    scopes: BTreeSet<KeyScope>,
    agreement: Option<Id>,
    created: Timestamp,
    last_used: Option<Timestamp>,
}

impl Row for ApiKey {
    const KIND: &'static str = "key";
}

/// A key to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// What it is called; the journal names it so.
    pub name: String,
    /// For what.
    pub scopes: BTreeSet<KeyScope>,
    /// For one agreement alone.
    pub agreement: Option<Id>,
    /// For how many days, 1 to 366.
    pub days: u32,
}

/// A key in the list of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeyView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// For what.
    pub scopes: BTreeSet<KeyScope>,
    /// For one agreement alone.
    pub agreement: Option<Id>,
    /// Who made it: a person.
    pub person: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used: Option<Timestamp>,
}

impl KeyScope {
    /// The scope that an operation takes; `None` for what no key may do.
    #[must_use]
    pub const fn of(operation: Operation) -> Option<Self> {
        Some(match operation {
            Operation::ReadPosition
            | Operation::ReadMoney
            | Operation::ReadJournal
            | Operation::ReadDocuments
            | Operation::ReadDeliveries
            | Operation::ReadNotes
            | Operation::ReadWork
            | Operation::Export
            | Operation::Checkpoint => Self::Read,
            Operation::Record
            | Operation::Import
            | Operation::Deliver
            | Operation::Inspect
            | Operation::Decide
            | Operation::Work
            | Operation::Label
            | Operation::Review
            | Operation::ManageWork => Self::Record,
            Operation::ReadPayroll
            | Operation::Submit
            | Operation::Approve
            | Operation::Object
            | Operation::Invoice
            | Operation::Credit
            | Operation::Pay => Self::Money,
            Operation::ReadPeople
            | Operation::Draft
            | Operation::Propose
            | Operation::Claim
            | Operation::Dispute
            | Operation::Notify
            | Operation::Note
            | Operation::DeleteNote
            | Operation::ManageWebhooks
            | Operation::ReadAudit => Self::Manage,
            Operation::Sign
            | Operation::Cosign
            | Operation::Grant
            | Operation::ManagePeople
            | Operation::ManageKeys
            | Operation::PlatformHealth => return None,
        })
    }
}

impl People {
    /// Makes a key; gives its id and its text, which is shown once.
    ///
    /// # Errors
    /// When the caller may not, or a field is wrong. An agreement at which the caller is nothing is
    /// [`EnterError::NotFound`].
    pub async fn new_key(
        &self,
        caller: &Caller,
        new: &NewKey,
    ) -> Result<(String, String), PeopleError> {
        let organisation = self.allowed_at(caller, Operation::ManageKeys).await?;
        let name = name_of(&new.name).ok_or(PeopleError::Invalid { field: "name" })?;
        if new.scopes.is_empty() {
            return Err(PeopleError::Invalid { field: "scopes" });
        }
        if new.days == 0 || new.days > DAYS {
            return Err(PeopleError::Invalid { field: "days" });
        }
        if let Some(agreement) = &new.agreement {
            self.enter(caller, agreement, Operation::ReadPosition).await?;
        }
        let there = self.register.cards_count(ApiKey::KIND, store::Whose::Owner(&organisation));
        if there.await.map_err(Fault::from)? >= KEYS {
            return Err(PeopleError::TooMany { limit: KEYS });
        }
        let (id, secret, created) = (self.new_id()?, self.token()?, self.now());
        let row = ApiKey {
            name,
            hash: hash(&secret),
            scopes: new.scopes.clone(),
            agreement: new.agreement.clone(),
            created,
            last_used: None,
        };
        let until = created.plus_seconds(i64::from(new.days) * 86_400);
        let kept = Kept::new(id.clone(), organisation, row).about(caller.person()).due(until);
        let audited = AuditEntry {
            object: Some(id.clone()),
            agreement: new.agreement.as_ref().map(ToString::to_string),
            ..self.entry_of(caller, "new_key", Outcome::Allowed)
        };
        self.write(vec![kept.insert()], vec![audited]).await?;
        Ok((id.clone(), format!("tally_{id}_{secret}")))
    }

    /// The caller of a key's text; `None` when there is no such key any more, which is audited.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn caller_of_key(
        &self,
        text: &str,
        origin: &Origin,
    ) -> Result<Option<Caller>, Fault> {
        let parts = text.strip_prefix("tally_").and_then(|rest| rest.split_once('_'));
        let parts = parts.filter(|(id, secret)| id.len() <= 64 && secret.len() == TOKEN);
        let caller = match parts {
            Some((id, secret)) => self.try_key(id, secret, origin).await?,
            None => None,
        };
        if caller.is_none() {
            let who = parts.map(|(id, _)| format!("key {id}"));
            let refused = Outcome::Refused;
            let entry = self.sign_in_entry("use_key", who.as_deref(), None, refused, origin);
            self.write(Vec::new(), vec![entry]).await?;
        }
        Ok(caller)
    }

    async fn try_key(
        &self,
        id: &str,
        secret: &str,
        origin: &Origin,
    ) -> Result<Option<Caller>, Fault> {
        let now = self.now();
        let Some(kept) = self.get::<ApiKey>(id).await? else { return Ok(None) };
        if !same(&kept.row.hash, &hash(secret)) || kept.due.is_none_or(|due| due <= now) {
            return Ok(None);
        }
        let Some(person) = &kept.subject else { return Ok(None) };
        let Some(person) = self.get::<Person>(person).await? else { return Ok(None) };
        let member = self.membership(&kept.owner, &person.id).await?;
        let Some(member) = member.filter(|_| !person.row.disabled) else { return Ok(None) };
        let by = By::Key {
            id: kept.id.clone(),
            name: kept.row.name.clone(),
            scopes: kept.row.scopes.clone(),
            agreement: kept.row.agreement.clone(),
        };
        let caller = Caller {
            person: person.id,
            name: person.row.name,
            organisation: Some(kept.owner.clone()),
            roles: member.row.roles,
            platform: false,
            by,
            origin: origin.clone(),
        };
        self.used(kept, now).await?;
        Ok(Some(caller))
    }

    /// Notes the use, once a minute.
    async fn used(&self, mut kept: Kept<ApiKey>, now: Timestamp) -> Result<(), Fault> {
        if kept.row.last_used.is_some_and(|last| now.seconds_since(last) < TOUCH) {
            return Ok(());
        }
        kept.row.last_used = Some(now);
        match self.write(vec![kept.replace()], Vec::new()).await {
            Err(RegisterError::Stale { .. }) => Ok(()),
            answer => Ok(answer?),
        }
    }

    /// The keys of the caller's organisation, ended ones too.
    ///
    /// # Errors
    /// [`EnterError::Forbidden`]. Looking needs no confirmation.
    pub async fn keys(&self, caller: &Caller) -> Result<Vec<KeyView>, PeopleError> {
        let organisation = match self.allowed_at(caller, Operation::ManageKeys).await {
            Err(EnterError::ConfirmNeeded) => caller.organisation.clone(),
            answer => Some(answer?),
        };
        let organisation = organisation.ok_or(EnterError::Forbidden)?;
        let view = |kept: Kept<ApiKey>| KeyView {
            id: kept.id,
            name: kept.row.name,
            scopes: kept.row.scopes,
            agreement: kept.row.agreement,
            person: kept.subject.unwrap_or_default(),
            created: kept.row.created,
            expires: kept.due,
            last_used: kept.row.last_used,
        };
        Ok(self.owned(&organisation).await?.into_iter().map(view).collect())
    }

    /// Revokes a key at once.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] when it is none of the caller's organisation.
    pub async fn revoke_key(&self, caller: &Caller, id: &str) -> Result<(), PeopleError> {
        let organisation = self.allowed_at(caller, Operation::ManageKeys).await?;
        let kept = self.get::<ApiKey>(id).await?.filter(|kept| kept.owner == organisation);
        let kept = kept.ok_or(PeopleError::NotFound { what: "key" })?;
        let audited = AuditEntry {
            object: Some(id.to_owned()),
            ..self.entry_of(caller, "revoke_key", Outcome::Allowed)
        };
        Ok(self.write(vec![kept.delete()], vec![audited]).await?)
    }

    /// Ends the keys that a person made at an organisation which they leave.
    pub(super) async fn end_keys_of(
        &self,
        person: &str,
        organisation: &str,
    ) -> Result<(), PeopleError> {
        for kept in self.about::<ApiKey>(person).await? {
            if kept.owner != organisation {
                continue;
            }
            match self.write(vec![kept.delete()], Vec::new()).await {
                // Used or revoked meanwhile; it opens nothing without the membership.
                Err(RegisterError::Stale { .. }) => {}
                answer => answer?,
            }
        }
        Ok(())
    }
}
