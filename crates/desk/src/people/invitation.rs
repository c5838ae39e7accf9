//! Invitations: into the organisation, to one agreement as a guest, or to the counterparty's seat.
//! The link holds a one-time token that is kept by its hash and ends after a week. One that names
//! an e-mail is for that e-mail.

use std::collections::BTreeSet;

use contract::terms::Side;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{AuditEntry, CardWrite, RegisterError, Whose};
use units::{Id, Timestamp};

use super::audit::Outcome;
use super::caller::{Caller, Origin};
use super::grant::{NewGrant, guest_roles};
use super::organisation::{Membership, Seat};
use super::person::{NewPerson, Person, fold_email};
use super::role::{Operation, Role};
use super::row::{Kept, Row};
use super::secret::{TOKEN, hash};
use super::{EnterError, Fault, People, PeopleError};

/// How long an invitation waits, in seconds.
const WAITS: i64 = 7 * 86_400;

/// What is kept of an invitation: of an organisation; its name is the hash of its token.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Invitation {
    email: Option<String>,
    target: Target,
    by: String,
    created: Timestamp,
}

/// Target what.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Target {
    Organisation { roles: BTreeSet<Role> },
    Guest { agreement: Id, side: Side, roles: BTreeSet<Role>, until: Option<Timestamp> },
    Seat { agreement: Id, side: Side },
}

impl Row for Invitation {
    const KIND: &'static str = "invitation";
}

/// An invitation to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewInvitation {
    /// For whom alone; anybody with the link when absent.
    pub email: Option<String>,
    /// With which roles; for a seat none.
    pub roles: BTreeSet<Role>,
    /// To this agreement, and not into the organisation.
    pub agreement: Option<Id>,
    /// To the counterparty's seat, which must be this side; as a guest when absent.
    pub side: Option<Side>,
    /// How long a guest may stay.
    pub until: Option<Timestamp>,
}

/// A made invitation; the token is shown once.
#[derive(Clone)]
pub struct Invited {
    /// Its id.
    pub id: String,
    /// What the link ends with.
    pub token: String,
    /// When it ends.
    pub expires: Timestamp,
}

/// An invitation in the list of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InvitationView {
    /// Its id.
    pub id: String,
    /// For whom.
    pub email: Option<String>,
    /// With which roles.
    pub roles: BTreeSet<Role>,
    /// To which agreement.
    pub agreement: Option<Id>,
    /// To which seat.
    pub side: Option<Side>,
    /// Who made it: a person.
    pub by: String,
    /// When it ends.
    pub expires: Timestamp,
}

/// What somebody who holds the link is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InvitationText {
    /// Who invites.
    pub organisation: String,
    /// Whether it is into the organisation itself.
    pub joins_organisation: bool,
    /// To which agreement.
    pub agreement: Option<Id>,
    /// What it is called.
    pub title: Option<String>,
    /// To which seat; the person then acts for an organisation of their own.
    pub side: Option<Side>,
    /// With which roles.
    pub roles: BTreeSet<Role>,
    /// For which e-mail.
    pub email: Option<String>,
}

/// What somebody brings who accepts.
#[derive(Debug, Clone, Default)]
pub struct Joining {
    /// The name of a new organisation: for a seat, when the person has none.
    pub organisation: Option<String>,
    /// Themselves, when they are new.
    pub person: Option<NewPerson>,
}

impl Target {
    fn roles(&self) -> BTreeSet<Role> {
        match self {
            Self::Organisation { roles } | Self::Guest { roles, .. } => roles.clone(),
            Self::Seat { .. } => BTreeSet::new(),
        }
    }

    fn agreement(&self) -> Option<&Id> {
        match self {
            Self::Organisation { .. } => None,
            Self::Guest { agreement, .. } | Self::Seat { agreement, .. } => Some(agreement),
        }
    }

    fn seat(&self) -> Option<Side> {
        match self {
            Self::Seat { side, .. } => Some(*side),
            _ => None,
        }
    }
}

impl People {
    /// Makes an invitation. Target the organisation it takes [`Operation::ManagePeople`], to an
    /// agreement [`Operation::Grant`] there.
    ///
    /// # Errors
    /// When the caller may not, the seat is taken or is the caller's own, or a field is wrong.
    pub async fn invite(
        &self,
        caller: &Caller,
        new: &NewInvitation,
    ) -> Result<Invited, PeopleError> {
        let (owner, target) = self.invited_into(caller, new).await?;
        let email = match &new.email {
            Some(email) => Some(fold_email(email).ok_or(PeopleError::Invalid { field: "email" })?),
            None => None,
        };
        let (id, token, created) = (self.new_id()?, self.token()?, self.now());
        let expires = created.plus_seconds(WAITS);
        let row = Invitation { email, target, by: caller.person().to_owned(), created };
        let agreement = row.target.agreement().map(ToString::to_string);
        let kept = Kept::new(id.clone(), owner, row).named(hash(&token)).due(expires);
        let audited = AuditEntry {
            agreement,
            object: Some(id.clone()),
            ..self.entry_of(caller, "invite", Outcome::Allowed)
        };
        self.write(vec![kept.insert()], vec![audited]).await?;
        Ok(Invited { id, token, expires })
    }

    async fn invited_into(
        &self,
        caller: &Caller,
        new: &NewInvitation,
    ) -> Result<(String, Target), PeopleError> {
        let roles = new.roles.clone();
        let Some(agreement) = &new.agreement else {
            let organisation = self.allowed_at(caller, Operation::ManagePeople).await?;
            if roles.is_empty() {
                return Err(PeopleError::Invalid { field: "roles" });
            }
            return Ok((organisation, Target::Organisation { roles }));
        };
        let entry = self.enter(caller, agreement, Operation::Grant).await?;
        // Only owners may let guests in, and they have an organisation.
        let organisation = caller.organisation.clone().ok_or(EnterError::Forbidden)?;
        let agreement = agreement.clone();
        match new.side {
            None => {
                guest_roles(&roles)?;
                let (side, until) = (entry.side(), new.until);
                Ok((organisation, Target::Guest { agreement, side, roles, until }))
            }
            Some(side) if side == entry.side() => Err(PeopleError::Invalid { field: "side" }),
            Some(side) => match self.seat_of(&agreement, side).await? {
                Some(_) => Err(PeopleError::Taken { what: "seat" }),
                None => Ok((organisation, Target::Seat { agreement, side })),
            },
        }
    }

    /// The invitations of the caller's organisation that still wait.
    ///
    /// # Errors
    /// [`EnterError::Forbidden`].
    pub async fn invitations(&self, caller: &Caller) -> Result<Vec<InvitationView>, PeopleError> {
        let organisation = self.allowed_at(caller, Operation::ReadPeople).await?;
        let now = self.now();
        let mut views = Vec::new();
        for kept in self.owned::<Invitation>(&organisation).await? {
            let Some(expires) = kept.due.filter(|due| *due > now) else { continue };
            views.push(InvitationView {
                id: kept.id,
                roles: kept.row.target.roles(),
                agreement: kept.row.target.agreement().cloned(),
                side: kept.row.target.seat(),
                email: kept.row.email,
                by: kept.row.by,
                expires,
            });
        }
        Ok(views)
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] when it is none of the caller's organisation.
    pub async fn remove_invitation(&self, caller: &Caller, id: &str) -> Result<(), PeopleError> {
        let organisation = self.allowed_at(caller, Operation::ManagePeople).await?;
        let kept = self.get::<Invitation>(id).await?;
        let kept = kept.filter(|kept| kept.owner == organisation);
        let kept = kept.ok_or(PeopleError::NotFound { what: "invitation" })?;
        let audited = AuditEntry {
            object: Some(id.to_owned()),
            ..self.entry_of(caller, "remove_invitation", Outcome::Allowed)
        };
        Ok(self.write(vec![kept.delete()], vec![audited]).await?)
    }

    async fn waiting_invitation(&self, token: &str) -> Result<Kept<Invitation>, PeopleError> {
        let found = match token.len() {
            TOKEN => self.named::<Invitation>(&hash(token)).await?,
            _ => None,
        };
        let now = self.now();
        let found = found.filter(|kept| kept.due.is_some_and(|due| due > now));
        found.ok_or(PeopleError::NotFound { what: "invitation" })
    }

    /// What an invitation is to, for whoever holds its token.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] for a wrong, used or ended one.
    pub async fn invitation(&self, token: &str) -> Result<InvitationText, PeopleError> {
        let kept = self.waiting_invitation(token).await?;
        let organisation = self.organisation(&kept.owner).await?;
        let agreement = kept.row.target.agreement().cloned();
        let title = match &agreement {
            Some(id) => {
                let row = self.desk.store.agreement(&self.desk.scope(), id).await;
                row.ok().map(|row| row.title)
            }
            None => None,
        };
        Ok(InvitationText {
            organisation: organisation.map_or_else(String::new, |found| found.name),
            joins_organisation: agreement.is_none(),
            agreement,
            title,
            side: kept.row.target.seat(),
            roles: kept.row.target.roles(),
            email: kept.row.email,
        })
    }

    /// Accepts an invitation: as the caller when signed in, else as the new person that `joining`
    /// brings, who is signed in with the given token. The invitation is used up.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] for a wrong, used or ended one, or one for another e-mail;
    /// [`PeopleError::Taken`] when the e-mail has an account (sign in, then accept) or the seat is
    /// taken; [`PeopleError::Invalid`] when a person or an organisation is missing.
    pub async fn accept(
        &self,
        token: &str,
        caller: Option<&Caller>,
        joining: &Joining,
        origin: &Origin,
    ) -> Result<Option<String>, PeopleError> {
        let kept = self.waiting_invitation(token).await?;
        let caller = caller.filter(|caller| caller.is_session());
        let (person, mut cards) = match caller {
            Some(caller) => {
                let person = self.get::<Person>(caller.person()).await?;
                let person = person.ok_or(PeopleError::NotFound { what: "person" })?;
                for_email(&kept.row, &person.row.email)?;
                (person.id, Vec::new())
            }
            None => {
                let new = joining.person.as_ref();
                let new = new.ok_or(PeopleError::Invalid { field: "person" })?;
                for_email(&kept.row, &fold_email(&new.email).unwrap_or_default())?;
                self.new_person(new, false).await?
            }
        };
        cards.push(kept.delete());
        let organisation = self.take_up(&kept, &person, caller, joining, &mut cards).await?;
        let mut signed_in = None;
        let mut audited = match caller {
            Some(caller) => self.entry_of(caller, "accept_invitation", Outcome::Allowed),
            None => {
                let made = self.new_session(&person, organisation.clone(), false, origin)?;
                let (token, session) = made;
                cards.push(session.insert());
                signed_in = Some(token);
                let allowed = Outcome::Allowed;
                let (who, at) = (Some(person.as_str()), organisation);
                self.sign_in_entry("accept_invitation", who, at, allowed, origin)
            }
        };
        audited.agreement = kept.row.target.agreement().map(ToString::to_string);
        audited.object = Some(kept.id.clone());
        match self.write(cards, vec![audited]).await {
            // Somebody else used it, or took the seat, at the same instant.
            Err(RegisterError::Stale { .. }) => Err(PeopleError::NotFound { what: "invitation" }),
            answer => Ok(answer.map(|()| signed_in)?),
        }
    }

    /// Adds the writes that an invitation promises; gives the organisation for which a new person
    /// then acts.
    async fn take_up(
        &self,
        kept: &Kept<Invitation>,
        person: &str,
        caller: Option<&Caller>,
        joining: &Joining,
        cards: &mut Vec<CardWrite>,
    ) -> Result<Option<String>, PeopleError> {
        match &kept.row.target {
            Target::Organisation { roles } => {
                let member = match self.membership(&kept.owner, person).await? {
                    Some(mut member) => {
                        member.row.roles.extend(roles.iter().copied());
                        member.replace()
                    }
                    None => {
                        let (roles, now) = (roles.clone(), self.now());
                        Membership::of(&kept.owner, person, roles, now).insert()
                    }
                };
                cards.push(member);
                Ok(Some(kept.owner.clone()))
            }
            Target::Guest { agreement, side, roles, until } => {
                let seats: Vec<Kept<Seat>> = self.about(agreement.as_str()).await?;
                if self.is_of_other_side(person, &seats, *side).await? {
                    return Err(PeopleError::Invalid { field: "person" });
                }
                let new = NewGrant {
                    person: person.to_owned(),
                    roles: roles.clone(),
                    from: None,
                    until: *until,
                };
                let grant = self.new_grant(*side, &kept.row.by, &new)?;
                cards.push(Kept { owner: agreement.to_string(), ..grant }.insert());
                Ok(None)
            }
            Target::Seat { agreement, side } => {
                let own = caller.and_then(|caller| caller.organisation.clone());
                let organisation = match (own, &joining.organisation) {
                    (Some(own), _) => {
                        let owner =
                            caller.is_some_and(|caller| caller.roles.contains(&Role::Owner));
                        if !owner {
                            return Err(EnterError::Forbidden.into());
                        }
                        own
                    }
                    (None, Some(name)) => {
                        let (id, founded) = self.new_organisation(name, person)?;
                        cards.extend(founded);
                        id
                    }
                    (None, None) => return Err(PeopleError::Invalid { field: "organisation" }),
                };
                let seat = self.free_seat(agreement, *side, &organisation).await?;
                cards.extend(seat.map(|seat| seat.insert()));
                Ok(Some(organisation))
            }
        }
    }

    /// Removes what has ended: sessions, invitations, counts of failures, receipts, marks.
    /// Says how many.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn sweep(&self) -> Result<u64, Fault> {
        use super::{lock, marker, receipt, session};
        Ok(self.sweep_kind::<session::Session>().await?
            + self.sweep_kind::<Invitation>().await?
            + self.sweep_kind::<lock::Lock>().await?
            + self.sweep_kind::<receipt::ReceiptRow>().await?
            + self.sweep_kind::<marker::Marker>().await?)
    }

    async fn sweep_kind<T: Row>(&self) -> Result<u64, Fault> {
        let mut swept = 0;
        for kept in self.due::<T>(Whose::All, self.now(), 1_000).await? {
            match self.write(vec![kept.delete()], Vec::new()).await {
                Err(RegisterError::Stale { .. }) => {}
                answer => {
                    answer?;
                    swept += 1;
                }
            }
        }
        Ok(swept)
    }
}

fn for_email(invitation: &Invitation, email: &str) -> Result<(), PeopleError> {
    let fits = invitation.email.as_ref().is_none_or(|bound| bound == email);
    if fits { Ok(()) } else { Err(PeopleError::NotFound { what: "invitation" }) }
}
