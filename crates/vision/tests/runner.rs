//! Recipes and engines on images made here.
#![allow(clippy::print_stdout, reason = "a test that is skipped says why")]

mod engines;
mod recipes;
