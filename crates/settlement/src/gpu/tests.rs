//! GPU use: one row for each case, laws, and naive counts beside them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use contract::terms::{GpuPrice, JobEnd, RoundedPer};
use proptest::prelude::*;
use units::{Allocation, Decimal, EndState, RoundingMode, Timestamp, Window};

use super::{GpuError, NotBilledReason, gpu_usage, job_end};
use crate::fixture::allocation;

fn terms(step: u32, mode: RoundingMode, per: RoundedPer) -> GpuPrice {
    use JobEnd::{Cancelled, Completed, Failed, Running, Timeout};
    GpuPrice {
        price: Decimal::new(1850, 2),
        step_seconds: step,
        step_rounding: mode,
        rounded_per: per,
        billable_ends: alloc::vec![Completed, Failed, Cancelled, Timeout, Running],
    }
}

fn by_second() -> GpuPrice {
    terms(1, RoundingMode::Up, RoundedPer::Period)
}

fn seconds(from: i64, to: i64) -> Window {
    Window::new(Timestamp::from_seconds(from), Timestamp::from_seconds(to))
}

/// Jobs 1 to 4 of the recorded Slurm run, a device a GPU.
fn slurm_set() -> Vec<Allocation> {
    let rows = [
        ("1", 0, 5, 2, EndState::Completed),
        ("2", 10, 30, 1, EndState::Completed),
        ("3", 40, 60, 4, EndState::Completed),
        ("4", 70, 76, 1, EndState::NodeFail),
    ];
    let devices = ["vm:gpu0", "vm:gpu1", "vm:gpu2", "vm:gpu3"];
    rows.iter()
        .flat_map(|(job, from, to, gpus, end)| {
            devices.iter().take(*gpus).map(|device| allocation(device, job, *from, *to, *end))
        })
        .collect()
}

#[test]
fn the_slurm_set_has_110_billable_seconds_and_6_that_are_not() {
    let usage = gpu_usage(&slurm_set(), seconds(0, 100), &by_second()).expect("a step");
    assert_eq!(usage.billed_seconds, 110);
    assert_eq!(usage.held_micros, 110_000_000);
    let held: Vec<i128> = usage.jobs.iter().map(|job| job.held_micros / 1_000_000).collect();
    assert_eq!(held, [10, 20, 80]);
    let [lost] = usage.not_billed.as_slice() else { panic!("one job is not billed") };
    assert_eq!((lost.job.as_str(), lost.reason), ("4", NotBilledReason::End));
    assert_eq!((lost.end, lost.held_micros), (EndState::NodeFail, 6_000_000));
}

#[test]
fn rounding_to_the_step() {
    fn check(rows: &[(u32, RoundingMode, RoundedPer, i128)]) {
        let jobs = [
            allocation("a:0", "1", 0, 61, EndState::Completed),
            allocation("a:0", "2", 100, 100, EndState::Completed),
            allocation("a:0", "3", 200, 201, EndState::Failed),
        ];
        for (step, mode, per, want) in rows {
            let usage = gpu_usage(&jobs, seconds(0, 1_000), &terms(*step, *mode, *per));
            assert_eq!(usage.expect("a step").billed_seconds, *want, "{step} {mode:?} {per:?}");
        }
    }
    use RoundedPer::{Job, Period};
    use RoundingMode::{Down, HalfUp, Up};
    check(&[
        (1, Up, Job, 62),
        (60, Up, Job, 180),
        (60, Up, Period, 120),
        (60, Down, Job, 60),
        (60, Down, Period, 60),
        (60, HalfUp, Job, 60),
        (3_600, Up, Job, 7_200),
        (3_600, Up, Period, 3_600),
        (900, Up, Period, 900),
    ]);
    let zero = terms(0, Up, Job);
    assert_eq!(gpu_usage(&[], seconds(0, 1), &zero), Err(GpuError::ZeroStep));
}

#[test]
fn one_device_is_never_billed_twice() {
    let jobs = [
        allocation("a:0", "9", 0, 10, EndState::Completed),
        allocation("a:0", "8", 5, 20, EndState::Completed),
        allocation("a:0", "7", 5, 12, EndState::NodeFail),
        allocation("a:1", "8", 5, 20, EndState::Completed),
    ];
    let usage = gpu_usage(&jobs, seconds(0, 100), &by_second()).expect("a step");
    // Job 9 held the device first; of 7 and 8, which began together, 7 has the lower id.
    assert_eq!(usage.billed_seconds, 10 + (20 - 12) + 15);
    let lost: Vec<_> = usage
        .not_billed
        .iter()
        .map(|row| (row.job.as_str(), row.reason, row.held_micros / 1_000_000))
        .collect();
    let (end, overlap) = (NotBilledReason::End, NotBilledReason::Overlap);
    assert_eq!(lost, [("7", end, 2), ("7", overlap, 5), ("8", overlap, 7)]);
}

#[test]
fn a_job_that_was_recorded_running_counts_by_its_end() {
    let running = allocation("a:0", "1", 0, 50, EndState::Running);
    let failed = allocation("a:0", "1", 0, 20, EndState::NodeFail);
    let usage = |rows: &[Allocation]| {
        gpu_usage(rows, seconds(0, 40), &by_second()).expect("a step").billed_seconds
    };
    assert_eq!(usage(core::slice::from_ref(&running)), 40);
    assert_eq!(usage(&[running.clone(), failed.clone()]), 0);
    assert_eq!(usage(&[failed, running]), 0);
}

/// Second by second: who began first holds the device.
fn by_seconds(jobs: &[Allocation], window: Window, billable: &[JobEnd]) -> BTreeMap<u8, i128> {
    let mut found = BTreeMap::from([(0, 0), (1, 0), (2, 0)]);
    let devices: BTreeSet<&str> = jobs.iter().map(|job| job.device.as_str()).collect();
    for device in devices {
        for second in window.from.seconds()..window.to.seconds() {
            let at = Timestamp::from_seconds(second);
            let mut held: Vec<&Allocation> =
                jobs.iter().filter(|job| job.device == device && job.window.contains(at)).collect();
            held.sort_by_key(|job| (job.window.from, &job.job));
            for (place, job) in held.into_iter().enumerate() {
                let class = match (place, billable.contains(&job_end(job.end))) {
                    (0, true) => 0,
                    (0, false) => 1,
                    _ => 2,
                };
                *found.entry(class).or_default() += 1;
            }
        }
    }
    found
}

fn agree(jobs: &[Allocation], window: Window) {
    let usage = gpu_usage(jobs, window, &by_second()).expect("a step");
    let not_billed = |reason| {
        let rows = usage.not_billed.iter().filter(|row| row.reason == reason);
        rows.map(|row| row.held_micros).sum::<i128>() / 1_000_000
    };
    let found = BTreeMap::from([
        (0, usage.billed_seconds),
        (1, not_billed(NotBilledReason::End)),
        (2, not_billed(NotBilledReason::Overlap)),
    ]);
    let want = by_seconds(jobs, window, &by_second().billable_ends);
    assert_eq!(found, want, "{jobs:?}");
}

#[test]
fn all_small_worlds_agree_with_a_count_of_seconds() {
    let spans: Vec<(i64, i64)> =
        (0..4).flat_map(|from| (from + 1..=4).map(move |to| (from, to))).collect();
    let ends = [EndState::Completed, EndState::NodeFail];
    for a in &spans {
        for b in &spans {
            for c in &spans {
                for mask in 0_usize..8 {
                    let end = |bit: usize| ends[mask >> bit & 1];
                    let jobs = [
                        allocation("a:0", "1", a.0, a.1, end(0)),
                        allocation("a:0", "2", b.0, b.1, end(1)),
                        allocation("a:0", "3", c.0, c.1, end(2)),
                    ];
                    agree(&jobs, seconds(1, 4));
                }
            }
        }
    }
}

fn any_jobs() -> impl Strategy<Value = Vec<Allocation>> {
    let row = (0_u8..3, 0_i64..60, 0_i64..30, 0_u8..4);
    proptest::collection::vec(row, 0..12).prop_map(|rows| {
        let ends =
            [EndState::Completed, EndState::NodeFail, EndState::Running, EndState::Preempted];
        (0..)
            .zip(rows)
            .map(|(job, (device, from, length, end)): (u32, _)| {
                let end = ends[usize::from(end)];
                let device = alloc::format!("n:{device}");
                allocation(&device, &alloc::format!("{job:02}"), from, from + length, end)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn any_jobs_agree_with_a_count_of_seconds(jobs in any_jobs()) {
        agree(&jobs, seconds(10, 70));
    }

    #[test]
    fn order_and_repetition_change_nothing(jobs in any_jobs(), turn in 0_usize..12) {
        let want = gpu_usage(&jobs, seconds(0, 90), &by_second());
        let mut other: Vec<Allocation> = jobs.iter().rev().cloned().collect();
        other.rotate_left(turn.min(jobs.len()));
        other.extend(jobs.iter().take(turn).cloned());
        prop_assert_eq!(gpu_usage(&other, seconds(0, 90), &by_second()), want);
    }

    #[test]
    fn two_windows_add_up_to_both_before_rounding(jobs in any_jobs(), cut in 0_i64..90) {
        let held = |from, to| {
            gpu_usage(&jobs, seconds(from, to), &by_second()).expect("a step").held_micros
        };
        prop_assert_eq!(held(0, cut) + held(cut, 90), held(0, 90));
    }
}
