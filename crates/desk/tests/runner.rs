//! The readers of real systems' files: bad inputs, shapes of Slurm's versions, laws. Files into
//! journals, deliveries under inspection, bundles in the hands of strangers.
#![allow(clippy::print_stdout, reason = "a test that is skipped says why")]

mod amendments;
mod bad;
mod crash;
mod dice;
mod inspected;
mod intake;
mod jobs;
mod laws;
#[path = "../../signing/tests/openssl.rs"]
mod openssl;
mod papers;
mod people;
mod real_slurm;
mod rounds;
mod scene;
mod shapes;
mod show;
mod simulation;
mod stamps;
mod verified;
mod versions;
