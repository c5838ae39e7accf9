//! Asks a time-stamp authority (RFC 3161 over HTTP). Goes out through [`crate::egress`] as every
//! request does; the host is the one that the asker named, so it may be at a private address.
//! Knows nothing of what the answer proves: `signing::timestamp` does.

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use signing::timestamp::{MAX_BYTES, REQUEST_TYPE, RESPONSE_TYPE};
use url::Url;

use crate::egress::{Egress, EgressError, Question, Rules};

/// The most characters of an answer's type that are told.
const KIND: usize = 60;

/// Why an authority gave no response.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The address was refused, or nothing came back.
    #[error(transparent)]
    Egress(#[from] EgressError),
    /// Another status than 200.
    #[error("it answered with status {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// Another kind of content: a page, as a rule.
    #[error("it answered with {kind}, not with a timestamp")]
    Kind {
        /// What it says it is.
        kind: String,
    },
}

/// Sends a request in DER to an authority; answers with the response, which proves nothing yet.
///
/// # Errors
/// [`AskError`].
pub async fn ask(authority: &str, request: Vec<u8>) -> Result<Vec<u8>, AskError> {
    let named = Url::parse(authority).ok();
    let named = named.as_ref().and_then(Url::host_str).map(str::to_owned);
    let rules = Rules { named: named.into_iter().collect(), ..Rules::default() };
    let egress = Egress::new(rules, &[]);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(REQUEST_TYPE));
    headers.insert(ACCEPT, HeaderValue::from_static(RESPONSE_TYPE));
    let question = Question {
        method: Method::POST,
        url: egress.admit(authority)?,
        headers,
        body: request,
        limit: MAX_BYTES,
        whole: true,
    };
    let answer = egress.ask(question).await?;
    if answer.status.as_u16() != 200 {
        return Err(AskError::Status { status: answer.status.as_u16() });
    }
    let kind = answer.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some(RESPONSE_TYPE) {
        let shown = kind.chars().filter(|letter| !letter.is_control()).take(KIND);
        return Err(AskError::Kind { kind: shown.collect() });
    }
    Ok(answer.body)
}
