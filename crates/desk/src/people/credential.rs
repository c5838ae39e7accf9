//! Passkeys and identities elsewhere, as rows that the face's protocols fill: what they hold is
//! opaque here.

use journal::Hash;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::AuditEntry;
use units::Timestamp;

use super::audit::Outcome;
use super::caller::Caller;
use super::organisation::or_taken;
use super::person::name_of;
use super::row::{Kept, Row};
use super::{Fault, People, PeopleError};

/// How many passkeys a person may have.
const PASSKEYS: usize = 20;

/// What is kept of a passkey: of a person. Its id is the hash of the authenticator's.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct CredentialRow {
    credential: String,
    name: String,
    data: Value,
    created: Timestamp,
    last_used: Option<Timestamp>,
}

impl Row for CredentialRow {
    const KIND: &'static str = "passkey";
}

/// What is kept of an identity: of a person. Its id is the hash of issuer and subject.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct IdentityRow {
    issuer: String,
    subject: String,
    created: Timestamp,
}

impl Row for IdentityRow {
    const KIND: &'static str = "identity";
}

/// A passkey.
#[derive(Debug, Clone, PartialEq)]
pub struct Credential {
    /// The id that the authenticator gave, as text.
    pub credential: String,
    /// Whose.
    pub person: String,
    /// What the person calls it.
    pub name: String,
    /// What the protocol keeps.
    pub data: Value,
    /// When it was added.
    pub created: Timestamp,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
}

/// An identity that a provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// Its name for the person.
    pub subject: String,
}

fn hashed(parts: &[&str]) -> String {
    hex::encode(Hash::of(parts.join("\n").as_bytes()).bytes())
}

fn view(kept: Kept<CredentialRow>) -> Credential {
    let CredentialRow { credential, name, data, created, last_used } = kept.row;
    Credential { credential, person: kept.owner, name, data, created, last_used }
}

impl People {
    /// The passkeys of a person.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn credentials_of(&self, person: &str) -> Result<Vec<Credential>, Fault> {
        Ok(self.owned(person).await?.into_iter().map(view).collect())
    }

    /// The passkey of an authenticator's id.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn credential(&self, credential: &str) -> Result<Option<Credential>, Fault> {
        Ok(self.get(&hashed(&[credential])).await?.map(view))
    }

    /// Adds a passkey to the caller's person.
    ///
    /// # Errors
    /// [`super::EnterError::ConfirmNeeded`], [`PeopleError::TooMany`], and [`PeopleError::Taken`]
    /// when the id is known.
    pub async fn add_credential(
        &self,
        caller: &Caller,
        credential: &str,
        name: &str,
        data: Value,
    ) -> Result<(), PeopleError> {
        self.confirmed(caller)?;
        let name = name_of(name).ok_or(PeopleError::Invalid { field: "name" })?;
        if self.credentials_of(caller.person()).await?.len() >= PASSKEYS {
            return Err(PeopleError::TooMany { limit: PASSKEYS as u64 });
        }
        let (credential, created) = (credential.to_owned(), self.now());
        let id = hashed(&[&credential]);
        let row = CredentialRow { credential, name, data, created, last_used: None };
        let kept = Kept::new(id.clone(), caller.person(), row);
        let audited = AuditEntry {
            object: Some(id),
            ..self.entry_of(caller, "add_passkey", Outcome::Allowed)
        };
        or_taken(self.write(vec![kept.insert()], vec![audited]).await, "passkey")
    }

    /// Keeps what a use of a passkey changed, such as its counter.
    ///
    /// # Errors
    /// [`PeopleError::Changed`] when it was used at the same instant elsewhere: refuse this use.
    pub async fn credential_used(&self, credential: &str, data: Value) -> Result<(), PeopleError> {
        let kept = self.get::<CredentialRow>(&hashed(&[credential])).await?;
        let mut kept = kept.ok_or(PeopleError::NotFound { what: "passkey" })?;
        kept.row.data = data;
        kept.row.last_used = Some(self.now());
        Ok(self.write(vec![kept.replace()], Vec::new()).await?)
    }

    /// Removes a passkey of the caller's person.
    ///
    /// # Errors
    /// [`super::EnterError::ConfirmNeeded`] and [`PeopleError::NotFound`].
    pub async fn remove_credential(
        &self,
        caller: &Caller,
        credential: &str,
    ) -> Result<(), PeopleError> {
        self.confirmed(caller)?;
        let kept = self.get::<CredentialRow>(&hashed(&[credential])).await?;
        let kept = kept.filter(|kept| kept.owner == caller.person());
        let kept = kept.ok_or(PeopleError::NotFound { what: "passkey" })?;
        let audited = AuditEntry {
            object: Some(kept.id.clone()),
            ..self.entry_of(caller, "remove_passkey", Outcome::Allowed)
        };
        Ok(self.write(vec![kept.delete()], vec![audited]).await?)
    }

    /// The person of an identity elsewhere.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn person_of_identity(&self, identity: &Identity) -> Result<Option<String>, Fault> {
        let id = hashed(&[&identity.issuer, &identity.subject]);
        Ok(self.get::<IdentityRow>(&id).await?.map(|kept| kept.owner))
    }

    /// Binds an identity elsewhere to a person. The face has checked that both are one.
    ///
    /// # Errors
    /// [`PeopleError::Taken`] when it is bound already.
    pub async fn bind_identity(
        &self,
        person: &str,
        identity: &Identity,
    ) -> Result<(), PeopleError> {
        let Identity { issuer, subject } = identity.clone();
        let id = hashed(&[&issuer, &subject]);
        let kept =
            Kept::new(id.clone(), person, IdentityRow { issuer, subject, created: self.now() });
        let audited = AuditEntry {
            person: Some(person.to_owned()),
            object: Some(id),
            ..self.entry_without_caller("bind_identity", Outcome::Allowed)
        };
        or_taken(self.write(vec![kept.insert()], vec![audited]).await, "identity")
    }
}
