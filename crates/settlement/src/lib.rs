//! From terms and measurements to money: rating, statements, late fees, credits, caps, postings.
//!
//! Reads terms and measurements only. Knows no journal, no storage, no events, no words for
//! people: lines carry codes, exact inputs, the clause that demands them and the evidence that
//! proves them.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod amount;
mod gpu;
mod rate;
mod rollup;
mod storage;
mod working;

pub use amount::{AmountRule, Rated};
pub use gpu::{GpuError, GpuUsage, JobUsage, NotBilled, NotBilledReason, gpu_usage, job_end};
pub use rate::{RateError, check_tiers, rate, rate_exact};
pub use rollup::{
    Admitted, Columns, EventId, IdConflict, IdSet, Partition, Rollup, RollupError, Shape, TierTable,
};
pub use storage::{StorageMonth, StorageUsage, calendar_months, gb_months, month_window};
pub use working::{Input, Line, LineCode, Working};
