//! Integration tests of `settlement`.
