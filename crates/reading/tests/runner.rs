//! The integration tests of `reading`, in one binary.
