//! Generated files of machines: a Slurm-like table of jobs, its node events, CloudEvents of usage,
//! storage, probes and measured values. They are read by the ordinary importers.

use serde_json::{Value, json};
use units::{Timestamp, Zone};

use super::dice::Dice;

const NODES: u64 = 8;
const HOUR: i64 = 3_600;

/// One job of the table.
pub(super) struct Job {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    node: u64,
    gpus: u64,
    state: &'static str,
}

/// Jobs of all nodes over a stretch, in the order of their beginnings. One node runs one job at a
/// time; what ran on a node when it failed ended with it.
pub(super) fn jobs(
    seed: u64,
    from: Timestamp,
    until: Timestamp,
    failures: &[(u64, Timestamp, Timestamp)],
) -> Vec<Job> {
    const ENDS: [&str; 12] = [
        "COMPLETED",
        "COMPLETED",
        "COMPLETED",
        "COMPLETED",
        "COMPLETED",
        "COMPLETED",
        "COMPLETED",
        "COMPLETED",
        "FAILED",
        "CANCELLED by 1004",
        "TIMEOUT",
        "OUT_OF_MEMORY",
    ];
    let mut jobs = Vec::new();
    for node in 1..=NODES {
        let mut dice = Dice::new(seed + node);
        let mut at = from.plus_seconds(dice.from(1, 20) as i64 * HOUR);
        loop {
            let begin = at.plus_seconds(dice.from(1, 420) as i64 * 60);
            let end = begin.plus_seconds(dice.from(90, 1_900) as i64 * 60);
            let gpus = dice.one(&[8, 8, 8, 8, 4, 4, 2]);
            let state = dice.one(&ENDS);
            let failed = failures
                .iter()
                .find(|(which, down, up)| *which == node && begin < *up && *down < end);
            let (to, state, next) = match failed {
                Some((_, down, up)) if begin < *down => (*down, "NODE_FAIL", *up),
                Some((_, _, up)) => {
                    at = *up;
                    continue;
                }
                None => (end, state, end),
            };
            if to >= until {
                break;
            }
            jobs.push(Job { from: begin, to, node, gpus, state });
            at = next;
        }
    }
    jobs.sort_by_key(|job| (job.from, job.node));
    jobs
}

/// `sacct -X -P` of the jobs that ended in a stretch, numbered by their beginnings.
pub(super) fn sacct(jobs: &[Job], after: Timestamp, until: Timestamp, zone: &Zone) -> String {
    let mut table = String::from("JobID|User|State|Start|End|ElapsedRaw|AllocTRES|NodeList\n");
    for (number, job) in jobs.iter().enumerate() {
        if job.to <= after || job.to > until {
            continue;
        }
        let user = ["liang", "song", "wu", "zhao"][number % 4];
        table.push_str(&format!(
            "{}|{user}|{}|{}|{}|{}|billing={gpus},gres/gpu={gpus},node=1|gpu{}\n",
            20_000 + number,
            job.state,
            job.from.to_local(zone),
            job.to.to_local(zone),
            job.to.seconds_since(job.from),
            job.node,
            gpus = job.gpus,
        ));
    }
    table
}

/// `sacctmgr show event -P` of one failure.
pub(super) fn node_event(
    node: u64,
    down: Timestamp,
    up: Option<Timestamp>,
    reason: &str,
    zone: &Zone,
) -> String {
    let up = up.map_or_else(|| "Unknown".to_owned(), |up| up.to_local(zone));
    format!("{}|{up}|gpu{node}|DOWN|{reason}\n", down.to_local(zone))
}

/// One CloudEvent a line.
pub(super) fn event(id: &str, source: &str, kind: &str, at: Timestamp, data: Value) -> String {
    let event = json!({
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": kind,
        "time": at,
        "data": data,
    });
    format!("{event}\n")
}
