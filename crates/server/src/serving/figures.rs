//! Figures for whoever runs the service, as `OpenMetrics` text. Never the name of a customer.

use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use classification::{Entry, Outcome};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use super::Serving;
use super::refusal::{Reason, Refusal};
use crate::connections::Peer;
use crate::metrics::OPEN_METRICS;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Image {
    model: String,
    version: String,
    class: String,
    outcome: String,
    cached: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Why {
    code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Lane {
    lane: String,
}

/// The figures of this process.
pub(super) struct Figures {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Histogram,
    images: Family<Image, Counter>,
    latency: Histogram,
    waits: Histogram,
    refusals: Family<Why, Counter>,
    depth: Family<Lane, Gauge>,
    busy: Gauge,
    shadow: Family<Why, Gauge>,
    /// Connections that are open.
    pub(super) connections: Gauge,
}

fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.000_5, 2.0, 16))
}

impl Figures {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("tally_serving");
        let requests = Family::default();
        registry.register("requests", "Requests answered", requests.clone());
        let (durations, latency, waits) = (seconds(), seconds(), seconds());
        let unit = || Unit::Seconds;
        let help = "Time from the head of a request to its answer";
        registry.register_with_unit("duration", help, unit(), durations.clone());
        let images = Family::default();
        registry.register("images", "Images by what came of them", images.clone());
        let help = "Time from the whole image at hand to its answer at hand";
        registry.register_with_unit("latency", help, unit(), latency.clone());
        let help = "Time that an image waited for a worker";
        registry.register_with_unit("wait", help, unit(), waits.clone());
        let refusals = Family::default();
        registry.register("refusals", "Requests not done, by why", refusals.clone());
        let depth = Family::default();
        registry.register("queue_depth", "Images that wait", depth.clone());
        let busy = Gauge::default();
        registry.register("workers_busy", "Workers at work", busy.clone());
        let shadow = Family::default();
        registry.register("shadow_images", "Images that a shadow compared", shadow.clone());
        let connections = Gauge::default();
        registry.register("connections", "Open connections", connections.clone());
        Self {
            registry,
            requests,
            durations,
            images,
            latency,
            waits,
            refusals,
            depth,
            busy,
            shadow,
            connections,
        }
    }

    pub(super) fn answered(&self, route: &str, status: u16, took: Duration) {
        let answered = Answered { route: route.to_owned(), status: u32::from(status) };
        self.requests.get_or_create(&answered).inc();
        self.durations.observe(took.as_secs_f64());
    }

    pub(super) fn refused(&self, code: &str) {
        self.refusals.get_or_create(&Why { code: code.to_owned() }).inc();
    }

    pub(super) fn waited(&self, us: u64) {
        self.waits.observe(Duration::from_micros(us).as_secs_f64());
    }

    pub(super) fn image(&self, entry: &Entry) {
        let image = Image {
            model: entry.model.clone(),
            version: entry.version.clone(),
            class: entry.class.code().to_owned(),
            outcome: entry.outcome.code().to_owned(),
            cached: entry.cached.to_string(),
        };
        self.images.get_or_create(&image).inc();
        if entry.outcome == Outcome::Answered {
            self.latency.observe(Duration::from_micros(entry.latency_us).as_secs_f64());
        }
    }

    fn text(&self, serving: &Serving) -> String {
        let now = serving.service.figures();
        let shadow = serving.service.shadow();
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let size = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
        let lanes =
            [("urgent", now.urgent), ("standard", now.standard), ("background", now.background)];
        for (lane, depth) in lanes {
            self.depth.get_or_create(&Lane { lane: lane.to_owned() }).set(size(depth));
        }
        self.busy.set(size(now.busy));
        for (code, seen) in [
            ("compared", shadow.compared),
            ("different", shadow.different),
            ("failed", shadow.failed),
            ("skipped", shadow.skipped),
        ] {
            self.shadow.get_or_create(&Why { code: code.to_owned() }).set(count(seen));
        }
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a text takes what is written to it");
        text
    }
}

/// The figures, for this machine or whoever manages versions.
pub(super) async fn show(State(serving): State<Serving>, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<Peer>>();
    let local = peer.is_some_and(|peer| peer.0.0.ip().to_canonical().is_loopback());
    let caller = serving.config.keys.caller(request.headers());
    if !local && !caller.is_some_and(|caller| caller.admin) {
        return Refusal::new(Reason::NotFound).into_response();
    }
    ([(header::CONTENT_TYPE, OPEN_METRICS)], serving.figures.text(&serving)).into_response()
}
