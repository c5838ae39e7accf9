//! Webhooks: which entries of which journals are told to whom, signed, sent and sent again.
//!
//! The journal is the outbox: an acknowledged entry is in it, so nothing has to be put aside to be
//! sent. Each endpoint has a cursor for each agreement; a worker turns the entries after it into
//! messages and moves the cursor in one write, then sends the messages that are due. A message may
//! arrive twice, with the same id; none is lost. Knows nothing of roles: callers name the
//! organisation that asks, and another's endpoint does not exist for it.

mod deliver;
pub mod message;
mod rows;
pub mod schedule;
pub mod signature;
mod tell;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use desk::people::{Fault, People};
use desk::world::{Clock, NoRandomness, Random};
use store::{Card, CardWrite, Register, RegisterError, Scope, Store, StoreError, Whose};
use units::{Id, Timestamp};

use crate::egress::{Egress, EgressError};
use message::Subject;
use rows::{CURSOR, DELIVERY, ENDPOINT};
use signature::{Scheme, Secret};

pub use rows::{Delivery, Endpoint, Off, State, Unreadable};

/// The most endpoints of one organisation.
pub const MAX_ENDPOINTS: usize = 20;

/// The most kinds of entry that an endpoint may name.
pub const MAX_KINDS: usize = 100;

/// Rows of one page of the register, and of one write.
const PAGE: u32 = 200;

/// Why a wish about webhooks is not fulfilled.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// There is no such endpoint or message, or it is another organisation's.
    #[error("there is no such webhook")]
    NotFound,
    /// The organisation has too many.
    #[error("there are {MAX_ENDPOINTS} webhooks already")]
    TooMany,
    /// A kind is no code of an entry, or there are too many.
    #[error("{kind:?} is no kind of entry")]
    Kind {
        /// What was given.
        kind: String,
    },
    /// The organisation does not sit at the table of the agreement.
    #[error("there is no such agreement")]
    Agreement,
    /// The address is refused.
    #[error(transparent)]
    Address(#[from] EgressError),
    /// The register refused.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The journal was not read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Seats could not be read.
    #[error(transparent)]
    Seats(#[from] Fault),
    /// A card cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// A secret cannot be read.
    #[error(transparent)]
    Secret(#[from] signature::UnreadableSecret),
    /// The system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// At which tables an organisation sits.
#[async_trait]
pub trait Seats: Send + Sync {
    /// The agreements of an organisation, each with the scope of its side.
    ///
    /// # Errors
    /// Trouble with the machine.
    async fn seats(&self, organisation: &str) -> Result<Vec<(Id, Scope)>, Fault>;
}

#[async_trait]
impl Seats for People {
    async fn seats(&self, organisation: &str) -> Result<Vec<(Id, Scope)>, Fault> {
        self.tables(organisation).await
    }
}

/// A new endpoint.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The address.
    pub url: String,
    /// The kinds of entry; empty for all.
    pub kinds: BTreeSet<String>,
    /// The only agreement; none for all.
    pub agreement: Option<Id>,
    /// How messages are signed.
    pub scheme: Scheme,
}

/// The webhooks of a deployment.
pub struct Hooks {
    store: Arc<dyn Store>,
    register: Arc<dyn Register>,
    seats: Arc<dyn Seats>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    egress: Egress,
    origin: String,
    /// Wakes the worker when a person asked for something.
    asked: tokio::sync::Notify,
}

impl Hooks {
    /// Webhooks over a store. `origin` is the deployment's address without a slash at the end.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        register: Arc<dyn Register>,
        seats: Arc<dyn Seats>,
        world: (Arc<dyn Clock>, Arc<dyn Random>),
        egress: Egress,
        origin: String,
    ) -> Self {
        let (clock, random) = world;
        let asked = tokio::sync::Notify::new();
        Self { store, register, seats, clock, random, egress, origin, asked }
    }

    /// Adds an endpoint. The second value is what the receiver verifies with: `whpk_…`, or the
    /// shared `whsec_…`.
    ///
    /// # Errors
    /// When the address or a kind is refused, or there are too many.
    pub async fn add(
        &self,
        organisation: &str,
        by: &str,
        wish: Wish,
    ) -> Result<(Endpoint, String), HookError> {
        let url = self.egress.admit(&wish.url)?;
        let code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let wrong = |kind: &&String| kind.is_empty() || kind.len() > 64 || !kind.chars().all(code);
        if let Some(kind) = wish.kinds.iter().find(wrong).or(wish.kinds.iter().nth(MAX_KINDS)) {
            return Err(HookError::Kind { kind: kind.clone() });
        }
        if let Some(agreement) = &wish.agreement {
            let seats = self.seats.seats(organisation).await?;
            if !seats.iter().any(|(id, _)| id == agreement) {
                return Err(HookError::Agreement);
            }
        }
        if self.endpoints(organisation).await?.len() >= MAX_ENDPOINTS {
            return Err(HookError::TooMany);
        }
        let random = [self.random.bytes()?, self.random.bytes()?];
        let (url, now) = (url.to_string(), self.clock.now());
        let endpoint = Endpoint {
            kinds: wish.kinds,
            agreement: wish.agreement,
            ..Endpoint::new(organisation, url, wish.scheme, random, by, now)
        };
        self.register.write(vec![endpoint.write()], Vec::new()).await?;
        let shown = Secret::parse(&endpoint.secret)?.for_receiver();
        Ok((endpoint, shown))
    }

    /// The endpoints of an organisation.
    ///
    /// # Errors
    /// Trouble with the machine.
    pub async fn endpoints(&self, organisation: &str) -> Result<Vec<Endpoint>, HookError> {
        let cards = self.all(ENDPOINT, Whose::Owner(organisation)).await?;
        Ok(cards.iter().map(Endpoint::read).collect::<Result<_, _>>()?)
    }

    /// The public key of an endpoint; none for one that shares a secret, which is shown once.
    ///
    /// # Errors
    /// When the kept key cannot be read.
    pub fn public_key(&self, endpoint: &Endpoint) -> Result<Option<String>, HookError> {
        let secret = Secret::parse(&endpoint.secret)?;
        Ok(matches!(secret, Secret::Pair(_)).then(|| secret.for_receiver()))
    }

    /// Switches an endpoint on or off. Switched on again, it is told what it missed.
    ///
    /// # Errors
    /// [`HookError::NotFound`].
    pub async fn switch(
        &self,
        organisation: &str,
        id: &str,
        on: bool,
    ) -> Result<Endpoint, HookError> {
        let mut endpoint = self.endpoint(organisation, id).await?;
        if on {
            (endpoint.off, endpoint.off_since, endpoint.failing_since) = (None, None, None);
        } else if endpoint.off.is_none() {
            endpoint.switch_off(Off::ByPerson, self.clock.now());
        }
        self.register.write(vec![endpoint.write()], Vec::new()).await?;
        self.asked.notify_one();
        Ok(endpoint)
    }

    /// Removes an endpoint; the worker forgets its messages and cursors.
    ///
    /// # Errors
    /// [`HookError::NotFound`].
    pub async fn remove(&self, organisation: &str, id: &str) -> Result<(), HookError> {
        let endpoint = self.endpoint(organisation, id).await?;
        let (kind, id, version) = (ENDPOINT.to_owned(), endpoint.id.clone(), endpoint.version);
        self.register.write(vec![CardWrite::Delete { kind, id, version }], Vec::new()).await?;
        for kind in [CURSOR, DELIVERY] {
            let cards = self.all(kind, Whose::Owner(&endpoint.id)).await?;
            let delete = |card: &Card| CardWrite::Delete {
                kind: card.kind.clone(),
                id: card.id.clone(),
                version: card.version,
            };
            for some in cards.chunks(PAGE as usize) {
                self.register.write(some.iter().map(delete).collect(), Vec::new()).await?;
            }
        }
        Ok(())
    }

    /// Puts a test message on its way.
    ///
    /// # Errors
    /// [`HookError::NotFound`].
    pub async fn test(&self, organisation: &str, id: &str) -> Result<Delivery, HookError> {
        let endpoint = self.endpoint(organisation, id).await?;
        let salt = hex::encode(self.random.bytes()?);
        let message = message::message_id(&endpoint.id, &Subject::Test, &salt);
        let now = self.clock.now();
        let delivery = Delivery::new(&endpoint.id, message, &Subject::Test, now, now);
        self.register.write(vec![delivery.write()], Vec::new()).await?;
        self.asked.notify_one();
        Ok(delivery)
    }

    /// Messages of an endpoint, the newest first, those after the id `after`.
    ///
    /// # Errors
    /// [`HookError::NotFound`].
    pub async fn deliveries(
        &self,
        organisation: &str,
        id: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Delivery>, HookError> {
        let endpoint = self.endpoint(organisation, id).await?;
        let whose = Whose::Owner(&endpoint.id);
        let cards = self.register.cards(DELIVERY, whose, after, limit).await?;
        Ok(cards.iter().map(Delivery::read).collect::<Result<_, _>>()?)
    }

    /// Sends a message once more, whatever became of it; its id stays.
    ///
    /// # Errors
    /// [`HookError::NotFound`].
    pub async fn replay(
        &self,
        organisation: &str,
        id: &str,
        delivery: &str,
    ) -> Result<Delivery, HookError> {
        let endpoint = self.endpoint(organisation, id).await?;
        let card = self.register.card(DELIVERY, delivery).await?;
        let card = card.filter(|card| card.owner == endpoint.id).ok_or(HookError::NotFound)?;
        let mut delivery = Delivery::read(&card)?;
        delivery.again(self.clock.now());
        self.register.write(vec![delivery.write()], Vec::new()).await?;
        self.asked.notify_one();
        Ok(delivery)
    }

    /// Sends once more every message of an endpoint that did not arrive; says how many.
    ///
    /// # Errors
    /// [`HookError::NotFound`].
    pub async fn replay_all(&self, organisation: &str, id: &str) -> Result<usize, HookError> {
        let endpoint = self.endpoint(organisation, id).await?;
        let now = self.clock.now();
        let mut writes = Vec::new();
        for card in self.all(DELIVERY, Whose::Owner(&endpoint.id)).await? {
            let mut delivery = Delivery::read(&card)?;
            if matches!(delivery.state, State::Failed | State::Dead) {
                delivery.again(now);
                writes.push(delivery.write());
            }
        }
        self.write_in_parts(&writes).await?;
        self.asked.notify_one();
        Ok(writes.len())
    }

    async fn endpoint(&self, organisation: &str, id: &str) -> Result<Endpoint, HookError> {
        let card = self.register.card(ENDPOINT, id).await?;
        let card = card.filter(|card| card.owner == organisation).ok_or(HookError::NotFound)?;
        Ok(Endpoint::read(&card)?)
    }

    /// Every endpoint of the deployment.
    pub(crate) async fn everybodys(&self) -> Result<Vec<Endpoint>, HookError> {
        let cards = self.all(ENDPOINT, Whose::All).await?;
        Ok(cards.iter().map(Endpoint::read).collect::<Result<_, _>>()?)
    }

    async fn all(&self, kind: &str, whose: Whose<'_>) -> Result<Vec<Card>, HookError> {
        let mut all: Vec<Card> = Vec::new();
        loop {
            let after = all.last().map(|card| card.id.clone());
            let page = self.register.cards(kind, whose, after.as_deref(), PAGE).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }

    async fn write_in_parts(&self, writes: &[CardWrite]) -> Result<(), RegisterError> {
        for some in writes.chunks(PAGE as usize) {
            self.register.write(some.to_vec(), Vec::new()).await?;
        }
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
