//! The HTTP API, sessions, live events and the embedded console.
