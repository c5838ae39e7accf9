//! Word files without loss: the package and its parts, stories as paragraphs with byte ranges,
//! computed numbers, tracked changes in three views, redlines, comments and content controls.
//!
//! Knows nothing of agreements, clauses or languages: what a paragraph means is decided elsewhere.

mod align;
pub mod build;
mod comments;
mod controls;
mod document;
mod fault;
mod hidden;
mod limits;
mod names;
mod numbering;
mod opc;
mod package;
mod redline;
mod revisions;
mod story;
mod styles;
mod suggest;
mod tokens;
mod track;
mod tree;

pub use comments::Comment;
pub use controls::{Binding, Control, ControlKind, Proposed, Stored};
pub use document::{Cell, Document, Look, Mark, Paragraph, Place, Run, Unread, View};
pub use fault::{Fault, Measure, XmlFault};
pub use hidden::{Hidden, hidden};
pub use limits::Limits;
pub use package::{External, Package};
pub use redline::{Changed, Compare, Report, Unmarked, What, redline};
pub use revisions::{Kind, Revision, Select};
pub use suggest::{Suggestion, suggest};
