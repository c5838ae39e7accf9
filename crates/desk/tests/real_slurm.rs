//! What a real Slurm wrote, read by us and computed by `cases/slurm/expected.py` beside us.
//!
//! `cases/slurm/month.sh OUT` makes the files; `SLURM_MONTH=OUT` names them here. Without it the
//! test says so and passes: a real Slurm takes a minute, root and packages.

use std::path::{Path, PathBuf};
use std::process::Command;

use desk::import::slurm::{read_events, read_json, read_text};
use desk::import::{Fact, Imported, Job, Limits};
use serde_json::Value;
use units::{EndState, Zone};

use crate::shapes::jobs;

fn expected(folder: &Path) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../cases/slurm/expected.py");
    let output = Command::new("python3")
        .arg(script)
        .args([folder.join("sacct.txt"), folder.join("events.txt")])
        .output()
        .expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the script prints JSON")
}

fn gpu_seconds(jobs: &[&Job], ends: &[EndState]) -> u64 {
    let held = |job: &&&Job| ends.contains(&job.end);
    let seconds = |job: &&Job| {
        let to = job.to.expect("an ended job has an end");
        u64::try_from(to.seconds_since(job.from)).expect("an end is after its start")
    };
    jobs.iter().filter(held).map(|job| seconds(job) * job.devices.len() as u64).sum()
}

#[test]
fn the_accounting_of_a_real_slurm_is_read_to_the_second() {
    let Some(folder) = std::env::var_os("SLURM_MONTH").map(PathBuf::from) else {
        println!("skipped: SLURM_MONTH names no folder made by cases/slurm/month.sh");
        return;
    };
    let read = |name: &str| std::fs::read(folder.join(name)).expect(name);
    let (zone, limits) = (Zone::shanghai(), Limits::default());
    let dump = read_json(&read("sacct.json"), &limits);
    let text = read_text(&read("sacct.txt"), &zone, "lease", &limits);
    assert!(dump.is_clean() && text.is_clean(), "{:?} {:?}", dump.findings, text.findings);
    let contents = |imported: &Imported| {
        let mut keys: Vec<_> = imported.records.iter().map(|r| (r.id.clone(), r.content)).collect();
        keys.sort();
        keys
    };
    assert_eq!(contents(&dump), contents(&text));

    let want = expected(&folder);
    let jobs = jobs(&dump);
    use EndState::*;
    assert_eq!(
        gpu_seconds(&jobs, &[Completed, Failed, Cancelled, Timeout]),
        want["billable_gpu_seconds"]
    );
    assert_eq!(gpu_seconds(&jobs, &[NodeFail, Preempted]), want["not_billable_gpu_seconds"]);
    let running: Vec<&str> =
        jobs.iter().filter(|job| job.to.is_none()).map(|job| job.job.as_str()).collect();
    assert_eq!(serde_json::json!(running), want["open_jobs"]);

    let events = read_events(&read("events.txt"), &zone, "lease", &limits);
    assert!(events.is_clean(), "{:?}", events.findings);
    let outages: Vec<i64> = events
        .records
        .iter()
        .filter_map(|record| match &record.fact {
            Fact::NodeEvent(event) => event.to.map(|to| to.seconds_since(event.from)),
            _ => None,
        })
        .collect();
    let wanted = want["outages"].as_array().expect("a list");
    assert_eq!(
        serde_json::json!(outages),
        wanted.iter().map(|o| o["seconds"].clone()).collect::<Value>()
    );
}
