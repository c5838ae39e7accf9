//! Guests at an agreement: a person with some roles, on one side, for a time. The end is asked at
//! every call. A guest never owns or signs.

use std::collections::BTreeSet;

use contract::terms::Side;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::AuditEntry;
use units::Timestamp;

use super::audit::{Outcome, given_for};
use super::caller::Caller;
use super::organisation::Seat;
use super::person::Person;
use super::role::{Operation, Role};
use super::row::{Kept, Row};
use super::{Entry, People, PeopleError};

/// What is kept of a grant: of an agreement, about a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) side: Side,
    pub(super) roles: BTreeSet<Role>,
    pub(super) from: Timestamp,
    pub(super) until: Option<Timestamp>,
    pub(super) by: String,
}

impl Row for Grant {
    const KIND: &'static str = "grant";
}

impl Grant {
    /// Whether it is in force.
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// A grant to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// The person.
    pub person: String,
    /// With which roles: neither owner nor signatory.
    pub roles: BTreeSet<Role>,
    /// From when; now if absent.
    pub from: Option<Timestamp>,
    /// Until when, if ever.
    pub until: Option<Timestamp>,
}

/// A grant, as it is shown to the side that gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GrantView {
    /// Its id.
    pub id: String,
    /// The person.
    pub person: String,
    /// The person's name.
    pub name: String,
    /// With which roles.
    pub roles: BTreeSet<Role>,
    /// From when.
    pub from: Timestamp,
    /// Until when, if ever.
    pub until: Option<Timestamp>,
    /// Who gave it: a person.
    pub granted_by: String,
}

/// Whether a guest may have these roles.
pub(super) fn guest_roles(roles: &BTreeSet<Role>) -> Result<(), PeopleError> {
    let refused = [Role::Owner, Role::Signatory];
    let fits = !roles.is_empty() && !refused.iter().any(|role| roles.contains(role));
    if fits { Ok(()) } else { Err(PeopleError::Invalid { field: "roles" }) }
}

impl People {
    /// Lets a person in as a guest of the entry's side; gives the grant's id. The entry is one for
    /// [`Operation::Grant`].
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] for an unknown person, and [`PeopleError::Invalid`] for roles that
    /// no guest may have, an end before the beginning, or somebody of the party opposite.
    pub async fn grant(
        &self,
        caller: &Caller,
        entry: &Entry,
        new: &NewGrant,
    ) -> Result<String, PeopleError> {
        given_for(entry, Operation::Grant)?;
        let unknown = PeopleError::NotFound { what: "person" };
        self.get::<Person>(&new.person).await?.ok_or(unknown)?;
        let kept = self.new_grant(entry.side(), caller.person(), new)?;
        let seats: Vec<Kept<Seat>> = self.about(entry.agreement().as_str()).await?;
        if self.is_of_other_side(&new.person, &seats, entry.side()).await? {
            return Err(PeopleError::Invalid { field: "person" });
        }
        let kept = Kept { owner: entry.agreement().to_string(), ..kept };
        let audited = AuditEntry {
            agreement: Some(entry.agreement().to_string()),
            object: Some(format!("{} {}", kept.id, new.person)),
            ..self.entry_of(caller, "grant", Outcome::Allowed)
        };
        let id = kept.id.clone();
        self.write(vec![kept.insert()], vec![audited]).await?;
        Ok(id)
    }

    /// The row of a grant; its owner is still to be named.
    pub(super) fn new_grant(
        &self,
        side: Side,
        by: &str,
        new: &NewGrant,
    ) -> Result<Kept<Grant>, PeopleError> {
        guest_roles(&new.roles)?;
        let from = new.from.unwrap_or_else(|| self.now());
        if new.until.is_some_and(|until| until <= from) {
            return Err(PeopleError::Invalid { field: "until" });
        }
        let (roles, until, by) = (new.roles.clone(), new.until, by.to_owned());
        let row = Grant { side, roles, from, until, by };
        Ok(Kept::new(self.new_id()?, "", row).about(new.person.clone()))
    }

    /// The grants of the entry's side, past ones too. The entry is one for
    /// [`Operation::ReadPeople`].
    ///
    /// # Errors
    /// [`super::EnterError::Forbidden`] for an entry to something else.
    pub async fn grants(&self, entry: &Entry) -> Result<Vec<GrantView>, PeopleError> {
        given_for(entry, Operation::ReadPeople)?;
        let mut views = Vec::new();
        for kept in self.owned::<Grant>(entry.agreement().as_str()).await? {
            let Some(person) = kept.subject.filter(|_| kept.row.side == entry.side()) else {
                continue;
            };
            let name = self.name_of_person(&person).await?;
            views.push(GrantView {
                id: kept.id,
                name: name.unwrap_or_else(|| person.clone()),
                person,
                roles: kept.row.roles,
                from: kept.row.from,
                until: kept.row.until,
                granted_by: kept.row.by,
            });
        }
        Ok(views)
    }

    /// Ends a grant of the entry's side at once. The entry is one for [`Operation::Grant`].
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] when the side gave no such grant.
    pub async fn revoke_grant(
        &self,
        caller: &Caller,
        entry: &Entry,
        grant: &str,
    ) -> Result<(), PeopleError> {
        given_for(entry, Operation::Grant)?;
        let kept = self.get::<Grant>(grant).await?.filter(|kept| {
            kept.owner == entry.agreement().as_str() && kept.row.side == entry.side()
        });
        let kept = kept.ok_or(PeopleError::NotFound { what: "grant" })?;
        let audited = AuditEntry {
            agreement: Some(entry.agreement().to_string()),
            object: Some(grant.to_owned()),
            ..self.entry_of(caller, "revoke_grant", Outcome::Allowed)
        };
        Ok(self.write(vec![kept.delete()], vec![audited]).await?)
    }
}
