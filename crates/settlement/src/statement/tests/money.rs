//! The minimum, tax, credits, prepayment, objections, and what is refused.

use super::*;

#[test]
fn the_minimum_makes_up_what_is_missing() {
    let terms = agreement_with(classification(by_images()), &[("/payment/minimum", json!("100"))]);
    let march = settled(&terms, &images(), &month("2026-03"), &nothing());
    assert_eq!(rows(&march.lines)[2], row(LineCode::Minimum, "", "61.00"));
    assert_eq!(march.totals.net, yuan("100"));
}

#[test]
fn tax_inside_or_on_top_rounded_on_lines_or_on_the_total() {
    fn check(included: bool, rounded: &str, want: [&str; 3]) {
        let tax = json!({"rate": "13%", "prices_include_tax": included, "rounded": rounded});
        let terms = agreement_with(annotation(), &[("/payment/tax", tax)]);
        let facts = [
            count(Metric::ItemsAccepted, "boxes", "2026-03-05", 3, "e1"),
            count(Metric::ItemsAccepted, "texts", "2026-03-05", 3, "e2"),
        ];
        let totals = settled(&terms, &facts, &month("2026-03"), &nothing()).totals;
        let found = [totals.net, totals.tax, totals.gross].map(|sum| sum.amount().to_string());
        assert_eq!(found, want, "{included} {rounded}");
    }
    // Lines of 1.05 and 50.30.
    check(false, "total", ["51.35", "6.68", "58.03"]);
    check(false, "line", ["51.35", "6.68", "58.03"]);
    check(true, "total", ["45.44", "5.91", "51.35"]);
    check(true, "line", ["45.44", "5.91", "51.35"]);
}

#[test]
fn tax_is_rounded_where_the_agreement_says() {
    let rounded = |rounded: &str| {
        let tax = json!({"rate": "6%", "prices_include_tax": false, "rounded": rounded});
        let terms = agreement_with(
            annotation(),
            &[
                ("/payment/tax", tax),
                (
                    "/service/items/1/price",
                    json!({
                        "type": "per_unit", "price": "0.08",
                    }),
                ),
            ],
        );
        let facts = [
            count(Metric::ItemsAccepted, "boxes", "2026-03-05", 1, "e1"),
            count(Metric::ItemsAccepted, "texts", "2026-03-05", 1, "e2"),
        ];
        settled(&terms, &facts, &month("2026-03"), &nothing()).totals.tax.minor()
    };
    // 0.35 and 0.08: 2.1 and 0.48 fen apart, 2.58 together.
    assert_eq!((rounded("line"), rounded("total")), (2, 3));
}

pub(super) fn level(at_end: &str, automatic: bool) -> Value {
    json!({
        "availability": {
            "target": "99.9%", "grain": "exact", "min_outage": null, "unknown_as": "up",
            "degraded_as": "separate", "exclusions": ["maintenance"], "max_excluded": null,
            "service_hours": null,
        },
        "credits": {
            "method": {"type": "hourly", "rate": "5%", "degraded_rate": null, "hours": "floor"},
            "base": "without_tax", "cap": "50%", "automatic": automatic, "at_end": at_end,
        },
    })
}

fn monthly_with_level(at_end: &str, automatic: bool) -> Agreement {
    let plan = json!({
        "type": "monthly", "fee": {"figure": "1000", "words": null}, "included": null,
        "overage": null,
    });
    agreement_with(classification(plan), &[("/service_level", level(at_end, automatic))])
}

fn states(rows: &[(&str, &str, ServiceState)]) -> Measurement {
    let row = |(from, to, state): &(&str, &str, ServiceState)| StateInterval {
        window: window(from, to),
        state: *state,
        evidence: id("e70"),
    };
    let states = Quantity::States(rows.iter().map(row).collect());
    measurement(Metric::ServiceStates, "", "2026-03-01", states, "e70")
}

pub(super) fn outage(day: &str) -> Measurement {
    let next = alloc::format!("{day}T05:00");
    let from = alloc::format!("{day}T00:00");
    states(&[
        ("2026-01-01", &from, ServiceState::Up),
        (&from, &next, ServiceState::Down),
        (&next, "2027-01-01", ServiceState::Up),
    ])
}

#[test]
fn a_service_credit_is_taken_off_the_next_statement() {
    let terms = monthly_with_level("refund", true);
    let facts = [outage("2026-03-10")];
    let march = settled(&terms, &facts, &month("2026-03"), &nothing());
    // 5 hours down, 44.64 minutes allowed: 4 whole hours beyond, 20 % of 1,000.
    let credit = march.credit.as_ref().expect("a credit");
    assert_eq!(credit.line.amount, yuan("-200"));
    assert_eq!(credit.line.check(), Ok(()));
    assert_eq!(credit.route, CreditRoute::NextInvoice);
    assert_eq!((march.totals.due, march.totals.gross), (yuan("1060"), yuan("1060")));
    let april = settled(&terms, &facts, &month("2026-04"), &march.carry);
    assert_eq!(rows(&april.adjustments), [row(LineCode::ServiceCredit, "", "-200.00")]);
    assert_eq!(april.totals.due, yuan("860"));
    assert_eq!(april.carry.open_credits, []);
}

#[test]
fn a_credit_of_the_last_month_is_paid_back_or_lost() {
    for (at_end, refund) in [("refund", "200"), ("forfeit", "0")] {
        let terms = monthly_with_level(at_end, true);
        let facts = [outage("2026-12-10")];
        let last = settled(&terms, &facts, &month("2026-12"), &nothing());
        assert_eq!(last.totals.refund, yuan(refund), "{at_end}");
        assert_eq!(last.forfeits.is_empty(), at_end == "refund");
        assert_eq!(last.carry.open_credits, []);
    }
}

#[test]
fn a_credit_that_must_be_asked_for_waits() {
    let terms = monthly_with_level("refund", false);
    let facts = [outage("2026-03-10")];
    let march = settled(&terms, &facts, &month("2026-03"), &nothing());
    assert_eq!(march.credit.map(|credit| credit.route), Some(CreditRoute::Unclaimed));
    assert_eq!(march.carry.open_credits, []);
    let claimed = Carried { credit_claimed: true, ..nothing() };
    let march = settled(&terms, &facts, &month("2026-03"), &claimed);
    assert_eq!(march.carry.open_credits.len(), 1);
    assert!(!march.carry.credit_claimed, "a claim is for one period");
}

#[test]
fn availability_that_was_not_measured_is_listed() {
    let terms = monthly_with_level("refund", true);
    let march = settled(&terms, &[], &month("2026-03"), &nothing());
    assert_eq!(gaps(&march), [(GapCode::NotMeasured, "pb-04")]);
    let half = Period::Window { window: window("2026-03-01", "2026-05-01") };
    let two = settled(&terms, &[outage("2026-03-10")], &half, &nothing());
    assert_eq!(gaps(&two), [(GapCode::NotAMonth, "pb-04")]);
}

pub(super) fn with_prepayment(refundable: bool) -> Agreement {
    let prepayment = json!({
        "amount": {"figure": "1500", "words": null}, "due": "5wd", "drawdown": true,
        "refundable": refundable,
    });
    let plan = json!({
        "type": "monthly", "fee": {"figure": "1000", "words": null}, "included": null,
        "overage": null,
    });
    agreement_with(classification(plan), &[("/payment/prepayment", prepayment)])
}

#[test]
fn a_prepayment_is_asked_for_used_up_and_what_is_left_paid_back() {
    let terms = with_prepayment(true);
    let first = Period::Prepayment { window: window("2026-01-01", "2026-01-10") };
    let asked = settled(&terms, &[], &first, &nothing());
    assert_eq!((asked.totals.gross, asked.totals.due), (yuan("0"), yuan("1500")));
    let paid = Carried { prepayment_left: yuan("1500"), ..nothing() };
    let march = settled(&terms, &[], &month("2026-03"), &paid);
    assert_eq!(rows(&march.adjustments), [row(LineCode::Drawdown, "", "-1060.00")]);
    assert_eq!((march.totals.due, march.carry.prepayment_left), (yuan("0"), yuan("440")));
    let april = settled(&terms, &[], &month("2026-04"), &march.carry);
    assert_eq!((april.totals.due, april.carry.prepayment_left), (yuan("620"), yuan("0")));
    let closing = |terms: &Agreement| {
        let window = window("2026-12-01", "2026-12-01T12:00");
        settled(terms, &[], &Period::Closing { window }, &paid)
    };
    assert_eq!(closing(&terms).totals.refund, yuan("440"));
    assert_eq!(closing(&with_prepayment(false)).totals.refund, yuan("0"));
    let none = settle(&agreement(lease()), &[], &first, &nothing());
    assert_eq!(none, Err(SettleError::NoPrepayment));
}

#[test]
fn the_undisputed_part_falls_due_and_the_rest_later() {
    let terms = agreement(annotation());
    let part = |part: &StatementPart| {
        let statement =
            settle_part(&terms, &accepted(), &month("2026-03"), &nothing(), part).expect("settled");
        check_sums(&statement);
        statement
    };
    let whole = part(&StatementPart::Whole);
    let rest = part(&StatementPart::Without(alloc::vec![1]));
    let disputed = part(&StatementPart::Only(alloc::vec![1]));
    assert_eq!(rows(&rest.lines), rows(&whole.lines[..1]));
    assert_eq!(rows(&disputed.lines), rows(&whole.lines[1..]));
    assert_eq!(rest.totals.gross.minor() + disputed.totals.gross.minor(), 87_980);
    assert_eq!(rest.carry, whole.carry);
}

#[test]
fn one_evidence_with_two_contents_is_a_conflict_and_never_merged() {
    let terms = agreement(annotation());
    let mut facts = accepted();
    facts.push(count(Metric::ItemsAccepted, "boxes", "2026-03-05", 9_999, "e10"));
    let march = settled(&terms, &facts, &month("2026-03"), &nothing());
    assert_eq!(march.lines[0].amount, yuan("700.00"));
    let [conflict] = march.conflicts.as_slice() else { panic!("one conflict") };
    assert_eq!(conflict.refused, [id("e10")]);
    facts.reverse();
    assert_eq!(settled(&terms, &facts, &month("2026-03"), &nothing()), march);
}

#[test]
fn terms_and_measurements_that_do_not_fit_are_refused() {
    let scale = agreement_with(lease(), &[("/rounding/scale", json!(3))]);
    let result = settle(&scale, &[], &month("2026-03"), &nothing());
    assert!(matches!(result, Err(SettleError::Scale { .. })), "{result:?}");
    let dollars = Carried::nothing(Currency::Usd);
    let result = settle(&agreement(lease()), &[], &month("2026-03"), &dollars);
    assert!(matches!(result, Err(SettleError::CarriedCurrency { .. })), "{result:?}");
    let wrong = Quantity::Money(yuan("1"));
    let wrong = [measurement(Metric::ItemsAccepted, "boxes", "2026-03-01", wrong, "e1")];
    let result = settle(&agreement(annotation()), &wrong, &month("2026-03"), &nothing());
    assert!(matches!(result, Err(SettleError::Quantity(_))), "{result:?}");
    let huge = [
        count(Metric::ImagesAnswered, "", "2026-03-01", u64::MAX, "e1"),
        count(Metric::ImagesAnswered, "", "2026-03-02", u64::MAX, "e2"),
    ];
    let terms = agreement(classification(by_images()));
    let result = settle(&terms, &huge, &month("2026-03"), &nothing());
    assert!(matches!(result, Err(SettleError::Quantity(_))), "{result:?}");
}
