//! The liability cap: trailing months, carve-outs, order of time, agreed damages, and the law.

use alloc::string::ToString;
use alloc::vec;

use contract::terms::{
    BreachKind, FixedCap, TrailingFees, TrainingPolicy, Unlimited, WrittenAmount,
};
use proptest::prelude::*;
use units::{Decimal, RoundingMode};

use super::*;
use crate::samples::{MODES, at, day, fen, id, proofs, recompute, rule, yuan};

fn terms(cap: LiabilityCap, carve_outs: &[CarveOut], loss: LossScope) -> Liability {
    let carve_outs = carve_outs.to_vec();
    Liability { loss, cap, carve_outs, liquidated: vec![], indemnities: vec![] }
}

fn trailing(months: u32) -> LiabilityCap {
    LiabilityCap::TrailingFees(TrailingFees { months })
}

fn written(figure: &str) -> WrittenAmount {
    WrittenAmount { figure: figure.parse().expect("a decimal"), words: None }
}

fn fixed(figure: &str) -> LiabilityCap {
    LiabilityCap::Fixed(FixedCap { amount: written(figure) })
}

fn claim(
    name: &str,
    when: &str,
    ground: Option<CarveOut>,
    direct: &str,
    indirect: &str,
) -> LossClaim {
    LossClaim {
        claim: id(name),
        against: Side::Vendor,
        at: at(when),
        ground,
        direct: yuan(direct),
        indirect: yuan(indirect),
    }
}

fn fee(name: &str, on: &str, amount: &str) -> PaidFee {
    PaidFee { on: day(on), amount: yuan(amount), evidence: id(name) }
}

fn decided(
    terms: &Liability,
    claims: &[LossClaim],
    fees: &[PaidFee],
) -> Result<Vec<AllowedClaim>, LiabilityError> {
    liability(terms, &Zone::shanghai(), rule(RoundingMode::HalfUp), claims, fees)
}

#[test]
fn the_cap_is_what_was_paid_in_the_twelve_months_before_the_claim() {
    let fees = [
        fee("p0", "2026-03-14", "1"),
        fee("p1", "2026-03-15", "10"),
        fee("p2", "2027-03-14", "100"),
        fee("p3", "2027-03-15", "1000"),
        fee("p4", "2027-03-16", "10000"),
    ];
    // The claim's civil day in Shanghai decides, not that of UTC.
    let rows = [
        ("2027-03-15T00:00:00+08:00", 12, "110.00", &["p1", "p2"][..]),
        ("2027-03-15T23:59:59+08:00", 12, "110.00", &["p1", "p2"]),
        ("2027-03-15T16:00:00Z", 12, "1100.00", &["p2", "p3"]),
        ("2027-03-15T12:00:00+08:00", 13, "111.00", &["p0", "p1", "p2"]),
        ("2027-03-15T12:00:00+08:00", 1, "100.00", &["p2"]),
        ("2027-03-15T12:00:00+08:00", 0, "0.00", &[]),
        ("2028-02-29T12:00:00+08:00", 12, "11100.00", &["p2", "p3", "p4"]),
    ];
    for (when, months, cap, evidence) in rows {
        let terms = terms(trailing(months), &[], LossScope::Direct);
        let claims = [claim("c", when, None, "1000000", "0")];
        let allowed = decided(&terms, &claims, &fees).expect("computable").remove(0);
        let found = allowed.cap.expect("a cap");
        assert_eq!(found.amount().to_string(), cap, "{when} {months}");
        assert_eq!(allowed.allowed, found, "{when} {months}");
        assert_eq!(allowed.evidence, proofs(evidence), "{when} {months}");
    }
}

#[test]
fn a_refund_makes_the_cap_smaller_but_never_negative() {
    let terms = terms(trailing(12), &[], LossScope::Direct);
    let claims = [claim("c", "2027-03-15T12:00:00+08:00", None, "50", "0")];
    for (refund, cap) in [("-30", "70"), ("-300", "0")] {
        let fees = [fee("p1", "2027-01-01", "100"), fee("p2", "2027-02-01", refund)];
        let allowed = decided(&terms, &claims, &fees).expect("computable").remove(0);
        assert_eq!(allowed.cap, Some(yuan(cap)));
    }
}

#[test]
fn claims_use_the_cap_in_order_of_time_and_carve_outs_do_not() {
    let terms = terms(fixed("100"), &[CarveOut::DataSecurity], LossScope::Direct);
    let security = Some(CarveOut::DataSecurity);
    let other = Some(CarveOut::IpInfringement);
    let mut customer = claim("f", "2026-07-01T00:00:00Z", None, "80", "0");
    customer.against = Side::Customer;
    let claims = [
        claim("c", "2026-03-01T00:00:00Z", other, "70", "0"),
        claim("d", "2026-04-01T00:00:00Z", None, "5", "0"),
        claim("z", "2026-01-01T00:00:00Z", None, "60", "1000"),
        claim("b", "2026-02-01T00:00:00Z", security, "500", "0"),
        customer,
    ];
    let rows = [
        ("z", false, "0.00", "60.00", Some("40.00")),
        ("b", true, "60.00", "500.00", Some("40.00")),
        ("c", false, "60.00", "40.00", Some("0.00")),
        ("d", false, "100.00", "0.00", Some("0.00")),
        ("f", false, "0.00", "80.00", Some("20.00")),
    ];
    let allowed = decided(&terms, &claims, &[]).expect("computable");
    assert_eq!(allowed.len(), rows.len());
    for (allowed, (name, carved_out, used, amount, left)) in allowed.iter().zip(rows) {
        assert_eq!(allowed.claim, id(name));
        assert_eq!(allowed.carved_out, carved_out, "{name}");
        assert_eq!(allowed.used_before.amount().to_string(), used, "{name}");
        assert_eq!(allowed.allowed.amount().to_string(), amount, "{name}");
        let found = allowed.left.map(|left| left.amount().to_string());
        assert_eq!(found.as_deref(), left, "{name}");
        assert_eq!(allowed.working.exact, allowed.allowed.to_fraction(), "{name}");
    }
}

#[test]
fn indirect_loss_is_made_good_where_the_agreement_says_so() {
    let rows = [
        (LossScope::Direct, fixed("1000"), "30.00", "min(direct, max(cap - used, 0))"),
        (
            LossScope::DirectAndIndirect,
            fixed("1000"),
            "50.00",
            "min(direct + indirect, max(cap - used, 0))",
        ),
        (
            LossScope::DirectAndIndirect,
            fixed("40"),
            "40.00",
            "min(direct + indirect, max(cap - used, 0))",
        ),
        (LossScope::Direct, LiabilityCap::Unlimited(Unlimited {}), "30.00", "direct"),
        (
            LossScope::DirectAndIndirect,
            LiabilityCap::Unlimited(Unlimited {}),
            "50.00",
            "direct + indirect",
        ),
    ];
    for (loss, cap, want, formula) in rows {
        let claims = [claim("c", "2026-01-01T00:00:00Z", None, "30", "20")];
        let terms = terms(cap, &[], loss);
        let allowed = decided(&terms, &claims, &[]).expect("computable").remove(0);
        assert_eq!(allowed.allowed.amount().to_string(), want, "{loss:?}");
        assert_eq!(allowed.working.formula, formula);
    }
}

#[test]
fn what_cannot_be_computed_is_refused() {
    let good = terms(fixed("100"), &[], LossScope::Direct);
    let first = claim("c", "2026-01-01T00:00:00Z", None, "30", "0");
    let other = claim("c", "2026-01-01T00:00:00Z", None, "31", "0");
    let want = LiabilityError::ClaimConflict { claim: id("c") };
    assert_eq!(decided(&good, &[first.clone(), other], &[]), Err(want));
    let fees = [fee("p", "2026-01-01", "1"), fee("p", "2026-01-01", "2")];
    let want = LiabilityError::PaymentConflict { evidence: id("p") };
    assert_eq!(decided(&good, &[], &fees), Err(want));
    let negative = claim("c", "2026-01-01T00:00:00Z", None, "0", "-1");
    let want = LiabilityError::NegativeLoss { claim: id("c"), amount: yuan("-1") };
    assert_eq!(decided(&good, &[negative], &[]), Err(want));
    let below = terms(fixed("-1"), &[], LossScope::Direct);
    let want = LiabilityError::NegativeDamages { amount: Decimal::from(-1) };
    let claims = [first];
    assert_eq!(decided(&below, &claims, &[]), Err(want));
    let precise = terms(fixed("1.001"), &[], LossScope::Direct);
    let want = LiabilityError::Money(MoneyError::TooPrecise);
    assert_eq!(decided(&precise, &claims, &[]), Err(want));
}

#[test]
fn agreed_damages_count_occurrences_or_days_up_to_their_own_cap() {
    use DamagesBasis::{Day, Occurrence};
    let rows = [
        (Occurrence, "50000", None, 0, "none"),
        (Occurrence, "50000", None, 1, "50000.00"),
        (Occurrence, "50000", None, 3, "150000.00"),
        (Day, "1000", Some("9000"), 8, "8000.00"),
        (Day, "1000", Some("9000"), 9, "9000.00"),
        (Day, "1000", Some("9000"), 30, "9000.00"),
        (Day, "0.333", None, 2, "0.67"),
        (Day, "0.333", Some("0.666"), 2, "0.66"),
        (Day, "1000", Some("0"), 30, "none"),
    ];
    for (basis, amount, cap, count, want) in rows {
        let terms = LiquidatedDamages {
            id: id("ld"),
            breach: BreachKind::LateDelivery,
            by: Side::Vendor,
            basis,
            amount: written(amount),
            cap: cap.map(|cap: &str| cap.parse().expect("a decimal")),
        };
        let half_up = rule(RoundingMode::HalfUp);
        let damages = liquidated_damages(&terms, half_up, count, proofs(&["e1"]));
        let found = damages.expect("computable").map_or("none".to_string(), |damages| {
            recompute(&damages.line);
            assert_eq!(damages.by, Side::Vendor);
            assert_eq!(damages.line.clause, id("train-8.1"));
            damages.line.amount.amount().to_string()
        });
        assert_eq!(found, want, "{basis:?} {amount} {cap:?} {count}");
    }
}

#[test]
fn training_without_consent_costs_the_agreed_damages_each_time() {
    let half_up = rule(RoundingMode::HalfUp);
    let terms = |amount: Option<&str>| TrainingUse {
        policy: TrainingPolicy::WithConsent,
        liquidated_damages: amount.map(written),
    };
    let found = training_damages(&terms(Some("200000")), half_up, 2, proofs(&["e9"]));
    let damages = found.expect("computable").expect("damages");
    assert_eq!(damages.line.amount, yuan("400000"));
    assert_eq!(damages.line.clause, id("pb-02"));
    assert_eq!(damages.by, Side::Vendor);
    for (amount, breaches) in [(None, 2), (Some("200000"), 0)] {
        let found = training_damages(&terms(amount), half_up, breaches, vec![]);
        assert_eq!(found, Ok(None));
    }
    let below = terms(Some("-1"));
    let want = LiabilityError::NegativeDamages { amount: Decimal::from(-1) };
    assert_eq!(training_damages(&below, half_up, 1, vec![]), Err(want));
}

fn any_claims() -> impl Strategy<Value = Vec<LossClaim>> {
    let row = (any::<bool>(), 0_i64..800, prop::option::of(0_usize..3), 0_i128..500, 0_i128..500);
    prop::collection::vec(row, 0..8).prop_map(|rows| {
        let grounds = [CarveOut::Confidentiality, CarveOut::DataSecurity, CarveOut::Fees];
        let claim = |(number, row): (usize, (bool, i64, Option<usize>, i128, i128))| LossClaim {
            claim: id(&alloc::format!("c{number}")),
            against: if row.0 { Side::Vendor } else { Side::Customer },
            at: at("2026-01-01T00:00:00+08:00").plus_seconds(row.1 * 86_400),
            ground: row.2.map(|index| grounds[index]),
            direct: fen(row.3),
            indirect: fen(row.4),
        };
        rows.into_iter().enumerate().map(claim).collect()
    })
}

fn any_fees() -> impl Strategy<Value = Vec<PaidFee>> {
    prop::collection::vec((0_i64..800, -100_i128..500), 0..8).prop_map(|rows| {
        let fee = |(number, row): (usize, (i64, i128))| PaidFee {
            on: day("2025-09-01").plus_days(row.0),
            amount: fen(row.1),
            evidence: id(&alloc::format!("p{number}")),
        };
        rows.into_iter().enumerate().map(fee).collect()
    })
}

fn any_liability() -> impl Strategy<Value = Liability> {
    let scope = prop::sample::select(LossScope::ALL);
    (0_u8..3, 0_u32..15, scope).prop_map(|(kind, months, scope)| {
        let cap = match kind {
            0 => trailing(months),
            1 => fixed("7"),
            _ => LiabilityCap::Unlimited(Unlimited {}),
        };
        terms(cap, &[CarveOut::DataSecurity], scope.1)
    })
}

proptest! {
    #[test]
    fn what_is_owed_stays_within_the_loss_and_the_cap(
        terms in any_liability(),
        claims in any_claims(),
        fees in any_fees(),
    ) {
        let allowed = decided(&terms, &claims, &fees).expect("computable");
        prop_assert_eq!(allowed.len(), claims.len());
        let mut used = [(Side::Customer, 0), (Side::Vendor, 0)];
        for allowed in &allowed {
            prop_assert!(allowed.allowed.minor() >= 0);
            prop_assert!(allowed.allowed.minor() <= allowed.recoverable.minor());
            let place = used.iter_mut().find(|side| side.0 == allowed.against).expect("a side");
            if allowed.carved_out {
                prop_assert_eq!(allowed.allowed, allowed.recoverable);
                continue;
            }
            prop_assert_eq!(allowed.used_before.minor(), place.1);
            place.1 += allowed.allowed.minor();
            if let Some(cap) = allowed.cap.filter(|_| !allowed.allowed.is_zero()) {
                prop_assert!(place.1 <= cap.minor());
            }
            // A claim is cut only where the cap is exhausted.
            let cut = allowed.allowed.minor() < allowed.recoverable.minor();
            prop_assert!(!cut || allowed.left == Some(fen(0)));
        }
    }

    #[test]
    fn order_and_repetition_change_nothing(
        terms in any_liability(),
        claims in any_claims(),
        fees in any_fees(),
    ) {
        let (mut other, mut paid) = (claims.clone(), fees.clone());
        other.extend(claims.iter().take(2).cloned());
        other.reverse();
        paid.extend(fees.iter().take(2).cloned());
        paid.reverse();
        prop_assert_eq!(decided(&terms, &other, &paid), decided(&terms, &claims, &fees));
    }

    #[test]
    fn agreed_damages_never_pass_their_cap(
        amount in 0_i128..100_000,
        cap in 0_i128..1_000_000,
        count in 0_u32..40,
        mode in prop::sample::select(MODES.to_vec()),
    ) {
        let terms = LiquidatedDamages {
            id: id("ld"),
            breach: BreachKind::LateDelivery,
            by: Side::Vendor,
            basis: DamagesBasis::Day,
            amount: WrittenAmount { figure: Decimal::new(amount, 3), words: None },
            cap: Some(Decimal::new(cap, 3)),
        };
        let damages = liquidated_damages(&terms, rule(mode), count, vec![]).expect("computable");
        if let Some(damages) = damages {
            recompute(&damages.line);
            prop_assert!(damages.line.amount.to_fraction() <= Fraction::new(cap, 1_000));
        }
    }
}
