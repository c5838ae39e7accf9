//! The last hand on every answer: the request's id, the problem's text in the reader's language,
//! the headers that keep a browser safe, the figures and the line in the log.

use std::time::{Duration, UNIX_EPOCH};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use desk::world::Stopwatch;
use units::{Lang, Timestamp};

use crate::app::App;
use crate::extract::language;
use crate::health::Plain;
use crate::problem::{Code, PROBLEM_JSON, Problem};

/// The id of a request, as it stands in the log and in the answer.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the console may load: from this deployment alone. Ant Design writes its styles at run time.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'; \
    form-action 'self'; object-src 'none'";

/// See the module.
pub(crate) async fn finish(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let begun = Stopwatch::start();
    let id = request_id(&app, request.headers());
    let lang = language(request.headers());
    let method = known_method(request.method().as_str());
    let api = request.uri().path().starts_with("/api/v1");
    let route = request.extensions().get::<MatchedPath>().cloned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let response = next.run(request).await;
    let mut response = render(response, lang, &id);
    let problem = response.extensions_mut().remove::<Problem>();
    protect(response.headers_mut(), api, problem.is_some());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    // By the deployment's clock, which a rehearsal sets: the clocks of the pages count from it.
    if let Some(value) = date(app.vault.now()) {
        response.headers_mut().insert(header::DATE, value);
    }
    let status = response.status();
    let read_as = if method == "HEAD" { "GET" } else { method };
    let route = route.map_or("none", |route| label(&app, read_as, route.as_str()));
    let took = begun.elapsed();
    app.metrics.answered(route, method, status.as_u16(), took);
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let status = status.as_u16();
    match problem.and_then(|problem| problem.cause) {
        Some(cause) => {
            tracing::error!(request_id = id, method, route, status, ms, cause, "fault");
        }
        None => tracing::info!(request_id = id, method, route, status, ms, "answered"),
    }
    response
}

/// An instant as `Date` has it.
fn date(now: Timestamp) -> Option<HeaderValue> {
    let since = Duration::from_secs(u64::try_from(now.seconds()).ok()?);
    HeaderValue::from_str(&httpdate::fmt_http_date(UNIX_EPOCH.checked_add(since)?)).ok()
}

/// Writes the text of a problem into its answer. The problem stays among the extensions.
pub(crate) fn render(mut response: Response, lang: Lang, id: &str) -> Response {
    let status = response.status();
    let media = response.headers().get(header::CONTENT_TYPE);
    let spoken_already = media.is_some_and(|media| media.as_bytes() == PROBLEM_JSON.as_bytes());
    if spoken_already || response.extensions().get::<Plain>().is_some() {
        return response;
    }
    let failed = status.is_client_error() || status.is_server_error();
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        // What the libraries below answer on their own has no problem yet.
        None if failed => spoken(status),
        None => return response,
    };
    let body = serde_json::to_vec(&problem.body(lang, id)).unwrap_or_default();
    *response.body_mut() = Body::from(body);
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::CONTENT_ENCODING);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    let tag = HeaderValue::from_static(match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    });
    headers.insert(header::CONTENT_LANGUAGE, tag);
    response.extensions_mut().insert(problem);
    response
}

/// The problem of an answer that a library gave.
fn spoken(status: axum::http::StatusCode) -> Problem {
    use axum::http::StatusCode;
    Problem::new(match status {
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        StatusCode::REQUEST_TIMEOUT => Code::BodyTimeout,
        StatusCode::SERVICE_UNAVAILABLE => Code::Busy,
        status if status.is_client_error() => Code::BadRequest,
        _ => Code::Fault,
    })
}

/// A caller's own id where it is a plain one, so that two systems' logs can be read together.
fn request_id(app: &App, headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let plain = |text: &&str| {
        (8..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    match given.filter(plain) {
        Some(given) => given.to_owned(),
        None => app.vault.new_request_id(),
    }
}

fn protect(headers: &mut HeaderMap, api: bool, problem: bool) {
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    if api || problem {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// The name of the route's operation; a path outside the interface as it is in the router.
fn label(app: &App, method: &str, template: &str) -> &'static str {
    app.labels.get(&format!("{method} {template}")).copied().unwrap_or("page")
}

fn known_method(method: &str) -> &'static str {
    match method {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "PUT" => "PUT",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
