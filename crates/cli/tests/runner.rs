//! Runs the real binary.
#![allow(clippy::print_stdout, reason = "a test that is skipped says why")]

mod cases;
mod commands;
mod real_slurm;
