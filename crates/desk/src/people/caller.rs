//! Who asks: a person in a session, or a key of an organisation. Made in this module alone, from a
//! token that was checked.

use std::collections::BTreeSet;

use contract::event::Actor;
use contract::terms::Side;
use units::{Id, Timestamp};

use super::key::KeyScope;
use super::role::{Operation, Role, allows, needs_confirmation};

/// Where a request comes from; for the audit trail and the list of sessions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The network address.
    pub address: String,
    /// What the browser says it is.
    pub agent: String,
    /// The id of the request.
    pub request: String,
}

/// Who asks, for which organisation, and how it was proved.
#[derive(Debug, Clone)]
pub struct Caller {
    pub(super) person: String,
    pub(super) name: String,
    pub(super) organisation: Option<String>,
    pub(super) roles: BTreeSet<Role>,
    pub(super) platform: bool,
    pub(super) by: By,
    pub(super) origin: Origin,
}

/// How it was proved.
#[derive(Debug, Clone)]
pub(super) enum By {
    /// A session, kept under this id; confirmed until then.
    Session { id: String, confirmed_until: Option<Timestamp> },
    /// An API key.
    Key { id: String, name: String, scopes: BTreeSet<KeyScope>, agreement: Option<Id> },
    /// The operator's terminal, which holds the deployment itself.
    Terminal,
}

impl Caller {
    /// The person's id; of a key, that of the person who made it.
    #[must_use]
    pub fn person(&self) -> &str {
        &self.person
    }

    /// The person's name, or the key's.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.by {
            By::Session { .. } | By::Terminal => &self.name,
            By::Key { name, .. } => name,
        }
    }

    /// Whom receipts of idempotent writes belong to.
    #[must_use]
    pub fn principal(&self) -> String {
        match &self.by {
            By::Session { .. } | By::Terminal => format!("person {}", self.person),
            By::Key { id, .. } => format!("key {id}"),
        }
    }

    /// The organisation for which the caller acts; a guest may have none.
    #[must_use]
    pub fn organisation(&self) -> Option<&str> {
        self.organisation.as_deref()
    }

    /// The roles in that organisation.
    #[must_use]
    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }

    /// Whether this person looks after the platform.
    #[must_use]
    pub fn is_platform_administrator(&self) -> bool {
        self.platform && matches!(self.by, By::Session { .. })
    }

    /// Whether a browser's session asks, which must show its CSRF token, and not a key.
    #[must_use]
    pub fn is_session(&self) -> bool {
        matches!(self.by, By::Session { .. })
    }

    /// Until when the session counts as confirmed.
    #[must_use]
    pub fn confirmed_until(&self) -> Option<Timestamp> {
        match &self.by {
            By::Session { confirmed_until, .. } => *confirmed_until,
            By::Key { .. } | By::Terminal => None,
        }
    }

    /// Where the request came from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// As whom the caller acts in a journal.
    pub(super) fn actor(&self, side: Side) -> Actor {
        Actor::of(side, self.name())
    }

    /// What the audit trail calls the caller.
    pub(super) fn audited_as(&self) -> String {
        match &self.by {
            By::Session { .. } | By::Terminal => self.person.clone(),
            By::Key { id, .. } => format!("key {id}"),
        }
    }

    /// Whether a key's scopes allow something; a session has no such bounds.
    pub(super) fn key_allows(&self, operation: Operation) -> bool {
        match &self.by {
            By::Session { .. } | By::Terminal => true,
            By::Key { scopes, .. } => {
                KeyScope::of(operation).is_some_and(|scope| scopes.contains(&scope))
            }
        }
    }

    /// Whether a key reaches an agreement.
    pub(super) fn key_reaches(&self, agreement: &Id) -> bool {
        match &self.by {
            By::Key { agreement: Some(own), .. } => own == agreement,
            _ => true,
        }
    }

    /// Whether something must be confirmed first.
    pub(super) fn must_confirm(&self, operation: Operation, now: Timestamp) -> bool {
        let By::Session { confirmed_until, .. } = &self.by else { return false };
        needs_confirmation(operation) && confirmed_until.is_none_or(|until| until <= now)
    }
}

/// Whether one of the roles may do something.
pub(super) fn any_allows(roles: &BTreeSet<Role>, operation: Operation) -> bool {
    roles.iter().any(|role| allows(*role, operation))
}
