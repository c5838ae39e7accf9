//! Tests of what only SQLite has.
