//! The public behaviour of the crate, one module for each subject.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "a skipped test prints its reason")]

mod arbitrary;
mod keys;
mod manifests;
mod openssl;
mod programs;
mod seals;
mod timestamps;
mod verified;
mod world;
