//! Images in, answers out: the answer kept from before, or a worker's; and beside it, unseen, the
//! answer of a shadow.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use training::Answer;

use crate::Clock;
use crate::cache::Cache;
use crate::models::{Chosen, Models};
use crate::pool::{Done, Figures, Pool, Refused, Reply as Told, Task, Work};
use crate::queue::{Class, Lane};
use crate::version::Version;

/// How a service is set up.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// Workers, each with one thread.
    pub workers: usize,
    /// Images that may wait in each class.
    pub room: usize,
    /// Answers that are kept; none are with 0.
    pub cache: usize,
}

/// How images are asked about.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// How soon.
    pub class: Class,
    /// Whether the work goes behind everything that somebody waits for.
    pub background: bool,
    /// The tick after which nobody wants it.
    pub deadline: Option<u64>,
}

/// Called once with what came of an image.
pub type Reply = Box<dyn FnOnce(Result<Done, Refused>) + Send>;

/// How a shadow compares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShadowFigures {
    /// Images that both answered.
    pub compared: u64,
    /// Of these, those whose surest class is another.
    pub different: u64,
    /// Images that the shadow did not answer.
    pub failed: u64,
    /// Images that were not given to it, since there was too much to do.
    pub skipped: u64,
}

#[derive(Default)]
struct Shadow {
    compared: AtomicU64,
    different: AtomicU64,
    failed: AtomicU64,
    skipped: AtomicU64,
}

/// See the module.
pub struct Service {
    models: Models,
    pool: Pool,
    cache: Arc<Cache>,
    shadow: Arc<Shadow>,
}

impl Service {
    /// Starts the workers.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(models: Models, config: Config, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        let pool = Pool::start(config.workers, config.room, clock)?;
        let cache = Arc::new(Cache::new(config.cache));
        Ok(Self { models, pool, cache, shadow: Arc::default() })
    }

    /// Which version answers, and what can be changed about it.
    #[must_use]
    pub const fn models(&self) -> &Models {
        &self.models
    }

    /// Asks about images, each with its SHA-256. What is not kept from before goes to the workers
    /// together or not at all.
    pub fn images(&self, chosen: &Chosen, ask: Ask, images: Vec<(Bytes, [u8; 32], Reply)>) {
        let mut tasks = Vec::new();
        for (bytes, sha256, reply) in images {
            let version = &chosen.version;
            if let Some(kept) = self.cache.get(sha256, &version.digest) {
                let answers = vec![(*kept).clone()];
                reply(Ok(Done { answers, waited_us: 0, worked_us: 0, cached: true }));
                continue;
            }
            let (work, reply) =
                (Work::Image(bytes.clone()), self.then(chosen, bytes, sha256, reply));
            let version = Arc::clone(version);
            tasks.push(Task { work, version, deadline: ask.deadline, reply });
        }
        if !tasks.is_empty() {
            self.pool.submit(lane(ask), tasks);
        }
    }

    /// Asks about images that somebody else prepared: (images, 3, side, side).
    pub fn numbers(
        &self,
        version: Arc<Version>,
        ask: Ask,
        values: Vec<f32>,
        images: usize,
        reply: Reply,
    ) {
        let work = Work::Numbers { values, images };
        let task = Task { work, version, deadline: ask.deadline, reply };
        self.pool.submit(lane(ask), vec![task]);
    }

    /// How busy the workers are.
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.pool.figures()
    }

    /// How the shadows compare.
    #[must_use]
    pub fn shadow(&self) -> ShadowFigures {
        let Shadow { compared, different, failed, skipped } = &*self.shadow;
        let [compared, different, failed, skipped] =
            [compared, different, failed, skipped].map(|count| count.load(Ordering::Relaxed));
        ShadowFigures { compared, different, failed, skipped }
    }

    /// Takes nothing more, works off what waits, and ends.
    pub fn stop(&self) {
        self.pool.stop();
    }

    /// What a worker calls: keeps the answer, gives it, and lets the shadow answer too.
    fn then(&self, chosen: &Chosen, bytes: Bytes, sha256: [u8; 32], reply: Reply) -> Told {
        let (cache, digest) = (Arc::clone(&self.cache), Arc::clone(&chosen.version.digest));
        let shadow = chosen.shadow.clone();
        let shadow = shadow.map(|version| (version, Arc::clone(&self.shadow), self.pool.clone()));
        let classes = chosen.version.classes().to_vec();
        Box::new(move |done| {
            let given = done.as_ref().ok().and_then(|done| done.answers.first()).cloned();
            if let Some(answer) = &given {
                cache.put(sha256, &digest, answer);
            }
            reply(done);
            if let (Some(answer), Some((version, figures, pool))) = (given, shadow) {
                let own = surest(&classes, &answer);
                compare(own, bytes, version, figures, &pool);
            }
        })
    }
}

const fn lane(ask: Ask) -> Lane {
    if ask.background { Lane::Background } else { Lane::Asked(ask.class) }
}

fn surest(classes: &[String], answer: &Answer) -> Option<String> {
    let values = answer.probabilities.iter().zip(classes);
    values.max_by(|one, other| one.0.total_cmp(other.0)).map(|(_, class)| class.clone())
}

/// Gives the same image to a shadow, where the workers have time.
fn compare(
    own: Option<String>,
    bytes: Bytes,
    version: Arc<Version>,
    figures: Arc<Shadow>,
    pool: &Pool,
) {
    if !pool.is_quiet() {
        figures.skipped.fetch_add(1, Ordering::Relaxed);
        return;
    }
    let compared = Arc::clone(&version);
    let reply: Told = Box::new(move |done| {
        let other = match &done {
            Ok(done) => done.answers.first().and_then(|one| surest(compared.classes(), one)),
            Err(Refused::Full { .. } | Refused::Stopping) => {
                figures.skipped.fetch_add(1, Ordering::Relaxed);
                return;
            }
            Err(_) => {
                figures.failed.fetch_add(1, Ordering::Relaxed);
                return;
            }
        };
        figures.compared.fetch_add(1, Ordering::Relaxed);
        if other != own {
            figures.different.fetch_add(1, Ordering::Relaxed);
        }
    });
    let task = Task { work: Work::Image(bytes), version, deadline: None, reply };
    pool.submit(Lane::Background, vec![task]);
}
