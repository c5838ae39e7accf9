//! The last hand on every answer: the request's id, the problem's text in the reader's language,
//! the figures and the line in the log.

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use desk::world::{Random as _, Stopwatch, System};
use units::Lang;

use super::Serving;
use super::refusal::{Reason, Refusal};
use crate::extract::language;
use crate::problem::PROBLEM_JSON;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request: under it its images are counted once.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

/// The reader's language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader(pub(super) Lang);

/// See the module.
pub(super) async fn finish(
    State(serving): State<Serving>,
    mut request: Request,
    next: Next,
) -> Response {
    let begun = Stopwatch::start();
    let lang = language(request.headers());
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = request.method().clone();
    let (id, response) = match request_id(request.headers()) {
        Ok(id) => {
            request.extensions_mut().insert(RequestId(id.clone()));
            request.extensions_mut().insert(Reader(lang));
            (id, next.run(request).await)
        }
        Err(refusal) => (String::new(), refusal.into_response()),
    };
    let mut response = spoken(response, lang, &id);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    let no_sniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, no_sniff);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    let route = route.as_deref().unwrap_or("none");
    let refusal = response.extensions_mut().remove::<Refusal>();
    serving.figures.answered(route, status, took);
    let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let code = refusal.as_ref().map(|refusal| refusal.reason.code());
    if let Some(code) = code {
        serving.figures.refused(code);
    }
    match refusal.and_then(|refusal| refusal.cause) {
        Some(cause) => {
            tracing::error!(request_id = id, %method, route, status, us, code, cause, "not done");
        }
        None => tracing::debug!(request_id = id, %method, route, status, us, code, "answered"),
    }
    response
}

/// The caller's own id, by which a request told twice counts once; or a new one.
fn request_id(headers: &HeaderMap) -> Result<String, Refusal> {
    let Some(given) = headers.get(REQUEST_ID) else {
        let random = System.bytes().map_err(|_| Refusal::new(Reason::Fault))?;
        return Ok(hex::encode(random.get(..16).unwrap_or(&random)));
    };
    let given = given.to_str().ok().filter(|given| is_id(given));
    given.map(str::to_owned).ok_or_else(|| Refusal::new(Reason::BadRequestId))
}

/// Whether a text can be the id of a request. One that is not is refused and not replaced: under a
/// new one the same images would count again.
pub(super) fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

/// Writes the text of a refusal into its answer, and of what the libraries below say on their own.
fn spoken(mut response: Response, lang: Lang, id: &str) -> Response {
    let status = response.status();
    let refusal = match response.extensions().get::<Refusal>() {
        Some(refusal) => refusal.clone(),
        None if status.is_server_error() && status.as_u16() == 500 => Refusal::new(Reason::Fault),
        None => return response,
    };
    let body = serde_json::to_vec(&refusal.body(lang, id)).unwrap_or_default();
    *response.body_mut() = Body::from(body);
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    let tag = HeaderValue::from_static(match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    });
    headers.insert(header::CONTENT_LANGUAGE, tag);
    response.extensions_mut().insert(refusal);
    response
}
