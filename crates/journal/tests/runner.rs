//! Every integration test of the crate in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod arbitrary;
mod canonical;
mod entries;
mod envelopes;
mod formats;
mod logs;
mod notes;
mod sources;
mod tree;
mod world;
