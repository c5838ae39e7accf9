//! The integration tests of `identifiers`, in one binary.

mod encodings;
mod false_alarms;
mod kinds;
mod laws;
mod made;
