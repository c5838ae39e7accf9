//! The checks that every implementation must pass.
