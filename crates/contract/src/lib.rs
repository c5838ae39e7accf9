//! Agreements as data: parties, clauses, terms of the four kinds, obligations, claims, disputes,
//! events; and the four pure functions over them: `decide`, `apply`, `position`, `may`.
//!
//! Does no I/O, reads no clock, draws no randomness, prices nothing (that is `settlement`) and
//! makes no words for people: problems, refusals and events hold codes and fields.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod access;
mod apply;
mod check;
pub mod command;
mod decide;
mod effective;
pub mod event;
pub mod form;
mod measure;
pub mod obligation;
pub mod paid;
mod position;
mod refusal;
mod rules;
mod schema;
pub mod state;
pub mod terms;

pub use access::{Resource, may};
pub use apply::apply;
pub use check::{check, check_document};
pub use command::{Action, Command};
pub use decide::decide;
pub use effective::{effective_terms, terms_on};
pub use measure::measurements;
pub use position::{
    ClaimView, InvoiceView, MoneyView, ObligationView, Position, RightView, StandardView,
    model_metric, month_window, position, quality_metric,
};
pub use refusal::Refusal;
pub use schema::{event_schema, schema};
