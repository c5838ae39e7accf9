//! The classification service over HTTP: images in, classes out, versions changed while it runs,
//! and a usage record for every image. Serves class-4.1, class-4.3 and class-5.1.
//!
//! Stands beside the console and its interface and needs no deployment. The work is done in
//! `classification`; here requests are read, and answers and problems written.

mod admin;
mod answer;
mod classify;
mod described;
mod figures;
mod keys;
mod kserve;
mod manners;
mod reading;
mod refusal;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use classification::{Ledger, Loading, Models, Service, Standing};
use desk::world::{Clock as _, Stopwatch, System};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use units::Timestamp;

use crate::connections;
use figures::Figures;
pub use keys::{Keys, KeysError};
use refusal::{Reason, Refusal};

/// How the service is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// Who may ask.
    pub keys: Keys,
    /// How packages are loaded.
    pub loading: Loading,
    /// The folder below which packages may be loaded while it runs; without one, none may.
    pub packages: Option<PathBuf>,
    /// The file of what is loaded and what answers, for the next start.
    pub standing: PathBuf,
    /// Images of one request at most.
    pub images: usize,
    /// How long a body may take to come.
    pub body_time: Duration,
    /// How long an image may wait for its turn, where the request says nothing.
    pub deadline: Duration,
}

/// The running service.
#[derive(Clone)]
pub struct Serving(Arc<Inner>);

/// See [`Serving`].
pub struct Inner {
    service: Arc<Service>,
    ledger: Ledger,
    standing: Standing,
    config: Config,
    figures: Figures,
    clock: Arc<Wall>,
    document: Vec<u8>,
    stop: watch::Sender<bool>,
}

impl std::ops::Deref for Serving {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The system's clock, and one that only goes forward.
pub(crate) struct Wall(Stopwatch);

impl classification::Clock for Wall {
    fn now(&self) -> Timestamp {
        System.now()
    }

    fn ticks(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

impl Serving {
    /// Starts the workers.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn new(
        models: Models,
        ledger: Ledger,
        work: classification::Config,
        config: Config,
    ) -> std::io::Result<Self> {
        let clock = Arc::new(Wall(Stopwatch::start()));
        let ticking: Arc<dyn classification::Clock> = Arc::<Wall>::clone(&clock);
        let service = Arc::new(Service::start(models, work, ticking)?);
        let document = serde_json::to_vec(&described::document())?;
        let (figures, stop) = (Figures::new(), watch::Sender::new(false));
        let standing = Standing::at(&config.standing);
        let inner = Inner { service, ledger, standing, config, figures, clock, document, stop };
        Ok(Self(Arc::new(inner)))
    }

    /// Tells everything to stop.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Everything that the service answers.
    pub fn router(&self) -> Router {
        let admin = Router::new()
            .route("/v1/models", get(admin::list).post(admin::load))
            .route("/v1/models/{model}/activate", post(admin::activate))
            .route("/v1/models/{model}/canary", post(admin::canary))
            .route("/v1/models/{model}/shadow", post(admin::shadow))
            .route("/v1/models/{model}/rollback", post(admin::roll_back))
            .route("/v1/models/{model}/unload", post(admin::unload))
            .layer(from_fn_with_state(self.clone(), keys::admit_admin));
        let asked = Router::new()
            .route("/v1/classify", post(classify::one))
            .route("/v1/classify/batch", post(classify::several))
            .route("/v2/models/{model}", get(kserve::model))
            .route("/v2/models/{model}/versions/{version}", get(kserve::model))
            .route("/v2/models/{model}/infer", post(kserve::infer))
            .route("/v2/models/{model}/versions/{version}/infer", post(kserve::infer))
            .layer(from_fn_with_state(self.clone(), keys::admit));
        let open = Router::new()
            .route("/v2", get(kserve::server))
            .route("/v2/health/live", get(kserve::live))
            .route("/v2/health/ready", get(kserve::ready))
            .route("/v2/models/{model}/ready", get(kserve::model_ready))
            .route("/v2/models/{model}/versions/{version}/ready", get(kserve::model_ready))
            .route("/metrics", get(figures::show))
            .route("/openapi.json", get(openapi));
        Router::new()
            .merge(admin)
            .merge(asked)
            .merge(open)
            .fallback(|| async { Refusal::new(Reason::NotFound) })
            .method_not_allowed_fallback(|| async { Refusal::new(Reason::MethodNotAllowed) })
            .layer(DefaultBodyLimit::disable())
            .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }))
            .layer(from_fn_with_state(self.clone(), manners::finish))
            .with_state(self.clone())
    }

    /// Serves until [`Self::stop`]: then takes no more, answers what is in hand, and closes the
    /// usage records.
    ///
    /// # Errors
    /// When the listener fails for good.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        let open = self.figures.connections.clone();
        let served = connections::serve(self.router(), listener, self.stop.subscribe(), open).await;
        let ended = tokio::task::spawn_blocking(move || {
            self.service.stop();
            self.ledger.close();
        });
        ended.await.map_err(std::io::Error::other)?;
        served
    }

    fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }
}

async fn openapi(State(serving): State<Serving>) -> Response {
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], serving.document.clone()).into_response()
}
