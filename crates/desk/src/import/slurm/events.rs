//! `sacctmgr show event -P`: when nodes were out of service. Serves lease-5.2.

use units::Zone;

use super::text::local;
use crate::import::collect::{Collector, Key};
use crate::import::finding::clip;
use crate::import::lines::lines;
use crate::import::read::name;
use crate::import::{Fact, Imported, Limits, NodeEvent, NodeState, Place, Problem};

/// Reads `sacctmgr -P show event format=Start,End,NodeName,State,Reason`, with its header or
/// without (`-n`). `zone` is the zone of the times. Events of the whole cluster are noticed.
#[must_use]
pub fn read_events(bytes: &[u8], zone: &Zone, cluster: &str, limits: &Limits) -> Imported {
    let mut collector = match Collector::begin(bytes, limits) {
        Ok(collector) => collector,
        Err(refused) => return refused,
    };
    for (number, line) in lines(bytes, limits) {
        let place = Place::Line(number);
        let taken = line.and_then(|line| {
            if is_header(line) {
                return Ok(());
            }
            take(line, place.clone(), zone, cluster, &mut collector)
        });
        if let Err(problem) = taken {
            collector.report(place, problem);
        }
    }
    collector.finish()
}

/// Slurm prints `TimeStart|TimeEnd|…` or `Start|End|…`, by version.
fn is_header(line: &str) -> bool {
    ["TimeStart|", "Start|"].iter().any(|start| line.starts_with(start))
}

fn take(
    line: &str,
    place: Place,
    zone: &Zone,
    cluster: &str,
    collector: &mut Collector<'_>,
) -> Result<(), Problem> {
    // The reason is free text and comes last, so that it may hold the separator.
    let fields: Vec<&str> = line.splitn(5, '|').collect();
    let [start, end, node, state, reason] = fields[..] else {
        return Err(Problem::ColumnCount { have: fields.len() as u64, want: 5 });
    };
    let limits = collector.limits;
    let reason = name("Reason", reason, limits)?;
    if node.is_empty() {
        collector.report(place, Problem::ClusterEvent { text: clip(&reason) });
        return Ok(());
    }
    let missing = |field: &str| Problem::MissingField { field: field.to_owned() };
    let from = local("Start", start, zone)?.ok_or_else(|| missing("Start"))?;
    let to = local("End", end, zone)?;
    if let Some(to) = to.filter(|to| *to < from) {
        let (from, to) = (from.to_string(), to.to_string());
        return Err(Problem::EndsBeforeStart { from, to });
    }
    let unknown = || Problem::UnknownState { field: "State".to_owned(), text: clip(state) };
    let state = state_of(state).ok_or_else(unknown)?;
    let node = name("NodeName", node, limits)?;
    let open = if to.is_none() { "/open" } else { "" };
    let key = Key {
        source: format!("slurm:{cluster}"),
        id: format!("{cluster}/node/{node}/{from}{open}"),
        seq: None,
        at: to.unwrap_or(from),
    };
    let cluster = cluster.to_owned();
    let event = NodeEvent { cluster, node, state, from, to, reason };
    collector.take(place, key, Fact::NodeEvent(event));
    Ok(())
}

/// The worst of the words of a state such as `IDLE+DRAIN` or `DOWN*`.
fn state_of(text: &str) -> Option<NodeState> {
    let mut worst = None;
    for word in text.split('+') {
        let word = word.trim_end_matches(['*', '~', '#', '!', '%', '$', '@', '^', '-', '&']);
        let state = match word {
            "DOWN" | "FAIL" | "FAILING" | "ERROR" | "INVAL" | "INVALID" | "INVALID_REG"
            | "NO_RESPOND" | "NOT_RESPONDING" | "UNKNOWN" => NodeState::Down,
            "DRAIN" | "DRAINED" | "DRAINING" | "DRNG" => NodeState::Drain,
            "MAINT" | "REBOOT" | "REBOOT_ISSUED" | "REBOOT_REQUESTED" => NodeState::Maintenance,
            "POWER_DOWN" | "POWERED_DOWN" | "POWERING_DOWN" | "POWERING_UP" | "POWER_UP" => {
                NodeState::PoweredDown
            }
            "IDLE" | "ALLOCATED" | "MIXED" | "RESERVED" | "PLANNED" | "CLOUD" => continue,
            _ => return None,
        };
        worst = Some(worst.map_or(state, |known: NodeState| known.min(state)));
    }
    worst
}
