//! The signed rule as a plan for one lot: how many units, and what decides. Clauses: anno-3.6,
//! anno-4.1.1.

use annotation::{
    Decision, DeclaredPlan, InspectionSeverity, LotPlan, OperatingPoint, declared_decision,
    declared_plan, lot_decision, lower_bound, observed_share, operating_characteristic,
};
use contract::terms::{AcceptanceRule, InspectionLevel};
use units::{Decimal, Id, Percent, Ratio};

use super::InspectionError;
use super::lot::Series;

/// The true shares of nonconforming units, in percent, at which the operating characteristic is
/// shown.
const SHARES: [i128; 9] = [1, 2, 5, 8, 10, 12, 15, 20, 30];

/// A rule applied to a lot.
pub(super) struct Plan {
    /// Units to inspect.
    pub(super) sample: u64,
    /// How strictly, for GB/T 2828.1.
    pub(super) severity: Option<InspectionSeverity>,
    /// Whether the series is stopped.
    pub(super) stopped: bool,
    kind: Kind,
}

enum Kind {
    Observed,
    LowerBound(Percent),
    Lot(LotPlan),
    Declared(DeclaredPlan),
}

impl Plan {
    pub(super) fn of(
        rule: &AcceptanceRule,
        lot: u64,
        series: &Series,
        delivery: &Id,
    ) -> Result<Self, InspectionError> {
        let (mut severity, mut stopped) = (None, false);
        let (sample, kind) = match rule {
            AcceptanceRule::Observed(rule) => (rule.sample.min(lot), Kind::Observed),
            AcceptanceRule::LowerBound(rule) => {
                (rule.sample.min(lot), Kind::LowerBound(rule.confidence))
            }
            AcceptanceRule::LotPlan(rule) => {
                let level = level_of(rule.level);
                let switching = series.switching(delivery, level, rule.aql)?;
                severity = Some(switching.severity);
                stopped = switching.stopped;
                let plan = annotation::lot_plan(lot, level, rule.aql, switching.severity)?;
                (plan.sample, Kind::Lot(plan))
            }
            AcceptanceRule::Declared(rule) => {
                let plan = declared_plan(lot, Percent::new(rule.dql), rule.level)?;
                (plan.sample, Kind::Declared(plan))
            }
        };
        Ok(Self { sample, severity, stopped, kind })
    }

    /// Most nonconforming units with which a plan accepts.
    pub(super) const fn accept(&self) -> Option<u64> {
        match &self.kind {
            Kind::Lot(plan) => Some(plan.accept),
            Kind::Declared(plan) => Some(plan.limit),
            Kind::Observed | Kind::LowerBound(_) => None,
        }
    }

    /// The plan's own decision on conforming units; rules on shares have none.
    pub(super) fn decide(&self, conforming: Ratio) -> Result<Option<Decision>, InspectionError> {
        Ok(match &self.kind {
            Kind::Lot(plan) => Some(lot_decision(conforming, plan)?),
            Kind::Declared(plan) => Some(declared_decision(conforming, plan)?),
            Kind::Observed | Kind::LowerBound(_) => None,
        })
    }

    /// The decision on a share of counted units. Whether enough units were inspected is decided
    /// apart, since a measure may count other things.
    pub(super) fn bounded(
        &self,
        ratio: Ratio,
        required: Percent,
    ) -> Result<Option<Decision>, InspectionError> {
        Ok(match &self.kind {
            Kind::LowerBound(confidence) => {
                Some(lower_bound(ratio, ratio.total, required, *confidence)?)
            }
            Kind::Observed | Kind::Lot(_) | Kind::Declared(_) => None,
        })
    }

    /// The chance to accept at each true share of nonconforming units. For rules on shares the
    /// highest required share decides.
    pub(super) fn operating_characteristic(
        &self,
        highest: Option<Percent>,
    ) -> Result<Vec<OperatingPoint>, InspectionError> {
        let all = Ratio::new(self.sample, self.sample);
        let accept = match (&self.kind, highest) {
            (Kind::Lot(_) | Kind::Declared(_), _) => self.accept(),
            (Kind::Observed, Some(required)) => observed_share(all, self.sample, required)?.accept,
            (Kind::LowerBound(_), Some(required)) if self.sample > 0 => {
                self.bounded(all, required)?.and_then(|decision| decision.accept)
            }
            _ => None,
        };
        let Some(accept) = accept else { return Ok(Vec::new()) };
        let shares = SHARES.map(|points| Percent::new(Decimal::new(points, 0)));
        Ok(operating_characteristic(self.sample, accept, &shares)?)
    }
}

const fn level_of(level: InspectionLevel) -> annotation::InspectionLevel {
    match level {
        InspectionLevel::S1 => annotation::InspectionLevel::S1,
        InspectionLevel::S2 => annotation::InspectionLevel::S2,
        InspectionLevel::S3 => annotation::InspectionLevel::S3,
        InspectionLevel::S4 => annotation::InspectionLevel::S4,
        InspectionLevel::I => annotation::InspectionLevel::I,
        InspectionLevel::II => annotation::InspectionLevel::II,
        InspectionLevel::III => annotation::InspectionLevel::III,
    }
}
