//! Webhooks: where an organisation wants to hear of entries, how far each endpoint has come in each
//! journal, and the deliveries that wait. The protocol and the sending are the server's; that
//! nothing is lost or made twice is decided here: deliveries and how far they reach are written at
//! once.

use std::collections::BTreeSet;

use journal::{KeyType, SignerKey};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{AuditEntry, RegisterError, Whose};
use units::{Id, Timestamp};

use super::audit::Outcome;
use super::caller::Caller;
use super::organisation::Seat;
use super::role::Operation;
use super::row::{Kept, Row};
use super::{Fault, People, PeopleError};

/// How many endpoints an organisation may have.
pub const MAX_ENDPOINTS: u64 = 20;

/// What is kept of an endpoint: of an organisation.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct EndpointRow {
    url: String,
    kinds: BTreeSet<String>,
    agreement: Option<Id>,
    enabled: bool,
    /// The Ed25519 seed with which deliveries are signed, in hexadecimal: its own.
    seed: String,
    public_key: String,
    created: Timestamp,
}

impl Row for EndpointRow {
    const KIND: &'static str = "endpoint";
}

/// How far an endpoint has come in a journal: of an endpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Reached {
    next: u64,
}

impl Row for Reached {
    const KIND: &'static str = "reached";
}

/// What is kept of a delivery: of an endpoint, about its state; due when it is to be tried.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct DeliveryRow {
    agreement: Id,
    seq: u64,
    kind: String,
    state: DeliveryState,
    attempts: u32,
    status: Option<u16>,
    last_error: Option<String>,
    created: Timestamp,
}

impl Row for DeliveryRow {
    const KIND: &'static str = "delivery";
}

/// An endpoint to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEndpoint {
    /// Where to; the face has checked that it may be reached.
    pub url: String,
    /// Kinds of events; all when empty.
    pub kinds: BTreeSet<String>,
    /// Of one agreement alone.
    pub agreement: Option<Id>,
}

/// An endpoint, as it is shown to its organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Endpoint {
    /// Its id.
    pub id: String,
    /// Where to.
    pub url: String,
    /// Kinds of events; all when empty.
    pub kinds: BTreeSet<String>,
    /// Of one agreement alone.
    pub agreement: Option<Id>,
    /// Whether it is sent to.
    pub enabled: bool,
    /// The 32 bytes of the Ed25519 key with which deliveries are signed, in hexadecimal.
    pub public_key: String,
    /// When it was made.
    pub created: Timestamp,
}

/// What the sender needs of an endpoint.
#[derive(Clone)]
pub struct EndpointSecret {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// Whose it is.
    pub organisation: String,
    /// The 32 bytes of the Ed25519 seed with which deliveries are signed.
    pub seed: [u8; 32],
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Not tried yet.
    Pending,
    /// Taken.
    Delivered,
    /// Tried in vain, and tried again when due.
    Failed,
    /// Given up.
    Dead,
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Delivery {
    /// Its id; ids rise with time. The same in every attempt.
    pub id: String,
    /// The endpoint.
    pub endpoint: String,
    /// The agreement.
    pub agreement: Id,
    /// The entry.
    pub seq: u64,
    /// The kind of the event.
    pub kind: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub due: Option<Timestamp>,
    /// The last HTTP status.
    pub status: Option<u16>,
    /// What went wrong last, as a code.
    pub last_error: Option<String>,
    /// When it was made.
    pub created: Timestamp,
}

/// A delivery to be: an entry that an endpoint wants to hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The entry.
    pub seq: u64,
    /// The kind of its event.
    pub kind: String,
}

impl DeliveryState {
    /// `pending`, `delivered`, `failed` or `dead`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Dead => "dead",
        }
    }
}

impl Endpoint {
    /// Whether it wants to hear of a kind of event.
    #[must_use]
    pub fn wants(&self, kind: &str) -> bool {
        self.enabled && (self.kinds.is_empty() || self.kinds.contains(kind))
    }
}

fn view(kept: &Kept<EndpointRow>) -> Endpoint {
    let row = kept.row.clone();
    Endpoint {
        id: kept.id.clone(),
        url: row.url,
        kinds: row.kinds,
        agreement: row.agreement,
        enabled: row.enabled,
        public_key: row.public_key,
        created: row.created,
    }
}

fn secret(kept: &Kept<EndpointRow>) -> Result<EndpointSecret, Fault> {
    let mut seed = [0; 32];
    let unreadable = Fault::Unreadable { kind: EndpointRow::KIND, id: kept.id.clone() };
    hex::decode_to_slice(&kept.row.seed, &mut seed).map_err(|_| unreadable)?;
    Ok(EndpointSecret { endpoint: view(kept), organisation: kept.owner.clone(), seed })
}

fn delivery(kept: Kept<DeliveryRow>) -> Delivery {
    let DeliveryRow { agreement, seq, kind, state, attempts, status, last_error, created } =
        kept.row;
    let (id, endpoint, due) = (kept.id, kept.owner, kept.due);
    Delivery {
        id,
        endpoint,
        agreement,
        seq,
        kind,
        state,
        attempts,
        due,
        status,
        last_error,
        created,
    }
}

impl People {
    /// Makes an endpoint with a key of its own. It hears of entries from now on.
    ///
    /// # Errors
    /// When the caller may not, is nothing at the agreement, or there are [`MAX_ENDPOINTS`].
    pub async fn new_endpoint(
        &self,
        caller: &Caller,
        new: &NewEndpoint,
    ) -> Result<Endpoint, PeopleError> {
        let organisation = self.allowed_at(caller, Operation::ManageWebhooks).await?;
        if new.url.is_empty() || new.url.len() > 2_000 {
            return Err(PeopleError::Invalid { field: "url" });
        }
        if let Some(agreement) = &new.agreement {
            self.enter(caller, agreement, Operation::ReadJournal).await?;
        }
        let there = self.register.cards_count(EndpointRow::KIND, Whose::Owner(&organisation));
        if there.await.map_err(Fault::from)? >= MAX_ENDPOINTS {
            return Err(PeopleError::TooMany { limit: MAX_ENDPOINTS });
        }
        let (id, seed) = (self.new_id()?, self.random()?);
        let key = SignerKey::new("webhook", KeyType::Note, &seed);
        let key = key.expect("a word is a name").verifier();
        let row = EndpointRow {
            url: new.url.clone(),
            kinds: new.kinds.clone(),
            agreement: new.agreement.clone(),
            enabled: true,
            seed: hex::encode(seed),
            public_key: hex::encode(key.public_key()),
            created: self.now(),
        };
        let kept = Kept::new(id.clone(), organisation, row);
        let audited = AuditEntry {
            object: Some(id),
            ..self.entry_of(caller, "new_webhook", Outcome::Allowed)
        };
        self.write(vec![kept.insert()], vec![audited]).await?;
        Ok(view(&kept))
    }

    async fn own_endpoint(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<Kept<EndpointRow>, PeopleError> {
        let organisation = self.allowed_at(caller, Operation::ManageWebhooks).await?;
        let kept = self.get::<EndpointRow>(id).await?;
        let kept = kept.filter(|kept| kept.owner == organisation);
        kept.ok_or(PeopleError::NotFound { what: "webhook" })
    }

    /// The endpoints of the caller's organisation.
    ///
    /// # Errors
    /// [`super::EnterError::Forbidden`].
    pub async fn endpoints(&self, caller: &Caller) -> Result<Vec<Endpoint>, PeopleError> {
        let organisation = self.allowed_at(caller, Operation::ManageWebhooks).await?;
        Ok(self.owned(&organisation).await?.iter().map(view).collect())
    }

    /// An endpoint of the caller's organisation with its key, to send a test.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] for another's.
    pub async fn endpoint(&self, caller: &Caller, id: &str) -> Result<EndpointSecret, PeopleError> {
        Ok(secret(&self.own_endpoint(caller, id).await?)?)
    }

    /// Has an endpoint sent to, or no more.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] for another's.
    pub async fn enable_endpoint(
        &self,
        caller: &Caller,
        id: &str,
        enabled: bool,
    ) -> Result<Endpoint, PeopleError> {
        let mut kept = self.own_endpoint(caller, id).await?;
        kept.row.enabled = enabled;
        let action = if enabled { "enable_webhook" } else { "disable_webhook" };
        let audited = AuditEntry {
            object: Some(id.to_owned()),
            ..self.entry_of(caller, action, Outcome::Allowed)
        };
        self.write(vec![kept.replace()], vec![audited]).await?;
        Ok(view(&kept))
    }

    /// Deletes an endpoint and what waits for it.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] for another's.
    pub async fn remove_endpoint(&self, caller: &Caller, id: &str) -> Result<(), PeopleError> {
        let kept = self.own_endpoint(caller, id).await?;
        let audited = AuditEntry {
            object: Some(id.to_owned()),
            ..self.entry_of(caller, "remove_webhook", Outcome::Allowed)
        };
        self.write(vec![kept.delete()], vec![audited]).await?;
        let mut left = Vec::new();
        left.extend(self.owned::<DeliveryRow>(id).await?.iter().map(Kept::delete));
        left.extend(self.owned::<Reached>(id).await?.iter().map(Kept::delete));
        for card in left {
            match self.write(vec![card], Vec::new()).await {
                // The sender moved it at this instant; it finds no endpoint and drops it.
                Err(RegisterError::Stale { .. }) => {}
                answer => answer?,
            }
        }
        Ok(())
    }

    /// The deliveries of an endpoint of the caller's organisation, the oldest first, those after
    /// `after`.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] for another's.
    pub async fn deliveries(
        &self,
        caller: &Caller,
        endpoint: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Delivery>, PeopleError> {
        let kept = self.own_endpoint(caller, endpoint).await?;
        let page = self.page(Whose::Owner(&kept.id), after, limit).await?;
        Ok(page.into_iter().map(delivery).collect())
    }

    /// Has a delivery tried again now.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] for another's.
    pub async fn replay_delivery(
        &self,
        caller: &Caller,
        endpoint: &str,
        id: &str,
    ) -> Result<Delivery, PeopleError> {
        let own = self.own_endpoint(caller, endpoint).await?;
        let kept = self.get::<DeliveryRow>(id).await?.filter(|kept| kept.owner == own.id);
        let mut kept = kept.ok_or(PeopleError::NotFound { what: "delivery" })?;
        kept.row.state = DeliveryState::Pending;
        kept.row.attempts = 0;
        let kept = Kept { due: Some(self.now()), ..kept }.about(DeliveryState::Pending.code());
        self.write(vec![kept.replace()], Vec::new()).await?;
        Ok(delivery(kept))
    }

    /// The enabled endpoints that are about an agreement: those of the organisations that sit
    /// there. For the sender.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn endpoints_at(&self, agreement: &Id) -> Result<Vec<EndpointSecret>, Fault> {
        let mut found = Vec::new();
        for seat in self.about::<Seat>(agreement.as_str()).await? {
            for kept in self.owned::<EndpointRow>(&seat.owner).await? {
                let about = kept.row.agreement.as_ref().is_none_or(|own| own == agreement);
                if kept.row.enabled && about {
                    found.push(secret(&kept)?);
                }
            }
        }
        Ok(found)
    }

    /// The sequence from which an endpoint has not been told of an agreement's entries; `None` when
    /// it was never told anything. For the sender.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn reached(&self, endpoint: &str, agreement: &Id) -> Result<Option<u64>, Fault> {
        let kept = self.get::<Reached>(&format!("{endpoint} {agreement}")).await?;
        Ok(kept.map(|kept| kept.row.next))
    }

    /// Queues deliveries, at most 200, and notes that the endpoint has been told up to `next`: both
    /// or neither. For the sender.
    ///
    /// # Errors
    /// [`PeopleError::Changed`] when another sender was faster: read on from [`People::reached`].
    pub async fn queue_deliveries(
        &self,
        endpoint: &str,
        agreement: &Id,
        from: Option<u64>,
        next: u64,
        deliveries: &[NewDelivery],
    ) -> Result<(), PeopleError> {
        let id = format!("{endpoint} {agreement}");
        let kept = self.get::<Reached>(&id).await?;
        if kept.as_ref().map(|kept| kept.row.next) != from {
            return Err(PeopleError::Changed);
        }
        let mut cards = vec![match kept {
            Some(mut kept) => {
                kept.row.next = next;
                kept.replace()
            }
            None => Kept::new(id, endpoint, Reached { next }).insert(),
        }];
        let now = self.now();
        for new in deliveries {
            let row = DeliveryRow {
                agreement: agreement.clone(),
                seq: new.seq,
                kind: new.kind.clone(),
                state: DeliveryState::Pending,
                attempts: 0,
                status: None,
                last_error: None,
                created: now,
            };
            let kept = Kept::new(self.new_id_in_time()?, endpoint, row).due(now);
            cards.push(kept.about(DeliveryState::Pending.code()).insert());
        }
        Ok(self.write(cards, Vec::new()).await?)
    }

    /// Deliveries that are due, the longest due first, each with its endpoint; `None` for one whose
    /// endpoint is gone or switched off. For the sender.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn due_deliveries(
        &self,
        limit: u32,
    ) -> Result<Vec<(Delivery, Option<EndpointSecret>)>, Fault> {
        let mut all = Vec::new();
        for kept in self.due::<DeliveryRow>(self.now(), limit).await? {
            let endpoint = self.get::<EndpointRow>(&kept.owner).await?;
            let endpoint = endpoint.filter(|endpoint| endpoint.row.enabled);
            let endpoint = endpoint.as_ref().map(secret).transpose()?;
            all.push((delivery(kept), endpoint));
        }
        Ok(all)
    }

    /// Notes how an attempt went: the new state, the HTTP status, what went wrong as a code, and
    /// when it is tried again, if it is. For the sender.
    ///
    /// # Errors
    /// [`PeopleError::NotFound`] when the delivery is gone.
    pub async fn attempted(
        &self,
        id: &str,
        state: DeliveryState,
        status: Option<u16>,
        error: Option<&str>,
        again: Option<Timestamp>,
    ) -> Result<(), PeopleError> {
        let kept = self.get::<DeliveryRow>(id).await?;
        let mut kept = kept.ok_or(PeopleError::NotFound { what: "delivery" })?;
        kept.row.state = state;
        kept.row.attempts = kept.row.attempts.saturating_add(1);
        kept.row.status = status;
        kept.row.last_error = error.map(|error| error.chars().take(200).collect());
        kept.due = again;
        Ok(self.write(vec![kept.about(state.code()).replace()], Vec::new()).await?)
    }
}
