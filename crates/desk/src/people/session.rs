//! Sessions of browsers: a token of 256 bits in a cookie, kept by its hash. A session ends half an
//! hour after its last request and twelve hours after its first, and takes a new token when it is
//! confirmed, so that one planted beforehand is worth nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{AuditEntry, RegisterError};
use units::Timestamp;

use super::audit::Outcome;
use super::caller::{By, Caller, Origin};
use super::organisation::Membership;
use super::person::Person;
use super::row::{Kept, Row};
use super::secret::{TOKEN, hash, same};
use super::{EnterError, Fault, People, PeopleError};

/// How long a session lasts without a request, in seconds.
pub const IDLE_SECONDS: i64 = 30 * 60;

/// How long a session lasts, in seconds.
pub const ABSOLUTE_SECONDS: i64 = 12 * 3_600;

/// How long a proof counts for sensitive operations, in seconds.
pub const CONFIRMED_SECONDS: i64 = 5 * 60;

/// How long a half-session waits for its code, in seconds.
pub(super) const WAITING_SECONDS: i64 = 10 * 60;

/// How much later than kept the last request may be, in seconds.
const TOUCH: i64 = 60;

/// What is kept of a session; its id is the hash of its token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) organisation: Option<String>,
    pub(super) created: Timestamp,
    pub(super) last_seen: Timestamp,
    pub(super) address: String,
    pub(super) agent: String,
    pub(super) csrf: String,
    pub(super) confirmed_until: Option<Timestamp>,
    /// Whether it waits for a code and is no session yet.
    pub(super) waiting: bool,
}

impl Row for Session {
    const KIND: &'static str = "session";
}

/// A session in the list of a person's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SessionView {
    /// Its id; not its token.
    pub id: String,
    /// When it began.
    pub created: Timestamp,
    /// Its last request, to the minute.
    pub last_seen: Timestamp,
    /// From where.
    pub address: String,
    /// With what.
    pub agent: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl People {
    /// A new session or half-session: its token and the row to write.
    pub(super) fn new_session(
        &self,
        person: &str,
        organisation: Option<String>,
        waiting: bool,
        origin: &Origin,
    ) -> Result<(String, Kept<Session>), Fault> {
        let (token, now) = (self.token()?, self.now());
        let (lasts, confirmed) = match waiting {
            true => (WAITING_SECONDS, None),
            false => (ABSOLUTE_SECONDS, Some(now.plus_seconds(CONFIRMED_SECONDS))),
        };
        let row = Session {
            organisation,
            created: now,
            last_seen: now,
            address: origin.address.clone(),
            agent: origin.agent.chars().take(200).collect(),
            csrf: self.token()?,
            confirmed_until: confirmed,
            waiting,
        };
        let kept = Kept::new(hash(&token), person, row).due(now.plus_seconds(lasts));
        Ok((token, kept))
    }

    /// The session of a token, when it is of this sort and has not ended.
    pub(super) async fn live_session(
        &self,
        token: &str,
        waiting: bool,
    ) -> Result<Option<Kept<Session>>, Fault> {
        if token.len() != TOKEN {
            return Ok(None);
        }
        let now = self.now();
        let kept = self.get::<Session>(&hash(token)).await?;
        Ok(kept.filter(|kept| {
            let idle = kept.row.last_seen.plus_seconds(IDLE_SECONDS);
            kept.row.waiting == waiting && idle > now && kept.due.is_some_and(|due| due > now)
        }))
    }

    /// The caller of a session's token; `None` when there is no such session any more.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn caller(&self, token: &str, origin: &Origin) -> Result<Option<Caller>, Fault> {
        let Some(kept) = self.live_session(token, false).await? else { return Ok(None) };
        let Some(person) = self.get::<Person>(&kept.owner).await? else { return Ok(None) };
        if person.row.disabled {
            return Ok(None);
        }
        let by = By::Session { id: kept.id.clone(), confirmed_until: kept.row.confirmed_until };
        let mut caller = Caller {
            person: person.id.clone(),
            name: person.row.name.clone(),
            organisation: None,
            roles: Default::default(),
            platform: person.row.platform,
            by,
            origin: origin.clone(),
        };
        if let Some(organisation) = &kept.row.organisation
            && let Some(member) = self.membership(organisation, &kept.owner).await?
        {
            caller.organisation = Some(organisation.clone());
            caller.roles = member.row.roles;
        }
        self.touch(kept, person).await?;
        Ok(Some(caller))
    }

    /// Notes the request, once a minute.
    async fn touch(
        &self,
        mut session: Kept<Session>,
        mut person: Kept<Person>,
    ) -> Result<(), Fault> {
        let now = self.now();
        if now.seconds_since(session.row.last_seen) < TOUCH {
            return Ok(());
        }
        session.row.last_seen = now;
        person.row.last_seen = Some(now);
        match self.write(vec![session.replace(), person.replace()], Vec::new()).await {
            // Another request of the same minute noted it.
            Err(RegisterError::Stale { .. }) => Ok(()),
            answer => Ok(answer?),
        }
    }

    /// The row of the session that asks.
    pub(super) async fn session_of(&self, caller: &Caller) -> Result<Option<Kept<Session>>, Fault> {
        match &caller.by {
            By::Session { id, .. } => self.get(id).await,
            By::Key { .. } | By::Terminal => Ok(None),
        }
    }

    /// Whether a write of a session carries the session's own CSRF token. A key needs none.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn csrf_holds(&self, caller: &Caller, given: &str) -> Result<bool, Fault> {
        if !caller.is_session() {
            return Ok(true);
        }
        let session = self.session_of(caller).await?;
        Ok(session.is_some_and(|kept| same(&kept.row.csrf, given)))
    }

    /// Ends the session that asks.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), PeopleError> {
        let Some(kept) = self.session_of(caller).await? else { return Ok(()) };
        let audited = self.entry_of(caller, "sign_out", Outcome::Allowed);
        Ok(self.write(vec![kept.delete()], vec![audited]).await?)
    }

    /// The sessions of the caller's person, the latest first.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn sessions(&self, caller: &Caller) -> Result<Vec<SessionView>, PeopleError> {
        if !caller.is_session() {
            return Err(EnterError::Forbidden.into());
        }
        let now = self.now();
        let mut all = self.owned::<Session>(caller.person()).await?;
        all.retain(|kept| {
            let idle = kept.row.last_seen.plus_seconds(IDLE_SECONDS);
            !kept.row.waiting && idle > now && kept.due.is_some_and(|due| due > now)
        });
        all.sort_by_key(|kept| std::cmp::Reverse(kept.row.last_seen));
        let own = |id: &str| matches!(&caller.by, By::Session { id: own, .. } if own == id);
        let view = |kept: Kept<Session>| SessionView {
            current: own(&kept.id),
            id: kept.id,
            created: kept.row.created,
            last_seen: kept.row.last_seen,
            address: kept.row.address,
            agent: kept.row.agent,
        };
        Ok(all.into_iter().map(view).collect())
    }

    /// Ends a session of the caller's person.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] when it is none of theirs.
    pub async fn end_session(&self, caller: &Caller, id: &str) -> Result<(), PeopleError> {
        let kept = self.get::<Session>(id).await?;
        let kept = kept.filter(|kept| caller.is_session() && kept.owner == caller.person);
        let kept = kept.ok_or(PeopleError::NotFound { what: "session" })?;
        let audited = AuditEntry {
            object: Some(id.to_owned()),
            ..self.entry_of(caller, "end_session", Outcome::Allowed)
        };
        Ok(self.write(vec![kept.delete()], vec![audited]).await?)
    }

    /// Ends all sessions of the person but the one that asks.
    pub(super) async fn end_other_sessions(&self, caller: &Caller) -> Result<(), PeopleError> {
        let own = |id: &str| matches!(&caller.by, By::Session { id: own, .. } if own == id);
        for kept in self.owned::<Session>(caller.person()).await? {
            if own(&kept.id) {
                continue;
            }
            match self.write(vec![kept.delete()], Vec::new()).await {
                // It moved or ended itself; one that moved is looked for again.
                Err(RegisterError::Stale { .. }) => {
                    if let Some(kept) = self.get::<Session>(&kept.id).await? {
                        self.write(vec![kept.delete()], Vec::new()).await?;
                    }
                }
                answer => answer?,
            }
        }
        Ok(())
    }

    /// Goes on for another organisation of the person.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] when the person does not belong to it.
    pub async fn switch_organisation(
        &self,
        caller: &Caller,
        organisation: &str,
    ) -> Result<(), PeopleError> {
        let member: Option<Kept<Membership>> =
            self.membership(organisation, caller.person()).await?;
        member.ok_or(PeopleError::NotFound { what: "organisation" })?;
        let kept = self.session_of(caller).await?;
        let mut kept = kept.ok_or(EnterError::Forbidden)?;
        kept.row.organisation = Some(organisation.to_owned());
        let audited = AuditEntry {
            object: Some(organisation.to_owned()),
            ..self.entry_of(caller, "switch_organisation", Outcome::Allowed)
        };
        Ok(self.write(vec![kept.replace()], vec![audited]).await?)
    }

    /// What ends when a person leaves an organisation: keys made there, and sessions for it.
    pub(super) async fn leave(&self, person: &str, organisation: &str) -> Result<(), PeopleError> {
        for mut kept in self.owned::<Session>(person).await? {
            if kept.row.organisation.as_deref() == Some(organisation) {
                kept.row.organisation = None;
                match self.write(vec![kept.replace()], Vec::new()).await {
                    // The membership is gone, which is what counts.
                    Err(RegisterError::Stale { .. }) => {}
                    answer => answer?,
                }
            }
        }
        self.end_keys_of(person, organisation).await
    }
}
