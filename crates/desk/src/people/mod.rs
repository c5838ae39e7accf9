//! Who may do what: organisations, people and their roles, seats at agreements, sessions, keys and
//! what else the faces of a deployment keep about those who use it. Every face that lets people in
//! (HTTP) goes through here; the command line is the operator's and does not.
//!
//! ```text
//! token or key ──> Caller ──enter(agreement, operation)──> Entry ──> Desk::within(&entry)
//! ```
//!
//! A [`Caller`] is who asks, an [`Entry`] is the right to one operation at one agreement, and only
//! this module makes either. Denied by default: what the table in [`role`] does not allow is
//! refused, and an agreement at which the caller has neither seat nor grant does not exist for it.
//! Time comes from the desk's clock. Tokens come from the system's randomness, in rehearsals too;
//! they are kept as SHA-256 only. Passwords and one-time codes never stand in an error or in the
//! audit trail.

mod access;
mod approval;
mod audit;
mod caller;
mod code;
mod credential;
mod error;
mod grant;
mod invitation;
mod key;
mod lock;
mod marker;
mod note;
mod organisation;
mod password;
mod person;
mod playbook;
mod receipt;
pub mod role;
mod row;
mod secret;
mod service;
mod session;
mod setup;
mod sign_in;
mod signing_playbook;

use std::sync::Arc;

use store::Register;
use tokio::sync::{Mutex, OnceCell, Semaphore};
use units::Timestamp;

use crate::desk::Desk;
use crate::world::{Clock, Random, System};

pub(crate) use audit::given_for;
pub(crate) use row::{Kept, Row};

pub use access::{Access, Entry, FoundError, Standing, Way};
pub use approval::{Approval, Approver};
pub use audit::{AuditQuery, AuditView, Outcome};
pub use caller::{Caller, Origin};
pub use code::{CodeSetup, RECOVERY_CODES};
pub use credential::{Credential, Identity};
pub use error::{EnterError, Fault, PeopleError, SignInError};
pub use grant::{GrantView, NewGrant};
pub use invitation::{InvitationText, InvitationView, Invited, Joining, NewInvitation};
pub use key::{KeyScope, KeyView, NewKey};
pub use marker::Read;
pub use note::{NewNote, NoteView};
pub use organisation::{Member, OrganisationView, Seats};
pub use password::{LEAST_PASSWORD, MOST_PASSWORD};
pub use person::{Me, MyChange, NewPerson, PersonView};
pub use playbook::PlaybookError;
pub use receipt::{Answer, Begun, Receipt};
pub use role::{Operation, Role, Visibility, allows, needs_confirmation, shows};
pub use service::{Recipient, SeatedParty};
pub use session::{ABSOLUTE_SECONDS, CONFIRMED_SECONDS, IDLE_SECONDS, SessionView};
pub use setup::Totals;
pub use sign_in::{Method, Proof, SignIn};
pub use signing_playbook::SigningPlaybook;

/// How many passwords are hashed at once: each takes 19 MiB and a core.
const HASHING: usize = 2;

/// The people of a deployment. Cheap to clone.
#[derive(Clone)]
pub struct People {
    /// The operator's desk: it never leaves this module.
    desk: Desk,
    register: Arc<dyn Register>,
    clock: Arc<dyn Clock>,
    secrets: Arc<dyn Random>,
    hashing: Arc<Semaphore>,
    /// The hash that a wrong e-mail is checked against, so that it takes as long as a right one.
    decoy: Arc<OnceCell<String>>,
    /// Who changes the counts of a project; the versions of its row guard them from other
    /// processes.
    pub(crate) counting: Arc<Mutex<()>>,
}

impl People {
    /// The people of an opened deployment.
    #[must_use]
    pub fn of(desk: &Desk) -> Self {
        Self {
            register: Arc::clone(&desk.register),
            clock: Arc::clone(&desk.clock),
            desk: desk.clone(),
            secrets: Arc::new(System),
            hashing: Arc::new(Semaphore::new(HASHING)),
            decoy: Arc::new(OnceCell::new()),
            counting: Arc::new(Mutex::new(())),
        }
    }

    /// The desk as a party to the entry's agreement sees it.
    #[must_use]
    pub fn desk(&self, entry: &Entry) -> Desk {
        self.desk.within(entry)
    }

    /// Now, by the desk's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
