//! Between events and journal entries. The entry's actor is the party; the person or machine stands
//! in the payload beside the event, since people have names in every script.

use contract::event::{Actor, Event, Recorded};
use journal::{Entry, EntryRef};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use units::{Id, Timestamp};

/// What an entry's payload holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload<E> {
    by: String,
    event: E,
}

/// Why an entry of the journal is not an event of an agreement.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The line is not an entry.
    #[error("entry {seq} is not an entry of a journal")]
    Entry {
        /// Its expected number.
        seq: u64,
        /// What is wrong.
        #[source]
        source: journal::EntryError,
    },
    /// The entry is of a party that does not exist.
    #[error("entry {seq} names the unknown actor {actor}")]
    Actor {
        /// Its number.
        seq: u64,
        /// The actor as written.
        actor: String,
    },
    /// The payload is not an event that this program knows.
    #[error("entry {seq} holds no event that this program knows")]
    Event {
        /// Its number.
        seq: u64,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
}

/// The entry of an event.
///
/// # Errors
/// When the event has no canonical text or the entry is too long.
pub fn encode(
    seq: u64,
    at: Timestamp,
    actor: &Actor,
    event: &Event,
) -> Result<Entry, journal::EntryError> {
    let tagged = serde_json::to_value(event).map_err(journal::EntryError::Content)?;
    let kind = tagged.get("kind").and_then(serde_json::Value::as_str).unwrap_or("event");
    let kind = Id::new(kind).expect("the codes of events are names");
    let (of, name) = match actor {
        Actor::Customer { name } => ("customer", name),
        Actor::Vendor { name } => ("vendor", name),
        Actor::Deployment { name } => ("deployment", name),
    };
    let event = tagged.get("payload").cloned().unwrap_or(serde_json::Value::Null);
    let payload = Payload { by: name.clone(), event };
    let of = Id::new(of).expect("the codes of parties are names");
    Entry::new(seq, at, of, kind, &payload)
}

/// The event of an entry's line.
///
/// # Errors
/// When the line is no entry, or its payload no event that this program knows.
pub fn decode(seq: u64, line: &[u8]) -> Result<Recorded, DecodeError> {
    let entry = EntryRef::scan(line).map_err(|source| DecodeError::Entry { seq, source })?;
    let at = entry.at;
    let seq = entry.seq;
    let wrong = |source| DecodeError::Event { seq, source };
    let payload: Payload<&RawValue> = serde_json::from_slice(entry.payload).map_err(wrong)?;
    // The payload is read once, in place. A kind is a name and needs no escapes.
    let tagged = format!("{{\"kind\":\"{}\",\"payload\":{}}}", entry.kind, payload.event.get());
    let event: Event = serde_json::from_str(&tagged).map_err(wrong)?;
    let name = payload.by;
    let actor = match entry.actor {
        "customer" => Actor::Customer { name },
        "vendor" => Actor::Vendor { name },
        "deployment" => Actor::Deployment { name },
        other => return Err(DecodeError::Actor { seq, actor: other.to_owned() }),
    };
    Ok(Recorded { seq, at, actor, event })
}
