//! The readers of real systems' files: bad inputs, shapes of Slurm's versions, laws.

mod bad;
mod crash;
mod dice;
mod laws;
mod real_slurm;
mod shapes;
mod show;
mod simulation;
