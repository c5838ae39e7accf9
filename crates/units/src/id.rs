//! Names of things: clauses, evidence, agreements. Checked text, never generated here.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

/// Serialises a type by its `Display` and reads it by its `FromStr`.
macro_rules! serde_as_text {
    ($name:ty, $doc:literal) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <alloc::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> alloc::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $doc })
            }
        }
    };
}
pub(crate) use serde_as_text;

/// A stable name of letters, digits, `-`, `_`, `.`, `:` and `/`, 1 to 128 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

/// The id of a clause in the signed text, such as `lease-3.4`.
pub type ClauseId = Id;

/// The id of a recorded piece of evidence: the journal sequence, as `e12`, or a source's own id.
pub type EvidenceId = Id;

/// Why a text cannot name a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Empty or longer than 128 bytes.
    #[error("an id has 1 to 128 characters")]
    Length,
    /// A character other than letters, digits, `-`, `_`, `.`, `:` and `/`.
    #[error("an id has letters, digits and - _ . : / only")]
    Character,
}

impl Id {
    /// Checks a name.
    ///
    /// # Errors
    /// When it is empty, too long or has another character.
    pub fn new(text: &str) -> Result<Self, IdError> {
        if text.is_empty() || text.len() > 128 {
            return Err(IdError::Length);
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte);
        if !text.bytes().all(allowed) {
            return Err(IdError::Character);
        }
        Ok(Self(text.to_string()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Id {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::new(text)
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

serde_as_text!(Id, "A name of letters, digits and - _ . : / only, 1 to 128 characters.");
