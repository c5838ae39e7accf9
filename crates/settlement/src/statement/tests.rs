//! Statements: one row for each case, laws, and naive counts beside them.

mod laws;
mod money;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use contract::terms::Agreement;
use serde_json::{Value, json};
use units::{
    Currency, Date, EndState, Fraction, Measurement, Metric, Money, Quantity, ServiceState,
    StateInterval, UsageBucket,
};

use super::{GapCode, SettleError, Statement, StatementPart, settle, settle_part};
use crate::carried::Carried;
use crate::credit::CreditRoute;
use crate::fixture::{
    agreement, agreement_with, allocation, annotation, at, by_images, classification, count, gpu,
    id, lease, measurement, sample, training, window,
};
use crate::period::Period;
use crate::working::{Line, LineCode};

fn day(text: &str) -> Date {
    text.parse().expect(text)
}

fn month(text: &str) -> Period {
    Period::Month { month: day(&alloc::format!("{text}-01")) }
}

fn nothing() -> Carried {
    Carried::nothing(Currency::Cny)
}

fn yuan(text: &str) -> Money {
    Money::from_decimal(text.parse().expect(text), Currency::Cny).expect(text)
}

fn settled(
    agreement: &Agreement,
    facts: &[Measurement],
    period: &Period,
    carried: &Carried,
) -> Statement {
    let statement = settle(agreement, facts, period, carried).expect("a statement");
    check_sums(&statement);
    statement
}

/// What holds of every statement.
fn check_sums(statement: &Statement) {
    let totals = &statement.totals;
    let sum = |lines: &[Line]| lines.iter().map(|line| line.amount.minor()).sum::<i128>();
    assert_eq!(sum(&statement.lines), totals.subtotal.minor());
    assert_eq!(sum(&statement.tax_lines), totals.tax.minor());
    assert_eq!(totals.net.minor() + totals.tax.minor(), totals.gross.minor());
    let kept = if statement.prices_include_tax { totals.gross } else { totals.net };
    assert_eq!(kept, totals.subtotal);
    assert_eq!(sum(&statement.adjustments), totals.adjustments.minor());
    assert_eq!(totals.gross.minor() + totals.adjustments.minor(), totals.due.minor());
    assert_eq!(-sum(&statement.refunds), totals.refund.minor());
    let every = [
        &statement.lines,
        &statement.tax_lines,
        &statement.adjustments,
        &statement.refunds,
        &statement.forfeits,
        &statement.late_repairs,
    ];
    for line in every.into_iter().flatten() {
        assert_eq!(line.check(), Ok(()), "{line:?}");
    }
    let text = serde_json::to_string(statement).expect("a statement is written");
    let read: Statement = serde_json::from_str(&text).expect("and read");
    assert_eq!(read, *statement);
}

/// Code, subject and amount of each line.
fn rows(lines: &[Line]) -> Vec<(LineCode, String, String)> {
    let subject = |line: &Line| line.subject.as_ref().map_or(String::new(), ToString::to_string);
    lines.iter().map(|line| (line.code, subject(line), line.amount.amount().to_string())).collect()
}

fn row(code: LineCode, subject: &str, amount: &str) -> (LineCode, String, String) {
    (code, subject.into(), amount.into())
}

fn gaps(statement: &Statement) -> Vec<(GapCode, &str)> {
    statement.gaps.iter().map(|gap| (gap.code, gap.clause.as_str())).collect()
}

fn accepted() -> Vec<Measurement> {
    alloc::vec![
        count(Metric::ItemsAccepted, "boxes", "2026-03-05", 1_204, "e10"),
        count(Metric::ItemsAccepted, "boxes", "2026-03-20", 796, "e20"),
        count(Metric::ItemsAccepted, "texts", "2026-03-20", 800, "e20"),
        count(Metric::ItemsAccepted, "texts", "2026-04-02", 700, "e31"),
        count(Metric::ItemsAccepted, "boxes", "2026-04-02", 9_000, "e31"),
    ]
}

#[test]
fn annotation_pays_accepted_items_and_tiers_run_over_the_whole_order() {
    let terms = agreement(annotation());
    let march = settled(&terms, &accepted(), &month("2026-03"), &nothing());
    assert_eq!(
        rows(&march.lines),
        [
            row(LineCode::AcceptedItems, "boxes", "700.00"),
            row(LineCode::AcceptedItems, "texts", "130.00"),
        ]
    );
    assert_eq!(march.totals.tax, yuan("49.80"));
    assert_eq!(march.totals.due, yuan("879.80"));
    assert_eq!(march.totals.due_words.zh, "捌佰柒拾玖元捌角");
    assert_eq!(march.name, id("2026-03"));
    let evidence: Vec<&str> = march.lines[0].evidence.iter().map(|id| id.as_str()).collect();
    assert_eq!(evidence, ["e10", "e20"]);
    let april = settled(&terms, &accepted(), &month("2026-04"), &march.carry);
    // 200 texts of the first tier and 500 of the second; 8,000 of 9,000 boxes were ordered.
    assert_eq!(
        rows(&april.lines),
        [
            row(LineCode::AcceptedItems, "boxes", "2800.00"),
            row(LineCode::AcceptedItems, "texts", "60.00"),
        ]
    );
    assert_eq!(gaps(&april), [(GapCode::BeyondOrder, "anno-3.6")]);
    let may = settled(&terms, &accepted(), &month("2026-05"), &april.carry);
    assert_eq!(may.lines, []);
    assert_eq!(gaps(&may), [(GapCode::NotMeasured, "anno-3.6"); 2]);
}

fn lease_facts() -> Vec<Measurement> {
    let start = at("2026-03-10").seconds();
    let jobs = alloc::vec![
        allocation("a:0", "1", start, start + 431_220, EndState::Completed),
        allocation("a:1", "2", start, start + 60, EndState::NodeFail),
    ];
    let disk = alloc::vec![
        sample(at("2026-03-01"), 1_000_000_000_000, "e1"),
        sample(at("2026-03-16"), 2_000_000_000_000, "e2"),
    ];
    let outage = Measurement {
        window: window("2026-03-12T08:00", "2026-03-12T14:30"),
        ..measurement(
            Metric::RepairHours,
            "node1",
            "2026-03-12",
            Quantity::Exact(Fraction::new(13, 2)),
            "e7",
        )
    };
    alloc::vec![
        gpu(jobs),
        measurement(Metric::StorageSamples, "", "2026-03-16", Quantity::Storage(disk), "e2"),
        outage,
    ]
}

#[test]
fn a_lease_pays_gpu_hours_storage_and_one_off_fees_once() {
    let terms = agreement(lease());
    let march = settled(&terms, &lease_facts(), &month("2026-03"), &nothing());
    // 431,220 seconds are 119.783 hours; 1,516.129 gigabyte-months.
    assert_eq!(
        rows(&march.lines),
        [
            row(LineCode::GpuHours, "", "2215.99"),
            row(LineCode::Storage, "", "909.68"),
            row(LineCode::OneOff, "corpus", "30000.00"),
            row(LineCode::OneOff, "platform", "20000.00"),
        ]
    );
    let clauses: Vec<&str> = march.lines.iter().map(|line| line.clause.as_str()).collect();
    assert_eq!(clauses, ["lease-3.1.1", "lease-3.1.2", "lease-3.1.3", "lease-3.1.4"]);
    // Repaired after 6.5 hours where 4 were promised.
    let repair = row(LineCode::LateRepair, "node1:1773273600", "-250.00");
    assert_eq!(rows(&march.adjustments), [repair]);
    assert_eq!(march.totals.gross.minor() - 25_000, march.totals.due.minor());
    let not_billed = &march.gpu.as_ref().expect("GPU use").not_billed;
    assert_eq!(not_billed.len(), 1);
    assert_eq!(gaps(&march), [(GapCode::SampleGap, "lease-3.1.2"); 2]);
    let april = settled(&terms, &lease_facts(), &month("2026-04"), &march.carry);
    assert_eq!(
        rows(&april.lines),
        [row(LineCode::GpuHours, "", "0.00"), row(LineCode::Storage, "", "1200.00")]
    );
    assert_eq!(april.adjustments, []);
}

#[test]
fn what_is_not_measured_is_listed() {
    let terms = agreement(lease());
    let march = settled(&terms, &[], &month("2026-03"), &nothing());
    assert_eq!(
        gaps(&march),
        [(GapCode::NotMeasured, "lease-3.1.1"), (GapCode::NotMeasured, "lease-3.1.2")]
    );
    let terms = agreement(classification(by_images()));
    let march = settled(&terms, &[], &month("2026-03"), &nothing());
    assert_eq!(gaps(&march), [(GapCode::NotMeasured, "class-5.1")]);
    assert_eq!(march.lines, []);
}

fn images() -> Vec<Measurement> {
    let images = Metric::ImagesAnswered;
    alloc::vec![
        count(images, "standard", "2026-03-01T00:00", 1_500, "e1"),
        count(images, "standard", "2026-03-31T23:00", 600, "e2"),
        count(images, "urgent", "2026-03-02T00:00", 100, "e3"),
        count(images, "standard", "2026-04-01T00:00", 10, "e4"),
    ]
}

#[test]
fn classification_pays_images_by_class_and_month() {
    let terms = agreement(classification(by_images()));
    let march = settled(&terms, &images(), &month("2026-03"), &nothing());
    assert_eq!(
        rows(&march.lines),
        [row(LineCode::Images, "standard", "36.00"), row(LineCode::UrgentImages, "urgent", "3.00"),]
    );
    let mut facts = images();
    let buckets = |rows: &[(&str, u64)]| {
        let row = |(when, quantity): &(&str, u64)| UsageBucket {
            hour: at(when),
            quantity: *quantity,
            records: 1,
            evidence: id("e9"),
        };
        Quantity::Buckets(rows.iter().map(row).collect())
    };
    let hours = buckets(&[("2026-03-31T22:00", 900), ("2026-04-01T00:00", 5)]);
    let mut segment = measurement(Metric::ImagesAnswered, "standard", "2026-03-31", hours, "e9");
    segment.window = window("2026-03-31", "2026-04-02");
    facts.push(segment);
    let march = settled(&terms, &facts, &month("2026-03"), &nothing());
    // 2,100 images and 900 of the segment are three packages.
    assert_eq!(march.lines[0].amount, yuan("36.00"));
    let april = settled(&terms, &facts, &month("2026-04"), &nothing());
    assert!(april.lines[0].working.inputs.iter().any(|input| input.value == "15"));
}

#[test]
fn urgent_images_without_a_price_of_their_own_count_with_the_others() {
    let mut plan = by_images();
    plan["urgent_price"] = Value::Null;
    let terms = agreement(classification(plan));
    let march = settled(&terms, &images(), &month("2026-03"), &nothing());
    assert_eq!(rows(&march.lines), [row(LineCode::Images, "standard", "36.00")]);
}

#[test]
fn a_monthly_fee_includes_images_and_charges_those_beyond() {
    let plan = |included: Value, overage: Value| {
        json!({
            "type": "monthly", "fee": {"figure": "5000", "words": null},
            "included": included, "overage": overage,
        })
    };
    let per_image = json!({"type": "per_unit", "price": "0.02"});
    let terms = agreement(classification(plan(json!(2_000), per_image)));
    let march = settled(&terms, &images(), &month("2026-03"), &nothing());
    assert_eq!(
        rows(&march.lines),
        [
            row(LineCode::MonthlyFee, "2026-03", "5000.00"),
            row(LineCode::Overage, "2026-03", "4.00")
        ]
    );
    let quarter = Period::Window { window: window("2026-03-01", "2026-05-01") };
    let two = settled(&terms, &images(), &quarter, &nothing());
    assert_eq!(two.totals.net, yuan("10004.00"));
    let cut = Period::Window { window: window("2026-03-01", "2026-03-15") };
    let result = settle(&terms, &images(), &cut, &nothing());
    assert_eq!(result, Err(SettleError::NotWholeMonths));
    let before = settled(&terms, &images(), &month("2025-11"), &nothing());
    assert_eq!(before.lines, [], "no fee before the agreement begins");
    let terms = agreement(classification(plan(json!(2_000), Value::Null)));
    let march = settled(&terms, &images(), &month("2026-03"), &nothing());
    assert_eq!(gaps(&march), [(GapCode::NoPrice, "class-5.1")]);
}

#[test]
fn a_quantity_is_settled_image_by_image_in_order_of_time() {
    let terms = agreement(classification(by_images()));
    let until = |through| Period::Quantity { through, window: window("2026-01-01", "2026-05-01") };
    let first = settled(&terms, &images(), &until(1_550), &nothing());
    assert_eq!(
        rows(&first.lines),
        [row(LineCode::Images, "standard", "24.00"), row(LineCode::UrgentImages, "urgent", "1.50"),]
    );
    let second = settled(&terms, &images(), &until(2_200), &first.carry);
    // 50 urgent ones and 600 standard ones: the second package was charged before.
    assert_eq!(
        rows(&second.lines),
        [row(LineCode::Images, "standard", "12.00"), row(LineCode::UrgentImages, "urgent", "1.50"),]
    );
    let result = settle(&terms, &images(), &until(2_200), &second.carry);
    assert_eq!(result, Err(SettleError::AlreadySettled { billed: 2_200, through: 2_200 }));
    let result = settle(&terms, &images(), &until(3_000), &second.carry);
    assert_eq!(result, Err(SettleError::QuantityNotReached { have: 2_210, through: 3_000 }));
}

#[test]
fn a_custom_model_is_charged_once() {
    let terms = agreement(classification(by_images()));
    let mut facts = images();
    facts.push(count(Metric::MilestoneReached, "defects", "2026-03-15", 1, "e5"));
    let march = settled(&terms, &facts, &month("2026-03"), &nothing());
    let model = row(LineCode::CustomModel, "defects", "8000.00");
    assert!(rows(&march.lines).contains(&model));
    let april = settled(&terms, &facts, &month("2026-04"), &march.carry);
    assert!(!rows(&april.lines).contains(&model));
}

fn fixed(amount: &str) -> Value {
    json!({"type": "fixed", "amount": {"figure": amount, "words": null}})
}

fn factors() -> Value {
    json!({
        "type": "factors", "base": "1000", "per_million_parameters": "12.34",
        "per_gigabyte": "0.77", "per_hour": "18.5", "at_most": "90000",
    })
}

fn reached(milestone: &str, when: &str, evidence: &str) -> Measurement {
    count(Metric::MilestoneReached, milestone, when, 1, evidence)
}

fn trained() -> Vec<Measurement> {
    alloc::vec![
        reached("signing", "2026-01-10", "e1"),
        reached("delivery", "2026-04-10", "e5"),
        reached("acceptance", "2026-04-20", "e9"),
        count(Metric::ModelParameters, "", "2026-04-20", 25_557_032, "e8"),
        count(Metric::DataBytes, "", "2026-04-20", 147_897_477_120, "e8"),
        count(Metric::TrainingSeconds, "", "2026-04-20", 432_001, "e8"),
    ]
}

#[test]
fn milestones_make_the_whole_fee_to_the_last_fen() {
    let terms = agreement(training(fixed("100000.01"), json!({"type": "customer"})));
    let january = settled(&terms, &trained(), &month("2026-01"), &nothing());
    assert_eq!(rows(&january.lines), [row(LineCode::Milestone, "signing", "33300.00")]);
    assert_eq!(january.lines[0].clause.as_str(), "train-5.3.1");
    let april = settled(&terms, &trained(), &month("2026-04"), &january.carry);
    assert_eq!(
        rows(&april.lines),
        [
            row(LineCode::Milestone, "delivery", "33300.00"),
            row(LineCode::Milestone, "acceptance", "33400.01"),
        ]
    );
    let later = settled(&terms, &trained(), &month("2026-05"), &april.carry);
    assert_eq!(later.lines, []);
    // One at a time, the last of the list first: the same three amounts.
    let mut carry = nothing();
    let mut sum = 0;
    for milestone in ["acceptance", "signing", "delivery"] {
        let window = window("2026-01-01", "2026-05-01");
        let period = Period::Milestone { milestone: id(milestone), window };
        let statement = settled(&terms, &trained(), &period, &carry);
        assert_eq!(statement.name.to_string(), alloc::format!("milestone:{milestone}"));
        sum += statement.totals.net.minor();
        carry = statement.carry;
    }
    assert_eq!(sum, 10_000_001);
}

#[test]
fn a_fee_by_factors_waits_until_they_are_measured() {
    let terms = agreement(training(factors(), json!({"type": "customer"})));
    let signing = &trained()[..1];
    let january = settled(&terms, signing, &month("2026-01"), &nothing());
    assert_eq!(
        gaps(&january),
        [
            (GapCode::FeeUnknown, "train-5.3.1"),
            (GapCode::NotMeasured, "train-5.1"),
            (GapCode::NotMeasured, "train-5.1"),
            (GapCode::NotMeasured, "train-5.1"),
        ]
    );
    let april = settled(&terms, &trained(), &month("2026-04"), &january.carry);
    // 1000 + 25.557032 * 12.34 + 147.89747712 * 0.77 + 120.0002777.. * 18.5 = 3649.26
    assert_eq!(april.lines.len(), 3);
    assert_eq!(april.totals.net, yuan("3649.26"));
    assert_eq!(gaps(&april), []);
    let capped = agreement_with(
        training(factors(), json!({"type": "customer"})),
        &[("/service/fee/at_most", json!("3000"))],
    );
    let april = settled(&capped, &trained(), &month("2026-04"), &nothing());
    assert_eq!(april.totals.net, yuan("3000"));
}

#[test]
fn a_milestone_that_is_not_reached_is_listed_and_an_unknown_one_refused() {
    let terms = agreement(training(fixed("100"), json!({"type": "customer"})));
    let ask = |milestone: &str| Period::Milestone {
        milestone: id(milestone),
        window: window("2026-01-01", "2026-02-01"),
    };
    let statement = settled(&terms, &trained(), &ask("delivery"), &nothing());
    assert_eq!(gaps(&statement), [(GapCode::NotReached, "train-5.3.2")]);
    let unknown = settle(&terms, &trained(), &ask("party"), &nothing());
    assert_eq!(unknown, Err(SettleError::NoSuchMilestone { milestone: id("party") }));
    let of_lease = settle(&agreement(lease()), &[], &ask("delivery"), &nothing());
    assert_eq!(of_lease, Err(SettleError::NoSuchMilestone { milestone: id("delivery") }));
}

#[test]
fn a_vendor_owned_model_earns_a_licence_fee_from_acceptance_on() {
    let owns = json!({"type": "vendor", "licence_fee": "1200", "period": "month"});
    let terms = agreement(training(fixed("100"), owns));
    let count = |text| {
        let lines = settled(&terms, &trained(), &month(text), &nothing()).lines;
        lines.iter().filter(|line| line.code == LineCode::LicenceFee).count()
    };
    assert_eq!(["2026-03", "2026-04", "2026-05"].map(count), [0, 1, 1]);
}

#[test]
fn shared_revenue_is_split_and_a_missing_report_is_listed() {
    let shared = json!({
        "type": "shared", "customer_share": "60%", "report_every": "3mo", "report_within": "30d",
        "patent_answer": "30d",
    });
    let terms = agreement(training(fixed("100"), shared));
    let report = |side: &str, amount: &str, evidence: &str| {
        let amount = Quantity::Money(yuan(amount));
        let mut report = measurement(Metric::RevenueReported, side, "2026-05-01", amount, evidence);
        report.window = window("2026-05-01", "2026-08-01");
        report
    };
    let both = [report("customer", "1000", "e40"), report("vendor", "500", "e41")];
    let july = settled(&terms, &both, &month("2026-07"), &nothing());
    assert_eq!(rows(&july.lines), [row(LineCode::RevenueShare, "", "100.00")]);
    let july = settled(&terms, &both[..1], &month("2026-07"), &nothing());
    assert_eq!(gaps(&july), [(GapCode::NotReported, "train-6.1.3")]);
}

#[test]
fn consulting_beyond_the_free_hours_of_a_month_is_charged() {
    let terms = agreement(classification(by_images()));
    let hours = |subject: &str, when: &str, hours: Fraction, evidence: &str| {
        measurement(Metric::SupportHours, subject, when, Quantity::Exact(hours), evidence)
    };
    let facts = [
        hours("consulting", "2026-03-03", Fraction::new(3, 2), "e1"),
        hours("consulting", "2026-03-09", Fraction::whole(1), "e2"),
        hours("consulting", "2026-04-09", Fraction::whole(2), "e3"),
        hours("migration", "2026-03-10", Fraction::whole(30), "e4"),
        hours("migration", "2026-04-10", Fraction::whole(30), "e5"),
    ];
    let march = settled(&terms, &facts, &month("2026-03"), &nothing());
    assert_eq!(rows(&march.lines), [row(LineCode::Consulting, "", "250.00")]);
    let april = settled(&terms, &facts, &month("2026-04"), &march.carry);
    // 60 hours of migration help, 40 of them free.
    assert_eq!(rows(&april.lines), [row(LineCode::Consulting, "", "16000.00")]);
    assert_eq!(april.lines[0].clause.as_str(), "pb-07");
}
