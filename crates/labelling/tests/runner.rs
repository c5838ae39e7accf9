//! The tests of this crate.

mod agreed;
mod figures;
mod guidelines;
mod saves;
mod states;
