//! Availability and service credits, as terms. Clauses: pb-04, class-4.1.

use alloc::vec::Vec;

use units::{Duration, Percent};

use crate::form::{alternative, choice, record};

record! {
    /// Availability and what its breach costs. Clause: pb-04.
    pub struct ServiceLevel {
        /// How availability is measured.
        pub availability: Availability,
        /// What falling short costs.
        pub credits: Credits,
    }

    /// How availability over a calendar month is measured. Clauses: pb-04, class-4.1.
    pub struct Availability {
        /// The promised share of up time.
        pub target: Percent,
        /// To which grain down time is rounded.
        pub grain: Grain,
        /// The shortest outage that counts.
        pub min_outage: Option<Duration>,
        /// What counts while the prober was blind.
        pub unknown_as: UnknownAs,
        /// Whether degraded time is down time, up time, or counted on its own.
        pub degraded_as: DegradedAs,
        /// What is left out when both agreed to it beforehand.
        pub exclusions: Vec<ExclusionReason>,
        /// The most that may be left out in a month.
        pub max_excluded: Option<Duration>,
        /// Service hours of each day, in the agreement's zone; the whole day where absent.
        pub service_hours: Option<ServiceHours>,
    }

    /// A part of every day, `[from, to)`, in minutes after midnight.
    pub struct ServiceHours {
        /// First minute.
        pub from_minute: u32,
        /// First minute after.
        pub to_minute: u32,
    }

    /// What falling short costs. Clause: pb-04.
    pub struct Credits {
        /// How the credit is computed.
        pub method: CreditMethod,
        /// What the percentages are of.
        pub base: CreditBase,
        /// The most a month's credits may reach, as a share of the base.
        pub cap: Percent,
        /// Whether the credit is given without being asked for.
        pub automatic: bool,
        /// What happens to a credit when no next invoice comes.
        pub at_end: CreditAtEnd,
    }

    /// A share for each hour of down time beyond the allowance.
    pub struct HourlyCredit {
        /// For each hour of full outage.
        pub rate: Percent,
        /// For each hour of degradation; none where absent.
        pub degraded_rate: Option<Percent>,
        /// What a begun hour is.
        pub hours: HourRounding,
    }

    /// A share by tier of availability that was reached.
    pub struct TieredCredit {
        /// Descending thresholds; the lowest that the month stayed below decides.
        pub tiers: Vec<CreditTier>,
        /// For each hour of degradation; none where absent.
        pub degraded_rate: Option<Percent>,
    }

    /// A tier of credits.
    pub struct CreditTier {
        /// When availability was below this.
        pub below: Percent,
        /// This share is credited.
        pub credit: Percent,
    }
}

alternative! {
    /// How a credit is computed.
    pub enum CreditMethod {
        /// For each hour beyond the allowance.
        Hourly(HourlyCredit) = "hourly",
        /// By tier.
        Tiered(TieredCredit) = "tiered",
    }
}

choice! {
    /// To which grain down time is rounded.
    pub enum Grain {
        /// Not at all.
        Exact = "exact",
        /// A minute that is down from end to end counts, others do not.
        FullMinute = "full_minute",
        /// A minute touched by down time counts whole.
        TouchedMinute = "touched_minute",
        /// A stretch of five minutes touched by down time counts whole.
        TouchedFiveMinutes = "touched_five_minutes",
    }

    /// What counts while the prober was blind.
    pub enum UnknownAs {
        /// As up.
        Up = "up",
        /// As down.
        Down = "down",
        /// Left out of both sides.
        Excluded = "excluded",
    }

    /// What degraded time is.
    pub enum DegradedAs {
        /// Up, but credited on its own where a degraded rate is agreed.
        Separate = "separate",
        /// Down.
        Down = "down",
        /// Up.
        Up = "up",
    }

    /// Why a stretch of time is left out.
    pub enum ExclusionReason {
        /// Maintenance that both agreed to.
        Maintenance = "maintenance",
        /// Force majeure.
        ForceMajeure = "force_majeure",
        /// A cause on the customer's side.
        CustomerCause = "customer_cause",
    }

    /// What credits are a share of.
    pub enum CreditBase {
        /// The month's fees of the affected service, without tax, before credits.
        WithoutTax = "without_tax",
        /// The same with tax.
        WithTax = "with_tax",
    }

    /// What a begun hour is.
    pub enum HourRounding {
        /// Nothing.
        Floor = "floor",
        /// A whole hour.
        Ceiling = "ceiling",
        /// Its share.
        ProRata = "pro_rata",
    }

    /// What happens to a credit when no next invoice comes.
    pub enum CreditAtEnd {
        /// It is paid back.
        Refund = "refund",
        /// It is lost.
        Forfeit = "forfeit",
    }
}
