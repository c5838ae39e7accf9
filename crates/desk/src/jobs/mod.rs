//! Long work as processes of their own. A [`Port`] starts, looks at, halts and ends a job; what a
//! job is for, and whether it may be, decides who starts it. Serves train-2.1.3, train-4.1.
//!
//! A job outlives the process that started it: all that is known of it is its [`Ticket`] and the
//! files of its folder.

mod local;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use local::Local;

/// What a job runs.
#[derive(Debug, Clone)]
pub struct Order {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// The folder of the job, which is its working folder and holds what it prints.
    pub folder: PathBuf,
}

/// A job as its port names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ticket(String);

/// How a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// It works.
    Running,
    /// It was halted and can go on.
    Paused,
    /// It ended with this code; 0 is well.
    Ended(i32),
    /// It is gone and left no code: it was killed, or the machine went down.
    Gone,
}

/// Where jobs run.
pub trait Port: Send + Sync {
    /// Starts a job.
    ///
    /// # Errors
    /// When it cannot be started.
    fn start(&self, order: &Order) -> io::Result<Ticket>;

    /// How it is doing.
    ///
    /// # Errors
    /// When that cannot be found out.
    fn look(&self, ticket: &Ticket, folder: &Path) -> io::Result<Sight>;

    /// Halts it where it is. One that is over stays as it is.
    ///
    /// # Errors
    /// When it cannot be reached.
    fn pause(&self, ticket: &Ticket) -> io::Result<()>;

    /// Lets it go on.
    ///
    /// # Errors
    /// When it cannot be reached.
    fn resume(&self, ticket: &Ticket) -> io::Result<()>;

    /// Ends it, with everything that it started.
    ///
    /// # Errors
    /// When it cannot be reached.
    fn cancel(&self, ticket: &Ticket) -> io::Result<()>;
}

/// What a job printed to its standard output.
pub const OUTPUT: &str = "out";
/// What a job printed to its standard error.
pub const ERRORS: &str = "err";
