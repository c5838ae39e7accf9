//! A language model behind an OpenAI-compatible endpoint that the operator named: the one place
//! from which the text of a document leaves the deployment. There is none unless it was named.
//!
//! Decides where the question goes (through [`crate::egress`]: pinned address, no redirect), how
//! long it may take and how many run at once. Whether a document may be sent is decided before, by
//! its customer's agreement; what of the answer is shown, by `review::proposal`. The key stands in
//! no error and no log. Clause: pb-02.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use review::Proposals;
use review::proposal::{AnswerError, AskError, MAX_BYTES, Question};
use rustls::pki_types::CertificateDer;
use tokio::sync::Semaphore;
use units::Lang;
use url::Url;

use crate::egress::{self, Egress, EgressError, Rules};

/// How long a model may take where nothing else was said.
pub const WITHIN: Duration = Duration::from_secs(60);

/// Questions that are under way at once; one more is refused.
const AT_ONCE: usize = 4;

/// The longest name of a model, in bytes.
const MAX_NAME: usize = 200;

/// How an endpoint is reached.
#[derive(Default)]
pub struct Settings {
    /// The base address, such as `https://models.acme.com/v1`.
    pub address: String,
    /// The name of the model.
    pub name: String,
    /// The key, where the endpoint wants one.
    pub key: Option<String>,
    /// Whether it may be at a private address, and over `http` on this machine.
    pub private: bool,
    /// Certificate authorities that are trusted beside the public ones.
    pub authorities: Vec<CertificateDer<'static>>,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// Nothing may be sent to the address.
    #[error(transparent)]
    Address(EgressError),
    /// The name is empty, too long or no plain text.
    #[error("the name of the language model is 1 to {MAX_NAME} plain characters")]
    Name,
    /// The key cannot stand in a header.
    #[error("the key of the language model is empty or holds characters that no header takes")]
    Key,
}

/// Why a model proposed nothing.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The document cannot be put to a model.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// As many questions as may are under way.
    #[error("{AT_ONCE} questions are under way")]
    Busy,
    /// No answer came.
    #[error("the endpoint gave no answer")]
    Unreachable(#[source] EgressError),
    /// The endpoint points elsewhere; nobody goes there.
    #[error("the endpoint redirects")]
    Redirect,
    /// The endpoint does not take the key.
    #[error("the endpoint does not take the key")]
    Key {
        /// 401 or 403.
        status: u16,
    },
    /// Another answer than success.
    #[error("the endpoint answered {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// The answer cannot be used.
    #[error(transparent)]
    Answer(#[from] AnswerError),
}

impl ModelError {
    /// A stable code; it holds nothing that the other side sent.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ask(AskError::TooLong { .. }) => "document_too_long",
            Self::Ask(AskError::Empty) => "document_empty",
            Self::Busy => "busy",
            Self::Unreachable(error) => error.code(),
            Self::Redirect => "redirect",
            Self::Key { .. } => "key_refused",
            Self::Status { .. } => "status",
            Self::Answer(AnswerError::TooLong { .. }) => "answer_too_long",
            Self::Answer(AnswerError::NotJson) => "not_json",
            Self::Answer(AnswerError::NotCompletion) => "not_completion",
            Self::Answer(AnswerError::Declined) => "declined",
            Self::Answer(AnswerError::Cut) => "cut",
            Self::Answer(AnswerError::Form) => "form",
        }
    }
}

/// A model that may be asked.
#[derive(Clone)]
pub struct Model {
    url: Url,
    name: String,
    key: Option<HeaderValue>,
    egress: Egress,
    room: Arc<Semaphore>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (url, keyed) = (self.url.as_str(), self.key.is_some());
        f.debug_struct("Model")
            .field("url", &url)
            .field("name", &self.name)
            .field("key", &keyed)
            .finish()
    }
}

impl Model {
    /// A model by its settings.
    ///
    /// # Errors
    /// [`SettingError`].
    pub fn new(settings: Settings) -> Result<Self, SettingError> {
        let Settings { address, name, key, private, authorities } = settings;
        if name.trim().is_empty() || name.len() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(SettingError::Name);
        }
        let egress = Egress::new(Rules { private, ..Rules::default() }, &authorities);
        let mut url = egress.admit(&address).map_err(SettingError::Address)?;
        let base = url.path().trim_end_matches('/').to_owned();
        if !base.ends_with("/chat/completions") {
            url.set_path(&format!("{base}/chat/completions"));
        }
        let key = key.map(|key| bearer(&key)).transpose()?;
        let room = Arc::new(Semaphore::new(AT_ONCE));
        Ok(Self { url, name, key, egress, room })
    }

    /// The name of the model.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where documents go: host and port, nothing that could be a secret.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Puts a question and reads the answer, once.
    ///
    /// # Errors
    /// [`ModelError`]; the review stands without it.
    pub async fn propose(
        &self,
        question: &Question<'_>,
        lang: Lang,
        within: Duration,
    ) -> Result<Proposals, ModelError> {
        let _place = self.room.try_acquire().map_err(|_| ModelError::Busy)?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(key) = &self.key {
            headers.insert(AUTHORIZATION, key.clone());
        }
        let request = egress::Question {
            method: Method::POST,
            url: self.url.clone(),
            headers,
            body: question.body(lang)?.into_bytes(),
            limit: MAX_BYTES,
            whole: true,
        };
        let answer = self.egress.ask_within(request, within).await;
        let answer = answer.map_err(|error| match error {
            EgressError::TooLong { limit } => AnswerError::TooLong { limit }.into(),
            other => ModelError::Unreachable(other),
        })?;
        match answer.status.as_u16() {
            200 => Ok(question.read(&answer.body)?),
            300..=399 => Err(ModelError::Redirect),
            status @ (401 | 403) => Err(ModelError::Key { status }),
            status => Err(ModelError::Status { status }),
        }
    }
}

/// The header of a key, marked so that nobody prints it.
fn bearer(key: &str) -> Result<HeaderValue, SettingError> {
    let key = key.trim();
    let plain = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
    let header = HeaderValue::from_str(&format!("Bearer {key}")).ok().filter(|_| plain);
    let mut header = header.ok_or(SettingError::Key)?;
    header.set_sensitive(true);
    Ok(header)
}
