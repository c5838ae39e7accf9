//! A contract's wording against a playbook: headings, lexicon and sentence frames with typed
//! parameters decide; a small linear model finds where to look and decides nothing, and a language
//! model, where one is asked, proposes and decides nothing.
//!
//! Does no I/O and reads no clock.

pub mod checks;
mod clause;
mod compare;
mod definitions;
mod finding;
mod frame;
mod grid;
mod kind;
mod lexicon;
pub mod locator;
mod parties;
mod phrases;
pub mod playbook;
pub mod proposal;
mod quantity;
mod review;
mod said;
mod scan;
mod topic;

pub use compare::{BlockChange, Change, ClauseTurn, Comparison, Turn, compare};
pub use finding::{Confidence, Finding, Parameters, Reached, Risk, Side, Status, Text, Value};
pub use grid::{Cell, Row, grid};
pub use kind::Kind;
pub use parties::Parties;
pub use playbook::Playbook;
pub use proposal::{Proposal, Proposals};
pub use review::{Review, Summary, review, review_knowing};
