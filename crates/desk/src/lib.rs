//! The use cases of an agreement: command, decision, append, effects; and the readers of what real
//! systems produce. The only crate that knows the clock and randomness, through ports.

pub mod account;
pub mod agreement_file;
mod batch;
mod book;
pub mod books;
pub mod bundle;
mod desk;
pub mod files;
pub mod import;
pub mod inspection;
pub mod intake;
pub mod jobs;
pub mod labelling;
pub mod money;
pub mod papers;
pub mod people;
mod record;
pub mod rounds;
pub mod sampling;
mod sheets;
mod signing;
pub mod verify;
pub mod world;

pub use book::{Book, DeskError, Draft};
pub use desk::{
    Changed, CosigningPayload, Desk, Listed, PAYLOAD_TYPE, Parts, SigningPayload, origin,
};
pub use record::{DecodeError, decode, encode};
pub use signing::{Paper, check_signing, terms_bytes};
