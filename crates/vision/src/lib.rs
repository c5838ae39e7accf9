//! From the bytes of an image to the numbers that a network takes, and through the network.
//! Training, evaluation and serving go this one way, so that a model is served as it was measured.
//! Serves train-4.2.
//!
//! Knows images, recipes and engines; knows no class, no threshold and no party.

mod engine;
mod recipe;

pub use engine::{Choice, Engine, EngineError, Output, Outputs, open};
pub use recipe::{Filter, Fit, Recipe, RecipeError};
