//! Versions of the papers, as the parties pass them to and fro before they sign. Serves pb-01 to
//! pb-08: what was reached, and in which round, stands in the journal.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Sha256;
use crate::terms::{Agreement, Side};

/// A version of the papers that a party offers: the Word file, the terms that it carries, and,
/// where it can be signed as it stands, what would be signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Its number: 1 first, each one more.
    pub number: u32,
    /// Who offers it.
    pub by: Side,
    /// The terms that it carries, where they are not those that stood before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Box<Agreement>>,
    /// SHA-256 of the canonical JSON of its terms.
    pub terms_sha256: Sha256,
    /// The Word file.
    pub word: PaperFile,
    /// Annexes that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annexes: Vec<PaperFile>,
    /// Pictures of the parties' seals, one for each party at most: `seal.<side>.png` or `.jpg`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seals: Vec<PaperFile>,
    /// What would be signed; absent where the version cannot be signed as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub papers: Option<Papers>,
}

/// A file, by name, hash and length.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperFile {
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// How many bytes.
    pub size: u64,
}

/// The manifest of a version that can be signed, and who signs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Papers {
    /// SHA-256 of the manifest.
    pub sha256: Sha256,
    /// How many bytes it has.
    pub size: u64,
    /// Who signs for the customer.
    pub customer: String,
    /// Who signs for the vendor.
    pub vendor: String,
}

impl Papers {
    /// Who signs for a party.
    #[must_use]
    pub fn signatory(&self, side: Side) -> &str {
        match side {
            Side::Customer => &self.customer,
            Side::Vendor => &self.vendor,
        }
    }
}
