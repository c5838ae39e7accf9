//! The HTTP API, sessions, live events and the embedded console.

mod answer;
mod app;
mod auth;
pub mod authority;
mod books;
mod console;
mod download;
pub mod egress;
mod extract;
mod finish;
mod guard;
mod health;
mod idempotency;
mod limits;
mod live;
pub mod logs;
pub mod mail;
mod metrics;
pub mod model;
pub mod notices;
pub mod oidc;
pub mod openapi;
mod outside;
pub mod passkeys;
mod periods;
pub mod problem;
mod route;
mod routes;
mod uploads;
mod views;
pub mod webhooks;
pub mod words;
mod work;

pub use app::{App, Config};
pub use limits::Rates;
pub use outside::Outside;
