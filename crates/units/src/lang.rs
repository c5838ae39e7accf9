//! The two languages of every text that a person sees.

use core::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Chinese or English.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both, for tests of parity.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The code `zh` or `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

impl FromStr for Lang {
    type Err = ();

    /// Reads a language code or a POSIX locale (`zh_CN.UTF-8`).
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.get(..2) {
            Some("zh") => Ok(Self::Zh),
            Some("en") => Ok(Self::En),
            _ => Err(()),
        }
    }
}
