//! Figures for whoever runs the deployment, as `OpenMetrics` text: requests, durations, journals,
//! and what the contracts say. Never a name of a party, a person or an agreement.

use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// The media type of the text.
pub(crate) const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A text that stands in the program.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Label(&'static str);

impl EncodeLabelValue for Label {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), std::fmt::Error> {
        self.0.encode(encoder)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: Label,
    method: Label,
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Timed {
    route: Label,
}

/// The figures of this process.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Timed, Histogram, fn() -> Histogram>,
    /// Connections that are open.
    pub(crate) connections: Gauge,
    /// Live streams that are open.
    pub(crate) streams: Gauge,
    /// Entries in all journals.
    pub(crate) entries: Gauge<u64, AtomicU64>,
    /// Obligations whose time has run out.
    pub(crate) breached: Gauge,
    /// When the next deadline is, in seconds since 1970.
    pub(crate) next_deadline: Gauge<i64, AtomicI64>,
    /// Webhooks that wait to be delivered.
    pub(crate) outbox: Gauge,
    /// For how long the message that is longest overdue has waited, in seconds.
    pub(crate) outbox_lag: Gauge,
    /// Webhooks that were given up.
    pub(crate) outbox_dead: Gauge,
    /// Sessions that are open.
    pub(crate) sessions: Gauge,
}

fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 14))
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("tally");
        let requests = Family::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        let durations =
            Family::<Timed, Histogram, fn() -> Histogram>::new_with_constructor(seconds);
        let help = "Time to the beginning of the answer";
        registry.register_with_unit("http_duration", help, Unit::Seconds, durations.clone());
        let connections = Gauge::default();
        registry.register("http_connections", "Open connections", connections.clone());
        let streams = Gauge::default();
        registry.register("live_streams", "Open live streams", streams.clone());
        let entries = Gauge::default();
        registry.register("journal_entries", "Entries in all journals", entries.clone());
        let breached = Gauge::default();
        let help = "Obligations whose time has run out";
        registry.register("obligations_breached", help, breached.clone());
        let next_deadline = Gauge::default();
        let help = "When the next obligation falls due, in seconds since 1970";
        registry.register_with_unit("next_deadline", help, Unit::Seconds, next_deadline.clone());
        let outbox = Gauge::default();
        registry.register("outbox_pending", "Webhooks that wait", outbox.clone());
        let outbox_lag = Gauge::default();
        let help = "How long the webhook that is longest overdue has waited";
        registry.register_with_unit("outbox_lag", help, Unit::Seconds, outbox_lag.clone());
        let sessions = Gauge::default();
        registry.register("sessions", "Open sessions", sessions.clone());
        let outbox_dead = Gauge::default();
        registry.register("outbox_dead", "Webhooks that were given up", outbox_dead.clone());
        Self {
            registry,
            requests,
            durations,
            connections,
            streams,
            entries,
            breached,
            next_deadline,
            outbox,
            outbox_lag,
            outbox_dead,
            sessions,
        }
    }

    /// Counts an answer.
    pub(crate) fn answered(
        &self,
        route: &'static str,
        method: &'static str,
        status: u16,
        took: Duration,
    ) {
        let (route, method) = (Label(route), Label(method));
        let timed = Timed { route: route.clone() };
        let answered = Answered { route, method, status: u32::from(status) };
        self.requests.get_or_create(&answered).inc();
        self.durations.get_or_create(&timed).observe(took.as_secs_f64());
    }

    /// The text, which ends with `# EOF`.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a text takes what is written to it");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_every_figure_and_ends_as_open_metrics_does() {
        let metrics = Metrics::new();
        metrics.answered("get_position", "GET", 200, Duration::from_millis(3));
        let text = metrics.text();
        assert!(text.contains(
            "tally_http_requests_total{route=\"get_position\",method=\"GET\",status=\"200\"} 1"
        ));
        assert!(text.contains("tally_http_duration_seconds_bucket{le=\"0.004\""), "{text}");
        assert!(text.contains("# UNIT tally_next_deadline_seconds seconds"));
        assert!(text.ends_with("# EOF\n"));
    }
}
