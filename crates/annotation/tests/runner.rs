//! Oracles and real data.
