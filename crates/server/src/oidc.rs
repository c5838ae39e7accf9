//! Signing in through a provider that the operator configured (OpenID Connect).
//!
//! Authorisation code with PKCE, nonce and state. A flow's state stays here, is bound to the
//! browser that began it by a cookie, is used once and ends after ten minutes. Says who the
//! provider says it is; which person that is, is decided where people are kept.

mod config;
mod return_path;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, SignatureVerificationError,
    TokenResponse as _,
};
use sha2::{Digest as _, Sha256};
use units::Timestamp;
use url::Url;

pub use config::{ConfigError, Provider, read};
pub use return_path::safe_path;

use crate::egress::{Egress, EgressError, Question, Rules};

/// How long signing in at the provider may take, in seconds.
pub const FLOW_SECONDS: i64 = 600;

/// The most flows that are open at once; the oldest gives way.
const MAX_OPEN: usize = 10_000;

/// How long what a provider says of itself is kept, in seconds.
const DISCOVERY_SECONDS: i64 = 3_600;

/// The least time between two readings of a provider's keys, in seconds.
const REFRESH_SECONDS: i64 = 60;

/// The largest answer of a provider, in bytes.
const MAX_ANSWER: usize = 1 << 20;

/// Signatures that hold: by a key of the provider alone, never by a secret that we share with it.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 7] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why signing in through a provider failed.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// There is no provider of this id.
    #[error("there is no such provider")]
    UnknownProvider,
    /// The flow is over, was used, or was begun in another browser.
    #[error("this sign-in is over")]
    Over,
    /// The provider refused: the person pressed cancel, or may not sign in here.
    #[error("the provider refused: {code}")]
    Denied {
        /// The provider's code, cut to what the specification lets it be.
        code: String,
    },
    /// The provider was not reached, or said what is not OpenID Connect.
    #[error("the provider does not answer as it should: {at}")]
    Provider {
        /// At which step.
        at: &'static str,
        /// For the log.
        cause: String,
    },
    /// What the provider signed does not hold.
    #[error("the provider's answer does not hold")]
    Token {
        /// For the log.
        cause: String,
    },
}

impl OidcError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownProvider => "not_found",
            Self::Over => "sign_in_over",
            Self::Denied { .. } => "provider_denied",
            Self::Provider { .. } => "provider_unreachable",
            Self::Token { .. } => "provider_token",
        }
    }
}

/// Who the provider says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The provider's id here.
    pub provider: String,
    /// The provider's address; with the subject it names an identity for ever.
    pub issuer: String,
    /// The provider's name of the person.
    pub subject: String,
    /// The e-mail, when the provider vouches for it.
    pub verified_email: Option<String>,
    /// Who is signed in here already and links the identity.
    pub linking: Option<String>,
    /// Where the person wanted to go, as [`safe_path`] gave it.
    pub return_path: String,
}

/// What begins a flow.
#[derive(Debug, Clone)]
pub struct Started {
    /// Where the browser goes.
    pub url: Url,
    /// What the browser is to keep in a cookie until it returns.
    pub browser: String,
}

struct Flow {
    since: Timestamp,
    provider: String,
    browser: [u8; 32],
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    linking: Option<String>,
    return_path: String,
}

#[derive(Default)]
struct Known {
    read: Option<(Timestamp, CoreProviderMetadata)>,
}

struct Place {
    provider: Provider,
    egress: Egress,
    known: tokio::sync::Mutex<Known>,
}

/// The providers of a deployment and the flows that are open.
pub struct Oidc {
    places: BTreeMap<String, Place>,
    origin: Url,
    flows: Mutex<BTreeMap<String, Flow>>,
}

impl Oidc {
    /// Sign-in for the deployment at an address. `egress` gives each provider the way to it; the
    /// host of its issuer may be at a private address, since the operator named it.
    #[must_use]
    pub fn new(origin: Url, providers: Vec<Provider>, egress: impl Fn(Rules) -> Egress) -> Self {
        let place = |provider: Provider| {
            let issuer = Url::parse(&provider.issuer).ok();
            let host = issuer.and_then(|url| url.host_str().map(str::to_owned));
            let rules = Rules { private: false, named: host.into_iter().collect() };
            let known = tokio::sync::Mutex::new(Known::default());
            (provider.id.clone(), Place { provider, egress: egress(rules), known })
        };
        let places = providers.into_iter().map(place).collect();
        Self { places, origin, flows: Mutex::new(BTreeMap::new()) }
    }

    /// The providers: id and name.
    pub fn providers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.places.values().map(|place| (&*place.provider.id, &*place.provider.name))
    }

    /// Begins: where to send the browser. `random` is three times 32 random bytes; `linking` is
    /// the signed-in person who adds the identity to the own account.
    ///
    /// # Errors
    /// When there is no such provider, or it does not answer.
    pub async fn start(
        &self,
        provider: &str,
        return_path: &str,
        linking: Option<String>,
        random: [[u8; 32]; 3],
        now: Timestamp,
    ) -> Result<Started, OidcError> {
        let place = self.places.get(provider).ok_or(OidcError::UnknownProvider)?;
        let client = self.client(place, now, false).await?;
        let [state, nonce, secret] = random.map(hex::encode);
        // The browser's value and the verifier both come from the third secret, apart by a label.
        let browser = hex::encode(Sha256::digest(format!("browser\n{secret}")));
        let verifier = PkceCodeVerifier::new(hex::encode(Sha256::digest(secret)));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let (csrf, nonce) = (CsrfToken::new(state.clone()), Nonce::new(nonce));
        let flow = Flow {
            since: now,
            provider: provider.to_owned(),
            browser: Sha256::digest(&browser).into(),
            nonce: nonce.clone(),
            verifier,
            linking,
            return_path: safe_path(return_path).to_owned(),
        };
        let asked = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || csrf,
            move || nonce,
        );
        let scopes = place.provider.scopes.iter().cloned().map(Scope::new);
        let (url, _, _) = asked.add_scopes(scopes).set_pkce_challenge(challenge).url();
        self.keep(state, flow);
        Ok(Started { url, browser })
    }

    /// Ends: the browser came back with a code and the value that it kept.
    ///
    /// # Errors
    /// When the flow is over or another browser's, the provider does not answer, or what it signed
    /// does not hold.
    pub async fn finish(
        &self,
        provider: &str,
        answer: Result<&str, &str>,
        state: &str,
        browser: &str,
        now: Timestamp,
    ) -> Result<Claimed, OidcError> {
        let flow = self.take(provider, state, browser, now)?;
        let code = answer.map_err(|code| OidcError::Denied { code: plain_code(code) })?;
        let place = self.places.get(provider).ok_or(OidcError::UnknownProvider)?;
        let client = self.client(place, now, false).await?;
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| at("token endpoint")(&error))?
            .set_pkce_verifier(flow.verifier);
        let ask = http(&place.egress);
        let answer = request.request_async(&ask).await.map_err(|error| at("token")(&error))?;
        let token = answer.id_token().ok_or_else(|| OidcError::Token {
            cause: "the answer holds no identity token".to_owned(),
        })?;
        let claims = match claims(&client, token, &flow.nonce, now) {
            Err(Unproven::UnknownKey) => {
                // The provider may have taken a new key since its keys were read.
                let client = self.client(place, now, true).await?;
                claims(&client, token, &flow.nonce, now)
            }
            other => other,
        };
        let (subject, verified_email) =
            claims.map_err(|error| OidcError::Token { cause: error.to_string() })?;
        Ok(Claimed {
            provider: provider.to_owned(),
            issuer: place.provider.issuer.clone(),
            subject,
            verified_email,
            linking: flow.linking,
            return_path: flow.return_path,
        })
    }

    /// The client of a provider, by what it says of itself, read anew when that is old or, with
    /// `again`, when it may have changed.
    async fn client(
        &self,
        place: &Place,
        now: Timestamp,
        again: bool,
    ) -> Result<Client, OidcError> {
        let provider = &place.provider;
        let mut known = place.known.lock().await;
        let age = known.read.as_ref().map(|(since, _)| now.seconds_since(*since));
        let limit = if again { REFRESH_SECONDS } else { DISCOVERY_SECONDS };
        if age.is_none_or(|age| age >= limit || age < 0) {
            let issuer = IssuerUrl::new(provider.issuer.clone());
            let issuer = issuer.map_err(|error| at("issuer")(&error))?;
            let ask = http(&place.egress);
            let read = CoreProviderMetadata::discover_async(issuer, &ask).await;
            known.read = Some((now, read.map_err(|error| at("discovery")(&error))?));
        }
        let (_, metadata) = known.read.as_ref().expect("read above when there was none");
        let back = format!("/api/v1/oidc/{}/callback", provider.id);
        let back = self.origin.join(&back).map_err(|error| at("own address")(&error))?;
        let secret = provider.client_secret.clone().map(ClientSecret::new);
        let id = ClientId::new(provider.client_id.clone());
        let client = CoreClient::from_provider_metadata(metadata.clone(), id, secret);
        Ok(client.set_redirect_uri(RedirectUrl::from_url(back)))
    }

    fn keep(&self, state: String, flow: Flow) {
        let mut flows = self.flows.lock().unwrap_or_else(PoisonError::into_inner);
        flows.retain(|_, kept| flow.since.seconds_since(kept.since) < FLOW_SECONDS);
        if flows.len() >= MAX_OPEN {
            let oldest = flows.iter().min_by_key(|(_, flow)| flow.since).map(|(id, _)| id.clone());
            oldest.and_then(|state| flows.remove(&state));
        }
        flows.insert(state, flow);
    }

    /// Another browser's attempt does not end the flow of the one that began it.
    fn take(
        &self,
        provider: &str,
        state: &str,
        browser: &str,
        now: Timestamp,
    ) -> Result<Flow, OidcError> {
        let browser: [u8; 32] = Sha256::digest(browser).into();
        let mut flows = self.flows.lock().unwrap_or_else(PoisonError::into_inner);
        let flow = flows.get(state).ok_or(OidcError::Over)?;
        if flow.provider != provider || flow.browser != browser {
            return Err(OidcError::Over);
        }
        let flow = flows.remove(state).ok_or(OidcError::Over)?;
        if now.seconds_since(flow.since) < FLOW_SECONDS { Ok(flow) } else { Err(OidcError::Over) }
    }
}

#[derive(Debug, thiserror::Error)]
enum Unproven {
    #[error("no key of the provider fits")]
    UnknownKey,
    #[error("{0}")]
    Other(String),
}

/// The subject, and the e-mail where the provider vouches for it.
fn claims(
    client: &Client,
    token: &CoreIdToken,
    nonce: &Nonce,
    now: Timestamp,
) -> Result<(String, Option<String>), Unproven> {
    let micros = u64::try_from(now.micros()).unwrap_or(0);
    let instant = SystemTime::UNIX_EPOCH + Duration::from_micros(micros);
    let verifier =
        client.id_token_verifier().set_allowed_algs(ALGORITHMS).set_time_fn(move || instant.into());
    let claims = token.claims(&verifier, nonce).map_err(|error| match error {
        ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey,
        ) => Unproven::UnknownKey,
        other => Unproven::Other(other.to_string()),
    })?;
    let verified = claims.email_verified() == Some(true);
    let email = claims.email().filter(|_| verified).map(|email| email.as_str().to_owned());
    Ok((claims.subject().as_str().to_owned(), email))
}

/// A request of the library that is under way.
type Asked = BoxFuture<'static, Result<HttpResponse, EgressError>>;

/// The library's requests, made by our egress.
fn http(egress: &Egress) -> impl Fn(HttpRequest) -> Asked {
    let egress = Arc::new(egress.clone());
    move |request: HttpRequest| {
        let egress = Arc::clone(&egress);
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let url = egress.admit(&head.uri.to_string())?;
            let (method, headers) = (head.method, head.headers);
            let question = Question { method, url, headers, body, limit: MAX_ANSWER, whole: true };
            let answer = egress.ask(question).await?;
            let mut response = HttpResponse::new(answer.body);
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            Ok(response)
        })
    }
}

fn at<E: std::error::Error>(at: &'static str) -> impl Fn(&E) -> OidcError {
    move |error| {
        let mut cause = error.to_string();
        let mut next = error.source();
        while let Some(source) = next {
            cause = format!("{cause}: {source}");
            next = source.source();
        }
        OidcError::Provider { at, cause }
    }
}

/// A provider's error code: RFC 6749 lets it be printable ASCII without quotes.
fn plain_code(code: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '_' || *c == '-';
    code.chars().filter(plain).take(40).collect()
}
