//! Integration tests of `contract`.

mod access;
mod table;
mod world;
