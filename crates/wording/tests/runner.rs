//! The integration tests of `wording`, in one binary.

mod clauses;
mod values;
