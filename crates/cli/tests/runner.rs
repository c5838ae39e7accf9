//! Runs the real binary.

mod cases;
mod real_slurm;
