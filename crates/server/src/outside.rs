//! What the service does with the world outside: webhooks, letters, passkeys, sign-in providers.
//! Set up once over a deployment; its work starts and stops with the service.

use std::sync::Arc;
use std::time::Duration;

use desk::Desk;
use desk::people::People;
use desk::world::{Clock, NoRandomness, Random as _, System};
use rustls::pki_types::CertificateDer;
use url::Url;

use crate::app::App;
use crate::egress::{Egress, Rules};
use crate::mail::Mailer;
use crate::model::Model;
use crate::notices::{Standing, Teller};
use crate::oidc::{Oidc, Provider};
use crate::passkeys::{PasskeyError, Passkeys};
use crate::webhooks::Hooks;

/// How often it is looked for what waits for people.
const NOTICES: Duration = Duration::from_secs(60);

/// How the service meets the world outside.
#[derive(Clone, Default)]
pub struct Outside {
    /// Whether webhooks may go to private addresses, and over `http` to this machine.
    pub private_addresses: bool,
    /// Certificate authorities that are trusted beside the public ones.
    pub authorities: Vec<CertificateDer<'static>>,
    /// Sign-in providers.
    pub providers: Vec<Provider>,
    /// Sends letters, where a mail server is configured.
    pub mailer: Option<Mailer>,
    /// The language model that may propose beside a review, where one is named.
    pub model: Option<Model>,
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outside")
            .field("private_addresses", &self.private_addresses)
            .field("authorities", &self.authorities.len())
            .field("providers", &self.providers.len())
            .field("mailer", &self.mailer)
            .field("model", &self.model)
            .finish()
    }
}

/// What [`Outside`] became over a deployment.
pub(crate) struct Services {
    pub(crate) hooks: Arc<Hooks>,
    pub(crate) oidc: Oidc,
    pub(crate) model: Option<Model>,
    passkeys: Option<Passkeys>,
    teller: Teller,
}

impl Services {
    pub(crate) fn new(desk: &Desk, origin: &Url, outside: Outside) -> Self {
        let Outside { private_addresses, authorities, providers, mailer, model } = outside;
        let people = People::of(desk);
        let rules = Rules { private: private_addresses, ..Rules::default() };
        let own = origin.origin().ascii_serialization();
        let clock: Arc<dyn Clock> = Arc::clone(&desk.clock);
        // Keys and ids that must not be guessed, in a rehearsal too.
        let world = (Arc::clone(&clock), Arc::new(System) as _);
        let hooks = Arc::new(Hooks::new(
            Arc::clone(&desk.store),
            people.register(),
            Arc::new(people.clone()),
            world,
            Egress::new(rules, &authorities),
            own.clone(),
        ));
        let teller = Teller::new(people, clock, Arc::clone(&hooks), mailer, own);
        let oidc = Oidc::new(origin.clone(), providers, |rules| Egress::new(rules, &authorities));
        Self { hooks, oidc, model, passkeys: Passkeys::new(origin).ok(), teller }
    }

    /// The passkeys of the deployment; at a numeric address there are none.
    pub(crate) fn passkeys(&self) -> Result<&Passkeys, PasskeyError> {
        self.passkeys.as_ref().ok_or(PasskeyError::NoName)
    }
}

/// 32 bytes that nobody can guess.
pub(crate) fn random() -> Result<[u8; 32], NoRandomness> {
    System.bytes()
}

/// Works until the service stops.
pub(crate) async fn run(app: App) {
    let hooks = Arc::clone(&app.services.hooks);
    tokio::join!(hooks.run(app.stopping(), app.vault.changes()), tell(&app));
}

async fn tell(app: &App) {
    let mut stopping = app.stopping();
    loop {
        tokio::select! {
            () = tokio::time::sleep(NOTICES) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        let (now, mut standing) = (app.vault.now(), Vec::new());
        let seen = app.vault.every_book(|book| standing.extend(Standing::of(&book.state, now)));
        if let Err(error) = seen.await {
            tracing::warn!(error = &error as &dyn std::error::Error, "what waits was not seen");
            continue;
        }
        if let Err(error) = app.services.teller.round(&standing).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "what waits was not told");
        }
    }
}
