//! Who asks. Every query takes a [`Scope`], so that no row leaves the store for the wrong party.
//!
//! Decides which agreement and which visibility a question reaches; knows nothing of sessions
//! or of how a person proved who they are.

use core::fmt;
use units::Id;

/// One of the two sides of an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// Who orders the work.
    Customer,
    /// Who does the work.
    Vendor,
}

/// Who may see a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visibility {
    /// Both parties.
    Shared,
    /// One party and the operator of the deployment.
    Only(Party),
}

/// Who asks: the operator of the deployment, or a party to one agreement.
///
/// For a party every other agreement does not exist: the answer is "not found", so that the
/// answer does not tell that it exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(Reach);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    Operator,
    Party { agreement: Id, party: Party },
}

impl Party {
    /// Both sides.
    pub const ALL: [Self; 2] = [Self::Customer, Self::Vendor];

    /// `customer` or `vendor`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Vendor => "vendor",
        }
    }

    /// The side of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|party| party.code() == code)
    }

    /// The opposite side.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Customer => Self::Vendor,
            Self::Vendor => Self::Customer,
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Visibility {
    /// `shared`, `customer` or `vendor`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Only(party) => party.code(),
        }
    }

    /// The visibility of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "shared" => Some(Self::Shared),
            _ => Party::from_code(code).map(Self::Only),
        }
    }
}

impl Scope {
    /// The operator: every agreement, every row.
    #[must_use]
    pub fn operator() -> Self {
        Self(Reach::Operator)
    }

    /// A party to one agreement: what is shared and what is its own.
    #[must_use]
    pub fn party(agreement: Id, party: Party) -> Self {
        Self(Reach::Party { agreement, party })
    }

    /// Whether questions about this agreement are answered at all.
    #[must_use]
    pub fn reaches(&self, agreement: &Id) -> bool {
        self.agreement().is_none_or(|own| own == agreement)
    }

    /// Whether a row of this visibility is shown.
    #[must_use]
    pub fn sees(&self, visibility: Visibility) -> bool {
        match (&self.0, visibility) {
            (Reach::Operator, _) | (_, Visibility::Shared) => true,
            (Reach::Party { party, .. }, Visibility::Only(owner)) => *party == owner,
        }
    }

    /// Whether this is the operator.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        matches!(self.0, Reach::Operator)
    }

    /// The only agreement of a party; `None` for the operator.
    pub(crate) fn agreement(&self) -> Option<&Id> {
        match &self.0 {
            Reach::Operator => None,
            Reach::Party { agreement, .. } => Some(agreement),
        }
    }

    /// `operator`, `customer` or `vendor`: whose view of a journal a snapshot holds.
    pub(crate) fn viewer(&self) -> &'static str {
        match self.0 {
            Reach::Operator => "operator",
            Reach::Party { party, .. } => party.code(),
        }
    }

    /// The visibility codes shown beside `shared`: both for the operator, its own for a party.
    pub(crate) fn private_codes(&self) -> [&'static str; 2] {
        match self.0 {
            Reach::Operator => [Party::Customer.code(), Party::Vendor.code()],
            Reach::Party { party, .. } => [party.code(), party.code()],
        }
    }
}
