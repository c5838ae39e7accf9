//! Videos made by ffmpeg, read back.
#![allow(clippy::print_stdout, reason = "a test that is skipped says why")]

mod frames;
mod made;
mod peer;
mod poster;
mod refused;
mod strip;
mod times;
