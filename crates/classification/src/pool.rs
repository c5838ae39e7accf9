//! The workers: each takes what is next, with an engine of its own and one thread. What waited
//! longer than its deadline costs no work.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use bytes::Bytes;
use media::Fault;
use training::{Answer, EmbedError};

use crate::Clock;
use crate::queue::{Class, Lane, Queue};
use crate::version::Version;

/// Seconds that somebody is asked to wait at most.
const LONGEST_WAIT: u64 = 300;
/// Weight of the newest measurement in the mean time of an image, as one part of so many.
const SMOOTHING: u64 = 16;

/// What is to be answered.
pub(crate) enum Work {
    /// An image's file.
    Image(Bytes),
    /// Images that somebody else prepared.
    Numbers { values: Vec<f32>, images: usize },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// An answer for each image.
    pub answers: Vec<Answer>,
    /// Microseconds from its place in the queue to a worker.
    pub waited_us: u64,
    /// Microseconds at a worker.
    pub worked_us: u64,
    /// Whether it was kept from before.
    pub cached: bool,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Too much waits.
    #[error("too much waits: come again in {retry_after_s} seconds")]
    Full {
        /// Seconds after which there should be room, at the measured rate.
        retry_after_s: u64,
    },
    /// Its time ran out before its turn.
    #[error("the deadline passed before its turn")]
    Late,
    /// The image cannot be read.
    #[error("the image cannot be read: {}", .0.problem.code())]
    Image(Fault),
    /// What was prepared does not fit the network.
    #[error("the tensor does not fit: {said}")]
    Tensor {
        /// Why.
        said: String,
    },
    /// The network stopped.
    #[error("the network stopped: {said}")]
    Broken {
        /// What it said.
        said: String,
    },
    /// The service stops.
    #[error("the service stops")]
    Stopping,
}

impl Refused {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Full { .. } => "queue_full",
            Self::Late => "deadline_passed",
            Self::Image(fault) => fault.problem.code(),
            Self::Tensor { .. } => "bad_tensor",
            Self::Broken { .. } => "fault",
            Self::Stopping => "stopping",
        }
    }
}

/// Called once with what came of it.
pub(crate) type Reply = Box<dyn FnOnce(Result<Done, Refused>) + Send>;

/// Something for a worker.
pub(crate) struct Task {
    pub(crate) work: Work,
    pub(crate) version: Arc<Version>,
    /// The tick after which nobody wants it.
    pub(crate) deadline: Option<u64>,
    pub(crate) reply: Reply,
}

/// How busy the workers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// What waits in the urgent lane.
    pub urgent: usize,
    /// What waits in the standard lane.
    pub standard: usize,
    /// What waits in the background.
    pub background: usize,
    /// Workers that are at work.
    pub busy: usize,
    /// Mean microseconds of an image at a worker; 0 before the first.
    pub mean_us: u64,
}

struct Line {
    queue: Queue<(u64, Task)>,
    busy: usize,
    mean_us: u64,
    stopping: bool,
}

struct Shared {
    line: Mutex<Line>,
    /// Somebody may have something to do.
    ready: Condvar,
    clock: Arc<dyn Clock>,
    workers: usize,
}

/// See the module.
#[derive(Clone)]
pub(crate) struct Pool {
    shared: Arc<Shared>,
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Shared {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool {
    /// Starts the workers; each lane has this much room.
    pub(crate) fn start(
        workers: usize,
        room: usize,
        clock: Arc<dyn Clock>,
    ) -> std::io::Result<Self> {
        let line = Line { queue: Queue::new(room), busy: 0, mean_us: 0, stopping: false };
        let (line, ready) = (Mutex::new(line), Condvar::new());
        let shared = Arc::new(Shared { line, ready, clock, workers: workers.max(1) });
        let mut threads = Vec::new();
        for worker in 0..shared.workers {
            let shared = Arc::clone(&shared);
            let named = std::thread::Builder::new().name(format!("worker-{worker}"));
            threads.push(named.spawn(move || work(&shared, worker))?);
        }
        Ok(Self { shared, threads: Arc::new(Mutex::new(threads)) })
    }

    /// Puts tasks into a lane, all or none; those without room are told when to come again.
    pub(crate) fn submit(&self, lane: Lane, tasks: Vec<Task>) {
        let now = self.shared.clock.ticks();
        let mut line = self.shared.line();
        let refused = if line.stopping {
            Some((tasks, Refused::Stopping))
        } else {
            let count = tasks.len();
            let timed = tasks.into_iter().map(|task| (now, task)).collect();
            let ahead = line.queue.waiting(lane) + count;
            line.queue.push(lane, timed).err().map(|tasks| {
                let retry_after_s = wait(ahead, self.shared.workers, line.mean_us);
                let tasks = tasks.into_iter().map(|(_, task)| task).collect();
                (tasks, Refused::Full { retry_after_s })
            })
        };
        drop(line);
        match refused {
            // Nobody is called while the line is held.
            Some((tasks, refused)) => {
                for task in tasks {
                    (task.reply)(Err(refused.clone()));
                }
            }
            None => self.shared.ready.notify_all(),
        }
    }

    /// Whether hardly anybody waits: only then is there time for what nobody waits for.
    pub(crate) fn is_quiet(&self) -> bool {
        let line = self.shared.line();
        line.queue.waiting(Lane::Asked(Class::Standard)) <= self.shared.workers
    }

    pub(crate) fn figures(&self) -> Figures {
        let line = self.shared.line();
        Figures {
            urgent: line.queue.waiting(Lane::Asked(Class::Urgent)),
            standard: line.queue.waiting(Lane::Asked(Class::Standard)),
            background: line.queue.waiting(Lane::Background),
            busy: line.busy,
            mean_us: line.mean_us,
        }
    }

    /// Takes nothing more, works off what waits, and ends.
    pub(crate) fn stop(&self) {
        self.shared.line().stopping = true;
        self.shared.ready.notify_all();
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            // What a worker does is caught; there is nothing left to mend.
            thread.join().unwrap_or_default();
        }
    }
}

/// Whole seconds after which what is ahead is worked off, at the measured rate.
fn wait(ahead: usize, workers: usize, mean_us: u64) -> u64 {
    let ahead = u64::try_from(ahead).unwrap_or(u64::MAX);
    let each = u64::try_from(workers.max(1)).unwrap_or(1).saturating_mul(1_000_000);
    ahead.saturating_mul(mean_us).div_ceil(each).clamp(1, LONGEST_WAIT)
}

fn work(shared: &Shared, worker: usize) {
    let mut line = shared.line();
    loop {
        let Some((since, task)) = line.queue.pop() else {
            if line.stopping {
                return;
            }
            line = shared.ready.wait(line).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        line.busy += 1;
        drop(line);
        let began = shared.clock.ticks();
        let Task { work, version, deadline, reply } = task;
        let answers = match deadline {
            Some(deadline) if began > deadline => Err(Refused::Late),
            _ => answer(&work, &version, worker),
        };
        let ended = shared.clock.ticks();
        let worked_us = ended.saturating_sub(began);
        let count = answers.as_ref().map_or(0, |answers| answers.len() as u64);
        // The engines of a version that is no longer used go before somebody is told.
        drop((work, version));
        let done = answers.map(|answers| {
            let waited_us = began.saturating_sub(since);
            Done { answers, waited_us, worked_us, cached: false }
        });
        reply(done);
        line = shared.line();
        line.busy -= 1;
        if let Some(each) = worked_us.checked_div(count) {
            line.mean_us = match line.mean_us {
                0 => each,
                mean => (mean * (SMOOTHING - 1) + each) / SMOOTHING,
            };
        }
    }
}

fn answer(work: &Work, version: &Version, worker: usize) -> Result<Vec<Answer>, Refused> {
    // A decoder or an engine that meets a case it forgot ends this image and no other.
    let answers = catch_unwind(AssertUnwindSafe(|| {
        version.with(worker, |classifier| match work {
            Work::Image(bytes) => classifier.answer(bytes).map(|answer| vec![answer]),
            Work::Numbers { values, images } => classifier.infer(values, *images),
        })
    }));
    let said = |said: String| Refused::Broken { said };
    answers.map_err(|_| said("it gave up".to_owned()))?.map_err(|error| match error {
        EmbedError::Image(fault) => Refused::Image(fault),
        error if matches!(work, Work::Numbers { .. }) => {
            Refused::Tensor { said: error.to_string() }
        }
        error => said(error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn who_is_turned_away_is_told_when_what_is_ahead_will_be_done() {
        for (ahead, workers, mean_us, want) in [
            (64, 2, 10_000, 1),
            (300, 2, 10_000, 2),
            (1_000, 1, 50_000, 50),
            (1_000_000, 1, 50_000, 300),
            (10, 2, 0, 1),
        ] {
            assert_eq!(wait(ahead, workers, mean_us), want, "{ahead} {workers} {mean_us}");
        }
    }
}
