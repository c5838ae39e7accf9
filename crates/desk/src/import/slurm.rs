//! Slurm's accounting: `sacct --json`, `sacct -X -P`, `sacctmgr show event -P`. Serves lease-3.1.1
//! and lease-5.2. Knows Slurm's words; knows nothing of prices and periods.
//!
//! Export with `--duplicates` (`-D`): without it Slurm keeps the earlier runs of a requeued job,
//! a node failure among them, to itself.

mod devices;
mod events;
mod hosts;
mod json;
mod text;

use units::{EndState, Timestamp};

pub use devices::assign_devices;
pub use events::read_events;
pub use json::read_json;
pub use text::read_text;

use super::collect::{Collector, Key};
use super::finding::clip;
use super::{Fact, Imported, Job, Place, Problem};

/// A job as a format gives it, before it is checked.
struct Told {
    cluster: String,
    job: String,
    user: Option<String>,
    account: Option<String>,
    state: String,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    elapsed: Option<i64>,
    suspended: i64,
    nodes: String,
    gpus: u64,
}

/// What a word of Slurm says about a job.
enum State {
    /// It has not begun.
    Pending,
    /// It holds its devices.
    Running,
    /// It ended so.
    Ended(EndState),
}

fn state_of(word: &str) -> Option<State> {
    use EndState::*;
    Some(State::Ended(match word {
        "PENDING" => return Some(State::Pending),
        "RUNNING" | "SUSPENDED" | "COMPLETING" | "CONFIGURING" | "RESIZING" | "SIGNALING"
        | "STAGE_OUT" | "STOPPED" => return Some(State::Running),
        "COMPLETED" => Completed,
        "FAILED" => Failed,
        "CANCELLED" => Cancelled,
        "TIMEOUT" => Timeout,
        "OUT_OF_MEMORY" => OutOfMemory,
        "NODE_FAIL" => NodeFail,
        "BOOT_FAIL" => BootFail,
        "PREEMPTED" | "REQUEUED" => Preempted,
        "DEADLINE" => Deadline,
        _ => return None,
    }))
}

/// Checks a job and takes it; what keeps it from being taken is the error.
fn take_job(told: Told, place: Place, collector: &mut Collector<'_>) -> Result<(), Problem> {
    let Told { cluster, job, user, account, state, from, to, elapsed, suspended, nodes, gpus } =
        told;
    let unknown = || Problem::UnknownState { field: "state".to_owned(), text: clip(&state) };
    let ended = match state_of(&state).ok_or_else(unknown)? {
        State::Pending => None,
        State::Running => Some(EndState::Running),
        State::Ended(end) => Some(end),
    };
    let nodes = hosts::expand(&nodes, collector.limits.job_devices)?;
    let (Some(end), Some(from), false) = (ended, from, nodes.is_empty() && gpus == 0) else {
        collector.report(place, Problem::NeverStarted { job });
        return Ok(());
    };
    if nodes.is_empty() {
        return Err(Problem::MissingField { field: "nodes".to_owned() });
    }
    if gpus > collector.limits.job_devices as u64 {
        return Err(Problem::TooManyDevices { limit: collector.limits.job_devices as u64 });
    }
    let to = if end == EndState::Running { None } else { to };
    if end != EndState::Running && to.is_none() {
        return Err(Problem::MissingField { field: "end".to_owned() });
    }
    if let Some(to) = to {
        if to < from {
            let (from, to) = (from.to_string(), to.to_string());
            return Err(Problem::EndsBeforeStart { from, to });
        }
        let window = to.seconds_since(from);
        if let Some(elapsed) =
            elapsed.filter(|elapsed| elapsed.checked_add(suspended) != Some(window))
        {
            let problem = Problem::ElapsedDiffers { job: job.clone(), window, elapsed };
            collector.report(place.clone(), problem);
        }
    }
    if state == "REQUEUED" {
        let problem = Problem::ReadAs { text: state.clone(), state: "preempted".to_owned() };
        collector.report(place.clone(), problem);
    }
    if gpus % nodes.len() as u64 != 0 {
        let nodes = nodes.len() as u64;
        collector.report(place.clone(), Problem::UnevenGpus { job: job.clone(), gpus, nodes });
    }
    let open = if to.is_none() { "/running" } else { "" };
    let key = Key {
        source: format!("slurm:{cluster}"),
        id: format!("{cluster}/{}/{from}{open}", job.replace('+', ":")),
        seq: None,
        at: to.unwrap_or(from),
    };
    let devices = Vec::new();
    let job = Job { cluster, job, user, account, state, end, from, to, nodes, gpus, devices };
    collector.take(place, key, Fact::Job(job));
    Ok(())
}

/// Gives every job of the file its devices and ends the reading.
fn finish_jobs(mut collector: Collector<'_>) -> Imported {
    let limit = collector.limits.devices as u64;
    let mut jobs: Vec<&mut Job> = Vec::new();
    let mut held = 0_u64;
    for record in collector.records_mut() {
        if let Fact::Job(job) = &mut record.fact {
            held = held.saturating_add(job.gpus);
            jobs.push(job);
        }
    }
    if held > limit {
        collector.report(Place::File, Problem::TooManyDevices { limit });
    } else {
        assign_devices(&mut jobs);
    }
    collector.finish()
}

/// The GPUs of a TRES list: the untyped count, which includes the typed ones, else their sum.
fn gpus_of<'a>(tres: impl Iterator<Item = (&'a str, u64)>) -> u64 {
    let (mut all, mut typed) = (None, 0_u64);
    for (name, count) in tres {
        if name == "gpu" {
            all = Some(count);
        } else if name.starts_with("gpu:") {
            typed = typed.saturating_add(count);
        }
    }
    all.unwrap_or(typed)
}
