//! The running service: what every request finds at hand, the router with its layers, and the loop
//! that takes connections until it is told to stop. The desk itself lies in [`crate::auth`], where
//! no handler reaches it without having shown who asks.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Extension, Request};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use desk::Desk;
use desk::world::Stopwatch;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use url::Url;

use crate::auth::Vault;
use crate::limits::{Limits, Rates};
use crate::metrics::Metrics;
use crate::openapi::PREFIX;
use crate::outside::{self, Outside, Services};
use crate::problem::{Code, Problem};
use crate::{auth, console, finish, guard, health, idempotency, openapi, routes};

/// Connections that are served at once; more wait in the system's line.
const CONNECTIONS: usize = 2_048;
/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);
/// How long requests that run may go on when the service stops.
const DRAIN: Duration = Duration::from_secs(20);

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

/// From where a request comes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

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
        let graceful = GracefulShutdown::new();
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        let mut stopping = self.stopping();
        let work = tokio::spawn(crate::work::run(self.clone()));
        let outside = tokio::spawn(outside::run(self.clone()));
        loop {
            let permit = Arc::clone(&room).acquire_owned();
            let accepted = async {
                let permit = permit.await.expect("nobody closes the room");
                (permit, listener.accept().await)
            };
            let (permit, accepted) = tokio::select! {
                accepted = accepted => accepted,
                _ = stopping.wait_for(|stop| *stop) => break,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) if is_passing(&error) => {
                    // Out of file descriptors, or the client left: the next one may fare better.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
                Err(error) => return Err(error),
            };
            // A slow small answer helps nobody.
            stream.set_nodelay(true).unwrap_or_default();
            let service = router.clone().layer(Extension(ConnectInfo(Peer(peer))));
            let service =
                service.map_request(|request: Request<_>| request.map(axum::body::Body::new));
            let mut builder = hyper::server::conn::http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(64 * 1024);
            let connection =
                builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
            let connection = graceful.watch(connection);
            let app = self.clone();
            app.metrics.connections.inc();
            tokio::spawn(async move {
                // A client that breaks off is no fault of ours.
                connection.await.unwrap_or_default();
                app.metrics.connections.dec();
                drop(permit);
            });
        }
        drop(listener);
        tokio::select! {
            () = graceful.shutdown() => {}
            () = tokio::time::sleep(DRAIN) => tracing::warn!("requests were cut off"),
        }
        work.abort();
        outside.abort();
        self.vault.close().await;
        Ok(())
    }
}

fn is_passing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    !matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported)
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
