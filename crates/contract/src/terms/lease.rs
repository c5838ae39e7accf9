//! Terms of a lease of training resources.

use alloc::string::String;
use alloc::vec::Vec;

use units::{Decimal, Duration, Id, Percent, RoundingMode};

use super::{Purpose, Side, WrittenAmount};
use crate::form::{choice, record};

record! {
    /// What is leased, for what price, in which limits. Clauses: lease-1.1, lease-3.1, lease-4.1.
    pub struct LeaseTerms {
        /// GPU servers. Clause: lease-1.1.1.
        pub servers: Vec<GpuServers>,
        /// Network. Clause: lease-1.1.1.
        pub network: Option<Network>,
        /// Storage. Clause: lease-1.1.2.
        pub storage: Option<Storage>,
        /// Datasets. Clause: lease-1.1.3.
        pub datasets: Vec<LeasedDataset>,
        /// Software. Clause: lease-1.1.4.
        pub software: Vec<Software>,
        /// Price of GPU-hours. Clause: lease-3.1.1.
        pub gpu_price: GpuPrice,
        /// Price of storage. Clause: lease-3.1.2.
        pub storage_price: Option<StoragePrice>,
        /// Fees charged once. Clauses: lease-3.1.3, lease-3.1.4.
        pub one_off: Vec<OneOffFee>,
        /// The total as written, where it is. Clause: lease-3.2.
        pub total: Option<WrittenAmount>,
        /// What use is permitted. Clause: lease-4.1.
        pub permitted_purposes: Vec<String>,
        /// Whether products that compete with the vendor's are forbidden. Clause: lease-4.1.3.
        pub non_compete: bool,
        /// Who owns changes to the vendor's own software and datasets. Clause: lease-5.2.
        pub modifications_owner: Side,
        /// How soon hardware is repaired. Clause: lease-6.2.
        pub repair_within: Duration,
        /// What each hour beyond costs.
        pub late_repair_hour: Option<Decimal>,
        /// Software upgrades. Clause: lease-6.3.
        pub upgrades: Option<Upgrades>,
        /// How what was promised is verified at hand-over. Clause: lease-1.2.
        pub verification: Verification,
    }

    /// GPU servers of one model. Clause: lease-1.1.1.
    pub struct GpuServers {
        /// Their name within the agreement.
        pub id: Id,
        /// How many servers.
        pub count: u32,
        /// GPU model.
        pub model: String,
        /// GPUs in each.
        pub gpus_per_server: u32,
        /// Total floating-point operations a second, in units of 10^12.
        pub teraflops: Decimal,
        /// At which precision; without it the promise cannot be proven.
        pub precision: Precision,
        /// Measured, or by the data sheet.
        pub flops_basis: FlopsBasis,
    }

    /// Network. Clause: lease-1.1.1.
    pub struct Network {
        /// Bandwidth in gigabits a second.
        pub gigabits: Decimal,
    }

    /// Storage. Clause: lease-1.1.2.
    pub struct Storage {
        /// Capacity in terabytes (10^12 bytes).
        pub terabytes: Decimal,
        /// Input/output operations a second.
        pub iops: u64,
        /// Latency in milliseconds.
        pub latency_ms: Decimal,
        /// At which percentile.
        pub latency_percentile: Percent,
        /// At which queue depth.
        pub queue_depth: u32,
    }

    /// A leased dataset. Clause: lease-1.1.3.
    pub struct LeasedDataset {
        /// Its name within the agreement.
        pub id: Id,
        /// Number of records.
        pub records: u64,
        /// Format.
        pub format: String,
        /// What it may be used for.
        pub purpose: String,
    }

    /// Leased software. Clause: lease-1.1.4.
    pub struct Software {
        /// Name.
        pub name: String,
        /// Version.
        pub version: String,
    }

    /// Price of GPU-hours. Clause: lease-3.1.1.
    pub struct GpuPrice {
        /// Price of one GPU for one hour.
        pub price: Decimal,
        /// The step in seconds to which use is rounded.
        pub step_seconds: u32,
        /// How it is rounded to the step.
        pub step_rounding: RoundingMode,
        /// Whether each job is rounded, or the period's sum.
        pub rounded_per: RoundedPer,
        /// Which ends of a job are billed.
        pub billable_ends: Vec<JobEnd>,
    }

    /// Price of storage. Clause: lease-3.1.2.
    pub struct StoragePrice {
        /// Price of one gigabyte for one month.
        pub price: Decimal,
        /// What a gigabyte is.
        pub gigabyte: Gigabyte,
        /// How use over time is summed.
        pub integral: StorageIntegral,
        /// What a month is.
        pub month: MonthLength,
    }

    /// A fee charged once. Clauses: lease-3.1.3, lease-3.1.4.
    pub struct OneOffFee {
        /// Its name within the agreement.
        pub id: Id,
        /// What for.
        pub kind: OneOffKind,
        /// How much.
        pub amount: WrittenAmount,
    }

    /// Software upgrades. Clause: lease-6.3.
    pub struct Upgrades {
        /// How often.
        pub every: Duration,
        /// How long before they are told.
        pub notice: Duration,
    }

    /// How what was promised is verified: `required` of `runs` probes reach the threshold.
    pub struct Verification {
        /// Number of runs.
        pub runs: u32,
        /// How many must reach the threshold.
        pub required: u32,
        /// A run is invalid when the host's load, in percent of its processors, was above this.
        pub max_load: Percent,
    }
}

choice! {
    /// Number format of floating-point operations.
    pub enum Precision {
        /// 64 bit.
        Fp64 = "fp64",
        /// 32 bit.
        Fp32 = "fp32",
        /// TensorFloat-32.
        Tf32 = "tf32",
        /// bfloat16.
        Bf16 = "bf16",
        /// 16 bit.
        Fp16 = "fp16",
        /// 8 bit.
        Fp8 = "fp8",
    }

    /// What a number of operations a second means.
    pub enum FlopsBasis {
        /// What a matrix product reaches.
        Achieved = "achieved",
        /// What the data sheet says.
        Peak = "peak",
    }

    /// What is rounded.
    pub enum RoundedPer {
        /// Each job.
        Job = "job",
        /// The period's sum.
        Period = "period",
    }

    /// How a job ended, as a term of billing.
    pub enum JobEnd {
        /// Finished well.
        Completed = "completed",
        /// Finished with an error of its own.
        Failed = "failed",
        /// Cancelled.
        Cancelled = "cancelled",
        /// Reached its time limit.
        Timeout = "timeout",
        /// Ran out of memory.
        OutOfMemory = "out_of_memory",
        /// The node failed.
        NodeFail = "node_fail",
        /// The node did not boot.
        BootFail = "boot_fail",
        /// Pre-empted.
        Preempted = "preempted",
        /// Reached its deadline.
        Deadline = "deadline",
        /// Still running at the end of the period: billed up to it.
        Running = "running",
    }

    /// What a gigabyte is.
    pub enum Gigabyte {
        /// 10^9 bytes.
        Decimal = "decimal",
        /// 2^30 bytes.
        Binary = "binary",
    }

    /// How storage over time is summed.
    pub enum StorageIntegral {
        /// Byte-seconds, exactly.
        TimeWeighted = "time_weighted",
        /// The largest sample of each day.
        DailyPeak = "daily_peak",
    }

    /// What a month is for storage.
    pub enum MonthLength {
        /// The days that the month has.
        Actual = "actual",
        /// 30 days.
        Days30 = "days_30",
        /// 744 hours.
        Hours744 = "hours_744",
    }

    /// What a one-off fee is for.
    pub enum OneOffKind {
        /// A dataset. Clause: lease-3.1.3.
        Dataset = "dataset",
        /// A software platform. Clause: lease-3.1.4.
        Software = "software",
        /// Set-up.
        Setup = "setup",
    }
}

impl LeaseTerms {
    /// Whether a purpose code is one that the lease permits. Clause: lease-4.1.
    #[must_use]
    pub fn permits(&self, purpose: &str) -> bool {
        self.permitted_purposes.iter().any(|permitted| permitted == purpose)
    }

    /// The purpose for which leased resources serve the customer.
    #[must_use]
    pub const fn service_purpose() -> Purpose {
        Purpose::ProvideService
    }
}
