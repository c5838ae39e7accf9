//! The public behaviour of the crate, one module for each subject.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod arbitrary;
mod keys;
mod manifests;
mod programs;
mod verified;
mod world;
