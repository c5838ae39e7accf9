//! The way into an agreement: from a caller to an entry, or to "there is nothing of this name". The
//! only place that makes a party's scope. Serves pb-05. Roles come from the caller's organisation
//! when it has a seat at the agreement, else from a grant that is in force now.

use std::collections::BTreeSet;

use contract::event::{Actor, Recorded};
use contract::terms::{Agreement, Side};
use store::{AuditEntry, Scope, StoreError};
use units::{Id, Timestamp};

use super::audit::Outcome;
use super::caller::{By, Caller, Origin, any_allows};
use super::grant::Grant;
use super::organisation::{Organisation, Seat};
use super::role::{Operation, Role, Visibility, shows};
use super::row::Kept;
use super::{EnterError, Fault, People, PeopleError};
use crate::book::DeskError;
use crate::desk::party;

/// The right to one operation at one agreement, for one side. Made by [`People::enter`] alone; see
/// [`crate::Desk::within`].
#[derive(Debug, Clone)]
pub struct Entry {
    agreement: Id,
    side: Side,
    roles: BTreeSet<Role>,
    operation: Operation,
    way: Way,
    person: String,
    actor: Actor,
    scope: Scope,
}

/// By which right a caller is at an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Its organisation sits there.
    Seat,
    /// It is a guest by a grant.
    Grant {
        /// The grant.
        id: String,
        /// When it ends, if ever.
        until: Option<Timestamp>,
    },
}

/// What a caller is at an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// On which side.
    pub side: Side,
    /// With which roles.
    pub roles: BTreeSet<Role>,
    /// By which right.
    pub way: Way,
}

/// An agreement that a caller may see, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The agreement.
    pub agreement: Id,
    /// What the caller is there.
    pub standing: Standing,
}

/// Why an agreement was not founded.
#[derive(Debug, thiserror::Error)]
pub enum FoundError {
    /// The caller may not, the id is taken, or the counterparty is unknown.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The contract does not allow it, or the store failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl Entry {
    /// The agreement.
    #[must_use]
    pub fn agreement(&self) -> &Id {
        &self.agreement
    }

    /// The side for which the caller acts.
    #[must_use]
    pub fn side(&self) -> Side {
        self.side
    }

    /// The roles that the caller has here.
    #[must_use]
    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }

    /// For what the entry was given.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// By which right.
    #[must_use]
    pub fn way(&self) -> &Way {
        &self.way
    }

    /// The person who acts.
    #[must_use]
    pub fn person(&self) -> &str {
        &self.person
    }

    /// As whom the caller acts in the journal: the side and the person's or key's name.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whether the caller may do something else at this agreement too; for buttons, not for doors.
    #[must_use]
    pub fn may(&self, operation: Operation) -> bool {
        any_allows(&self.roles, operation)
    }

    /// Whether the caller is shown what is for these eyes.
    #[must_use]
    pub fn shows(&self, visibility: Visibility) -> bool {
        self.roles.iter().any(|role| shows(*role, visibility))
    }

    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }
}

impl People {
    /// Lets a caller in for one operation.
    ///
    /// # Errors
    /// [`EnterError::NotFound`] for an agreement at which the caller is nothing, whether it exists
    /// or not; [`EnterError::Forbidden`] for one at which its roles, or its key's scopes, do not
    /// allow the operation; [`EnterError::ConfirmNeeded`] for a session that must prove again who
    /// it is. The first two are audited, and so is every entry to sign, pay, export or delete.
    pub async fn enter(
        &self,
        caller: &Caller,
        agreement: &Id,
        operation: Operation,
    ) -> Result<Entry, EnterError> {
        let answer = self.try_enter(caller, agreement, operation).await;
        let outcome = match &answer {
            Err(EnterError::NotFound | EnterError::Forbidden) => Some(Outcome::Refused),
            Ok(_) if traced(operation) => Some(Outcome::Allowed),
            _ => None,
        };
        if let Some(outcome) = outcome {
            let entry = self.entry_of(caller, "enter", outcome);
            let entry = AuditEntry {
                agreement: Some(agreement.to_string()),
                object: Some(operation.code().to_owned()),
                ..entry
            };
            self.write(Vec::new(), vec![entry]).await?;
        }
        answer
    }

    /// Lets somebody in who sits at the operator's terminal, by name, for a side of an agreement:
    /// they hold the deployment itself, so that a role of that side is no bound. What they do is
    /// audited under that name.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn enter_at_terminal(
        &self,
        (agreement, side, by): (&Id, Side, &str),
        operation: Operation,
    ) -> Result<(Caller, Entry), Fault> {
        let seat = self.seat_of(agreement, side).await?;
        let roles = BTreeSet::from([Role::Owner]);
        let caller = Caller {
            person: format!("terminal {by}"),
            name: by.to_owned(),
            organisation: seat.map(|seat| seat.owner),
            roles: roles.clone(),
            platform: false,
            by: By::Terminal,
            origin: Origin::default(),
        };
        let standing = Standing { side, roles, way: Way::Seat };
        let entry = entry(&caller, agreement, operation, standing);
        Ok((caller, entry))
    }

    async fn try_enter(
        &self,
        caller: &Caller,
        agreement: &Id,
        operation: Operation,
    ) -> Result<Entry, EnterError> {
        let standing = self.standing(caller, agreement).await?.ok_or(EnterError::NotFound)?;
        if !any_allows(&standing.roles, operation) || !caller.key_allows(operation) {
            return Err(EnterError::Forbidden);
        }
        if caller.must_confirm(operation, self.now()) {
            return Err(EnterError::ConfirmNeeded);
        }
        Ok(entry(caller, agreement, operation, standing))
    }

    /// What a caller is at an agreement now: by its organisation's seat, else by a grant in force.
    /// `None` when it is nothing there.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn standing(
        &self,
        caller: &Caller,
        agreement: &Id,
    ) -> Result<Option<Standing>, Fault> {
        if !caller.key_reaches(agreement) {
            return Ok(None);
        }
        let seats: Vec<Kept<Seat>> = self.about(agreement.as_str()).await?;
        let own = caller.organisation();
        if let Some(seat) = seats.iter().find(|seat| Some(seat.owner.as_str()) == own)
            && !caller.roles.is_empty()
        {
            let (side, roles) = (seat.row.side, caller.roles.clone());
            return Ok(Some(Standing { side, roles, way: Way::Seat }));
        }
        // A key acts for its organisation, not for what its maker is elsewhere.
        let grants: Vec<Kept<Grant>> = match caller.is_session() {
            true => self.about(&caller.person).await?,
            false => Vec::new(),
        };
        let now = self.now();
        for grant in grants {
            if grant.owner != agreement.as_str() || !grant.row.holds(now) {
                continue;
            }
            if self.is_of_other_side(&caller.person, &seats, grant.row.side).await? {
                continue;
            }
            let way = Way::Grant { id: grant.id, until: grant.row.until };
            let (side, roles) = (grant.row.side, grant.row.roles);
            return Ok(Some(Standing { side, roles, way }));
        }
        Ok(None)
    }

    /// Whether a person belongs to the party opposite: such a guest would carry secrets across.
    pub(super) async fn is_of_other_side(
        &self,
        person: &str,
        seats: &[Kept<Seat>],
        side: Side,
    ) -> Result<bool, Fault> {
        for seat in seats.iter().filter(|seat| seat.row.side != side) {
            if self.membership(&seat.owner, person).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a caller may do something that belongs to its organisation and to no agreement.
    ///
    /// # Errors
    /// [`EnterError::Forbidden`] (audited) or [`EnterError::ConfirmNeeded`].
    pub async fn allow(&self, caller: &Caller, operation: Operation) -> Result<(), EnterError> {
        let allowed = match operation {
            Operation::PlatformHealth => caller.is_platform_administrator(),
            _ => any_allows(&caller.roles, operation) && caller.key_allows(operation),
        };
        if !allowed {
            let entry = self.entry_of(caller, "allow", Outcome::Refused);
            let entry = AuditEntry { object: Some(operation.code().to_owned()), ..entry };
            self.write(Vec::new(), vec![entry]).await?;
            return Err(EnterError::Forbidden);
        }
        if caller.must_confirm(operation, self.now()) {
            return Err(EnterError::ConfirmNeeded);
        }
        Ok(())
    }

    /// As [`People::allow`]; gives the organisation.
    pub(super) async fn allowed_at(
        &self,
        caller: &Caller,
        operation: Operation,
    ) -> Result<String, EnterError> {
        self.allow(caller, operation).await?;
        // Roles are held in an organisation, so that who has one has the other.
        caller.organisation.clone().ok_or(EnterError::Forbidden)
    }

    /// The agreements that a caller may see, ordered by id.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn agreements(&self, caller: &Caller) -> Result<Vec<Access>, Fault> {
        let mut ids = BTreeSet::new();
        if let Some(organisation) = caller.organisation() {
            let seats: Vec<Kept<Seat>> = self.owned(organisation).await?;
            ids.extend(seats.into_iter().filter_map(|seat| seat.subject));
        }
        let grants: Vec<Kept<Grant>> = self.about(&caller.person).await?;
        ids.extend(grants.into_iter().map(|grant| grant.owner));
        let mut all = Vec::new();
        for id in ids {
            let agreement = Id::new(&id).map_err(|_| Fault::Unreadable { kind: "seat", id })?;
            let Some(standing) = self.standing(caller, &agreement).await? else { continue };
            all.push(Access { agreement, standing });
        }
        Ok(all)
    }

    /// The agreements that bind a caller, with its side: those of its organisation and those at
    /// which it is a guest, whatever its roles and its key open there. For what an agreement
    /// forbids, never for what may be seen. Clause: pb-02.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn binding(&self, caller: &Caller) -> Result<Vec<(Id, Side)>, Fault> {
        let mut sides = Vec::new();
        if let Some(organisation) = caller.organisation() {
            let seats: Vec<Kept<Seat>> = self.owned(organisation).await?;
            sides.extend(seats.into_iter().filter_map(|seat| Some((seat.subject?, seat.row.side))));
        }
        let grants: Vec<Kept<Grant>> = self.about(&caller.person).await?;
        let held = grants.into_iter().filter(|grant| grant.row.holds(self.now()));
        sides.extend(held.map(|grant| (grant.owner, grant.row.side)));
        let read = |(id, side): (String, Side)| match Id::new(&id) {
            Ok(agreement) => Ok((agreement, side)),
            Err(_) => Err(Fault::Unreadable { kind: "seat", id }),
        };
        sides.into_iter().map(read).collect()
    }

    /// Entries to all agreements at which a caller may do something; no error for the others.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn entries(
        &self,
        caller: &Caller,
        operation: Operation,
    ) -> Result<Vec<Entry>, Fault> {
        let now = self.now();
        let open = |access: &Access| {
            any_allows(&access.standing.roles, operation)
                && caller.key_allows(operation)
                && !caller.must_confirm(operation, now)
        };
        let all = self.agreements(caller).await?.into_iter().filter(open);
        Ok(all.map(|found| entry(caller, &found.agreement, operation, found.standing)).collect())
    }

    /// Founds an agreement: registers it, seats the caller's organisation on a side and the
    /// counterparty on the other when it is known, and lays down the terms. A founding that was
    /// cut off is taken up again by whom it belongs to.
    ///
    /// # Errors
    /// When the caller may not draft, the id is taken, the counterparty is unknown or the same
    /// organisation, or the contract refuses the terms.
    pub async fn found(
        &self,
        caller: &Caller,
        agreement: &Agreement,
        side: Side,
        counterparty: Option<&str>,
    ) -> Result<(Entry, Vec<Recorded>), FoundError> {
        let allowed = self.allowed_at(caller, Operation::Draft).await;
        let organisation = allowed.map_err(PeopleError::from)?;
        if !caller.key_reaches(&agreement.id) {
            return Err(PeopleError::Enter(EnterError::Forbidden).into());
        }
        let mut seats = vec![(side, organisation.clone())];
        if let Some(other) = counterparty {
            if other == organisation {
                return Err(PeopleError::Invalid { field: "counterparty" }.into());
            }
            let known = self.get::<Organisation>(other).await.map_err(PeopleError::from)?;
            known.ok_or(PeopleError::NotFound { what: "organisation" })?;
            seats.push((side.other(), other.to_owned()));
        }
        self.register_or_resume(caller, agreement).await?;
        let mut cards = Vec::new();
        for (side, organisation) in &seats {
            let found = self.seat_of(&agreement.id, *side).await.map_err(PeopleError::from)?;
            if found.is_none() {
                cards.push(Seat::of(&agreement.id, *side, organisation, self.now()).insert());
            }
        }
        let audited = AuditEntry {
            agreement: Some(agreement.id.to_string()),
            ..self.entry_of(caller, "found_agreement", Outcome::Allowed)
        };
        self.write(cards, vec![audited]).await.map_err(PeopleError::from)?;
        let entered = self.enter(caller, &agreement.id, Operation::Draft).await;
        let entry = entered.map_err(PeopleError::from)?;
        let recorded = self.desk(&entry).lay_down(entry.actor(), agreement).await?;
        Ok((entry, recorded))
    }

    /// Registers the agreement; one that stands already is the caller's own without an entry.
    async fn register_or_resume(
        &self,
        caller: &Caller,
        agreement: &Agreement,
    ) -> Result<(), FoundError> {
        match self.desk.register_agreement(agreement).await {
            Err(DeskError::Store(StoreError::Exists { .. })) => {}
            answer => return Ok(answer?),
        }
        let taken = PeopleError::Taken { what: "agreement" };
        let standing = self.standing(caller, &agreement.id).await.map_err(PeopleError::from)?;
        let row = self.desk.store.agreement(&self.desk.scope(), &agreement.id).await;
        let row = row.map_err(DeskError::from)?;
        let own = standing.is_some_and(|standing| standing.way == Way::Seat);
        if own && row.next == 0 { Ok(()) } else { Err(taken.into()) }
    }
}

/// Whether an entry to it is audited though it is allowed.
const fn traced(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Sign
            | Operation::Cosign
            | Operation::Pay
            | Operation::Export
            | Operation::DeleteNote
            | Operation::Grant
    )
}

fn entry(caller: &Caller, agreement: &Id, operation: Operation, standing: Standing) -> Entry {
    let Standing { side, roles, way } = standing;
    Entry {
        agreement: agreement.clone(),
        side,
        roles,
        operation,
        way,
        person: caller.person.clone(),
        actor: caller.actor(side),
        scope: Scope::party(agreement.clone(), party(side)),
    }
}
