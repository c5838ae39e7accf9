//! Integration tests of `contract`.
