//! The acceptance rules: their boundaries, their laws, and statrs as a second opinion.

use annotation::{
    AcceptanceError, DeclaredPlan, InspectionLevel, InspectionSeverity, declared_decision,
    declared_plan, lot_decision, lot_plan, lower_bound, observed_share, operating_characteristic,
};
use proptest::prelude::*;
use statrs::distribution::{Beta, Binomial, ContinuousCDF, DiscreteCDF};
use units::{Percent, Ratio, Verdict};

fn percent(text: &str) -> Percent {
    text.parse().expect(text)
}

#[test]
fn the_observed_share_decides_at_the_boundary() {
    for (hits, total, sample, want) in [
        (90, 100, 100, Verdict::Met),
        (89, 100, 100, Verdict::NotMet),
        (899, 1_000, 1_000, Verdict::NotMet),
        (99, 99, 100, Verdict::Undecidable),
        (0, 0, 0, Verdict::Undecidable),
    ] {
        let decision = observed_share(Ratio::new(hits, total), sample, percent("90%"));
        assert_eq!(decision.expect("decision").verdict, want, "{hits}/{total}");
    }
    let accept = |sample, share| {
        observed_share(Ratio::new(0, sample), sample, percent(share)).expect("decision").accept
    };
    assert_eq!((accept(100, "90%"), accept(200, "90%")), (Some(10), Some(20)));
    assert_eq!((accept(99, "90%"), accept(7, "100%")), (Some(9), Some(0)));
}

#[test]
fn the_lower_bound_allows_four_errors_of_100_and_twelve_of_200() {
    for (sample, most) in [(100, 4), (200, 12)] {
        for (errors, want) in [(most, Verdict::Met), (most + 1, Verdict::NotMet)] {
            let observed = Ratio::new(sample - errors, sample);
            let decision = lower_bound(observed, sample, percent("90%"), percent("95%"));
            let decision = decision.expect("decision");
            assert_eq!((decision.verdict, decision.accept), (want, Some(most)), "{observed:?}");
        }
    }
    // With 28 items no outcome at all proves 90 %: 0.9^28 > 5 %.
    let decision = lower_bound(Ratio::new(28, 28), 28, percent("90%"), percent("95%"));
    let decision = decision.expect("decision");
    assert_eq!((decision.verdict, decision.accept), (Verdict::NotMet, None));
    let decision = lower_bound(Ratio::new(29, 29), 29, percent("90%"), percent("95%"));
    assert_eq!(decision.expect("decision").accept, Some(0));
}

#[test]
fn a_bound_that_is_met_exactly_is_met() {
    // One of one: the bound is 1 - confidence. At 50 % and 50 % the two are equal.
    let decision = lower_bound(Ratio::new(1, 1), 1, percent("50%"), percent("50%"));
    assert_eq!(decision.expect("decision").verdict, Verdict::Met);
    let decision = lower_bound(Ratio::new(1, 1), 1, percent("50.0000001%"), percent("50%"));
    assert_eq!(decision.expect("decision").verdict, Verdict::NotMet);
    let decision = lower_bound(Ratio::new(2, 2), 2, percent("50%"), percent("75%"));
    assert_eq!(decision.expect("decision").verdict, Verdict::Met);
}

#[test]
fn large_samples_are_decided_exactly_too() {
    let observed = Ratio::new(90_000 + 160, 100_000);
    let decision = lower_bound(observed, 100_000, percent("90%"), percent("95%")).expect("large");
    assert_eq!(decision.verdict, Verdict::Met);
    let most = decision.accept.expect("some");
    let reference = Binomial::new(0.1, 100_000).expect("binomial");
    assert!(reference.cdf(most) <= 0.05 && reference.cdf(most + 1) > 0.05, "{most}");
    let huge = lower_bound(Ratio::new(1, 300_000), 300_000, percent("90%"), percent("95%"));
    assert_eq!(huge, Err(AcceptanceError::SampleTooLarge { sample: 300_000, limit: 200_000 }));
}

#[test]
fn shares_out_of_range_are_refused() {
    for share in ["0%", "100%", "101%", "-1%"] {
        let share = percent(share);
        let refused = Err(AcceptanceError::Share { share });
        assert_eq!(lower_bound(Ratio::new(1, 2), 2, share, percent("95%")), refused);
        assert_eq!(lower_bound(Ratio::new(1, 2), 2, percent("90%"), share), refused);
    }
    let refused = Err(AcceptanceError::NotAShare { hits: 3, total: 2 });
    assert_eq!(observed_share(Ratio::new(3, 2), 2, percent("90%")), refused);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_bound_agrees_with_the_beta_distribution(
        total in 1_u64..400, share in 0.0_f64..1.0, required in 500_i64..999,
        confidence in prop::sample::select(vec![80_i64, 90, 95, 99])
    ) {
        let hits = (share * (total + 1) as f64) as u64;
        let hits = hits.min(total);
        let required = Percent::new(units::Decimal::new(i128::from(required), 1));
        let level = Percent::new(units::Decimal::from(confidence));
        let decision = lower_bound(Ratio::new(hits, total), total, required, level);
        let decision = decision.expect("decision");
        let bound = if hits == 0 {
            0.0
        } else {
            let beta = Beta::new(hits as f64, (total - hits + 1) as f64).expect("beta");
            beta.inverse_cdf(1.0 - confidence as f64 / 100.0)
        };
        let shown: f64 = decision.lower_bound.expect("shown").to_string().parse().expect("number");
        prop_assert!((shown - bound).abs() < 3e-6, "{shown} {bound}");
        let threshold = required.points().to_string().parse::<f64>().expect("number") / 100.0;
        if (bound - threshold).abs() > 1e-6 {
            prop_assert_eq!(decision.verdict == Verdict::Met, bound > threshold);
        }
    }

    #[test]
    fn fewer_errors_never_turn_acceptance_into_rejection(total in 1_u64..120, bad in 0_u64..40) {
        let verdict = |bad: u64| {
            let observed = Ratio::new(total - bad.min(total), total);
            let decision = lower_bound(observed, total, percent("90%"), percent("95%"));
            decision.expect("decision").verdict
        };
        prop_assert!(verdict(bad + 1) != Verdict::Met || verdict(bad) == Verdict::Met);
    }
}

#[test]
fn a_lot_plan_rejects_early_and_accepts_late() {
    let aql = "10".parse().expect("aql");
    let plan =
        lot_plan(50_000, InspectionLevel::II, aql, InspectionSeverity::Normal).expect("plan");
    assert_eq!((plan.letter, plan.plan_letter), ('N', 'K'));
    assert_eq!((plan.sample, plan.accept), (125, 21));
    for (hits, total, want) in [
        (104, 125, Verdict::Met),
        (103, 125, Verdict::NotMet),
        (100, 121, Verdict::Undecidable),
        (0, 22, Verdict::NotMet),
        (0, 0, Verdict::Undecidable),
    ] {
        let decision = lot_decision(Ratio::new(hits, total), &plan).expect("decision");
        assert_eq!(decision.verdict, want, "{hits}/{total}");
    }
}

#[test]
fn the_operating_characteristic_shows_what_a_plan_lets_pass() {
    // The trap: AQL 10 on 50,000 texts still accepts 21.89 % errors one time in ten.
    let rows = [(125, 21, "10%", 0.994), (125, 21, "21.89%", 0.10), (500, 10, "1%", 0.987)];
    for (sample, accept, quality, want) in rows {
        let quality = percent(quality);
        let points = operating_characteristic(sample, accept, &[quality]).expect("points");
        let shown: f64 = points[0].accepted.to_string().parse().expect("number");
        assert!((shown - want).abs() < 0.001, "{sample}/{accept}: {shown}");
        let share = quality.share();
        let share = share.num() as f64 / share.den() as f64;
        let reference = Binomial::new(share, sample).expect("binomial").cdf(accept);
        assert!((shown - reference).abs() < 2e-6, "{shown} {reference}");
    }
    let ends = operating_characteristic(80, 2, &[percent("0%"), percent("100%")]).expect("points");
    assert_eq!(ends[0].accepted, units::Decimal::ONE);
    assert_eq!(ends[1].accepted, units::Decimal::ZERO);
}

#[test]
fn a_true_declaration_is_contradicted_at_most_one_time_in_twenty() {
    for dql in ["0.65%", "1%", "2.5%", "10%"] {
        for (level, limit) in [(0, 0), (1, 1), (2, 3), (3, 6)] {
            let plan = declared_plan(1_000_000, percent(dql), level).expect("plan");
            let share = percent(dql).share();
            let share = share.num() as f64 / share.den() as f64;
            let kept = |sample| Binomial::new(share, sample).expect("binomial").cdf(limit);
            assert_eq!((plan.limit, plan.whole_lot), (limit, false));
            assert!(kept(plan.sample) >= 0.95, "{dql} {level}: {plan:?}");
            assert!(kept(plan.sample + 1) < 0.95, "{dql} {level}: {plan:?}");
        }
    }
    let plan = declared_plan(1_000_000, percent("1%"), 2).expect("plan");
    let passes = operating_characteristic(plan.sample, plan.limit, &[percent("4.9%")]);
    let passes: f64 = passes.expect("points")[0].accepted.to_string().parse().expect("number");
    assert!((passes - 0.10).abs() < 0.01, "{passes}");
    assert_eq!(declared_plan(1_000, percent("1%"), 4), Err(AcceptanceError::Level { level: 4 }));
}

#[test]
fn a_small_lot_is_inspected_whole_against_its_declaration() {
    let plan = declared_plan(50, percent("10%"), 3).expect("plan");
    let whole = DeclaredPlan { sample: 34, limit: 6, whole_lot: false };
    assert_eq!(plan, whole);
    let plan = declared_plan(20, percent("10%"), 3).expect("plan");
    assert_eq!(plan, DeclaredPlan { sample: 20, limit: 2, whole_lot: true });
    let decision = |hits| declared_decision(Ratio::new(hits, 20), &plan).expect("decision").verdict;
    assert_eq!((decision(18), decision(17)), (Verdict::Met, Verdict::NotMet));
}
