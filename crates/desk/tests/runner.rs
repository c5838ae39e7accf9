//! The readers of real systems' files: bad inputs, shapes of Slurm's versions, laws. Files into
//! journals, deliveries under inspection, bundles in the hands of strangers.

mod bad;
mod crash;
mod dice;
mod inspected;
mod intake;
mod laws;
mod papers;
mod people;
mod real_slurm;
mod scene;
mod shapes;
mod show;
mod simulation;
mod verified;
mod versions;
