//! Claims of one party against the other, and what a dispute is about. Clauses: train-8.1,
//! train-9.1, pb-06.

use alloc::vec::Vec;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{ClauseId, Id, Money, Timestamp};

use crate::terms::{BreachKind, Side};

/// A claim of one party against the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Its name within the agreement.
    pub claim: Id,
    /// Who claims.
    pub by: Side,
    /// On which basis.
    pub basis: ClaimBasis,
    /// For which breach.
    pub breach: BreachKind,
    /// Under which clause.
    pub clause: ClauseId,
    /// Direct loss, or the agreed damages.
    pub direct: Money,
    /// Indirect loss.
    pub indirect: Money,
    /// When the cause happened.
    pub occurred: Timestamp,
    /// The evidence.
    pub evidence: Vec<Id>,
}

/// On which basis a claim stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum ClaimBasis {
    /// Loss that must be proven. Clause: train-8.1.
    Loss,
    /// Damages agreed beforehand.
    Liquidated {
        /// The agreed damages.
        damages: Id,
    },
    /// A promise to hold harmless. Clause: pb-06.
    Indemnity {
        /// The promise.
        indemnity: Id,
    },
}

/// What a dispute is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum DisputeSubject {
    /// A statement.
    Statement {
        /// The statement.
        statement: Id,
    },
    /// A measurement by its evidence.
    Measurement {
        /// The evidence.
        evidence: Id,
    },
    /// A claim.
    Claim {
        /// The claim.
        claim: Id,
    },
    /// The reading of a clause.
    Clause,
}
