//! The service without its network.

mod answers;
mod packages;
#[path = "../../training/tests/support.rs"]
#[expect(dead_code, reason = "the tests of training need more of it")]
mod pictures;
mod support;
mod usage;
