//! Every integration test of the crate in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so, and rates are printed")]

mod arbitrary;
mod build;
mod controls;
mod edits;
mod failures;
mod hidden;
mod office;
mod packages;
mod redlines;
mod revisions;
mod suggestions;
mod views;
mod world;
