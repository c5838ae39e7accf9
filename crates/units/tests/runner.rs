//! Integration tests of `units`.
