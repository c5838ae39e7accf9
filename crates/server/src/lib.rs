//! The HTTP API, sessions, live events and the embedded console.

pub mod egress;
pub mod mail;
pub mod notices;
pub mod oidc;
pub mod passkeys;
pub mod webhooks;
pub mod words;
