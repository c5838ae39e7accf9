//! The world outside: the clock and the source of random bytes. The only place that reads either;
//! everything below gets them as arguments.

use std::sync::Mutex;

use units::Timestamp;

/// Gives the time.
pub trait Clock: Send + Sync {
    /// Now, in whole microseconds.
    fn now(&self) -> Timestamp;
}

/// Gives random bytes.
pub trait Random: Send + Sync {
    /// 32 bytes that nobody can guess.
    ///
    /// # Errors
    /// When the system has none to give.
    fn bytes(&self) -> Result<[u8; 32], NoRandomness>;
}

/// The system gives no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoRandomness;

/// The system's clock and randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

/// A clock that stands until it is set: a rehearsal, where a year passes in a second.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

/// A clock that goes on from an instant at the system's pace: a rehearsal that is served.
#[derive(Debug, Clone, Copy)]
pub struct Running {
    /// Microseconds between this clock and the system's.
    ahead: i64,
}

/// Bytes that follow from a seed: the same rehearsal gives the same bytes. Never for real keys.
#[derive(Debug)]
pub struct Rehearsal(Mutex<[u8; 32]>);

/// Measures how long something took. It tells no time of day and nothing is decided by it.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts to measure.
    #[must_use]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// How long ago it was started.
    #[must_use]
    pub fn elapsed(&self) -> std::time::Duration {
        self.0.elapsed()
    }
}

impl Clock for System {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

impl Random for System {
    #[expect(clippy::disallowed_methods, reason = "this is the source of random bytes")]
    fn bytes(&self) -> Result<[u8; 32], NoRandomness> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(bytes)
    }
}

impl ManualClock {
    /// A clock that stands at an instant.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Sets the clock.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = now;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl From<Timestamp> for Running {
    fn from(now: Timestamp) -> Self {
        Self { ahead: now.micros().saturating_sub(System.now().micros()) }
    }
}

impl Clock for Running {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(System.now().micros().saturating_add(self.ahead))
    }
}

impl Rehearsal {
    /// Bytes from a seed.
    #[must_use]
    pub const fn new(seed: [u8; 32]) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Random for Rehearsal {
    fn bytes(&self) -> Result<[u8; 32], NoRandomness> {
        use sha2::{Digest, Sha256};
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let given = Sha256::digest([b"given".as_slice(), state.as_slice()].concat());
        *state = Sha256::digest([b"next".as_slice(), state.as_slice()].concat()).into();
        Ok(given.into())
    }
}
