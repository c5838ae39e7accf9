//! Round trips, bad input and real data. Serves anno-3.5.
#![expect(clippy::print_stdout, reason = "a skipped test prints its reason")]

mod bad_input;
mod bccd;
mod label_studio_videos;
mod round_trip;
mod world;
