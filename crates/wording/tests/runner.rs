//! The integration tests of `wording`, in one binary.

mod arbitrary;
mod clauses;
mod values;
