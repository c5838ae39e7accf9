//! The interface over real connections, and what leaves the deployment: requests to foreign
//! addresses, webhooks, sign-in providers.
#![allow(clippy::print_stdout, reason = "a test that is skipped says why")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod authenticator;
mod client;
mod described;
mod doors;
mod egress;
mod labelling;
mod manners;
mod material;
mod model;
mod notices;
mod oidc;
mod outside;
mod passkeys;
mod receiver;
mod training;
mod uploads;
mod webhooks;
