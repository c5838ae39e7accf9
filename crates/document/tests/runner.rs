//! Tests of printed documents.

#![expect(clippy::print_stdout, reason = "a skipped check says why")]

mod pdf;
mod sample;
