//! What becomes of acknowledged entries when a process is killed, when two processes append at
//! once, and in which order the disk and the acknowledgement come.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test ends where something is not as it must be, and says what it saw"
)]

mod appender;
mod fsync;
mod kills;
mod together;

pub(crate) use appender::block_on;
