//! Runs the real binary.
#![allow(clippy::print_stdout, reason = "a test that is skipped says why")]

mod bucket;
mod cases;
mod classifiers;
mod commands;
mod identifiers;
mod intake;
mod keyframes;
mod model;
mod money;
#[path = "../../signing/tests/openssl.rs"]
mod openssl;
#[path = "../../classification/tests/packages.rs"]
mod packages;
mod papers;
#[path = "../../training/tests/support.rs"]
mod pictures;
mod projects;
mod real_slurm;
mod rounds;
mod serving;
mod timestamps;
