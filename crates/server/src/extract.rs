//! Reading a request. Every part that cannot be read is a problem with its place, never a bare
//! text; bodies are read up to the route's limit and within its time.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use units::Lang;

use crate::app::App;
use crate::problem::{Code, FieldError, Problem};
use crate::route::Declared;

/// Lists and objects within each other that a body may have.
const DEPTH: usize = 64;

/// A JSON body in, or out.
pub(crate) struct Json<T>(pub(crate) T);

/// The values of the path.
pub(crate) struct Path<T>(pub(crate) T);

/// The values of the query.
pub(crate) struct Query<T>(pub(crate) T);

/// The whole body as bytes.
pub(crate) struct Body(pub(crate) Bytes);

/// The reader's language, from `Accept-Language`; English where neither is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Language(pub(crate) Lang);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => ([(CONTENT_TYPE, "application/json")], bytes).into_response(),
            Err(error) => Problem::fault(&error).into_response(),
        }
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &App) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Code::UnsupportedMediaType.into());
        }
        let Body(bytes) = Body::from_request(request, state).await?;
        read_json(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Problem;

    /// A value that no object can have names no object.
    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, Problem> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        found.map(|path| Self(path.0)).map_err(|_| Code::NotFound.into())
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, Problem> {
        let found = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        found.map(|query| Self(query.0)).map_err(|rejection| {
            let detail = std::error::Error::source(&rejection)
                .map_or_else(|| rejection.body_text(), ToString::to_string);
            let problem = match is_about_form(&detail) {
                true => Problem::new(Code::BadRequest),
                false => Problem::invalid("query"),
            };
            let code = "query".to_owned();
            problem.at(FieldError { code, detail, ..FieldError::default() })
        })
    }
}

impl FromRequest<App> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let declared = request.extensions().get::<Declared>();
        let (limit, time) =
            declared.map_or((1 << 20, Duration::from_secs(10)), Declared::body_limits);
        read_body(request, limit, time).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(language(&parts.headers)))
    }
}

/// Reads a body up to a limit and within a time.
pub(crate) async fn read_body(
    request: Request,
    limit: usize,
    time: Duration,
) -> Result<Bytes, Problem> {
    let too_large = || Problem::new(Code::TooLarge).field("limit", limit);
    let stated = request.headers().get(header::CONTENT_LENGTH);
    let stated = stated.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if stated.is_some_and(|stated| stated > limit) {
        return Err(too_large());
    }
    let body = Limited::new(request.into_body(), limit);
    match tokio::time::timeout(time, body.collect()).await {
        Err(_) => Err(Code::BodyTimeout.into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Code::BadRequest.into()),
        Ok(Ok(body)) => Ok(body.to_bytes()),
    }
}

/// Reads a JSON text of the documented shape.
pub(crate) fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if depth(bytes) > DEPTH {
        let code = "too_deep".to_owned();
        let detail = format!("more than {DEPTH} levels");
        let error = FieldError { code, detail, ..FieldError::default() };
        return Err(Problem::new(Code::BadBody).at(error));
    }
    let read = serde_json::from_slice(bytes);
    // JSON Schema counts 3.0 among the integers; the types read 3.
    let read = read.or_else(|error: serde_json::Error| match error.is_data() {
        true => serde_json::from_slice(&plain_integers(bytes)).map_err(|_| error),
        false => Err(error),
    });
    read.map_err(|error| {
        let detail = error.to_string();
        let (problem, code) = match error.classify() {
            serde_json::error::Category::Data if !is_about_form(&detail) => {
                (Problem::invalid("body"), "value")
            }
            serde_json::error::Category::Data => (Problem::new(Code::BadBody), "shape"),
            _ => (Problem::new(Code::BadBody), "syntax"),
        };
        problem.at(FieldError {
            pointer: String::new(),
            line: Some(error.line() as u64),
            column: Some(error.column() as u64),
            code: code.to_owned(),
            detail,
        })
    })
}

/// Whether a reader's sentence is about the form of an input, which its schema describes, and not
/// about a value of the right form that is none: a day that no month has, more places than a
/// currency has. The sentences about the form are `serde`'s own.
fn is_about_form(sentence: &str) -> bool {
    const OWN: [&str; 11] = [
        "invalid type: ",
        "invalid value: ",
        "invalid length ",
        "invalid digit ",
        "unknown variant ",
        "unknown field ",
        "missing field ",
        "duplicate field ",
        "data did not match any variant",
        "provided string was not ",
        " characters, where there are ",
    ];
    OWN.iter().any(|own| sentence.contains(own))
}

/// A JSON text whose whole numbers are written without places: `3` and not `3.0`.
fn plain_integers(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let (mut in_text, mut escaped) = (false, false);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if in_text {
            in_text = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else if byte == b'"' {
            in_text = true;
        } else if byte == b'.' {
            let zeros = bytes[at + 1..].iter().take_while(|byte| **byte == b'0').count();
            let next = bytes.get(at + 1 + zeros);
            let ends = next.is_none_or(|byte| !matches!(byte, b'0'..=b'9' | b'e' | b'E'));
            if zeros > 0 && ends {
                at += 1 + zeros;
                continue;
            }
        }
        plain.push(byte);
        at += 1;
    }
    plain
}

/// How deep lists and objects stand within each other, without reading them.
fn depth(bytes: &[u8]) -> usize {
    let (mut deepest, mut depth) = (0_usize, 0_usize);
    let (mut in_text, mut escaped) = (false, false);
    for byte in bytes {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Reads a list of which none stands twice.
pub(crate) fn distinct<'de, D, T>(deserializer: D) -> Result<BTreeSet<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Ord,
{
    let list = Vec::<T>::deserialize(deserializer)?;
    let (length, set) = (list.len(), BTreeSet::from_iter(list));
    match set.len() == length {
        true => Ok(set),
        false => Err(D::Error::invalid_length(length, &"a list of which none stands twice")),
    }
}

/// The media type of a body, without its parameters, in lower case.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next()?.trim().to_ascii_lowercase())
}

fn is_json(headers: &HeaderMap) -> bool {
    media_type(headers).is_some_and(|kind| kind == "application/json")
}

/// The language that a reader asks for.
pub(crate) fn language(headers: &HeaderMap) -> Lang {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut best: Option<(u32, Lang)> = None;
    for part in asked.unwrap_or_default().split(',').take(16) {
        let mut words = part.split(';');
        let tag = words.next().unwrap_or_default().trim().to_ascii_lowercase();
        let lang = match tag.split('-').next() {
            Some("zh") => Lang::Zh,
            Some("en") => Lang::En,
            _ => continue,
        };
        let weight = words.find_map(|word| weight(word.trim().strip_prefix("q=")?));
        let weight = weight.unwrap_or(1_000);
        if weight > 0 && best.is_none_or(|(have, _)| weight > have) {
            best = Some((weight, lang));
        }
    }
    best.map_or(Lang::En, |(_, lang)| lang)
}

/// A weight such as `0.8`, in thousandths.
fn weight(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = part.get(..part.len().min(3))?;
    let part: u32 = format!("{part:0<3}").parse().ok()?;
    Some(whole.parse::<u32>().ok()?.min(1) * 1_000 + part)
}

#[cfg(test)]
mod tests;
