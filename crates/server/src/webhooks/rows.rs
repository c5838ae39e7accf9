//! What is kept of webhooks: endpoints, how far each has been told of each agreement, and messages
//! on their way. Cards of the register; knows nothing of requests.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use store::{Card, CardWrite};
use units::{Id, Timestamp};

use super::message::Subject;
use super::schedule;
use super::signature::{Scheme, Secret};

/// The kind of an endpoint's card; its owner is the organisation.
pub(super) const ENDPOINT: &str = "webhook";
/// The kind of a cursor's card; its owner is the endpoint.
pub(super) const CURSOR: &str = "webhook_cursor";
/// The kind of a message's card; its owner is the endpoint, its name the message's id, and it is
/// about its state: the desk counts those that wait and those that were given up.
pub(super) const DELIVERY: &str = "delivery";

/// For how long a message is kept after it arrived or was given up, in seconds.
const KEPT_SECONDS: i64 = 30 * 86_400;

/// Why an endpoint is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Off {
    /// A person switched it off.
    ByPerson,
    /// The receiver answered that it wants no more (410).
    Gone,
    /// Nothing arrived for days.
    Failing,
}

/// Where messages go.
#[derive(Clone, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its id.
    #[serde(skip)]
    pub id: String,
    /// Whose it is.
    #[serde(skip)]
    pub organisation: String,
    #[serde(skip)]
    pub(super) version: u64,
    /// The address.
    pub url: String,
    /// The kinds of entry that it asked for; empty for all.
    pub kinds: BTreeSet<String>,
    /// The only agreement it is told of; none for all at whose table the organisation sits.
    pub agreement: Option<Id>,
    /// Why it is off; none when it is on.
    pub off: Option<Off>,
    /// Since when.
    pub off_since: Option<Timestamp>,
    /// When it was made; entries from before are not told.
    pub created: Timestamp,
    /// By whom.
    pub created_by: String,
    /// Since when nothing arrived.
    pub failing_since: Option<Timestamp>,
    pub(super) secret: String,
}

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not tried yet.
    Pending,
    /// It arrived.
    Delivered,
    /// It did not arrive and is tried again.
    Failed,
    /// It did not arrive and is not tried again.
    Dead,
}

impl State {
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

/// A message on its way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Delivery {
    /// The id of the card: the newest sorts first.
    #[serde(skip)]
    pub id: String,
    #[serde(skip)]
    pub(super) version: u64,
    /// The endpoint.
    #[serde(skip)]
    pub endpoint: String,
    /// When it is tried next.
    #[serde(skip)]
    pub due: Option<Timestamp>,
    /// The message's id, the same on every attempt.
    pub message: String,
    /// The agreement; none for a test.
    pub agreement: Option<Id>,
    /// The entry; none for a notice or a test.
    pub seq: Option<u64>,
    /// The key of a notice.
    pub notice: Option<String>,
    /// What is told, as a code.
    pub kind: String,
    /// When what is told happened.
    pub at: Timestamp,
    /// How far it has come.
    pub state: State,
    /// How often it was tried.
    pub attempts: u32,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// What went wrong last, as a code.
    pub last_error: Option<String>,
}

/// How far an endpoint has been told of an agreement.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// The first entry that it was not told of.
    pub(super) next: u64,
    #[serde(skip)]
    pub(super) version: u64,
}

/// A card of ours cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the {kind} {id} cannot be read")]
pub struct Unreadable {
    kind: String,
    id: String,
    #[source]
    source: serde_json::Error,
}

fn body<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("rows of text and numbers are JSON")
}

fn read<'a, T: Deserialize<'a>>(card: &'a Card) -> Result<T, Unreadable> {
    serde_json::from_slice(&card.body).map_err(|source| Unreadable {
        kind: card.kind.clone(),
        id: card.id.clone(),
        source,
    })
}

/// A write that makes the card when its version is 0.
fn put(card: Card) -> CardWrite {
    if card.version == 0 { CardWrite::Insert(card) } else { CardWrite::Replace(card) }
}

impl Endpoint {
    pub(super) fn new(
        organisation: &str,
        url: String,
        scheme: Scheme,
        random: [[u8; 32]; 2],
        by: &str,
        now: Timestamp,
    ) -> Self {
        let [id, key] = random;
        Self {
            id: format!("wh_{}", &hex::encode(id)[..20]),
            organisation: organisation.to_owned(),
            version: 0,
            url,
            kinds: BTreeSet::new(),
            agreement: None,
            off: None,
            off_since: None,
            created: now,
            created_by: by.to_owned(),
            failing_since: None,
            secret: Secret::new(scheme, key).to_text(),
        }
    }

    pub(super) fn read(card: &Card) -> Result<Self, Unreadable> {
        let (id, organisation) = (card.id.clone(), card.owner.clone());
        Ok(Self { id, organisation, version: card.version, ..read(card)? })
    }

    pub(super) fn write(&self) -> CardWrite {
        put(Card {
            kind: ENDPOINT.to_owned(),
            id: self.id.clone(),
            owner: self.organisation.clone(),
            subject: None,
            name: None,
            due: None,
            version: self.version,
            body: body(self),
        })
    }

    /// Whether an entry of this kind is told.
    #[must_use]
    pub fn wants(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.contains(kind)
    }

    /// Whether it is told of this agreement, when the organisation sits at its table.
    #[must_use]
    pub fn follows(&self, agreement: &Id) -> bool {
        self.agreement.as_ref().is_none_or(|only| only == agreement)
    }

    pub(super) fn switch_off(&mut self, why: Off, now: Timestamp) {
        self.off = Some(why);
        self.off_since = Some(now);
    }
}

impl Delivery {
    /// A message that is to be sent at once. `created` orders the list of an endpoint.
    pub(super) fn new(
        endpoint: &str,
        message: String,
        subject: &Subject<'_>,
        at: Timestamp,
        created: Timestamp,
    ) -> Self {
        let (agreement, seq, notice, kind) = match *subject {
            Subject::Entry { agreement, seq, kind } => (Some(agreement), Some(seq), None, kind),
            Subject::Notice { agreement, key, kind } => {
                (Some(agreement), None, Some(key.to_owned()), kind)
            }
            Subject::Test => (None, None, None, "test"),
        };
        let newest_first = i64::MAX - created.micros();
        // Within one instant the later entry sorts first, too.
        let within = u32::MAX - seq.map_or(0, |seq| u32::try_from(seq).unwrap_or(u32::MAX));
        let tail = message.get(4..12).unwrap_or_default();
        Self {
            id: format!("{newest_first:016x}{within:08x}{tail}"),
            version: 0,
            endpoint: endpoint.to_owned(),
            due: Some(created),
            message,
            agreement: agreement.cloned(),
            seq,
            notice,
            kind: kind.to_owned(),
            at,
            state: State::Pending,
            attempts: 0,
            status: None,
            last_error: None,
        }
    }

    pub(super) fn read(card: &Card) -> Result<Self, Unreadable> {
        let (id, endpoint) = (card.id.clone(), card.owner.clone());
        Ok(Self { id, version: card.version, endpoint, due: card.due, ..read(card)? })
    }

    pub(super) fn write(&self) -> CardWrite {
        put(Card {
            kind: DELIVERY.to_owned(),
            id: self.id.clone(),
            owner: self.endpoint.clone(),
            subject: Some(self.state.code().to_owned()),
            name: Some(self.message.clone()),
            due: self.due,
            version: self.version,
            body: body(self),
        })
    }

    pub(super) fn removal(&self) -> CardWrite {
        CardWrite::Delete { kind: DELIVERY.to_owned(), id: self.id.clone(), version: self.version }
    }

    pub(super) fn subject(&self) -> Subject<'_> {
        let kind = &*self.kind;
        match (&self.agreement, self.seq, &self.notice) {
            (Some(agreement), Some(seq), _) => Subject::Entry { agreement, seq, kind },
            (Some(agreement), None, Some(key)) => Subject::Notice { agreement, key, kind },
            _ => Subject::Test,
        }
    }

    /// Whether it waits to be sent; else its due instant is when it is forgotten.
    pub(super) fn waits(&self) -> bool {
        matches!(self.state, State::Pending | State::Failed)
    }

    /// Puts it back as it was before the first attempt.
    pub(super) fn again(&mut self, now: Timestamp) {
        (self.state, self.attempts, self.due) = (State::Pending, 0, Some(now));
    }

    pub(super) fn end(&mut self, state: State, now: Timestamp) {
        (self.state, self.due) = (state, Some(now.plus_seconds(KEPT_SECONDS)));
    }

    /// Notes an attempt that failed. Whether it is tried again is decided by the schedule.
    pub(super) fn failed(
        &mut self,
        status: Option<u16>,
        error: String,
        asked: Option<core::time::Duration>,
        now: Timestamp,
    ) {
        (self.status, self.last_error) = (status, Some(error));
        match schedule::wait(self.attempts, &self.message, asked) {
            Some(wait) => {
                let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
                (self.state, self.due) = (State::Failed, Some(now.plus_seconds(seconds)));
            }
            None => self.end(State::Dead, now),
        }
    }
}

impl Cursor {
    pub(super) fn read(card: &Card) -> Result<Self, Unreadable> {
        Ok(Self { version: card.version, ..read(card)? })
    }

    pub(super) fn write(&self, endpoint: &str, agreement: &Id) -> CardWrite {
        put(Card {
            kind: CURSOR.to_owned(),
            id: cursor_id(endpoint, agreement),
            owner: endpoint.to_owned(),
            subject: None,
            name: None,
            due: None,
            version: self.version,
            body: body(self),
        })
    }
}

pub(super) fn cursor_id(endpoint: &str, agreement: &Id) -> String {
    format!("{endpoint}/{agreement}")
}
