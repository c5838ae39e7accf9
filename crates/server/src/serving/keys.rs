//! Who asks: keys from a file, each with a name that stands on the bill. Without a file everybody
//! is one customer, and nobody manages versions.

use std::collections::HashMap;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};

use super::Serving;
use super::refusal::{Reason, Refusal};

/// The customer of a service without keys.
const EVERYBODY: &str = "everybody";
/// Characters of a key at least.
const SHORTEST: usize = 16;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The name on the bill.
    pub(crate) customer: String,
    /// Whether versions may be managed.
    pub(crate) admin: bool,
}

/// Keys by their hash: a key itself is not kept.
#[derive(Debug, Clone, Default)]
pub struct Keys(Option<HashMap<[u8; 32], Caller>>);

/// A file of keys cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// A line is not a name, a key and perhaps `admin`.
    #[error("line {line} is not of the form `name key` or `name key admin`")]
    Form {
        /// The line, from 1.
        line: usize,
    },
    /// A name is not of small letters, digits, `-` and `_`.
    #[error("line {line}: a name has 1 to 64 small letters, digits, hyphens or underscores")]
    Name {
        /// The line, from 1.
        line: usize,
    },
    /// A key is short.
    #[error("line {line}: a key has at least {SHORTEST} characters")]
    Short {
        /// The line, from 1.
        line: usize,
    },
    /// A key stands there twice.
    #[error("line {line}: the key stands there twice")]
    Twice {
        /// The line, from 1.
        line: usize,
    },
    /// There is no key.
    #[error("there is no key in the file")]
    None,
}

impl Keys {
    /// Reads a file: a line for each key, `name key` or `name key admin`; `#` begins a remark.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn read(text: &str) -> Result<Self, KeysError> {
        let mut keys = HashMap::new();
        for (at, row) in text.lines().enumerate() {
            let line = at + 1;
            let row = row.split('#').next().unwrap_or_default();
            let words: Vec<&str> = row.split_whitespace().collect();
            let (name, key, admin) = match words.as_slice() {
                [] => continue,
                [name, key] => (*name, *key, false),
                [name, key, "admin"] => (*name, *key, true),
                _ => return Err(KeysError::Form { line }),
            };
            let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
            if !(1..=64).contains(&name.len()) || !name.bytes().all(plain) {
                return Err(KeysError::Name { line });
            }
            if key.len() < SHORTEST {
                return Err(KeysError::Short { line });
            }
            let caller = Caller { customer: name.to_owned(), admin };
            if keys.insert(hash(key), caller).is_some() {
                return Err(KeysError::Twice { line });
            }
        }
        if keys.is_empty() {
            return Err(KeysError::None);
        }
        Ok(Self(Some(keys)))
    }

    /// Whether a key is needed.
    #[must_use]
    pub const fn are_needed(&self) -> bool {
        self.0.is_some()
    }

    /// Who has the key of these headers.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Option<Caller> {
        let Some(keys) = &self.0 else {
            return Some(Caller { customer: EVERYBODY.to_owned(), admin: false });
        };
        let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        // By its hash: how long the search takes tells nothing of a key.
        keys.get(&hash(given.strip_prefix("Bearer ")?.trim())).cloned()
    }
}

fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// Lets in who may ask.
pub(super) async fn admit(
    State(serving): State<Serving>,
    mut request: Request,
    next: Next,
) -> Response {
    match serving.config.keys.caller(request.headers()) {
        Some(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        None => Refusal::new(Reason::KeyNeeded).into_response(),
    }
}

/// Lets in who manages versions.
pub(super) async fn admit_admin(
    State(serving): State<Serving>,
    request: Request,
    next: Next,
) -> Response {
    match serving.config.keys.caller(request.headers()) {
        Some(caller) if caller.admin => next.run(request).await,
        Some(_) => Refusal::new(Reason::NotAllowed).into_response(),
        None => Refusal::new(Reason::KeyNeeded).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_read_line_by_line() {
        let good = "# who\nacme 0123456789abcdef\n\nops 0123456789abcdeg admin # night\n";
        let keys = Keys::read(good).unwrap();
        let ask = |key: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, format!("Bearer {key}").parse().unwrap());
            keys.caller(&headers).map(|caller| (caller.customer, caller.admin))
        };
        assert_eq!(ask("0123456789abcdef"), Some(("acme".to_owned(), false)));
        assert_eq!(ask("0123456789abcdeg"), Some(("ops".to_owned(), true)));
        assert_eq!(ask("0123456789abcdeh"), None);
        assert_eq!(keys.caller(&HeaderMap::new()), None);
        for (text, want) in [
            ("", KeysError::None),
            ("acme", KeysError::Form { line: 1 }),
            ("acme 0123456789abcdef root", KeysError::Form { line: 1 }),
            ("\n../x 0123456789abcdef", KeysError::Name { line: 2 }),
            ("acme short", KeysError::Short { line: 1 }),
            ("a 0123456789abcdef\nb 0123456789abcdef", KeysError::Twice { line: 2 }),
        ] {
            assert_eq!(Keys::read(text).err(), Some(want), "{text:?}");
        }
        assert!(Keys::default().caller(&HeaderMap::new()).is_some_and(|caller| !caller.admin));
    }
}
