//! Probe results as a table: intervals `from,to,state`, or single probes `time,ok,latency_ms`.
//! Serves class-4.1 and pb-04. Where no probe speaks the state is unknown, never up.

use std::num::NonZeroU32;

use serde::Serialize;
use units::{ServiceState, Timestamp};

use super::cloudevents::service_state;
use super::collect::{Collector, Key};
use super::lines::lines;
use super::read::{boolean, integer, required, time};
use super::row::{for_each_row, split};
use super::{Fact, Imported, Limits, Place, Probe, Problem};

const INTERVALS: [(&str, bool); 3] = [("from", true), ("to", true), ("state", true)];
const SAMPLES: [(&str, bool); 3] = [("time", true), ("ok", true), ("latency_ms", false)];

/// How a prober was set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prober {
    /// Its name, the source of the records.
    pub source: String,
    /// Seconds from one probe to the next: for so long a probe speaks.
    pub interval_seconds: NonZeroU32,
    /// A probe that comes at most so many seconds late leaves no gap.
    pub tolerance_seconds: u32,
    /// A good answer slower than this is degraded; `None` when speed does not count.
    pub degraded_above_ms: Option<u64>,
}

/// What a single probe says; the stretch that it speaks for is made here and not hashed.
#[derive(Serialize)]
struct Said {
    ok: bool,
    latency_ms: Option<String>,
}

struct Sample {
    at: Timestamp,
    ok: bool,
    latency_ms: Option<u64>,
    line: u64,
}

/// Reads either table, told apart by the header. `prober` names the source, and for single probes
/// says how long each speaks: until the next one, at most its interval. The time between is a
/// record of its own with the state unknown.
#[must_use]
pub fn read(bytes: &[u8], prober: &Prober, limits: &Limits) -> Imported {
    let mut collector = match Collector::begin(bytes, limits) {
        Ok(collector) => collector,
        Err(refused) => return refused,
    };
    let header = lines(bytes, limits).next();
    let is_from = |header: &str| header.split(',').any(|name| name.trim() == "from");
    if matches!(header, Some((_, Ok(header))) if is_from(header)) {
        for_each_row(bytes, split, INTERVALS, &mut collector, |number, row, collector| {
            take_interval(number, row, prober, collector)
        });
        return collector.finish();
    }
    let mut samples = Vec::new();
    for_each_row(bytes, split, SAMPLES, &mut collector, |number, row, _| {
        samples.push(sample(number, row)?);
        Ok(())
    });
    take_samples(samples, prober, &mut collector);
    collector.finish()
}

fn take_interval(
    number: u64,
    row: &[Option<&str>; 3],
    prober: &Prober,
    collector: &mut Collector<'_>,
) -> Result<(), Problem> {
    let [from, to, state] = *row;
    let from = time("from", required("from", from)?)?;
    let to = time("to", required("to", to)?)?;
    let state = service_state("state", required("state", state)?)?;
    if to <= from {
        let (from, to) = (from.to_string(), to.to_string());
        return Err(Problem::EndsBeforeStart { from, to });
    }
    let key = key(prober, from.to_string(), to);
    let probe = Probe { from, to, state, latency_ms: None };
    collector.take(Place::Line(number), key, Fact::Probe(probe));
    Ok(())
}

fn sample(line: u64, row: &[Option<&str>; 3]) -> Result<Sample, Problem> {
    let [at, ok, latency] = *row;
    Ok(Sample {
        at: time("time", required("time", at)?)?,
        ok: boolean("ok", required("ok", ok)?)?,
        latency_ms: latency.map(|text| integer("latency_ms", text)).transpose()?,
        line,
    })
}

/// Each probe speaks from its instant until the next one, at most for its interval; a next one
/// within the tolerance closes up. The time in between is unknown.
fn take_samples(mut samples: Vec<Sample>, prober: &Prober, collector: &mut Collector<'_>) {
    samples.sort_by_key(|sample| sample.at);
    let interval = i64::from(prober.interval_seconds.get());
    let mut instants: Vec<Timestamp> = samples.iter().map(|sample| sample.at).collect();
    instants.dedup();
    let mut next = 0;
    for sample in samples {
        while instants.get(next).is_some_and(|at| *at <= sample.at) {
            next += 1;
        }
        let following = instants.get(next).copied();
        let spoken = sample.at.plus_seconds(interval);
        let bridged = spoken.plus_seconds(i64::from(prober.tolerance_seconds));
        let to = following.filter(|following| *following <= bridged).unwrap_or(spoken);
        let place = Place::Line(sample.line);
        let state = state_of(&sample, prober);
        let latency_ms = sample.latency_ms;
        let said = Said { ok: sample.ok, latency_ms: latency_ms.map(|ms| ms.to_string()) };
        let probe = Probe { from: sample.at, to, state, latency_ms };
        let key = key(prober, sample.at.to_string(), sample.at);
        let before = collector.count();
        collector.take_said(place.clone(), key, Fact::Probe(probe), &said);
        // A probe told twice leaves no second gap behind it.
        let taken = collector.count() > before;
        if let Some(following) = following.filter(|following| taken && *following > to) {
            let gap =
                Probe { from: to, to: following, state: ServiceState::Unknown, latency_ms: None };
            let key = self::key(prober, format!("gap/{to}/{following}"), following);
            collector.take(place, key, Fact::Probe(gap));
        }
    }
}

fn key(prober: &Prober, id: String, at: Timestamp) -> Key {
    Key { source: prober.source.clone(), id, seq: None, at }
}

fn state_of(sample: &Sample, prober: &Prober) -> ServiceState {
    let slow = |limit: u64| sample.latency_ms.is_some_and(|latency| latency > limit);
    match (sample.ok, prober.degraded_above_ms) {
        (false, _) => ServiceState::Down,
        (true, Some(limit)) if slow(limit) => ServiceState::Degraded,
        (true, _) => ServiceState::Up,
    }
}
