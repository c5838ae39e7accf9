//! What the deployment's own services ask: at which tables an organisation sits, and whom of a
//! party something concerns. No caller stands behind these questions, so no face may ask them for
//! one.

use std::collections::BTreeSet;
use std::sync::Arc;

use contract::terms::Side;
use store::{Register, Scope};
use units::{Id, Lang};

use super::organisation::{Membership, Seat};
use super::person::Person;
use super::role::Role;
use super::row::Row;
use super::{Fault, People};
use crate::desk::party;

/// A party to an agreement: its organisation and who belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatedParty {
    /// Its side.
    pub side: Side,
    /// The organisation.
    pub organisation: String,
    /// Its people, without guests and those who are disabled.
    pub people: Vec<Recipient>,
}

/// Somebody who can be told something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The person.
    pub person: String,
    /// Their e-mail.
    pub email: String,
    /// Their language.
    pub lang: Lang,
    /// Their roles in the organisation.
    pub roles: BTreeSet<Role>,
}

impl People {
    /// The register, for a service that keeps rows of kinds of its own, such as webhooks. What a
    /// card of this module says is asked of this module.
    #[must_use]
    pub fn register(&self) -> Arc<dyn Register> {
        Arc::clone(&self.register)
    }

    /// The agreements at which an organisation sits, each with the scope of its side; for what
    /// reads on an organisation's behalf while nobody asks, such as webhooks.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn tables(&self, organisation: &str) -> Result<Vec<(Id, Scope)>, Fault> {
        let mut tables = Vec::new();
        for seat in self.owned::<Seat>(organisation).await? {
            let id = seat.subject.as_deref().and_then(|subject| Id::new(subject).ok());
            let unreadable = || Fault::Unreadable { kind: Seat::KIND, id: seat.id.clone() };
            let id = id.ok_or_else(unreadable)?;
            tables.push((id.clone(), Scope::party(id, party(seat.row.side))));
        }
        Ok(tables)
    }

    /// The parties that sit at an agreement, with their people.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn parties(&self, agreement: &Id) -> Result<Vec<SeatedParty>, Fault> {
        let mut parties = Vec::new();
        for seat in self.about::<Seat>(agreement.as_str()).await? {
            let people = self.recipients(&seat.owner).await?;
            parties.push(SeatedParty { side: seat.row.side, organisation: seat.owner, people });
        }
        Ok(parties)
    }

    /// The people of an organisation, without those who are disabled.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn recipients(&self, organisation: &str) -> Result<Vec<Recipient>, Fault> {
        let mut recipients = Vec::new();
        for member in self.owned::<Membership>(organisation).await? {
            let Some(id) = member.subject else { continue };
            let Some(recipient) = self.recipient(&id).await? else { continue };
            recipients.push(Recipient { roles: member.row.roles, ..recipient });
        }
        Ok(recipients)
    }

    /// A person who is not disabled, without roles.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn recipient(&self, person: &str) -> Result<Option<Recipient>, Fault> {
        let kept = self.get::<Person>(person).await?.filter(|kept| !kept.row.disabled);
        Ok(kept.map(|kept| Recipient {
            person: kept.id,
            email: kept.row.email,
            lang: kept.row.lang.parse().unwrap_or(Lang::En),
            roles: BTreeSet::new(),
        }))
    }
}
