//! Word files without loss: the package and its parts, stories as paragraphs with byte ranges,
//! computed numbers, tracked changes in three views, redlines, comments and content controls.
//!
//! Knows nothing of agreements, clauses or languages: what a paragraph means is decided elsewhere.

mod fault;
mod limits;
mod names;
mod opc;
mod package;
mod tree;

pub use fault::{Fault, Measure, XmlFault};
pub use limits::Limits;
pub use package::{External, Package};
