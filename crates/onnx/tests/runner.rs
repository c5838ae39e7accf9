//! Graphs and weights, made here, read and written.

mod graphs;
mod weights;
