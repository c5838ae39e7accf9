//! Every integration test of the crate in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod build;
mod office;
mod packages;
mod revisions;
mod views;
mod world;
