//! GPU-hours: from allocation intervals to billed seconds. Serves lease-3.1.1. A device is never
//! billed twice for one instant: where jobs overlap on it, the one that held it first owns the
//! overlap. Knows no price and no agreement but the rules of rounding and of billable ends.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use contract::terms::{GpuPrice, JobEnd, RoundedPer};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Allocation, EndState, EvidenceId, RoundingMode, Window};

/// GPU use of a window, with what is billed and what is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GpuUsage {
    /// Billed jobs in the order of their ids.
    pub jobs: Vec<JobUsage>,
    /// Jobs that held devices but are not billed.
    pub not_billed: Vec<NotBilled>,
    /// Device microseconds of billed jobs before rounding.
    pub held_micros: i128,
    /// Device seconds that are billed.
    pub billed_seconds: i128,
}

/// A billed job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JobUsage {
    /// The scheduler's job id.
    pub job: String,
    /// How it ended.
    pub end: EndState,
    /// Devices that it held.
    pub devices: Vec<String>,
    /// Device microseconds inside the window that are its own.
    pub held_micros: i128,
    /// The same in seconds, rounded to the step, where each job is rounded.
    pub billed_seconds: Option<i128>,
    /// The evidence of its allocations.
    pub evidence: Vec<EvidenceId>,
}

/// A stretch that is not billed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotBilled {
    /// The scheduler's job id.
    pub job: String,
    /// Why.
    pub reason: NotBilledReason,
    /// How the job ended.
    pub end: EndState,
    /// Device microseconds.
    pub held_micros: i128,
    /// The evidence of its allocations.
    pub evidence: Vec<EvidenceId>,
}

/// Why a stretch is not billed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum NotBilledReason {
    /// The job's end is not one that is billed.
    End,
    /// Another job held the device already.
    Overlap,
}

/// Why GPU use cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    /// A rounding step of zero seconds.
    #[error("the rounding step is zero seconds")]
    ZeroStep,
}

/// GPU use inside `window`. Clause: lease-3.1.1.
///
/// Each instant of a device belongs to the allocation that began first; of two that began
/// together, to the lower job id. A job recorded twice from the same instant, running and later
/// ended, counts by the record of its end. A job that is still running is billed up to the end of
/// the window when its end state `running` is billable. Before rounding, the use of two adjacent
/// windows adds up to the use of both.
///
/// # Errors
/// When the rounding step is zero.
pub fn gpu_usage(
    allocations: &[Allocation],
    window: Window,
    terms: &GpuPrice,
) -> Result<GpuUsage, GpuError> {
    let step = i128::from(terms.step_seconds);
    if step == 0 {
        return Err(GpuError::ZeroStep);
    }
    let billable: BTreeSet<JobEnd> = terms.billable_ends.iter().copied().collect();
    let mut billed: BTreeMap<(&str, EndState), Held<'_>> = BTreeMap::new();
    let mut not_billed: BTreeMap<(&str, NotBilledReason, EndState), Held<'_>> = BTreeMap::new();
    for share in shares(allocations, window) {
        let Allocation { job, end, .. } = share.allocation;
        if share.lost_micros > 0 {
            let key = (job.as_str(), NotBilledReason::Overlap, *end);
            not_billed.entry(key).or_default().add(share.allocation, share.lost_micros);
        }
        if share.own_micros > 0 && billable.contains(&job_end(*end)) {
            let held = billed.entry((job.as_str(), *end)).or_default();
            held.add(share.allocation, share.own_micros);
        } else if share.own_micros > 0 {
            let key = (job.as_str(), NotBilledReason::End, *end);
            not_billed.entry(key).or_default().add(share.allocation, share.own_micros);
        }
    }
    let round = |micros: i128| stepped(micros, step, terms.step_rounding);
    let per_job = terms.rounded_per == RoundedPer::Job;
    let jobs: Vec<JobUsage> = billed
        .into_iter()
        .map(|((job, end), held)| JobUsage {
            job: job.into(),
            end,
            billed_seconds: per_job.then(|| round(held.micros)),
            held_micros: held.micros,
            devices: held.devices.into_iter().map(String::from).collect(),
            evidence: held.evidence.into_iter().cloned().collect(),
        })
        .collect();
    let held_micros = jobs.iter().map(|job| job.held_micros).sum();
    let billed_seconds = if per_job {
        jobs.iter().filter_map(|job| job.billed_seconds).sum()
    } else {
        round(held_micros)
    };
    let not_billed = not_billed
        .into_iter()
        .map(|((job, reason, end), held)| NotBilled {
            job: job.into(),
            reason,
            end,
            held_micros: held.micros,
            evidence: held.evidence.into_iter().cloned().collect(),
        })
        .collect();
    Ok(GpuUsage { jobs, not_billed, held_micros, billed_seconds })
}

/// The term of billing for a recorded end.
#[must_use]
pub const fn job_end(end: EndState) -> JobEnd {
    match end {
        EndState::Completed => JobEnd::Completed,
        EndState::Failed => JobEnd::Failed,
        EndState::Cancelled => JobEnd::Cancelled,
        EndState::Timeout => JobEnd::Timeout,
        EndState::OutOfMemory => JobEnd::OutOfMemory,
        EndState::NodeFail => JobEnd::NodeFail,
        EndState::BootFail => JobEnd::BootFail,
        EndState::Preempted => JobEnd::Preempted,
        EndState::Deadline => JobEnd::Deadline,
        EndState::Running => JobEnd::Running,
    }
}

/// Microseconds in seconds, rounded to whole steps.
fn stepped(micros: i128, step: i128, mode: RoundingMode) -> i128 {
    mode.divide(micros, step * 1_000_000) * step
}

/// What of an allocation is its own inside the window, and what another already held.
struct Share<'a> {
    allocation: &'a Allocation,
    own_micros: i64,
    lost_micros: i64,
}

/// Allots every instant of every device to one allocation.
fn shares(allocations: &[Allocation], window: Window) -> Vec<Share<'_>> {
    let mut sorted: Vec<&Allocation> = allocations.iter().collect();
    sorted.sort_by_cached_key(|one| {
        let unfinished = one.end == EndState::Running;
        let to = Reverse(one.window.to);
        (&one.device, one.window.from, &one.job, unfinished, to, one.end, &one.evidence)
    });
    let mut shares = Vec::with_capacity(sorted.len());
    let mut previous: Option<&Allocation> = None;
    let mut covered = i64::MIN;
    for allocation in sorted {
        let of_job = |other: &&Allocation| {
            other.device == allocation.device
                && other.job == allocation.job
                && other.window.from == allocation.window.from
        };
        if previous.is_none_or(|other| other.device != allocation.device) {
            covered = i64::MIN;
        }
        let again = previous.filter(of_job).is_some();
        let (from, to) = (allocation.window.from.micros(), allocation.window.to.micros());
        // A second record of the same hold adds nothing: the first in order is the one that counts.
        if !again && to > from {
            let start = from.max(covered);
            shares.push(Share {
                allocation,
                own_micros: clipped(start, to, window),
                lost_micros: clipped(from, to.min(start), window),
            });
            covered = covered.max(to);
        }
        previous = Some(allocation);
    }
    shares
}

fn clipped(from: i64, to: i64, window: Window) -> i64 {
    (to.min(window.to.micros()) - from.max(window.from.micros())).max(0)
}

#[derive(Default)]
struct Held<'a> {
    micros: i128,
    devices: BTreeSet<&'a str>,
    evidence: BTreeSet<&'a EvidenceId>,
}

impl<'a> Held<'a> {
    fn add(&mut self, allocation: &'a Allocation, micros: i64) {
        self.micros += i128::from(micros);
        self.devices.insert(&allocation.device);
        self.evidence.insert(&allocation.evidence);
    }
}

#[cfg(test)]
mod tests;
