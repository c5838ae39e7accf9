//! Organisations, who belongs to them with which roles, and at which agreements they sit. One
//! organisation sits on one side of an agreement. An organisation keeps an owner.

use std::collections::BTreeSet;

use contract::terms::Side;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{AuditEntry, CardWrite, RegisterError, StoreError};
use units::{Id, Timestamp};

use super::audit::Outcome;
use super::caller::Caller;
use super::person::{Person, name_of};
use super::role::{Operation, Role};
use super::row::{Kept, Row};
use super::{Entry, Fault, People, PeopleError};
use crate::book::DeskError;

/// What is kept of an organisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Organisation {
    pub(super) name: String,
    pub(super) created: Timestamp,
}

impl Row for Organisation {
    const KIND: &'static str = "organisation";
}

/// What is kept of a membership: of an organisation, about a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Membership {
    pub(super) organisation: String,
    pub(super) roles: BTreeSet<Role>,
    pub(super) since: Timestamp,
}

impl Row for Membership {
    const KIND: &'static str = "member";
}

impl Membership {
    pub(super) fn of(
        organisation: &str,
        person: &str,
        roles: BTreeSet<Role>,
        since: Timestamp,
    ) -> Kept<Self> {
        let row = Self { organisation: organisation.to_owned(), roles, since };
        Kept::new(format!("{organisation} {person}"), organisation, row).about(person)
    }
}

/// What is kept of a seat: of an organisation, about an agreement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Seat {
    pub(super) side: Side,
    pub(super) since: Timestamp,
}

impl Row for Seat {
    const KIND: &'static str = "seat";
}

impl Seat {
    fn id(agreement: &Id, side: Side) -> String {
        format!("{agreement} {}", side.code())
    }

    pub(super) fn of(
        agreement: &Id,
        side: Side,
        organisation: &str,
        since: Timestamp,
    ) -> Kept<Self> {
        let row = Self { side, since };
        Kept::new(Self::id(agreement, side), organisation, row).about(agreement.as_str())
    }
}

/// An organisation, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OrganisationView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Who sits at an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Seats {
    /// The customer's organisation, once it has taken its seat.
    pub customer: Option<OrganisationView>,
    /// The vendor's.
    pub vendor: Option<OrganisationView>,
}

/// Somebody who belongs to the caller's organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Member {
    /// The person.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// Their roles here.
    pub roles: BTreeSet<Role>,
    /// Whether they use one-time codes.
    pub totp: bool,
    /// How many passkeys they have.
    pub passkeys: u64,
    /// When they were last here.
    pub last_seen: Option<Timestamp>,
}

impl People {
    pub(crate) async fn membership(
        &self,
        organisation: &str,
        person: &str,
    ) -> Result<Option<Kept<Membership>>, Fault> {
        self.get(&format!("{organisation} {person}")).await
    }

    /// An organisation, for a face that shows its name.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub(super) async fn organisation(&self, id: &str) -> Result<Option<OrganisationView>, Fault> {
        let found = self.get::<Organisation>(id).await?;
        Ok(found.map(|kept| OrganisationView { id: kept.id, name: kept.row.name }))
    }

    /// A new organisation with its first owner; the caller writes it.
    pub(super) fn new_organisation(
        &self,
        name: &str,
        person: &str,
    ) -> Result<(String, Vec<CardWrite>), PeopleError> {
        let name = name_of(name).ok_or(PeopleError::Invalid { field: "organisation" })?;
        let id = self.new_id()?;
        let created = self.now();
        let row = Organisation { name, created };
        let member = Membership::of(&id, person, Role::FOUNDER.into(), created);
        Ok((id.clone(), vec![Kept::new(id, "", row).insert(), member.insert()]))
    }

    pub(super) async fn seat_of(
        &self,
        agreement: &Id,
        side: Side,
    ) -> Result<Option<Kept<Seat>>, Fault> {
        self.get(&Seat::id(agreement, side)).await
    }

    /// Who sits at an entry's agreement.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn seats(&self, entry: &Entry) -> Result<Seats, Fault> {
        let mut names = Vec::new();
        for side in [Side::Customer, Side::Vendor] {
            names.push(match self.seat_of(entry.agreement(), side).await? {
                Some(seat) => self.organisation(&seat.owner).await?,
                None => None,
            });
        }
        let vendor = names.pop().flatten();
        Ok(Seats { customer: names.pop().flatten(), vendor })
    }

    /// Seats an organisation at an agreement, for the operator: one that the command line laid
    /// down. The same seat again changes nothing.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] for an unknown organisation or agreement, and
    /// [`PeopleError::Taken`] when the seat is another's or the organisation sits opposite.
    pub async fn seat(
        &self,
        agreement: &Id,
        side: Side,
        organisation: &str,
    ) -> Result<(), PeopleError> {
        let row = self.desk.store.agreement(&self.desk.scope(), agreement).await;
        row.map_err(|error| match error {
            StoreError::NotFound { .. } => PeopleError::NotFound { what: "agreement" },
            other => PeopleError::Fault(DeskError::from(other).into()),
        })?;
        let known = self.organisation(organisation).await?;
        known.ok_or(PeopleError::NotFound { what: "organisation" })?;
        let Some(seat) = self.free_seat(agreement, side, organisation).await? else {
            return Ok(());
        };
        let audited = AuditEntry {
            organisation: Some(organisation.to_owned()),
            agreement: Some(agreement.to_string()),
            ..self.entry_without_caller("take_seat", Outcome::Allowed)
        };
        Ok(self.write(vec![seat.insert()], vec![audited]).await?)
    }

    /// The seat to write; `None` when the organisation has it already.
    pub(super) async fn free_seat(
        &self,
        agreement: &Id,
        side: Side,
        organisation: &str,
    ) -> Result<Option<Kept<Seat>>, PeopleError> {
        let taken = || PeopleError::Taken { what: "seat" };
        match self.seat_of(agreement, side).await? {
            Some(seat) if seat.owner == organisation => return Ok(None),
            Some(_) => return Err(taken()),
            None => {}
        }
        let opposite = self.seat_of(agreement, side.other()).await?;
        if opposite.is_some_and(|seat| seat.owner == organisation) {
            return Err(taken());
        }
        Ok(Some(Seat::of(agreement, side, organisation, self.now())))
    }

    /// Who belongs to the caller's organisation, ordered by id.
    ///
    /// # Errors
    /// When the caller may not read people.
    pub async fn members(&self, caller: &Caller) -> Result<Vec<Member>, PeopleError> {
        let organisation = self.allowed_at(caller, Operation::ReadPeople).await?;
        let mut members = Vec::new();
        for kept in self.owned::<Membership>(&organisation).await? {
            let Some(id) = kept.subject else { continue };
            let Some(person) = self.get::<Person>(&id).await? else { continue };
            members.push(Member {
                totp: self.has_code(&id).await?,
                passkeys: self.credentials_of(&id).await?.len() as u64,
                name: person.row.name,
                email: person.row.email,
                last_seen: person.row.last_seen,
                roles: kept.row.roles,
                id,
            });
        }
        Ok(members)
    }

    /// Gives a person of the caller's organisation these roles and no others.
    ///
    /// # Errors
    /// When the caller may not, there is no such person here, or no owner would be left.
    pub async fn set_roles(
        &self,
        caller: &Caller,
        person: &str,
        roles: &BTreeSet<Role>,
    ) -> Result<(), PeopleError> {
        if roles.is_empty() {
            return Err(PeopleError::Invalid { field: "roles" });
        }
        self.change_member(caller, person, Some(roles)).await
    }

    /// Takes a person out of the caller's organisation; their sessions there and keys end.
    ///
    /// # Errors
    /// When the caller may not, there is no such person here, or no owner would be left.
    pub async fn remove_member(&self, caller: &Caller, person: &str) -> Result<(), PeopleError> {
        self.change_member(caller, person, None).await
    }

    async fn change_member(
        &self,
        caller: &Caller,
        person: &str,
        roles: Option<&BTreeSet<Role>>,
    ) -> Result<(), PeopleError> {
        let organisation = self.allowed_at(caller, Operation::ManagePeople).await?;
        // Two owners who remove each other at once: the organisation's version lets one through.
        let unknown = || PeopleError::NotFound { what: "person" };
        let kept = self.get::<Organisation>(&organisation).await?.ok_or_else(unknown)?;
        let mut member = self.membership(&organisation, person).await?.ok_or_else(unknown)?;
        let stays = roles.is_some_and(|roles| roles.contains(&Role::Owner));
        if member.row.roles.contains(&Role::Owner) && !stays {
            let all = self.owned::<Membership>(&organisation).await?;
            let owners = all.iter().filter(|other| other.row.roles.contains(&Role::Owner));
            if owners.count() <= 1 {
                return Err(PeopleError::LastOwner);
            }
        }
        let action = if roles.is_some() { "set_roles" } else { "remove_person" };
        let given: Vec<&str> = roles.into_iter().flatten().map(|role| role.code()).collect();
        let object = format!("{person} {}", given.join(",")).trim_end().to_owned();
        let audited =
            AuditEntry { object: Some(object), ..self.entry_of(caller, action, Outcome::Allowed) };
        let change = match roles {
            Some(roles) => {
                member.row.roles.clone_from(roles);
                member.replace()
            }
            None => member.delete(),
        };
        self.write(vec![kept.replace(), change], vec![audited]).await?;
        if roles.is_none() {
            self.leave(person, &organisation).await?;
        }
        Ok(())
    }

    /// The organisations of a person, ordered by id.
    pub(super) async fn organisations_of(
        &self,
        person: &str,
    ) -> Result<Vec<OrganisationView>, Fault> {
        let mut all = Vec::new();
        for member in self.about::<Membership>(person).await? {
            all.extend(self.organisation(&member.owner).await?);
        }
        Ok(all)
    }
}

/// A write of something that may have been taken meanwhile.
pub(super) fn or_taken(
    written: Result<(), RegisterError>,
    what: &'static str,
) -> Result<(), PeopleError> {
    match written {
        Err(RegisterError::Taken { .. }) => Err(PeopleError::Taken { what }),
        answer => Ok(answer?),
    }
}
