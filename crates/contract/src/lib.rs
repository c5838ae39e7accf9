//! Agreements as data: parties, clauses, terms of the four kinds, obligations, claims, disputes,
//! events; and the four pure functions over them: `decide`, `apply`, `position`, `may`.
//!
//! Does no I/O, reads no clock, draws no randomness, prices nothing (that is `settlement`) and
//! makes no words for people: problems, refusals and events hold codes and fields.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod apply;
mod effective;
pub mod event;
pub mod form;
pub mod obligation;
pub mod paid;
mod rules;
pub mod state;
pub mod terms;

pub use apply::apply;
