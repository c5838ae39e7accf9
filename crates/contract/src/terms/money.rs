//! Prices, payment, tax and late payment, as terms. `settlement` computes from them.

use alloc::string::String;
use alloc::vec::Vec;

use units::{Decimal, Duration, Id, Percent, RoundingMode};

use crate::form::{alternative, choice, record};

record! {
    /// An amount in figures and, where the contract writes it, in words (大写). Clause: lease-3.2.
    pub struct WrittenAmount {
        /// In figures, major units.
        pub figure: Decimal,
        /// In words, such as 壹万陆仟肆佰零玖元零贰分.
        pub words: Option<String>,
    }

    /// One price for each unit.
    pub struct PerUnit {
        /// Price of one unit.
        pub price: Decimal,
    }

    /// Tiers, each priced on its own part of the quantity.
    pub struct Graduated {
        /// Ascending; the last has no upper bound.
        pub tiers: Vec<Tier>,
    }

    /// Tiers; the whole quantity takes the price of the tier it falls in.
    pub struct Volume {
        /// Ascending; the last has no upper bound.
        pub tiers: Vec<Tier>,
    }

    /// A tier of a tiered price.
    pub struct Tier {
        /// Last unit inside; absent for the last tier.
        pub up_to: Option<u64>,
        /// Price of one unit.
        pub price: Decimal,
        /// Amount charged once when the tier is entered.
        pub flat: Option<Decimal>,
    }

    /// A price for a package of units, such as 1,000 images. Clause: class-5.1.
    pub struct Package {
        /// Units in a package.
        pub size: u64,
        /// Price of a package.
        pub price: Decimal,
        /// What a begun package costs.
        pub partial: PartialPackage,
    }

    /// A fixed amount.
    pub struct Flat {
        /// The amount.
        pub amount: WrittenAmount,
    }

    /// When and how money is due.
    pub struct Payment {
        /// When an invoice falls due.
        pub due: PaymentDue,
        /// How long the customer may review a statement. Clause: class-5.2.
        pub review: Duration,
        /// Whether a statement that is neither approved nor objected to in time counts as approved.
        pub deemed_approval: bool,
        /// What a late payer owes. Clauses: lease-3.4, lease-8.1.
        pub late_fee: Option<LateFee>,
        /// What a payment settles first (Civil Code art. 561 where the contract is silent).
        pub allocation: Vec<AllocationTarget>,
        /// Value-added tax.
        pub tax: Tax,
        /// The least that a period costs.
        pub minimum: Option<Decimal>,
        /// Money paid beforehand. Clauses: class-5.2, train-5.3.1.
        pub prepayment: Option<Prepayment>,
    }

    /// Due by a day of the month. Clause: lease-3.3.
    pub struct MonthlyDay {
        /// Day of the month, 1 to 31; the last day where a month is shorter.
        pub day: u8,
        /// Whether it is the period's own month or the month after.
        pub month: DueMonth,
    }

    /// Due a time after an event. Clause: class-5.2.
    pub struct DueAfter {
        /// From which event.
        pub event: DueEvent,
        /// How long after.
        pub within: Duration,
    }

    /// Late payment fee (逾期违约金). Clauses: lease-3.4, lease-8.1.
    pub struct LateFee {
        /// The rate.
        pub rate: LateRate,
        /// What it is counted on.
        pub base: LateBase,
        /// Which of the first and last day count.
        pub inclusion: DayInclusion,
        /// Days after the due day on which nothing accrues yet.
        pub grace: Option<Duration>,
        /// The most it may reach.
        pub cap: LateCap,
        /// How the accrued amount is rounded.
        pub rounding: RoundingMode,
    }

    /// A rate for each day, such as 0.05% (日万分之五).
    pub struct DailyRate {
        /// Per day.
        pub rate: Percent,
    }

    /// A rate for a year.
    pub struct AnnualRate {
        /// Per year.
        pub rate: Percent,
        /// How a year is divided into days.
        pub day_count: DayCount,
    }

    /// No upper limit.
    pub struct NoCap {}

    /// A share of the overdue principal.
    pub struct PrincipalCap {
        /// The share.
        pub share: Percent,
    }

    /// A multiple of the one-year loan prime rate, as yearly interest on the principal.
    pub struct LprCap {
        /// The one-year LPR on the day of signing.
        pub lpr: Percent,
        /// The multiple.
        pub times: u32,
    }

    /// Value-added tax.
    pub struct Tax {
        /// The rate.
        pub rate: Percent,
        /// Whether prices already hold the tax.
        pub prices_include_tax: bool,
        /// Whether tax is rounded on each line or on the total.
        pub rounded: TaxRounding,
    }

    /// Money paid beforehand.
    pub struct Prepayment {
        /// How much.
        pub amount: WrittenAmount,
        /// By when, counted from the effective day.
        pub due: Duration,
        /// Whether later charges are taken from it until it is used up.
        pub drawdown: bool,
        /// Whether what is left at the end is paid back.
        pub refundable: bool,
    }

    /// A part of a fixed price that falls due when something is reached. Clause: train-5.3.
    pub struct Milestone {
        /// Its name within the agreement.
        pub id: Id,
        /// What must be reached.
        pub on: MilestoneEvent,
        /// Share of the total price; the shares of all milestones make 100 %.
        pub share: Percent,
    }
}

alternative! {
    /// How a quantity becomes a price.
    pub enum Price {
        /// One price for each unit.
        PerUnit(PerUnit) = "per_unit",
        /// Tiers, each on its own part.
        Graduated(Graduated) = "graduated",
        /// Tiers, on the whole.
        Volume(Volume) = "volume",
        /// Per package of units.
        Package(Package) = "package",
        /// Fixed.
        Flat(Flat) = "flat",
    }

    /// When an invoice falls due.
    pub enum PaymentDue {
        /// By a day of the month.
        MonthlyDay(MonthlyDay) = "monthly_day",
        /// A time after an event.
        After(DueAfter) = "after",
    }

    /// The rate of a late fee.
    pub enum LateRate {
        /// Per day.
        Daily(DailyRate) = "daily",
        /// Per year.
        Annual(AnnualRate) = "annual",
    }

    /// The most a late fee may reach.
    pub enum LateCap {
        /// No limit.
        None(NoCap) = "none",
        /// A share of the principal.
        Principal(PrincipalCap) = "principal",
        /// A multiple of the LPR.
        Lpr(LprCap) = "lpr",
    }
}

choice! {
    /// What a begun package costs.
    pub enum PartialPackage {
        /// The whole package price.
        Full = "full",
        /// Its share of the price.
        ProRata = "pro_rata",
        /// Nothing.
        Free = "free",
    }

    /// The month in which a monthly due day lies.
    pub enum DueMonth {
        /// The month of the settled period.
        Same = "same",
        /// The month after it.
        Next = "next",
    }

    /// The event from which a payment period runs.
    pub enum DueEvent {
        /// The customer approved the statement. Clause: class-5.2.
        Approval = "approval",
        /// The invoice was issued.
        Invoice = "invoice",
        /// The agreement was signed by both. Clause: train-5.3.1.
        Signing = "signing",
    }

    /// What a late fee is counted on.
    pub enum LateBase {
        /// The overdue principal with tax.
        WithTax = "with_tax",
        /// The overdue principal without tax.
        WithoutTax = "without_tax",
    }

    /// Which of the first and last day of lateness count. The first is the due day, the last the
    /// day of payment.
    pub enum DayInclusion {
        /// Neither the due day nor the day of payment.
        Neither = "neither",
        /// The day of payment, not the due day: the common reading.
        EndOnly = "end_only",
        /// The due day, not the day of payment.
        StartOnly = "start_only",
        /// Both.
        Both = "both",
    }

    /// How a year is divided into days.
    pub enum DayCount {
        /// 360 days (bank practice).
        Actual360 = "actual_360",
        /// 365 days.
        Actual365 = "actual_365",
        /// The days that the year has.
        ActualActual = "actual_actual",
    }

    /// What a payment may settle.
    pub enum AllocationTarget {
        /// Costs of enforcement.
        Costs = "costs",
        /// Late fees and damages.
        Interest = "interest",
        /// The principal of invoices, oldest first.
        Principal = "principal",
    }

    /// Where tax is rounded.
    pub enum TaxRounding {
        /// On each line.
        Line = "line",
        /// On the total.
        Total = "total",
    }

    /// What makes a milestone due.
    pub enum MilestoneEvent {
        /// Both parties signed. Clause: train-5.3.1.
        Signing = "signing",
        /// The customer accepted the delivery. Clause: train-5.3.2.
        Acceptance = "acceptance",
        /// The work was handed over. Clause: train-5.3.2.
        Delivery = "delivery",
        /// The documentation was handed over. Clause: train-2.2.4.
        Documentation = "documentation",
    }
}
