//! Before a route is reached: the host asked for is ours, the address does not ask too often, and
//! a write does not come from another site. And around a route: its time.

use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::app::App;
use crate::problem::{Code, Problem};
use crate::route::Declared;

/// Turns away what must not reach a route.
pub(crate) async fn admit(State(app): State<App>, request: Request, next: Next) -> Response {
    let health = matches!(request.uri().path(), "/healthz" | "/readyz" | "/metrics");
    let admitted = if health { Ok(()) } else { check(&app, &request) };
    match admitted {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn check(app: &App, request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    let address = app.address(request.extensions(), headers);
    app.limits.address(address)?;
    let asked = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let asked = asked.or_else(|| request.uri().authority().map(|host| host.as_str()));
    if !asked.is_some_and(|host| is_ours(&app.config.origin, host)) {
        return Err(Code::WrongHost.into());
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && !is_same_site(&app.config.origin, headers) {
        return Err(Code::ForeignOrigin.into());
    }
    Ok(())
}

/// Whether a host is the one that people are told to use: another name that leads here is how a
/// foreign page would get past the browser's rule of origins.
fn is_ours(origin: &Url, host: &str) -> bool {
    let Ok(asked) = Url::parse(&format!("{}://{host}/", origin.scheme())) else { return false };
    asked.host() == origin.host()
        && asked.port_or_known_default() == origin.port_or_known_default()
        && asked.username().is_empty()
        && asked.path() == "/"
}

/// Whether a browser says that a write comes from our own pages. Programs say nothing.
fn is_same_site(origin: &Url, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("null"));
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return false;
    }
    text("origin")
        .is_none_or(|given| Url::parse(given).is_ok_and(|given| given.origin() == origin.origin()))
}

/// Ends what takes too long. What a write has begun goes on and is kept under its key.
pub(crate) async fn in_time(
    Extension(declared): Extension<Declared>,
    request: Request,
    next: Next,
) -> Response {
    let Some(time) = declared.time() else { return next.run(request).await };
    match tokio::time::timeout(time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Code::Timeout).retry_after(5).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hosts_own_name_and_port_are_ours() {
        let check = |origin: &str, host: &str, want: bool| {
            assert_eq!(is_ours(&Url::parse(origin).unwrap(), host), want, "{origin} {host}");
        };
        check("http://localhost:8080", "localhost:8080", true);
        check("http://localhost:8080", "LOCALHOST:8080", true);
        check("http://localhost:8080", "localhost", false);
        check("http://localhost:8080", "evil.example:8080", false);
        check("https://tally.example", "tally.example", true);
        check("https://tally.example", "tally.example:443", true);
        check("https://tally.example", "user@tally.example", false);
        check("https://tally.example", "tally.example/x", false);
        check("https://tally.example", "tally.example.evil.example", false);
        check("https://tally.example", "", false);
    }

    #[test]
    fn a_write_from_another_site_is_told_by_its_headers() {
        let check = |name: &'static str, value: &'static str, want: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            let origin = Url::parse("https://tally.example").unwrap();
            assert_eq!(is_same_site(&origin, &headers), want, "{name}: {value}");
        };
        check("sec-fetch-site", "same-origin", true);
        check("sec-fetch-site", "none", true);
        check("sec-fetch-site", "same-site", false);
        check("sec-fetch-site", "cross-site", false);
        check("origin", "https://tally.example", true);
        check("origin", "https://evil.example", false);
        check("origin", "http://tally.example", false);
        check("origin", "null", false);
        check("accept", "*/*", true);
    }
}
