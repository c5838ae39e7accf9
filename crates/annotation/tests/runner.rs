//! Tests against tables, oracles and real data. Serves anno-3.5, anno-3.6 and anno-4.1.1.
#![expect(clippy::print_stdout, reason = "a skipped test prints its reason")]

mod acceptance;
mod bad_input;
mod bccd;
mod boxes;
mod draws;
mod lot_plans;
mod oracles;
mod quality;
mod spans;
mod statistics;
mod videos;
