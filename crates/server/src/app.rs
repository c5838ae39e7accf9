//! The running service: what every request finds at hand, the router with its layers, and the loop
//! that takes connections until it is told to stop. The desk itself lies in [`crate::auth`], where
//! no handler reaches it without having shown who asks.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Extension};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use desk::Desk;
use desk::jobs::Local;
use desk::rounds::Trainer;
use desk::world::Stopwatch;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use url::Url;

use crate::auth::Vault;
use crate::connections::{self, Peer};
use crate::limits::{Limits, Rates};
use crate::metrics::Metrics;
use crate::openapi::PREFIX;
use crate::outside::{self, Outside, Services};
use crate::problem::{Code, Problem};
use crate::{auth, console, finish, guard, health, idempotency, openapi, routes};

/// How the service is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address under which people reach it, such as `https://tally.example.com`.
    pub origin: Url,
    /// Whether a reverse proxy stands in front, whose `X-Forwarded-For` is believed.
    pub behind_proxy: bool,
    /// The token that may read `/metrics` from another machine.
    pub metrics_token: Option<String>,
    /// How often things may be asked for.
    pub rates: Rates,
    /// Where uploads lie while they are read.
    pub scratch: PathBuf,
    /// The program `tally`, which does trainings and evaluations as processes of their own.
    pub program: PathBuf,
    /// How it meets the world outside.
    pub outside: Outside,
}

/// What every request finds at hand.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// See [`App`].
pub struct Inner {
    pub(crate) config: Config,
    pub(crate) metrics: Metrics,
    pub(crate) limits: Limits,
    pub(crate) vault: Vault,
    pub(crate) services: Services,
    pub(crate) trainer: Trainer,
    pub(crate) document: Vec<u8>,
    /// The operation of each method and template.
    pub(crate) labels: HashMap<String, &'static str>,
    pub(crate) started: Stopwatch,
    stop: watch::Sender<bool>,
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Sets the service up over a deployment.
    #[must_use]
    pub fn new(desk: Desk, config: Config) -> Self {
        let routes = routes::all();
        let labels = routes
            .iter()
            .map(|route| (format!("{} {PREFIX}{}", route.method, route.path), route.name));
        let labels = labels.collect();
        let document = openapi::document(&routes);
        let document = serde_json::to_vec(&document).expect("a document has a JSON text");
        Self(Arc::new(Inner {
            metrics: Metrics::new(),
            limits: Limits::new(config.rates),
            services: Services::new(&desk, &config.origin, config.outside.clone()),
            trainer: Trainer::new(
                Arc::new(Local),
                config.scratch.with_file_name("jobs"),
                config.program.clone(),
            ),
            vault: Vault::new(desk, config.scratch.clone()),
            document,
            labels,
            started: Stopwatch::start(),
            stop: watch::Sender::new(false),
            config,
        }))
    }

    /// Turns true when the service stops.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Tells everything to stop.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// The address that a request comes from: the proxy's word where one stands in front.
    pub(crate) fn address(
        &self,
        request: &axum::http::Extensions,
        headers: &axum::http::HeaderMap,
    ) -> IpAddr {
        let peer = request.get::<ConnectInfo<Peer>>().map(|peer| peer.0.0.ip());
        let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
        let forwarded = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next());
        let forwarded = forwarded.and_then(|text| text.trim().parse().ok());
        let unknown = IpAddr::from([0, 0, 0, 0]);
        match forwarded {
            Some(address) if self.config.behind_proxy => address,
            _ => peer.unwrap_or(unknown),
        }
    }

    /// Everything that the service answers.
    pub fn router(&self) -> Router {
        let mut api: Router<Self> = Router::new();
        for route in routes::all() {
            let declared = route.declared();
            let handler = route
                .handler
                .layer::<_, Infallible>(from_fn_with_state(self.clone(), idempotency::keep))
                .layer::<_, Infallible>(from_fn_with_state(self.clone(), auth::authorise))
                .layer::<_, Infallible>(from_fn(guard::in_time))
                .layer::<_, Infallible>(Extension(declared));
            api = api.route(&format!("{PREFIX}{}", route.path), handler);
        }
        let packed = CompressionLayer::new();
        let pages = Router::new()
            .route("/api", get(console::reference))
            .route("/api/reference.js", get(console::reference_script))
            .route(&format!("{PREFIX}/openapi.json"), get(openapi_json))
            .fallback(console::page)
            .layer(packed);
        let health = Router::new()
            .route("/healthz", get(health::alive))
            .route("/readyz", get(health::ready))
            .route("/metrics", get(health::metrics));
        pages
            .merge(health)
            .merge(api)
            .method_not_allowed_fallback(|| async { Problem::new(Code::MethodNotAllowed) })
            .layer(DefaultBodyLimit::disable())
            .layer(CatchPanicLayer::custom(panicked))
            .layer(from_fn_with_state(self.clone(), guard::admit))
            .layer(from_fn_with_state(self.clone(), finish::finish))
            .with_state(self.clone())
    }

    /// Serves until [`Self::stop`]: then takes no more connections, lets requests end, and closes
    /// the store.
    ///
    /// # Errors
    /// When the listener fails for good.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        let router = self.router();
        let work = tokio::spawn(crate::work::run(self.clone()));
        let jobs = tokio::spawn(crate::work::jobs(self.clone()));
        let outside = tokio::spawn(outside::run(self.clone()));
        let open = self.metrics.connections.clone();
        connections::serve(router, listener, self.stopping(), open).await?;
        work.abort();
        // What is under way goes on without the server, and is found again when it is back.
        jobs.abort();
        outside.abort();
        self.vault.close().await;
        Ok(())
    }
}

async fn openapi_json(
    axum::extract::State(app): axum::extract::State<App>,
    headers: axum::http::HeaderMap,
) -> Response {
    let _ = headers;
    ([(axum::http::header::CONTENT_TYPE, "application/json")], app.document.clone()).into_response()
}

fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    let cause = Some(format!("panic: {}", text.unwrap_or_default()));
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    let mut problem = Problem::new(Code::Fault);
    problem.cause = cause;
    response.extensions_mut().insert(problem);
    response
}
