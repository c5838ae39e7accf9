//! CloudEvents 1.0 in JSON: one event a line, or a batch in one list. Serves class-5.1, class-4.1,
//! lease-3.1 and lease-1.1: usage, probes, storage and measured values from any system.
//!
//! Knows four types of event, named below; an event of another type is reported, not guessed.

use units::{Metric, ServiceState};

use super::collect::{Collector, Key};
use super::finding::clip;
use super::json::{Json, for_each_element};
use super::lines::{lines, not_utf8, without_mark};
use super::read::{integer, json_decimal, json_integer, json_text, name, required, time, wrong};
use super::{
    Fact, Imported, Limits, Place, Probe, ProbeResult, Problem, Shape, StorageSample, Usage,
};

/// A used quantity; data: `meter`, `quantity`, optional `subject`, `latency_ms`.
pub const USAGE: &str = "tallystick.usage.v1";
/// Occupied storage; data: `bytes`, optional `subject`.
pub const STORAGE: &str = "tallystick.storage.v1";
/// A service state; data: `from`, `to`, `state`, optional `latency_ms`.
pub const PROBE: &str = "tallystick.probe.v1";
/// A measured value; data: `metric`, `value`, optional `subject`.
pub const RESULT: &str = "tallystick.result.v1";

/// Reads JSON lines, or one JSON list. `sequence` of the sequence extension is the dense number.
#[must_use]
pub fn read(bytes: &[u8], limits: &Limits) -> Imported {
    let mut collector = match Collector::begin(bytes, limits) {
        Ok(collector) => collector,
        Err(refused) => return refused,
    };
    let text = without_mark(bytes);
    if text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        read_batch(text, &mut collector);
        return collector.finish();
    }
    for (number, line) in lines(bytes, limits) {
        let place = Place::Line(number);
        let taken = line
            .and_then(Json::read)
            .map_err(|problem| in_line(problem, number))
            .and_then(|event| take(&event, place.clone(), &mut collector));
        if let Err(problem) = taken {
            collector.report(place, problem);
        }
    }
    collector.finish()
}

fn read_batch(bytes: &[u8], collector: &mut Collector<'_>) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return collector.report(Place::File, not_utf8(bytes));
    };
    let read = for_each_element(text, |index, event| {
        let place = Place::Pointer(format!("/{index}"));
        if let Err(problem) = take(&event, place.clone(), collector) {
            collector.report(place, problem);
        }
    });
    if let Err(problem) = read {
        collector.report(Place::File, problem);
    }
}

/// The place within one line as a place within the file.
fn in_line(problem: Problem, line: u64) -> Problem {
    match problem {
        Problem::NotJson { column, .. } => Problem::NotJson { line, column },
        Problem::EndsEarly { column, .. } => Problem::EndsEarly { line, column },
        Problem::TooDeep { column, .. } => Problem::TooDeep { line, column },
        other => other,
    }
}

fn take(event: &Json, place: Place, collector: &mut Collector<'_>) -> Result<(), Problem> {
    check_form(event)?;
    let limits = collector.limits;
    let text = |field: &'static str| {
        json_text(field, event.get(field)).and_then(|text| name(field, text, limits))
    };
    let key = Key {
        source: text("source")?,
        id: text("id")?,
        seq: event.get("sequence").map(sequence).transpose()?,
        at: time("time", &text("time")?)?,
    };
    let kind = text("type")?;
    let data = event.get("data").ok_or(Problem::MissingField { field: "data".to_owned() })?;
    let subject = subject(event, data, limits)?;
    let fact = match kind.as_str() {
        USAGE => usage(data, subject, &key, limits)?,
        STORAGE => {
            known_fields(data, &["bytes", "subject"])?;
            let bytes = json_integer("data.bytes", required("data.bytes", data.get("bytes"))?)?;
            Fact::StorageSample(StorageSample { at: key.at, bytes, subject })
        }
        PROBE => probe(data)?,
        RESULT => result(data, subject, &key)?,
        _ => return Err(Problem::UnknownType { text: clip(&kind) }),
    };
    collector.take(place, key, fact);
    Ok(())
}

/// What every event must be before its type is looked at.
fn check_form(event: &Json) -> Result<(), Problem> {
    let members = match event {
        Json::Object(members) => members,
        Json::Ambiguous(key) => return Err(Problem::DuplicateKey { key: clip(key) }),
        _ => return Err(wrong("", Shape::Object)),
    };
    let version = json_text("specversion", event.get("specversion"))?;
    if version != "1.0" {
        let field = "specversion".to_owned();
        return Err(Problem::UnknownVersion { field, text: clip(version) });
    }
    for key in members.keys() {
        // The specification's own rule for names of attributes; `data` alone may be an object.
        let named = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !named || key.is_empty() {
            return Err(Problem::UnknownField { field: clip(key) });
        }
    }
    if let Some(kind) = event.get("datacontenttype") {
        let text = json_text("datacontenttype", Some(kind))?;
        if text.split(';').next().map(str::trim) != Some("application/json") {
            let field = "datacontenttype".to_owned();
            return Err(Problem::UnknownVersion { field, text: clip(text) });
        }
    }
    Ok(())
}

/// The sequence extension writes a text of digits; an integer is taken as well.
fn sequence(value: &Json) -> Result<u64, Problem> {
    match value {
        // The extension recommends leading zeros, for an order by text.
        Json::Text(text) => {
            let digits = text.trim_start_matches('0');
            let is_zero = digits.is_empty() && !text.is_empty();
            integer("sequence", if is_zero { "0" } else { digits })
        }
        value => json_integer("sequence", value),
    }
}

/// The subject of the event or of its data; where both name one they must agree.
fn subject(event: &Json, data: &Json, limits: &Limits) -> Result<Option<String>, Problem> {
    let read = |field: &str, holder: &Json| {
        let value = holder.get("subject").map(|value| json_text(field, Some(value))).transpose()?;
        value.map(|text| name(field, text, limits)).transpose()
    };
    match (read("subject", event)?, read("data.subject", data)?) {
        (Some(outer), Some(inner)) if outer != inner => {
            let (field, other) = ("subject".to_owned(), "data.subject".to_owned());
            Err(Problem::FieldsDiffer { field, other })
        }
        (outer, inner) => Ok(outer.or(inner)),
    }
}

/// Refuses a field that nobody reads here, so that a misspelt one is not lost in silence.
fn known_fields(data: &Json, known: &[&str]) -> Result<(), Problem> {
    let Json::Object(members) = data else { return Err(wrong("data", Shape::Object)) };
    match members.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(Problem::UnknownField { field: format!("data.{}", clip(key)) }),
        None => Ok(()),
    }
}

fn latency(data: &Json) -> Result<Option<u64>, Problem> {
    data.get("latency_ms").map(|value| json_integer("data.latency_ms", value)).transpose()
}

fn usage(
    data: &Json,
    subject: Option<String>,
    key: &Key,
    limits: &Limits,
) -> Result<Fact, Problem> {
    known_fields(data, &["meter", "quantity", "subject", "latency_ms"])?;
    let meter = name("data.meter", json_text("data.meter", data.get("meter"))?, limits)?;
    let quantity = required("data.quantity", data.get("quantity"))?;
    let quantity = json_integer("data.quantity", quantity)?;
    let latency_ms = latency(data)?;
    Ok(Fact::Usage(Usage { meter, subject, quantity, at: key.at, latency_ms }))
}

fn probe(data: &Json) -> Result<Fact, Problem> {
    known_fields(data, &["from", "to", "state", "latency_ms", "subject"])?;
    let instant =
        |field: &str, key: &str| json_text(field, data.get(key)).and_then(|text| time(field, text));
    let (from, to) = (instant("data.from", "from")?, instant("data.to", "to")?);
    if to <= from {
        let (from, to) = (from.to_string(), to.to_string());
        return Err(Problem::EndsBeforeStart { from, to });
    }
    let state = json_text("data.state", data.get("state"))?;
    let state = service_state("data.state", state)?;
    Ok(Fact::Probe(Probe { from, to, state, latency_ms: latency(data)? }))
}

/// A service state by its code.
pub(super) fn service_state(field: &str, text: &str) -> Result<ServiceState, Problem> {
    match text {
        "up" => Ok(ServiceState::Up),
        "degraded" => Ok(ServiceState::Degraded),
        "down" => Ok(ServiceState::Down),
        "unknown" => Ok(ServiceState::Unknown),
        _ => Err(Problem::UnknownState { field: field.to_owned(), text: clip(text) }),
    }
}

fn result(data: &Json, subject: Option<String>, key: &Key) -> Result<Fact, Problem> {
    known_fields(data, &["metric", "value", "subject"])?;
    let text = json_text("data.metric", data.get("metric"))?;
    let metric: Metric = serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|_| Problem::UnknownMetric { text: clip(text) })?;
    let value = json_decimal("data.value", required("data.value", data.get("value"))?)?;
    Ok(Fact::ProbeResult(ProbeResult { metric, subject, value, at: key.at }))
}
