//! The register (登记册): small rows that name people, seats, keys and what else a deployment keeps
//! beside its journals, and the audit trail. What every engine must do, in the words of the
//! conformance suite. A body is opaque bytes: this file knows nothing of roles or passwords.

use async_trait::async_trait;
use units::Timestamp;

use crate::errors::RegisterError;

/// The most bytes of a card's body.
pub const MAX_CARD_BYTES: u64 = 2 * 1024 * 1024;

/// The most bytes of a card's kind.
pub const MAX_KIND_BYTES: u64 = 32;

/// The most bytes of a card's id, owner, subject or name, and of each field of an audit entry.
pub const MAX_CARD_KEY_BYTES: u64 = 320;

/// The most cards and audit entries of one write.
pub const MAX_CARD_WRITES: u64 = 256;

/// The most cards or audit entries of one page; a larger limit is cut to it.
pub const MAX_CARD_PAGE: u32 = 1_000;

/// How long an audit entry is kept at least, in days: six months can be 184.
pub const AUDIT_DAYS: i64 = 190;

/// A small row with a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What it is, as a code: `person`, `seat`.
    pub kind: String,
    /// Its name, unique within its kind.
    pub id: String,
    /// Whose it is; may be empty.
    pub owner: String,
    /// Whom it is about, when it is found that way too.
    pub subject: Option<String>,
    /// Another name by which it is found, unique within its kind.
    pub name: Option<String>,
    /// When something must be done about it.
    pub due: Option<Timestamp>,
    /// 1 when inserted, one more with each replacement.
    pub version: u64,
    /// What it says.
    pub body: Vec<u8>,
}

/// A change of one card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardWrite {
    /// A new card; its `version` is not read, it becomes 1.
    Insert(Card),
    /// Another content for the card whose version is still `version`; it becomes one more.
    Replace(Card),
    /// No card any more, when its version is still this.
    Delete {
        /// What it is.
        kind: String,
        /// Its name.
        id: String,
        /// Its version as it was read.
        version: u64,
    },
}

/// Which cards of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// All of the kind.
    All,
    /// Those with this owner.
    Owner(&'a str),
    /// Those with this subject.
    Subject(&'a str),
}

/// What was done, by whom, and whether it was allowed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditEntry {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// In which organisation.
    pub organisation: Option<String>,
    /// In which agreement.
    pub agreement: Option<String>,
    /// The person or key.
    pub person: Option<String>,
    /// What, as a code.
    pub action: String,
    /// To what.
    pub object: Option<String>,
    /// How it went, as a code.
    pub result: String,
    /// From which network address.
    pub address: Option<String>,
    /// In which request.
    pub request: Option<String>,
}

/// An audit entry with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place, from 1 and rising.
    pub seq: u64,
    /// What was done.
    pub entry: AuditEntry,
}

/// Which audit entries; a field that is not given asks for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuditFilter<'a> {
    /// Of this organisation.
    pub organisation: Option<&'a str>,
    /// Of this agreement.
    pub agreement: Option<&'a str>,
    /// Of this person or key.
    pub person: Option<&'a str>,
    /// Of this action.
    pub action: Option<&'a str>,
}

/// Cards and the audit trail.
///
/// Writes are on disk when they return. A write whose future is dropped may still happen.
#[async_trait]
pub trait Register: Send + Sync {
    /// The card of an id.
    ///
    /// # Errors
    /// Trouble with the machine only.
    async fn card(&self, kind: &str, id: &str) -> Result<Option<Card>, RegisterError>;

    /// The card of a unique name.
    ///
    /// # Errors
    /// Trouble with the machine only.
    async fn card_named(&self, kind: &str, name: &str) -> Result<Option<Card>, RegisterError>;

    /// Cards ordered by id, those after `after`, at most `limit` and at most [`MAX_CARD_PAGE`].
    ///
    /// # Errors
    /// Trouble with the machine only.
    async fn cards(
        &self,
        kind: &str,
        whose: Whose<'_>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Card>, RegisterError>;

    /// Cards that are due at `by` or were due before, the oldest first, at most `limit`.
    ///
    /// # Errors
    /// Trouble with the machine only.
    async fn cards_due(
        &self,
        kind: &str,
        whose: Whose<'_>,
        by: Timestamp,
        limit: u32,
    ) -> Result<Vec<Card>, RegisterError>;

    /// How many of these cards there are.
    ///
    /// # Errors
    /// Trouble with the machine only.
    async fn cards_count(&self, kind: &str, whose: Whose<'_>) -> Result<u64, RegisterError>;

    /// Changes cards and appends audit entries, all or none, in their order.
    ///
    /// # Errors
    /// [`RegisterError::Stale`] when a version is another, [`RegisterError::Taken`] when an id or
    /// a name is.
    async fn write(
        &self,
        cards: Vec<CardWrite>,
        audit: Vec<AuditEntry>,
    ) -> Result<(), RegisterError>;

    /// Audit entries, the newest first, those before `before`, at most `limit` and at most
    /// [`MAX_CARD_PAGE`].
    ///
    /// # Errors
    /// Trouble with the machine only.
    async fn audit(
        &self,
        filter: AuditFilter<'_>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, RegisterError>;

    /// Removes the audit entries before an instant; says how many. `now` is the caller's clock;
    /// SQLite asks the system's as well.
    ///
    /// # Errors
    /// [`RegisterError::TooYoung`] when that is less than [`AUDIT_DAYS`] ago.
    async fn audit_drop(&self, before: Timestamp, now: Timestamp) -> Result<u64, RegisterError>;
}

impl CardWrite {
    /// The card as it shall be, when there shall be one.
    #[must_use]
    pub fn card(&self) -> Option<&Card> {
        match self {
            Self::Insert(card) | Self::Replace(card) => Some(card),
            Self::Delete { .. } => None,
        }
    }
}

/// Refuses what is too large, before the engine is asked.
pub(crate) fn check_write(cards: &[CardWrite], audit: &[AuditEntry]) -> Result<(), RegisterError> {
    let count = length(cards.len() + audit.len());
    if count > MAX_CARD_WRITES {
        return Err(RegisterError::TooLarge { bytes: count, limit: MAX_CARD_WRITES });
    }
    for card in cards.iter().filter_map(CardWrite::card) {
        within(card.kind.as_bytes(), MAX_KIND_BYTES)?;
        within(&card.body, MAX_CARD_BYTES)?;
        let keys = [Some(&card.id), Some(&card.owner), card.subject.as_ref(), card.name.as_ref()];
        for key in keys.into_iter().flatten() {
            within(key.as_bytes(), MAX_CARD_KEY_BYTES)?;
        }
        let needed = [Some(&card.kind), Some(&card.id), card.subject.as_ref(), card.name.as_ref()];
        if needed.into_iter().flatten().any(String::is_empty) {
            return Err(RegisterError::Empty);
        }
    }
    for entry in audit {
        let AuditEntry { organisation, agreement, person, object, address, request, .. } = entry;
        let fields = [organisation, agreement, person, object, address, request];
        let fields = fields.into_iter().flatten().chain([&entry.action, &entry.result]);
        for field in fields {
            within(field.as_bytes(), MAX_CARD_KEY_BYTES)?;
        }
    }
    Ok(())
}

/// Refuses to drop what must be kept.
pub(crate) fn check_drop(before: Timestamp, now: Timestamp) -> Result<(), RegisterError> {
    let floor = now.plus_seconds(-AUDIT_DAYS * 86_400);
    if before > floor { Err(RegisterError::TooYoung { before, floor }) } else { Ok(()) }
}

fn within(bytes: &[u8], limit: u64) -> Result<(), RegisterError> {
    let bytes = length(bytes.len());
    if bytes > limit { Err(RegisterError::TooLarge { bytes, limit }) } else { Ok(()) }
}

fn length(count: usize) -> u64 {
    u64::try_from(count).expect("a count in memory fits 64 bits")
}
