//! Raw data, made here and real, taken in.
#![allow(clippy::print_stdout, reason = "a test that is skipped says why")]

mod archives;
mod containers;
mod damage;
mod images;
mod made;
mod pixels;
mod real;
mod texts;
