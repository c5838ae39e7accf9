//! The liability cap: how much of each claim a party owes in the end. Clauses: pb-06, train-8.2;
//! agreed damages: train-8.1, pb-02. Knows claims and fees paid; knows no proof of loss and no
//! court.
//!
//! - The cap is each party's own, over all its claims together. Claims are taken in order of time;
//!   what an earlier one used is gone for a later one.
//! - Trailing fees are those paid on the N civil months before the day of the claim, in the
//!   agreement's zone; the day of the claim itself is not among them.
//! - A carved-out claim is owed whole and uses nothing of the cap.
//! - Agreed damages are claims like others and use the cap. Service credits are reductions of
//!   price and late fees interest on debts: neither is a claim, neither uses it.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;

use contract::terms::{
    CarveOut, DamagesBasis, Liability, LiabilityCap, LiquidatedDamages, LossScope, Side,
    TrainingUse,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use units::{Date, EvidenceId, Fraction, Id, Money, MoneyError, Timestamp, Zone};

use crate::amount::{AmountRule, Rated, mul, total};
use crate::capped::capped_line;
use crate::working::{Input, Line, LineCode, Working};

/// A claim for loss against a party, or for agreed damages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LossClaim {
    /// Its name within the agreement.
    pub claim: Id,
    /// The party that is liable.
    pub against: Side,
    /// When it was raised.
    pub at: Timestamp,
    /// What kind of breach it is, where the kind may be carved out.
    pub ground: Option<CarveOut>,
    /// Direct loss, or the agreed damages.
    pub direct: Money,
    /// Indirect loss.
    pub indirect: Money,
}

/// Fees that the customer paid; refunds are below zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaidFee {
    /// The day on which the money arrived.
    pub on: Date,
    /// How much.
    pub amount: Money,
    /// The evidence of the payment.
    pub evidence: EvidenceId,
}

/// What a party owes of one claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AllowedClaim {
    /// The claim.
    pub claim: Id,
    /// The party that is liable.
    pub against: Side,
    /// The loss that the agreement makes good at all.
    pub recoverable: Money,
    /// Whether the cap does not limit it.
    pub carved_out: bool,
    /// The cap on the day of the claim; absent without one.
    pub cap: Option<Money>,
    /// What earlier claims against the party had used of it.
    pub used_before: Money,
    /// What is owed.
    pub allowed: Money,
    /// What this claim leaves of the cap; absent without one.
    pub left: Option<Money>,
    /// How it came about.
    pub working: Working,
    /// The payments that the cap rests on.
    pub evidence: Vec<EvidenceId>,
}

/// Agreed damages that a party owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Damages {
    /// Who owes them.
    pub by: Side,
    /// The line; its amount is above zero, whoever owes it.
    pub line: Line,
}

/// Why liability cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LiabilityError {
    /// Two claims of one name that are not the same.
    #[error("claim {claim} was given twice with different content")]
    ClaimConflict {
        /// The claim.
        claim: Id,
    },
    /// Two payments with one evidence that are not the same.
    #[error("payment {evidence} was given twice with different content")]
    PaymentConflict {
        /// The payment.
        evidence: EvidenceId,
    },
    /// A loss below zero.
    #[error("claim {claim} is over {amount}")]
    NegativeLoss {
        /// The claim.
        claim: Id,
        /// The loss.
        amount: Money,
    },
    /// Agreed damages or a cap below zero.
    #[error("agreed damages of {amount} are below zero")]
    NegativeDamages {
        /// The amount.
        amount: units::Decimal,
    },
    /// An amount is of another currency or out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What is owed of each claim, for both parties, in order of time. A claim or payment that is
/// given twice counts once; their order in the lists never matters.
///
/// Clauses: pb-06, train-8.2.
///
/// # Errors
/// When a name stands for two things, a loss is negative, or an amount is out of range.
pub fn liability(
    terms: &Liability,
    zone: &Zone,
    rule: AmountRule,
    claims: &[LossClaim],
    fees: &[PaidFee],
) -> Result<Vec<AllowedClaim>, LiabilityError> {
    let fees = distinct_fees(fees)?;
    let mut used: BTreeMap<Side, Money> = BTreeMap::new();
    let mut decided = Vec::new();
    for claim in claims_in_order(claims)? {
        let nothing = Money::zero(rule.currency());
        let used_before = used.get(&claim.against).copied().unwrap_or(nothing);
        let (cap, evidence) = cap_for(terms, zone, rule, claim, &fees)?;
        let allowed = decide(terms, rule, claim, cap, used_before, evidence)?;
        if !allowed.carved_out {
            used.insert(claim.against, used_before.checked_add(allowed.allowed)?);
        }
        decided.push(allowed);
    }
    Ok(decided)
}

/// Agreed damages for a number of occurrences, or days of lateness, as the term counts them;
/// `None` where nothing is owed. Clauses: train-8.1, pb-06.
///
/// # Errors
/// When an agreed amount is negative or out of range.
pub fn liquidated_damages(
    terms: &LiquidatedDamages,
    rule: AmountRule,
    count: u32,
    evidence: Vec<EvidenceId>,
) -> Result<Option<Damages>, LiabilityError> {
    let unit = match terms.basis {
        DamagesBasis::Occurrence => "occurrence",
        DamagesBasis::Day => "day",
    };
    let agreed = Agreed {
        by: terms.by,
        clause: "train-8.1",
        subject: Some(terms.id.clone()),
        unit,
        amount: terms.amount.figure,
        cap: terms.cap,
    };
    agreed.damages(rule, count, evidence)
}

/// Agreed damages for training on customer data against the agreement, by the number of breaches;
/// `None` where none are agreed or none happened. Clause: pb-02.
///
/// # Errors
/// When the agreed amount is negative or out of range.
pub fn training_damages(
    terms: &TrainingUse,
    rule: AmountRule,
    breaches: u32,
    evidence: Vec<EvidenceId>,
) -> Result<Option<Damages>, LiabilityError> {
    let Some(amount) = &terms.liquidated_damages else { return Ok(None) };
    let agreed = Agreed {
        by: Side::Vendor,
        clause: "pb-02",
        subject: None,
        unit: "occurrence",
        amount: amount.figure,
        cap: None,
    };
    agreed.damages(rule, breaches, evidence)
}

/// Agreed damages, wherever they stand in the agreement.
struct Agreed {
    by: Side,
    clause: &'static str,
    subject: Option<Id>,
    unit: &'static str,
    amount: units::Decimal,
    cap: Option<units::Decimal>,
}

impl Agreed {
    fn damages(
        self,
        rule: AmountRule,
        count: u32,
        evidence: Vec<EvidenceId>,
    ) -> Result<Option<Damages>, LiabilityError> {
        let figures = [Some(self.amount), self.cap];
        if let Some(amount) = figures.into_iter().flatten().find(|figure| figure.is_negative()) {
            return Err(LiabilityError::NegativeDamages { amount });
        }
        let currency = rule.currency().code();
        let mut inputs = alloc::vec![
            Input::new("count", count, self.unit),
            Input::new("amount", self.amount, currency),
        ];
        let mut exact = mul(Fraction::whole(i128::from(count)), self.amount.to_fraction())?;
        let mut formula = "count * amount";
        let limit = self.cap.map(units::Decimal::to_fraction);
        if let (Some(cap), Some(limit)) = (self.cap, limit) {
            inputs.push(Input::new("cap", cap, currency));
            formula = "min(count * amount, cap)";
            exact = exact.min(limit);
        }
        if exact.is_zero() {
            return Ok(None);
        }
        let rated = Rated::new(exact, formula, inputs);
        let (code, clause) = (LineCode::Damages, self.clause);
        let line = capped_line(rule, code, self.subject, clause, rated, limit, evidence)?;
        Ok(Some(Damages { by: self.by, line }))
    }
}

/// Each claim once, the earliest first; at one instant in order of their names.
fn claims_in_order(claims: &[LossClaim]) -> Result<Vec<&LossClaim>, LiabilityError> {
    let mut found: BTreeMap<&Id, &LossClaim> = BTreeMap::new();
    for claim in claims {
        for amount in [claim.direct, claim.indirect] {
            if amount.is_negative() {
                let claim = claim.claim.clone();
                return Err(LiabilityError::NegativeLoss { claim, amount });
            }
        }
        match found.entry(&claim.claim) {
            Entry::Vacant(place) => {
                place.insert(claim);
            }
            Entry::Occupied(have) if *have.get() == claim => {}
            Entry::Occupied(_) => {
                return Err(LiabilityError::ClaimConflict { claim: claim.claim.clone() });
            }
        }
    }
    let mut ordered: Vec<&LossClaim> = found.into_values().collect();
    ordered.sort_by_key(|claim| claim.at);
    Ok(ordered)
}

/// Each payment once, in order of its evidence.
fn distinct_fees(fees: &[PaidFee]) -> Result<Vec<&PaidFee>, LiabilityError> {
    let mut found: BTreeMap<&EvidenceId, &PaidFee> = BTreeMap::new();
    for fee in fees {
        match found.entry(&fee.evidence) {
            Entry::Vacant(place) => {
                place.insert(fee);
            }
            Entry::Occupied(have) if *have.get() == fee => {}
            Entry::Occupied(_) => {
                return Err(LiabilityError::PaymentConflict { evidence: fee.evidence.clone() });
            }
        }
    }
    Ok(found.into_values().collect())
}

/// The cap on the day of a claim, and the payments that it rests on.
fn cap_for(
    terms: &Liability,
    zone: &Zone,
    rule: AmountRule,
    claim: &LossClaim,
    fees: &[&PaidFee],
) -> Result<(Option<Money>, Vec<EvidenceId>), LiabilityError> {
    match &terms.cap {
        LiabilityCap::Unlimited(_) => Ok((None, Vec::new())),
        LiabilityCap::Fixed(fixed) => {
            let amount = fixed.amount.figure;
            if amount.is_negative() {
                return Err(LiabilityError::NegativeDamages { amount });
            }
            Ok((Some(Money::from_decimal(amount, rule.currency())?), Vec::new()))
        }
        LiabilityCap::TrailingFees(trailing) => {
            let day = claim.at.date(zone);
            let first = day.plus_months(-i64::from(trailing.months));
            let counted = fees.iter().filter(|fee| first <= fee.on && fee.on < day);
            let evidence = counted.clone().map(|fee| fee.evidence.clone()).collect();
            let sum = total(rule.currency(), counted.map(|fee| fee.amount))?;
            // More refunded than paid leaves nothing to be liable with, not less than nothing.
            Ok((Some(Money::new(sum.minor().max(0), rule.currency())), evidence))
        }
    }
}

fn decide(
    terms: &Liability,
    rule: AmountRule,
    claim: &LossClaim,
    cap: Option<Money>,
    used_before: Money,
    evidence: Vec<EvidenceId>,
) -> Result<AllowedClaim, LiabilityError> {
    let nothing = Money::zero(rule.currency());
    let loss = match terms.loss {
        LossScope::Direct => nothing.checked_add(claim.direct)?,
        LossScope::DirectAndIndirect => {
            nothing.checked_add(claim.direct)?.checked_add(claim.indirect)?
        }
    };
    let carved_out = claim.ground.is_some_and(|ground| terms.carve_outs.contains(&ground));
    let rest = |cap: Money| (cap.minor() - used_before.minor()).max(0);
    let free = cap.map(|cap| Money::new(rest(cap), rule.currency()));
    let limit = free.filter(|_| !carved_out);
    let allowed = limit.map_or(Ok(loss), |limit| loss.checked_min(limit))?;
    let left = match free {
        Some(free) if !carved_out => Some(free.checked_sub(allowed)?),
        other => other,
    };
    let unit = rule.currency().code();
    let mut inputs = alloc::vec![Input::new("direct", claim.direct.amount(), unit)];
    let both = terms.loss == LossScope::DirectAndIndirect;
    if both {
        inputs.push(Input::new("indirect", claim.indirect.amount(), unit));
    }
    if let Some(cap) = cap.filter(|_| !carved_out) {
        inputs.push(Input::new("cap", cap.amount(), unit));
        inputs.push(Input::new("used", used_before.amount(), unit));
    }
    let formula = match (both, limit.is_some()) {
        (false, false) => "direct",
        (true, false) => "direct + indirect",
        (false, true) => "min(direct, max(cap - used, 0))",
        (true, true) => "min(direct + indirect, max(cap - used, 0))",
    };
    let exact = allowed.to_fraction();
    let working = Working { formula: formula.into(), inputs, exact, rounding: None };
    Ok(AllowedClaim {
        claim: claim.claim.clone(),
        against: claim.against,
        recoverable: loss,
        carved_out,
        cap,
        used_before,
        allowed,
        left,
        working,
        evidence,
    })
}

#[cfg(test)]
mod tests;
