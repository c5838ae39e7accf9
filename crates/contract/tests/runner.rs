//! Integration tests of `contract`.

mod access;
mod format_page;
mod laws;
mod lives;
mod obligations;
mod published;
mod small_worlds;
mod table;
mod world;
