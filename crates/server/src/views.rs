//! The shapes that this interface adds to those of the core: sentences in both languages, pages of
//! lists, entries of a journal with their proof. Decides nothing.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use contract::event::{Actor, Event, Recorded};
use contract::terms::Agreement;
use document::words::Words;
use journal::Hash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use units::{Lang, Timestamp};

use crate::problem::{Code, Problem};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "BothText")]
pub(crate) struct Both {
    /// In Chinese.
    pub(crate) zh: String,
    /// In English.
    pub(crate) en: String,
}

/// The words of both languages, about one agreement where there is one.
pub(crate) struct BothWords {
    zh: Words,
    en: Words,
}

/// A text of at least and at most so many characters, checked when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text<const LEAST: usize, const MOST: usize>(pub(crate) String);

impl<'de, const LEAST: usize, const MOST: usize> Deserialize<'de> for Text<LEAST, MOST> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let length = text.chars().count();
        if (LEAST..=MOST).contains(&length) {
            Ok(Self(text))
        } else {
            let wrong = format!("{length} characters, where there are {LEAST} to {MOST}");
            Err(serde::de::Error::custom(wrong))
        }
    }
}

impl<const LEAST: usize, const MOST: usize> JsonSchema for Text<LEAST, MOST> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Text{LEAST}To{MOST}").into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "minLength": LEAST, "maxLength": MOST })
    }
}

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub(crate) struct Page<T> {
    /// What the page holds.
    pub(crate) items: Vec<T>,
    /// Where the next page begins; absent at the end.
    pub(crate) next_cursor: Option<String>,
}

/// Everything of a short list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}List")]
pub(crate) struct List<T> {
    /// Everything.
    pub(crate) items: Vec<T>,
    /// Always absent: the list has one page.
    pub(crate) next_cursor: Option<String>,
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct PageQuery {
    /// How many at most.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[schemars(length(min = 1, max = 512), regex(pattern = "^[A-Za-z0-9_-]+$"))]
    cursor: Option<String>,
}

/// An entry of a journal.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct EntryView {
    /// Its number, from 0.
    pub(crate) seq: u64,
    /// How it is cited as evidence: `e12`.
    pub(crate) id: String,
    /// When it was recorded.
    pub(crate) at: Timestamp,
    /// Who recorded it.
    pub(crate) actor: Actor,
    /// What happened, as a code.
    pub(crate) kind: String,
    /// Which fact, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fact: Option<String>,
    /// What happened, as a sentence.
    pub(crate) text: Both,
    /// What happened, in full.
    pub(crate) payload: Value,
    /// The leaf hash of its line, in hexadecimal.
    pub(crate) sha256: String,
}

/// What was recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RecordedView {
    /// The entries.
    pub(crate) recorded: Vec<EntryView>,
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

impl BothWords {
    /// Words outside any agreement.
    pub(crate) fn new() -> Self {
        Self { zh: Words::new(Lang::Zh), en: Words::new(Lang::En) }
    }

    /// Words about an agreement.
    pub(crate) fn about(agreement: Option<&Agreement>) -> Self {
        let words = Self::new();
        match agreement {
            None => words,
            Some(agreement) => {
                Self { zh: words.zh.about(agreement), en: words.en.about(agreement) }
            }
        }
    }

    /// Something else in both: Chinese first.
    pub(crate) fn each<T>(&self, say: impl Fn(&Words) -> T) -> (T, T) {
        (say(&self.zh), say(&self.en))
    }

    /// A sentence in both.
    pub(crate) fn say(&self, say: impl Fn(&Words) -> String) -> Both {
        Both { zh: say(&self.zh), en: say(&self.en) }
    }
}

impl EntryView {
    /// An entry as it was recorded.
    pub(crate) fn new(recorded: &Recorded, leaf: Option<[u8; 32]>, words: &BothWords) -> Self {
        let mut event = serde_json::to_value(&recorded.event).unwrap_or(Value::Null);
        let kind = event.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        let payload = event.get_mut("payload").map_or(Value::Null, Value::take);
        let leaf = leaf.or_else(|| {
            let entry = desk::encode(recorded.seq, recorded.at, &recorded.actor, &recorded.event);
            entry.ok().map(|entry| *Hash::leaf(&entry.line()).bytes())
        });
        Self {
            seq: recorded.seq,
            id: format!("e{}", recorded.seq),
            at: recorded.at,
            actor: recorded.actor.clone(),
            kind,
            fact: fact(&recorded.event),
            text: words.say(|words| words.entry(recorded)),
            payload,
            sha256: leaf.map(hex::encode).unwrap_or_default(),
        }
    }
}

impl RecordedView {
    pub(crate) fn new(recorded: &[Recorded], words: &BothWords) -> Self {
        let recorded = recorded.iter().map(|entry| EntryView::new(entry, None, words));
        Self { recorded: recorded.collect() }
    }
}

/// The kind of the recorded fact.
fn fact(event: &Event) -> Option<String> {
    let Event::FactRecorded { fact, .. } = event else { return None };
    let fact = serde_json::to_value(fact).ok()?;
    fact.get("fact").and_then(Value::as_str).map(str::to_owned)
}

impl PageQuery {
    pub(crate) const fn new(limit: Option<u32>, cursor: Option<String>) -> Self {
        Self { limit, cursor }
    }

    /// How many are wanted: 1 to 200, 50 where nothing is said.
    pub(crate) fn limit(&self) -> Result<usize, Problem> {
        match self.limit {
            None => Ok(50),
            Some(limit @ 1..=200) => Ok(limit as usize),
            Some(_) => Err(Code::BadRequest.into()),
        }
    }

    /// After what the page begins.
    pub(crate) fn after<T: for<'de> Deserialize<'de>>(&self) -> Result<Option<T>, Problem> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if cursor.is_empty() || cursor.len() > 512 || !cursor.bytes().all(plain) {
            return Err(Code::BadRequest.into());
        }
        // Well written, and of another list or of none.
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Problem::new(Code::Invalid))?;
        let key = serde_json::from_slice(&bytes).map_err(|_| Problem::new(Code::Invalid))?;
        Ok(Some(key))
    }
}

/// The cursor of what comes after a key.
pub(crate) fn cursor(key: &impl Serialize) -> Option<String> {
    serde_json::to_vec(key).ok().map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
}

impl<T> Page<T> {
    /// A page of items that were asked for with one more than wanted.
    pub(crate) fn of<K: Serialize>(mut items: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).and_then(|last| cursor(&key(last)));
        Self { items, next_cursor }
    }
}

/// Bytes as Base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of a Base64 text.
pub(crate) fn from_base64(text: &str) -> Result<Vec<u8>, Problem> {
    STANDARD.decode(text).map_err(|_| Code::Signature.into())
}
