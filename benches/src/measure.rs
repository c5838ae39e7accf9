//! Time and memory of this process: CPU seconds of all its threads, wall seconds, peak memory.
//! CPU seconds are what a shared machine leaves comparable.

use std::time::Instant;

use anyhow::{Context as _, Result};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

/// What one worker measured.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sample {
    /// CPU seconds of all threads.
    pub(crate) cpu: f64,
    /// Seconds that passed.
    pub(crate) wall: f64,
    /// The most memory that the process ever held, in MiB.
    pub(crate) peak_mib: f64,
    /// What came out, in a form that contenders for the same work must share.
    pub(crate) answer: String,
    /// CPU seconds of reading the input, where that is told apart.
    #[serde(default)]
    pub(crate) load_cpu: Option<f64>,
}

/// A stop watch on the process.
pub(crate) struct Watch {
    cpu: f64,
    wall: Instant,
}

impl Watch {
    /// Starts.
    pub(crate) fn start() -> Self {
        Self { cpu: cpu_seconds(), wall: Instant::now() }
    }

    /// CPU seconds so far.
    pub(crate) fn cpu(&self) -> f64 {
        cpu_seconds() - self.cpu
    }

    /// Stops, and adds what came out.
    pub(crate) fn stop(self, answer: String) -> Result<Sample> {
        let (cpu, wall) = (self.cpu(), self.wall.elapsed().as_secs_f64());
        Ok(Sample { cpu, wall, peak_mib: peak_mib()?, answer, load_cpu: None })
    }
}

fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn peak_mib() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status").context("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kibibytes: f64 = kibibytes.context("no VmHWM")?.trim().parse()?;
    Ok(kibibytes / 1024.0)
}

/// The middle of values; of an even number the mean of the two in the middle.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}
