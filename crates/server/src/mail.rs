//! Mail to people, over SMTP, when the operator configured a server.
//!
//! Plain text alone. Addresses and subjects hold no line ends, so that no one smuggles a header or
//! another recipient in. The password is never shown, also not by `Debug`. Knows nothing of why a
//! letter is written.

#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime};

use lettre::message::{Mailbox, SinglePart, header};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use sha2::{Digest as _, Sha256};
use units::Timestamp;
use url::{Host, Url};

/// How long the server may take for each step.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why mail cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The server's address is not `smtps://host` or `smtp://host`, or carries a password.
    #[error("the mail server must be smtps://[name@]host[:port] or smtp://..., without a password")]
    Server,
    /// An address is none, or holds what an address must not.
    #[error("this is no e-mail address that mail can be sent to")]
    Address,
    /// The letter cannot be written.
    #[error("the letter cannot be written")]
    Letter(#[source] lettre::error::Error),
    /// The server refuses the letter for good.
    #[error("the mail server refuses the letter")]
    Refused(#[source] lettre::transport::smtp::Error),
    /// The server was not reached, or asks to come again later.
    #[error("the mail server was not reached")]
    Unreachable(#[source] lettre::transport::smtp::Error),
}

impl MailError {
    /// Whether it may go better later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable(_))
    }
}

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The recipient's address.
    pub to: String,
    /// The subject, one line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// What makes it the same letter when it is sent again.
    pub key: String,
}

/// Sends letters.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").field("from", &self.from.email.to_string()).finish_non_exhaustive()
    }
}

impl Mailer {
    /// A mailer by a server's address. `smtps` is TLS from the first byte (port 465), `smtp` turns
    /// to TLS before anything is said (port 587) and is in clear to this machine only.
    ///
    /// # Errors
    /// [`MailError::Server`] and, for `from`, [`MailError::Address`].
    pub fn new(server: &str, from: &str, password: Option<String>) -> Result<Self, MailError> {
        let url = Url::parse(server).map_err(|_| MailError::Server)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(MailError::Server)?;
        let plain = url.password().is_none()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none();
        if !plain {
            return Err(MailError::Server);
        }
        let tls = || TlsParameters::new(host.to_owned()).map_err(|_| MailError::Server);
        let (tls, port) = match url.scheme() {
            "smtps" => (Tls::Wrapper(tls()?), 465),
            "smtp" if is_loopback(host) => (Tls::None, 25),
            "smtp" => (Tls::Required(tls()?), 587),
            _ => return Err(MailError::Server),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(url.port().unwrap_or(port))
            .tls(tls)
            .timeout(Some(PATIENCE));
        if !url.username().is_empty() {
            // The name stands in an address, where `@` is written `%40`.
            let name = percent_decoded(url.username()).ok_or(MailError::Server)?;
            builder = builder.credentials(Credentials::new(name, password.unwrap_or_default()));
        }
        let from = Mailbox::new(Some("Tallystick".to_owned()), address(from)?);
        Ok(Self { transport: builder.build(), from })
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// When the address is refused, or the server does not take the letter.
    pub async fn send(&self, letter: &Letter, at: Timestamp) -> Result<(), MailError> {
        let message = self.message(letter, at)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Refused(error)),
            Err(error) => Err(MailError::Unreachable(error)),
        }
    }

    fn message(&self, letter: &Letter, at: Timestamp) -> Result<Message, MailError> {
        let micros = u64::try_from(at.micros()).unwrap_or(0);
        let id = hex::encode(&Sha256::digest(format!("{}\n{}", letter.to, letter.key))[..16]);
        let text = SinglePart::builder().header(header::ContentType::TEXT_PLAIN);
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address(&letter.to)?))
            .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .subject(one_line(&letter.subject))
            // RFC 3834: nobody's holiday notice answers this.
            .header(AutoSubmitted)
            .singlepart(text.body(letter.text.clone()))
            .map_err(MailError::Letter)
    }
}

/// Says that a program wrote the letter.
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// An address that mail can be sent to: printable ASCII without what has a meaning in a header or
/// in SMTP, one `@`, a host with a dot or `localhost`.
///
/// # Errors
/// [`MailError::Address`].
pub fn address(text: &str) -> Result<Address, MailError> {
    let odd = |c: char| !c.is_ascii_graphic() || "<>()[]\\,;:\"'`%|&$".contains(c);
    let (_, host) = text.rsplit_once('@').ok_or(MailError::Address)?;
    let known = host == "localhost" || (host.contains('.') && !host.ends_with('.'));
    if text.len() > 254 || text.starts_with('-') || text.chars().any(odd) || !known {
        return Err(MailError::Address);
    }
    text.parse().map_err(|_| MailError::Address)
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

fn is_loopback(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Ok(Host::Domain(name)) => name == "localhost",
        Err(_) => false,
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let pairs = format!("x={}", text.replace('+', "%2B"));
    let decoded = url::form_urlencoded::parse(pairs.as_bytes()).next()?.1.into_owned();
    decoded.chars().all(|c| !c.is_control()).then_some(decoded)
}
