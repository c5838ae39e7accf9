//! From terms and measurements to money: rating, statements, late fees, credits, caps, postings.
//!
//! Reads terms and measurements only. Knows no journal, no storage, no events, no words for
//! people: lines carry codes, exact inputs, the clause that demands them and the evidence that
//! proves them.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod allocation;
mod amount;
mod availability;
mod capped;
mod carried;
mod credit;
mod due;
mod facts;
#[cfg(test)]
mod fixture;
mod formula;
mod gpu;
mod invoice;
mod late_fee;
mod ledger;
mod liability;
mod period;
mod rate;
mod repair;
mod revenue;
mod rollup;
#[cfg(test)]
mod samples;
mod statement;
mod storage;
mod stretches;
mod working;

pub use allocation::{AllocatedPart, AllocationError, OpenDebt, PaymentAllocation, allocate};
pub use amount::{AmountRule, Rated};
pub use availability::{AvailabilityError, AvailabilityReport, Part, Stretch, availability};
pub use carried::{Carried, OpenCredit};
pub use credit::{
    CreditError, CreditRequest, CreditRoute, MonthFees, ServiceCredit, service_credit,
};
pub use due::{Due, DueEvents, due};
pub use facts::{Conflict, WrongQuantity};
pub use formula::FormulaError;
pub use gpu::{GpuError, GpuUsage, JobUsage, NotBilled, NotBilledReason, gpu_usage, job_end};
pub use invoice::{
    CreditNote, Invoice, InvoiceError, Number, SeriesError, TaxTotal, check_series, next_number,
};
pub use late_fee::{
    DuePrincipal, LateFeeAccrual, LateFeeError, LateFeeRow, PrincipalPayment, exceeds_four_lpr,
    late_fee,
};
pub use ledger::{
    Account, AccountClass, Booked, Ledger, LedgerError, PaymentShare, Posting, Syntax, Transaction,
    TransactionKind, TrialBalance, TrialRow, export,
};
pub use liability::{
    AllowedClaim, Damages, LiabilityError, LossClaim, PaidFee, liability, liquidated_damages,
    training_damages,
};
pub use period::Period;
pub use rate::{RateError, check_tiers, rate, rate_exact};
pub use repair::{RepairError, RepairIncident, late_repair};
pub use revenue::{
    Licence, RevenueError, RevenueReport, RevenueSplit, licence_fees, revenue_split,
};
pub use rollup::{
    Admitted, Columns, EventId, IdConflict, IdSet, Partition, Rollup, RollupError, Shape, TierTable,
};
pub use statement::{
    Gap, GapCode, SettleError, Statement, StatementPart, Totals, VolumeUsage, Words, settle,
    settle_part,
};
pub use storage::{StorageMonth, StorageUsage, calendar_months, gb_months, month_window};
pub use working::{Input, Line, LineCode, Working};
