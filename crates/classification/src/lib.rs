//! The classification service without its network: workers and the queue before them, versions
//! that change while it runs, and a record of every image that was answered. Serves class-4.1,
//! class-4.3 and class-5.1.
//!
//! Knows images, packages and who asked, by name; knows no HTTP, no price and no agreement. Reads
//! no clock of its own: one is given.

mod cache;
mod ledger;
mod line;
mod models;
mod pool;
mod queue;
mod service;
mod standing;
mod version;

pub use ledger::{Counted, Entry, Ledger, LedgerError, Opened, Turning};
pub use line::{IMAGES, Outcome};
pub use models::{Canary, Chosen, ModelError, ModelState, Models};
pub use pool::{Done, Figures, Refused};
pub use queue::Class;
pub use service::{Ask, Config, Reply, Service, ShadowFigures};
pub use standing::{Left, LeftOut, Standing, StandingError, below};
pub use training::Answer;
pub use version::{LoadError, Loading, Version, load};

use units::Timestamp;

/// Gives the time; the crate above has one.
pub trait Clock: Send + Sync {
    /// Now, by the calendar.
    fn now(&self) -> Timestamp;
    /// Microseconds since some beginning; they never go back.
    fn ticks(&self) -> u64;
}
