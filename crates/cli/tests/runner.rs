//! Runs the real binary.

mod cases;
mod commands;
mod real_slurm;
