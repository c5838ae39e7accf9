//! Webhooks: which entries of which journals are told to whom, signed, sent and sent again.
//!
//! The journal is the outbox: what was acknowledged is there, so nothing has to be kept aside for
//! sending. Each endpoint has a cursor for each agreement.

pub mod message;
pub mod schedule;
pub mod signature;
