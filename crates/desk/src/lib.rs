//! The use cases of an agreement, and the readers of what real systems produce.

pub mod import;
