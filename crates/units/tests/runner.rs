//! Integration tests of `units`: laws that hold for every value, and oracles that know better.

// A skipped oracle says why; that is the only thing printed here.
#![allow(clippy::print_stderr, reason = "a skipped oracle says why")]

mod deadlines;
mod numbers;
mod oracles;
mod spans;
mod words;
