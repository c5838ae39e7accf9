//! A statement in the making: what every kind of service reads from and adds to.

use alloc::vec::Vec;

use contract::terms::Agreement;
use units::{Decimal, Fraction, Id, Measurement, Metric, Window};

use super::{Gap, GapCode, SettleError, VolumeUsage};
use crate::amount::{AmountRule, Rated, clause_id};
use crate::availability::AvailabilityReport;
use crate::carried::{Carried, OpenCredit};
use crate::credit::ServiceCredit;
use crate::facts::{Facts, Sum};
use crate::gpu::GpuUsage;
use crate::period::Period;
use crate::working::{Line, LineCode};

/// What does not change while a statement is made.
pub(super) struct Scene<'a> {
    pub(super) agreement: &'a Agreement,
    pub(super) period: &'a Period,
    pub(super) carried: &'a Carried,
    pub(super) rule: AmountRule,
    pub(super) window: Window,
}

/// What grows while a statement is made.
pub(super) struct Draft<'a> {
    pub(super) facts: Facts<'a>,
    pub(super) lines: Vec<Line>,
    pub(super) repairs: Vec<Line>,
    pub(super) credit: Option<ServiceCredit>,
    pub(super) availability: Option<AvailabilityReport>,
    pub(super) gpu: Option<GpuUsage>,
    pub(super) storage: Vec<VolumeUsage>,
    pub(super) gaps: Vec<Gap>,
    pub(super) carry: Carried,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        agreement: &'a Agreement,
        period: &'a Period,
        carried: &'a Carried,
    ) -> Result<Self, SettleError> {
        let (currency, rounding) = (agreement.currency, agreement.rounding);
        let rule =
            AmountRule::new(currency, rounding).ok_or(SettleError::Scale { rounding, currency })?;
        let other = |open: &OpenCredit| open.left.currency() != currency;
        if carried.prepayment_left.currency() != currency || carried.open_credits.iter().any(other)
        {
            let carried = carried.prepayment_left.currency();
            return Err(SettleError::CarriedCurrency { carried, currency });
        }
        let window = period.window(&agreement.zone);
        Ok(Self { agreement, period, carried, rule, window })
    }

    /// Everything that happened until the end of the period, as far back as facts go.
    pub(super) fn until_end(&self) -> Window {
        Window { from: units::Timestamp::from_micros(i64::MIN), to: self.window.to }
    }
}

impl<'a> Draft<'a> {
    pub(super) fn new(measurements: &'a [Measurement], carried: &Carried) -> Self {
        let mut carry = carried.clone();
        carry.credit_claimed = false;
        Self {
            facts: Facts::of(measurements),
            lines: Vec::new(),
            repairs: Vec::new(),
            credit: None,
            availability: None,
            gpu: None,
            storage: Vec::new(),
            gaps: Vec::new(),
            carry,
        }
    }

    pub(super) fn charge(
        &mut self,
        scene: &Scene<'_>,
        code: LineCode,
        subject: Option<&Id>,
        clause: &str,
        rated: Sum<Rated>,
    ) -> Result<(), SettleError> {
        let Sum { value, evidence } = rated;
        self.lines.push(scene.rule.line(code, subject.cloned(), clause, value, evidence)?);
        Ok(())
    }

    pub(super) fn charge_fixed(
        &mut self,
        scene: &Scene<'_>,
        code: LineCode,
        subject: Option<&Id>,
        clause: &str,
        fee: Sum<Decimal>,
    ) -> Result<(), SettleError> {
        let rated = Rated::fixed(fee.value, scene.rule.currency());
        self.charge(scene, code, subject, clause, Sum { value: rated, evidence: fee.evidence })
    }

    pub(super) fn gap(&mut self, code: GapCode, clause: &str, metric: Metric, subject: Option<Id>) {
        self.gap_in(code, clause, metric, subject, None);
    }

    pub(super) fn gap_in(
        &mut self,
        code: GapCode,
        clause: &str,
        metric: Metric,
        subject: Option<Id>,
        window: Option<Window>,
    ) {
        let clause = clause_id(clause);
        self.gaps.push(Gap { code, clause, metric: Some(metric), subject, window });
    }
}

/// Hours, units and amounts above a free part.
pub(super) fn beyond(value: Fraction, free: Fraction) -> Fraction {
    (value - free).max(Fraction::ZERO)
}
