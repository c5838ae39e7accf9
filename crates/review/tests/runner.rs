//! The integration tests of `review`, in one binary.
