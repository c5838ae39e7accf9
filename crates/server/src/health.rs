//! Whether the service is alive and can work, and its figures.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq as _;

use crate::app::App;
use crate::extract::Json;
use crate::metrics::OPEN_METRICS;
use crate::problem::{Code, Problem};

/// Answers as long as the process does.
pub(crate) async fn alive() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n").into_response()
}

/// Whether the service can do its work: the store writes, the clock is sane.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let stopping = *app.stopping().borrow();
    let checks = app.vault.ready(stopping).await;
    let well = checks.iter().all(|(_, well)| *well);
    let body: serde_json::Map<String, serde_json::Value> =
        checks.into_iter().map(|(name, well)| (name.to_owned(), well.into())).collect();
    let mut response = Json(body).into_response();
    if !well {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        // Not a problem document: a load balancer reads which check failed.
        response.extensions_mut().insert(Plain);
    }
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, no_store);
    response
}

/// Marks a failing answer whose body stays as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain;

/// The figures, for this machine or whoever has the token.
pub(crate) async fn metrics(State(app): State<App>, request: Request) -> Response {
    let headers = request.headers();
    let address = app.address(request.extensions(), headers);
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let token = app.config.metrics_token.as_deref();
    let known = token.is_some_and(|token| token.as_bytes().ct_eq(given.as_bytes()).into());
    // Behind a proxy every request comes from this machine.
    let local = address.to_canonical().is_loopback() && !app.config.behind_proxy;
    if !known && !local {
        return Problem::new(Code::NotFound).into_response();
    }
    ([(header::CONTENT_TYPE, OPEN_METRICS)], app.metrics.text()).into_response()
}
