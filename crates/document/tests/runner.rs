//! Tests of printed documents.

#![expect(clippy::print_stdout, reason = "a skipped check says why")]

mod checks;
mod draft;
mod pdf;
mod sample;
mod seal;
mod statistics;
