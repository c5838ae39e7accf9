//! The interface over real connections, and what leaves the deployment: requests to foreign
//! addresses, webhooks, sign-in providers.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod described;
mod egress;
mod oidc;
mod receiver;
mod webhooks;
