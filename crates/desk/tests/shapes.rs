//! Slurm's files in the layouts of its versions, written here from one list of jobs: every layout
//! must say the same.

use desk::import::slurm::read_json;
use desk::import::{Fact, Imported, Job, Limits, NodeState};
use units::{EndState, Timestamp, Zone};

use crate::show::{events, findings, jobs_from_text};

/// A job of the test's own making.
pub(crate) struct Spec {
    pub(crate) id: u32,
    /// Array and task.
    pub(crate) task: Option<(u32, u32)>,
    pub(crate) state: &'static str,
    pub(crate) start: i64,
    /// 0 while it runs.
    pub(crate) end: i64,
    pub(crate) nodes: &'static str,
    pub(crate) gpus: u32,
}

const DAY: i64 = 1_772_323_200;

fn specs() -> Vec<Spec> {
    let job = |id, state, start, end, gpus| Spec {
        id,
        task: None,
        state,
        start: DAY + start,
        end: if end == 0 { 0 } else { DAY + end },
        nodes: "n1",
        gpus,
    };
    vec![
        job(1, "COMPLETED", 0, 10, 2),
        job(2, "FAILED", 5, 20, 1),
        job(3, "CANCELLED", 10, 12, 2),
        job(4, "NODE_FAIL", 30, 36, 4),
        job(4, "COMPLETED", 90, 190, 4),
        job(5, "REQUEUED", 200, 201, 1),
        job(5, "TIMEOUT", 300, 400, 1),
        job(6, "OUT_OF_MEMORY", 300, 310, 0),
        Spec { task: Some((7, 0)), ..job(8, "COMPLETED", 300, 310, 1) },
        Spec { task: Some((7, 1)), ..job(7, "COMPLETED", 300, 310, 1) },
        Spec { nodes: "n[1-2],big03", ..job(9, "PREEMPTED", 500, 600, 7) },
        Spec { nodes: "None assigned", gpus: 0, ..job(10, "CANCELLED", 600, 600, 0) },
        job(11, "RUNNING", 700, 0, 1),
    ]
}

fn number(layout: u32, value: i64) -> String {
    match layout {
        22 => value.to_string(),
        _ => format!(r#"{{"set":true,"infinite":false,"number":{value}}}"#),
    }
}

/// `sacct --json` of 22.05 (layout 22), or as from v0.0.40 on with more and more of its numbers
/// and states wrapped.
pub(crate) fn dump(specs: &[Spec], layout: u32) -> String {
    let jobs: Vec<String> = specs.iter().map(|spec| dumped(spec, layout)).collect();
    let plugin = if layout == 22 { "openapi/dbv0.0.38" } else { "data_parser/v0.0.40" };
    format!(
        r#"{{"meta":{{"plugin":{{"type":"{plugin}"}}}},"errors":[],"warnings":[],"jobs":[{}]}}"#,
        jobs.join(",\n")
    )
}

fn dumped(spec: &Spec, layout: u32) -> String {
    let n = |value: i64| number(layout, value);
    let state = match layout {
        22 => format!("\"{}\"", spec.state),
        _ if spec.state == "RUNNING" => r#"["RUNNING","COMPLETING"]"#.to_owned(),
        _ => format!("[\"{}\"]", spec.state),
    };
    let (array, task) = match (spec.task, layout) {
        (Some((array, task)), _) => (array, n(task.into())),
        (None, 22) => (0, "null".to_owned()),
        (None, _) => (0, r#"{"set":false,"infinite":false,"number":0}"#.to_owned()),
    };
    let gres = |name: &str| {
        format!(r#"{{"type":"gres","name":"{name}","id":1001,"count":{}}}"#, spec.gpus)
    };
    let tres = match spec.gpus {
        0 => String::new(),
        _ => format!(r#",{},{}"#, gres("gpu"), gres("gpu:a100")),
    };
    let elapsed = if spec.end == 0 { 7 } else { spec.end - spec.start };
    format!(
        r#"{{"account":"tenant","array":{{"job_id":{array},"task_id":{task},"task":null}},
        "cluster":"lease","het":{{"job_id":0,"job_offset":null}},"job_id":{},"user":"ann",
        "state":{{"current":{state},"reason":"None"}},"nodes":"{}",
        "time":{{"elapsed":{elapsed},"start":{},"end":{},"suspended":0,"limit":{}}},
        "tres":{{"allocated":[{{"type":"cpu","name":null,"id":1,"count":1}},
        {{"type":"energy","name":null,"id":3,"count":null}}{tres}]}},
        "steps":[{{"step":{{"id":"batch"}},"state":"COMPLETED","nodes":{{"list":["n1"]}}}}]}}"#,
        spec.id,
        spec.nodes,
        n(spec.start),
        n(spec.end),
        n(60),
    )
}

/// The same jobs as `sacct -X -P`, in Shanghai's time.
fn table(specs: &[Spec]) -> String {
    let mut text =
        "JobID|Cluster|User|Account|State|Start|End|ElapsedRaw|AllocTRES|NodeList\n".to_owned();
    for spec in specs {
        let local = |seconds: i64| {
            let shown = Timestamp::from_seconds(seconds + 8 * 3_600).to_string();
            shown.trim_end_matches('Z').to_owned()
        };
        let (end, elapsed) = match spec.end {
            0 => ("Unknown".to_owned(), 7),
            end => (local(end), end - spec.start),
        };
        let id = spec.task.map_or(spec.id.to_string(), |(array, task)| format!("{array}_{task}"));
        let state = if spec.state == "CANCELLED" { "CANCELLED by 0" } else { spec.state };
        let tres = match spec.gpus {
            0 => "billing=1,cpu=1".to_owned(),
            gpus => format!("billing={gpus},cpu=1,gres/gpu:a100={gpus},gres/gpu={gpus},mem=50M"),
        };
        text += &format!(
            "{id}|lease|ann|tenant|{state}|{}|{end}|{elapsed}|{tres}|{}\n",
            local(spec.start),
            spec.nodes
        );
        text += &format!("{id}.batch||||COMPLETED|||7|cpu=1|n1\n");
    }
    text
}

/// The jobs of a file.
pub(crate) fn jobs(imported: &Imported) -> Vec<&Job> {
    imported
        .records
        .iter()
        .filter_map(|record| match &record.fact {
            Fact::Job(job) => Some(job),
            _ => None,
        })
        .collect()
}

fn keyed(imported: &Imported) -> Vec<(&str, &str, [u8; 32])> {
    let key = |record: &'_ desk::import::SourceRecord| record.content;
    imported.records.iter().map(|r| (r.source.as_str(), r.id.as_str(), key(r))).collect()
}

#[test]
fn every_layout_says_the_same() {
    let old = read_json(dump(&specs(), 22).as_bytes(), &Limits::default());
    let new = read_json(dump(&specs(), 40).as_bytes(), &Limits::default());
    let text = jobs_from_text(table(&specs()).as_bytes());
    assert_eq!(keyed(&old), keyed(&new));
    assert_eq!(keyed(&old), keyed(&text));
    assert_eq!(jobs(&old), jobs(&text));
    assert_eq!(findings(&old), findings(&new));
    assert_eq!(
        findings(&old),
        [
            "/jobs/5: read_as state=preempted text=REQUEUED",
            "/jobs/10: uneven_gpus gpus=7 job=9 nodes=3",
            "/jobs/11: never_started job=10",
        ]
    );
    assert!(old.is_clean());
}

#[test]
fn a_job_is_told_with_its_ends_nodes_and_devices() {
    let imported = read_json(dump(&specs(), 22).as_bytes(), &Limits::default());
    let shown: Vec<String> = imported
        .records
        .iter()
        .zip(jobs(&imported))
        .map(|(record, job)| format!("{} {:?} {}", record.id, job.end, job.devices.join(" ")))
        .collect();
    assert_eq!(
        shown,
        [
            "lease/1/2026-03-01T00:00:00Z Completed n1:gpu0 n1:gpu1",
            "lease/2/2026-03-01T00:00:05Z Failed n1:gpu2",
            "lease/3/2026-03-01T00:00:10Z Cancelled n1:gpu0 n1:gpu1",
            "lease/4/2026-03-01T00:00:30Z NodeFail n1:gpu0 n1:gpu1 n1:gpu2 n1:gpu3",
            "lease/4/2026-03-01T00:01:30Z Completed n1:gpu0 n1:gpu1 n1:gpu2 n1:gpu3",
            "lease/5/2026-03-01T00:03:20Z Preempted n1:gpu0",
            "lease/5/2026-03-01T00:05:00Z Timeout n1:gpu2",
            "lease/6/2026-03-01T00:05:00Z OutOfMemory ",
            "lease/7_0/2026-03-01T00:05:00Z Completed n1:gpu0",
            "lease/7_1/2026-03-01T00:05:00Z Completed n1:gpu1",
            "lease/9/2026-03-01T00:08:20Z Preempted n1:gpu0 n1:gpu1 n1:gpu2 n2:gpu0 n2:gpu1 \
             big03:gpu0 big03:gpu1",
            "lease/11/2026-03-01T00:11:40Z/running Running n1:gpu0",
        ]
    );
    let running = jobs(&imported)[11];
    assert_eq!((running.end, running.to), (EndState::Running, None));
    assert_eq!(imported.records[0].source, "slurm:lease");
    assert_eq!(imported.records[0].place, desk::import::Place::Pointer("/jobs/0".to_owned()));
}

#[test]
fn node_events_are_told_with_their_zone() {
    let text = "2026-03-01T08:00:00|2026-03-01T08:04:00|n1|DOWN*|hwfail\n\
                2026-03-02T08:00:00|Unknown|n2|DRAIN|ecc | row remap\r\n";
    let imported = events(text.as_bytes());
    let shown: Vec<(&str, &Fact)> =
        imported.records.iter().map(|record| (record.id.as_str(), &record.fact)).collect();
    let [(first, Fact::NodeEvent(down)), (second, Fact::NodeEvent(drain))] = shown[..] else {
        panic!("{shown:?}");
    };
    assert_eq!(first, "lease/node/n1/2026-03-01T00:00:00Z");
    assert_eq!(second, "lease/node/n2/2026-03-02T00:00:00Z/open");
    assert_eq!((down.state, down.reason.as_str()), (NodeState::Down, "hwfail"));
    assert_eq!(down.to.map(|to| to.seconds_since(down.from)), Some(240));
    assert_eq!((drain.state, drain.reason.as_str()), (NodeState::Drain, "ecc | row remap"));
    assert_eq!(drain.to, None);
    let limits = Limits::default();
    let utc = Zone::new("UTC").expect("a zone");
    let elsewhere = desk::import::slurm::read_events(text.as_bytes(), &utc, "lease", &limits);
    assert_eq!(elsewhere.records[0].id, "lease/node/n1/2026-03-01T08:00:00Z");
}
