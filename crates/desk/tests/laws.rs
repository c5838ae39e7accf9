//! Laws of the readers: any bytes, the same bytes twice, both line ends, devices never shared.

use std::num::NonZeroU32;

use desk::import::probe::Prober;
use desk::import::slurm::{assign_devices, read_json};
use desk::import::{Imported, Job, Limits, cloudevents, detect, probe, usage_csv};
use proptest::prelude::*;
use units::{EndState, Timestamp};

use crate::shapes::{Spec, dump};
use crate::show::{events, jobs_from_text};

/// Every reader over the same bytes.
fn read_all(bytes: &[u8]) -> [Imported; 6] {
    let limits = Limits::default();
    let prober = Prober {
        source: "p".to_owned(),
        interval_seconds: NonZeroU32::MIN,
        tolerance_seconds: 0,
        degraded_above_ms: None,
    };
    let _ = detect(bytes);
    [
        read_json(bytes, &limits),
        jobs_from_text(bytes),
        events(bytes),
        cloudevents::read(bytes, &limits),
        usage_csv::read(bytes, &limits),
        probe::read(bytes, &prober, &limits),
    ]
}

/// A good file of each reader, to be damaged.
const GOOD: [&str; 5] = [
    "JobID|State|Start|End|ElapsedRaw|AllocTRES|NodeList\n\
     1|COMPLETED|2026-03-01T08:00:00|2026-03-01T08:00:10|10|gres/gpu=1|n[1-2,04]\n",
    "2026-03-01T08:00:00|Unknown|n1|DOWN|x\n2026-03-01T08:00:00|2026-03-01T09:00:00|n2|DRAIN|y\n",
    "{\"specversion\":\"1.0\",\"id\":\"a\",\"source\":\"s\",\"type\":\"tallystick.usage.v1\",\
     \"time\":\"2026-03-01T00:00:00Z\",\"data\":{\"meter\":\"m\",\"quantity\":1}}\n",
    "source,id,time,meter,quantity,subject\na,\"b,\"\"c\",2026-03-01T00:00:00Z,m,1,\n",
    "time,ok,latency_ms\n2026-03-01T00:00:00Z,true,1\n2026-03-01T00:10:00Z,false,\n",
];

fn job() -> impl Strategy<Value = Job> {
    (0..50_i64, 0..20_i64, 1..4_usize, 0..9_u64, any::<u16>()).prop_map(
        |(from, length, nodes, gpus, id)| Job {
            cluster: "c".to_owned(),
            job: id.to_string(),
            user: None,
            account: None,
            state: "COMPLETED".to_owned(),
            end: EndState::Completed,
            from: Timestamp::from_seconds(from),
            to: (length < 19).then(|| Timestamp::from_seconds(from + length)),
            nodes: (0..nodes).map(|node| format!("n{node}")).collect(),
            gpus,
            devices: Vec::new(),
        },
    )
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for imported in read_all(&bytes) {
            prop_assert!(!imported.findings.is_empty() || !imported.records.is_empty());
        }
    }

    #[test]
    fn damaged_files_are_read_without_panic(
        which in 0..GOOD.len() + 1, at in any::<prop::sample::Index>(), with in any::<[u8; 3]>(),
    ) {
        let spec = Spec {
            id: 1, task: None, state: "COMPLETED", start: 1_000, end: 1_010, nodes: "n1", gpus: 1,
        };
        let good = GOOD.get(which).map_or_else(|| dump(&[spec], 22), |good| (*good).to_owned());
        let mut bytes = good.into_bytes();
        let at = at.index(bytes.len());
        bytes.splice(at..=at, with);
        prop_assert_eq!(read_all(&bytes), read_all(&bytes));
    }

    #[test]
    fn both_line_ends_and_a_mark_read_the_same(which in 0..GOOD.len()) {
        let unix = read_all(GOOD[which].as_bytes());
        let windows = format!("\u{feff}{}", GOOD[which].replace('\n', "\r\n"));
        for (unix, windows) in unix.iter().zip(read_all(windows.as_bytes())) {
            prop_assert_eq!(&unix.records, &windows.records);
        }
        prop_assert_eq!(unix.iter().filter(|read| read.is_clean()).count(), 1);
    }

    #[test]
    fn no_two_jobs_hold_one_device_at_one_time(
        mut jobs in proptest::collection::vec(job(), 0..40),
    ) {
        assign_devices(&mut jobs.iter_mut().collect::<Vec<_>>());
        for (index, job) in jobs.iter().enumerate() {
            prop_assert_eq!(job.devices.len() as u64, job.gpus);
            for other in &jobs[index + 1..] {
                let before = |a: &Job, b: &Job| a.to.is_some_and(|to| to <= b.from);
                if before(job, other) || before(other, job) {
                    continue;
                }
                let shared = job.devices.iter().find(|device| other.devices.contains(device));
                prop_assert_eq!(shared, None);
            }
        }
    }

    #[test]
    fn the_order_of_jobs_leaves_their_devices(
        jobs in proptest::collection::vec(job(), 0..20), seed in any::<u64>(),
    ) {
        let mut seen = std::collections::BTreeSet::new();
        let mut one: Vec<Job> = jobs;
        one.retain(|job| seen.insert((job.from, job.to, job.job.clone())));
        let mut other = one.clone();
        let mut at = seed;
        other.sort_by_key(|_| {
            at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            at >> 33
        });
        assign_devices(&mut one.iter_mut().collect::<Vec<_>>());
        assign_devices(&mut other.iter_mut().collect::<Vec<_>>());
        let order = |job: &Job| (job.from, job.to, job.job.clone());
        one.sort_by_key(order);
        other.sort_by_key(order);
        prop_assert_eq!(one, other);
    }
}
