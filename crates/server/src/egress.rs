//! Requests to addresses that somebody else chose: receivers of webhooks, sign-in providers,
//! language models.
//!
//! Decides where such a request may go (docs/decisions/0012-egress.md): `https` only, ports 443
//! and from 1024, no name or password in the address, public addresses only. A name is resolved
//! once, every address it gave is checked, and the connection is made to exactly those; redirects
//! are not followed and the environment's proxy is not used. Knows nothing of what is sent.

mod ranges;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use reqwest::dns::{Addrs, Name, Resolving};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode, redirect};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use url::{Host, Url};

pub use ranges::not_public;

/// How long a request may take, from the first packet to the last byte of the answer.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// The longest address that is taken, in bytes.
pub const MAX_URL_BYTES: usize = 2048;

/// Where requests may go.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Every host may be at a private address, and `http` may be spoken to this machine. The
    /// operator's switch for deployments inside a company and for tests.
    pub private: bool,
    /// Hosts that the operator named: they may be at a private address.
    pub named: BTreeSet<String>,
}

/// Why an address was refused, or a request failed.
#[derive(Debug, thiserror::Error)]
pub enum EgressError {
    /// The text is no address.
    #[error("this is not a web address")]
    Malformed,
    /// Neither `https` nor, where it is allowed, `http` to this machine.
    #[error("only https is spoken, not {scheme}")]
    Scheme {
        /// What was asked for.
        scheme: String,
    },
    /// The address carries a name or a password.
    #[error("an address must not carry a name or a password")]
    UserInfo,
    /// A port that belongs to another service.
    #[error("port {port} is not allowed: 443, or 1024 and above")]
    Port {
        /// The port.
        port: u16,
    },
    /// The host is in a range that is not public.
    #[error("the address is not public: {range}")]
    NotPublic {
        /// The name of the range.
        range: &'static str,
    },
    /// The name was not found.
    #[error("the name was not found")]
    Unresolved,
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// No connection, or no trust in the certificate.
    #[error("no connection")]
    Connect(#[source] reqwest::Error),
    /// The connection broke off, or the answer was not HTTP.
    #[error("the exchange broke off")]
    Broken(#[source] reqwest::Error),
    /// The answer is longer than the reader takes.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// The most bytes that were taken.
        limit: usize,
    },
}

impl EgressError {
    /// A stable code, such as `address_not_public`; it holds nothing that the other side sent.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "address_malformed",
            Self::Scheme { .. } => "address_scheme",
            Self::UserInfo => "address_user_info",
            Self::Port { .. } => "address_port",
            Self::NotPublic { .. } => "address_not_public",
            Self::Unresolved => "name_not_found",
            Self::Timeout => "timeout",
            Self::Connect(_) => "connect",
            Self::Broken(_) => "broken",
            Self::TooLong { .. } => "answer_too_long",
        }
    }
}

/// A file of certificates cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the certificates cannot be read")]
pub struct AuthoritiesError;

/// Reads certificate authorities from a PEM file; none at all is an error.
///
/// # Errors
/// [`AuthoritiesError`].
pub fn authorities(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, AuthoritiesError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    read.ok().filter(|all| !all.is_empty()).ok_or(AuthoritiesError)
}

/// Gives the addresses of a name.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// Every address of a name; empty when there is none.
    async fn addresses(&self, host: &str, port: u16) -> Vec<SocketAddr>;
}

/// The machine's own resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolve for SystemResolver {
    async fn addresses(&self, host: &str, port: u16) -> Vec<SocketAddr> {
        tokio::net::lookup_host((host, port)).await.map_or_else(|_| Vec::new(), Iterator::collect)
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The method.
    pub method: Method,
    /// Where to, as [`Egress::admit`] gave it.
    pub url: Url,
    /// Headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// The most bytes of the answer's body.
    pub limit: usize,
    /// Whether a longer answer is an error; else it is cut.
    pub whole: bool,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The body, at most the asked number of bytes.
    pub body: Vec<u8>,
}

/// Makes requests under rules.
#[derive(Clone)]
pub struct Egress {
    resolver: Arc<dyn Resolve>,
    tls: rustls::ClientConfig,
    rules: Rules,
}

impl Egress {
    /// Requests under these rules, with the machine's resolver. `extra` are certificate
    /// authorities that are trusted beside the public ones.
    ///
    /// # Panics
    /// Never: the protocol versions are those of the provider.
    #[must_use]
    pub fn new(rules: Rules, extra: &[CertificateDer<'_>]) -> Self {
        Self::with_resolver(rules, extra, Arc::new(SystemResolver))
    }

    /// As [`Egress::new`], with another resolver.
    ///
    /// # Panics
    /// Never: the protocol versions are those of the provider.
    #[must_use]
    pub fn with_resolver(
        rules: Rules,
        extra: &[CertificateDer<'_>],
        resolver: Arc<dyn Resolve>,
    ) -> Self {
        let mut roots = rustls::RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        roots.add_parsable_certificates(extra.iter().map(|one| one.clone().into_owned()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring speaks TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { resolver, tls, rules }
    }

    /// Reads an address that somebody chose. Names are not resolved here, so an address that is
    /// admitted may still be refused when it is used.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn admit(&self, text: &str) -> Result<Url, EgressError> {
        if text.len() > MAX_URL_BYTES || text.chars().any(|c| c.is_control() || c == ' ') {
            return Err(EgressError::Malformed);
        }
        let url = Url::parse(text).map_err(|_| EgressError::Malformed)?;
        self.check(&url)?;
        Ok(url)
    }

    fn check(&self, url: &Url) -> Result<(), EgressError> {
        let host = url.host().ok_or(EgressError::Malformed)?;
        let private = self.may_be_private(url);
        match url.scheme() {
            "https" => {}
            "http" if private && is_loopback(&host) => {}
            scheme => return Err(EgressError::Scheme { scheme: scheme.to_owned() }),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EgressError::UserInfo);
        }
        let port = url.port_or_known_default().ok_or(EgressError::Malformed)?;
        match port {
            443 | 1024.. => {}
            80 if private => {}
            port => return Err(EgressError::Port { port }),
        }
        match host {
            Host::Ipv4(address) if !private => refuse(IpAddr::V4(address)),
            Host::Ipv6(address) if !private => refuse(IpAddr::V6(address)),
            Host::Domain(name) if !private && is_local_name(name) => {
                Err(EgressError::NotPublic { range: "a name of this machine" })
            }
            _ => Ok(()),
        }
    }

    fn may_be_private(&self, url: &Url) -> bool {
        self.rules.private || url.host_str().is_some_and(|host| self.rules.named.contains(host))
    }

    /// The addresses of a host, resolved once and every one of them checked.
    async fn resolve(&self, url: &Url) -> Result<Vec<SocketAddr>, EgressError> {
        let port = url.port_or_known_default().ok_or(EgressError::Malformed)?;
        let addresses = match url.host().ok_or(EgressError::Malformed)? {
            Host::Ipv4(address) => vec![SocketAddr::new(IpAddr::V4(address), port)],
            Host::Ipv6(address) => vec![SocketAddr::new(IpAddr::V6(address), port)],
            Host::Domain(name) => self.resolver.addresses(name, port).await,
        };
        if addresses.is_empty() {
            return Err(EgressError::Unresolved);
        }
        if !self.may_be_private(url) {
            addresses.iter().try_for_each(|address| refuse(address.ip()))?;
        }
        Ok(addresses)
    }

    /// Asks and reads the answer.
    ///
    /// # Errors
    /// Why the address was refused, or what failed. An answer of any status is an answer.
    pub async fn ask(&self, question: Question) -> Result<Answer, EgressError> {
        self.ask_within(question, TIMEOUT).await
    }

    /// As [`Egress::ask`], of somebody who may take another time.
    ///
    /// # Errors
    /// As [`Egress::ask`].
    pub async fn ask_within(
        &self,
        question: Question,
        within: Duration,
    ) -> Result<Answer, EgressError> {
        self.check(&question.url)?;
        let asked = tokio::time::timeout(within, self.exchange(question)).await;
        asked.unwrap_or(Err(EgressError::Timeout))
    }

    async fn exchange(&self, question: Question) -> Result<Answer, EgressError> {
        let addresses = self.resolve(&question.url).await?;
        let host = question.url.host_str().unwrap_or_default().to_owned();
        let client = Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .dns_resolver(Arc::new(Pinned { host, addresses }))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .pool_max_idle_per_host(0)
            .user_agent(concat!("Tallystick/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(EgressError::Connect)?;
        let request = client.request(question.method, question.url);
        let sent = request.headers(question.headers).body(question.body).send().await;
        let response = sent.map_err(failed)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        let mut stream = response.bytes_stream();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(failed)?;
            let room = question.limit - body.len();
            if piece.len() > room {
                if question.whole {
                    return Err(EgressError::TooLong { limit: question.limit });
                }
                body.extend_from_slice(&piece[..room]);
                break;
            }
            body.extend_from_slice(&piece);
        }
        Ok(Answer { status, headers, body })
    }
}

/// Answers for one host with the addresses that were checked, and for no other.
struct Pinned {
    host: String,
    addresses: Vec<SocketAddr>,
}

impl reqwest::dns::Resolve for Pinned {
    fn resolve(&self, name: Name) -> Resolving {
        let known = name.as_str().eq_ignore_ascii_case(&self.host);
        let addresses = if known { self.addresses.clone() } else { Vec::new() };
        Box::pin(std::future::ready(Ok(Box::new(addresses.into_iter()) as Addrs)))
    }
}

fn failed(error: reqwest::Error) -> EgressError {
    if error.is_timeout() {
        EgressError::Timeout
    } else if error.is_connect() {
        EgressError::Connect(error)
    } else {
        EgressError::Broken(error)
    }
}

fn refuse(address: IpAddr) -> Result<(), EgressError> {
    not_public(address).map_or(Ok(()), |range| Err(EgressError::NotPublic { range }))
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
    }
}

/// Names that never mean a host of the public network (RFC 6761, RFC 6762, RFC 9476).
fn is_local_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or(name);
    !name.contains('.')
        || ["localhost", "local", "internal", "alt", "test", "invalid", "example"]
            .iter()
            .any(|own| last.eq_ignore_ascii_case(own))
}
