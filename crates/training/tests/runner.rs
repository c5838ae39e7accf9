//! Datasets, heads, evaluations and packages.

mod datasets;
mod evaluation;
mod heads;
mod packages;
mod sklearn;
mod support;
