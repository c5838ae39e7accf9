//! People, roles and the way into an agreement, on real stores: a host whose first person looks
//! after the platform, and organisations that came by invitation.

mod doors;
mod guests;
mod keys;
mod parties;
mod table;

use std::collections::BTreeSet;
use std::sync::Arc;

use contract::terms::{Agreement, Side};
use desk::files::Settings;
use desk::people::{
    Caller, EnterError, Joining, NewInvitation, NewPerson, Operation, Origin, People, Role, SignIn,
};
use desk::world::{Clock as _, ManualClock, Rehearsal};
use desk::{Desk, Parts};
use journal::{KeyType, SignerKey};
use store::{Shelf, Sqlite};
use units::{Id, Timestamp};

use crate::scene::{at, id, terms};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A deployment in a folder of its own, whose clock stands.
pub(crate) struct House {
    _folder: tempfile::TempDir,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) desk: Desk,
    pub(crate) people: People,
}

pub(crate) fn origin() -> Origin {
    let agent = "test".to_owned();
    Origin { address: "192.0.2.7".to_owned(), agent, request: "r-1".to_owned() }
}

pub(crate) fn from(address: &str) -> Origin {
    Origin { address: address.to_owned(), ..origin() }
}

pub(crate) fn person(name: &str) -> NewPerson {
    NewPerson {
        name: name.to_owned(),
        email: format!("{name}@example.com"),
        password: PASSWORD.to_owned(),
        lang: "zh".to_owned(),
    }
}

pub(crate) fn named(kind: &str, name: &str) -> Agreement {
    Agreement { id: id(name), ..terms(kind) }
}

pub(crate) fn roles(all: &[Role]) -> BTreeSet<Role> {
    all.iter().copied().collect()
}

/// How an entry ended: `ok`, or the code of the refusal.
pub(crate) fn ended<T>(answer: &Result<T, EnterError>) -> &'static str {
    answer.as_ref().map_or_else(EnterError::code, |_| "ok")
}

impl House {
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = Arc::new(Sqlite::open(&folder.path().join("tally.db")).await.expect("opens"));
        let clock = Arc::new(ManualClock::new(at("2026-04-01T01:00:00Z")));
        let settings = Settings {
            format: "tallystick.deployment/1".to_owned(),
            name: "house".to_owned(),
            rehearsal: true,
        };
        let desk = Desk::of(Parts {
            store: rows.clone(),
            objects: Arc::new(Shelf::memory(1 << 30)),
            register: rows,
            clock: clock.clone(),
            random: Arc::new(Rehearsal::new([7; 32])),
            key: SignerKey::new("house", KeyType::Note, &[9; 32]).expect("a plain name"),
            settings,
        });
        let people = People::of(&desk);
        Self { _folder: folder, clock, desk, people }
    }

    /// A house with its first person, `host`, who looks after the platform.
    pub(crate) async fn hosted() -> (Self, Caller) {
        let house = Self::empty().await;
        let token = house.people.setup_token().await.expect("nobody is here");
        let token = house.people.set_up(&token, "Host", &person("host"), &origin()).await;
        let host = house.caller(&token.expect("the token is right")).await;
        (house, host)
    }

    pub(crate) async fn caller(&self, token: &str) -> Caller {
        let caller = self.people.caller(token, &origin()).await.expect("the register works");
        caller.expect("a session")
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.set(self.clock.now().plus_seconds(seconds));
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) async fn sign_in(&self, name: &str) -> String {
        let email = format!("{name}@example.com");
        let signed = self.people.sign_in(&email, PASSWORD, &origin()).await;
        match signed.expect("the password is right") {
            SignIn::Whole { token } => token,
            SignIn::CodeNeeded { .. } => unreachable!("codes are off"),
        }
    }

    pub(crate) async fn session(&self, name: &str) -> Caller {
        self.caller(&self.sign_in(name).await).await
    }

    /// A person of the caller's organisation.
    pub(crate) async fn member(&self, by: &Caller, name: &str, all: &[Role]) -> Caller {
        let new = NewInvitation { roles: roles(all), ..NewInvitation::default() };
        self.accepted(by, &new, name, None).await
    }

    /// A guest of the caller's side.
    pub(crate) async fn guest(
        &self,
        by: &Caller,
        agreement: &Id,
        name: &str,
        all: &[Role],
        until: Option<Timestamp>,
    ) -> Caller {
        let agreement = Some(agreement.clone());
        let new = NewInvitation { roles: roles(all), agreement, until, ..Default::default() };
        self.accepted(by, &new, name, None).await
    }

    /// The founder of an organisation that takes a seat opposite the caller's.
    pub(crate) async fn counterparty(
        &self,
        by: &Caller,
        agreement: &Id,
        side: Side,
        name: &str,
    ) -> Caller {
        let agreement = Some(agreement.clone());
        let new = NewInvitation { agreement, side: Some(side), ..Default::default() };
        self.accepted(by, &new, name, Some(name)).await
    }

    async fn accepted(
        &self,
        by: &Caller,
        new: &NewInvitation,
        name: &str,
        organisation: Option<&str>,
    ) -> Caller {
        let invited = self.people.invite(by, new).await.expect("may invite");
        let joining =
            Joining { organisation: organisation.map(str::to_owned), person: Some(person(name)) };
        let token = self.people.accept(&invited.token, None, &joining, &origin()).await;
        self.caller(&token.expect("accepts").expect("signs in")).await
    }

    /// Another organisation, with its founder: it came to an agreement with the host.
    pub(crate) async fn organisation(&self, host: &Caller, name: &str) -> Caller {
        let agreement = named("lease", &format!("host-{name}"));
        self.people.found(host, &agreement, Side::Vendor, None).await.expect("founds");
        self.counterparty(host, &agreement.id, Side::Customer, name).await
    }

    pub(crate) async fn enters(
        &self,
        caller: &Caller,
        agreement: &Id,
        operation: Operation,
    ) -> &'static str {
        ended(&self.people.enter(caller, agreement, operation).await)
    }
}
