//! The interface over real connections, and what leaves the deployment: requests to foreign
//! addresses, webhooks, sign-in providers.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod client;
mod described;
mod doors;
mod egress;
mod manners;
mod oidc;
mod receiver;
mod webhooks;
