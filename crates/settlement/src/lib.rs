//! From terms and measurements to money: rating, statements, late fees, credits, caps, postings.
//!
//! Reads terms and measurements only. Knows no journal, no storage, no events, no words for
//! people: lines carry codes, exact inputs, the clause that demands them and the evidence that
//! proves them.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod working;

pub use working::{Input, Line, LineCode, Working};
