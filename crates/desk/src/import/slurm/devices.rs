//! Which GPUs a job held. Accounting keeps the count alone, so every job gets the lowest indices
//! that are free on its nodes when it starts: two jobs at one time never share a device, and the
//! GPU-seconds stay those of the scheduler.

use std::collections::BTreeMap;

use units::Timestamp;

use crate::import::Job;

/// Gives each job one device name for each GPU, `node:gpu0`, in order of start, end and job id.
///
/// The GPUs are spread evenly over the job's nodes; the first nodes get one more where they do
/// not divide. A job without an end holds its devices for good. Pass all jobs that a bill covers
/// at once: jobs that are given their devices file by file may be given the same one twice.
pub fn assign_devices(jobs: &mut [&mut Job]) {
    jobs.sort_by(|a, b| order(a).cmp(&order(b)));
    // For each node, until when each index is held.
    let mut held: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for job in jobs {
        let from = job.from.micros();
        let until = job.to.map_or(i64::MAX, Timestamp::micros);
        let nodes = job.nodes.len() as u64;
        job.devices.clear();
        for (place, node) in (0..nodes).zip(&job.nodes) {
            let wanted = job.gpus / nodes + u64::from(place < job.gpus % nodes);
            let slots = held.entry(node.clone()).or_default();
            let mut index = 0;
            for _ in 0..wanted {
                while slots.get(index).is_some_and(|&end| end > from) {
                    index += 1;
                }
                match slots.get_mut(index) {
                    Some(slot) => *slot = until,
                    None => slots.push(until),
                }
                job.devices.push(format!("{node}:gpu{index}"));
                index += 1;
            }
        }
    }
}

fn order(job: &Job) -> (Timestamp, i64, &str) {
    (job.from, job.to.map_or(i64::MAX, Timestamp::micros), &job.job)
}
