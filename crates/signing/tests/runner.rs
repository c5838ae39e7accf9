//! The integration tests of `signing`, in one binary.
