//! What is written about requests: route, status, time, request id. Never a body, a cookie, a key,
//! a query or an e-mail address; a path is written as the template of its route, since paths can
//! hold invitations.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

/// Begins to write logs to standard error: JSON, a line each, or text. The variable `TALLY_LOG`
/// holds a filter such as `info,sqlx=warn`.
///
/// A second call changes nothing.
pub fn start(json: bool) {
    let filter = EnvFilter::try_from_env("TALLY_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if json {
        builder.json().flatten_event(true).with_current_span(false).finish().try_init()
    } else {
        builder.with_target(false).compact().finish().try_init()
    };
    // Another part of the program writes logs already; it goes on.
    started.unwrap_or_default();
}
