//! A classification service in mid-life: usage of every day, a bad day with its service credit,
//! accuracy that fell and came back, a statement under review, a disputed line, a third party's
//! claim, and a new price that one side has signed.
//! Clauses: class-3.1.3, class-3.2.1, class-4.1, class-4.2, class-4.3, class-5.1, class-5.2, pb-04,
//! pb-06, pb-08, train-9.1.

use contract::Action;
use contract::event::{Claim, ClaimBasis, DisputeSubject, Fact, PaymentPurpose};
use contract::terms::{
    Agreement, Bilingual, BreachKind, Document, DocumentRank, ExclusionReason, IndemnityScope,
    Replacement, Side,
};
use desk::import::{Format, cloudevents};
use desk::intake::ImportOptions;
use serde_json::json;
use units::{Currency, Date, Id, Money, Ratio, Timestamp, Window};

use super::DemoError;
use super::cast::{self, id};
use super::dice::Dice;
use super::stage::{Scene, Stage};
use super::usage;

const TEST_ITEMS: u64 = 5_000;
const PREPAID: i128 = 120_000;

/// Plays the agreement to the end of the walk.
pub(super) async fn play(stage: &Stage) -> Result<(Id, u64), DemoError> {
    let starts = stage.this_month().plus_months(-4);
    let ago = stage.today().days_since(starts) + 5;
    let agreement = terms(starts)?;
    let mut scene = stage.sign(&agreement, stage.worked(ago, 9)).await?;
    let mut meter = Meter { starts, told: starts };
    begin(&mut scene, starts).await?;
    for month in 0..4 {
        let first = starts.plus_months(month);
        let next = first.plus_months(1);
        during(&mut scene, &mut meter, first, month).await?;
        if month < 3 {
            meter.report(&mut scene, next).await?;
            bill(&mut scene, first, next, month).await?;
        }
    }
    lately(&mut scene, &mut meter).await?;
    Ok(scene.entries())
}

fn terms(starts: Date) -> Result<Agreement, DemoError> {
    let mut agreement = cast::terms("classification", starts)?;
    agreement.documents.clear();
    if let Some(prepayment) = &mut agreement.payment.prepayment {
        prepayment.amount = cast::written(PREPAID);
    }
    Ok(agreement)
}

/// The prepayment, what the customer owes first, and the service begins.
async fn begin(scene: &mut Scene<'_>, starts: Date) -> Result<(), DemoError> {
    let stage = scene.stage;
    let on = |days: i64, hour: u32| stage.on(starts.plus_days(days), hour * 60);
    scene.at(scene.now().plus_seconds(3_600)).submit("prepayment").await?;
    scene.at(scene.now().plus_seconds(3_600)).approve("prepayment").await?;
    scene.at(scene.now().plus_seconds(3_600)).invoice("prepayment").await?;
    let waived = Action::Waive { obligation: id("customer_duty:describe-classes") };
    scene.at(scene.now().plus_seconds(1_800)).act(cast::SELLER, waived).await?;
    let delivered = Fact::ServiceDelivered { version: "1.0".to_owned() };
    scene.at(stage.on(starts, 2)).fact(cast::SELLER_OPERATOR, delivered).await?;
    evaluate(scene, on(0, 10), "1.0", 4_788).await?;
    let samples = Fact::DutyFulfilled { duty: id("sample-images") };
    scene.at(on(0, 11)).fact(cast::BUYER_OPERATOR, samples).await?;
    let prepaid = Money::new(PREPAID * 100, Currency::Cny);
    scene.at(on(2, 10)).pay(prepaid, PaymentPurpose::Prepayment).await
}

async fn evaluate(
    scene: &mut Scene<'_>,
    at: Timestamp,
    version: &str,
    right: u64,
) -> Result<(), DemoError> {
    let fact = Fact::AccuracyEvaluated {
        test_set: id("catalogue-2026"),
        version: version.to_owned(),
        ratio: Ratio::new(right, TEST_ITEMS),
    };
    scene.at(at).fact(cast::SELLER_OPERATOR, fact).await
}

/// What happens within a month: evaluations, a custom model, agreed maintenance, late feedback.
async fn during(
    scene: &mut Scene<'_>,
    meter: &mut Meter,
    first: Date,
    month: i64,
) -> Result<(), DemoError> {
    let stage = scene.stage;
    let on = |days: i64, hour: u32| stage.on(first.plus_days(days), hour * 60);
    match month {
        0 => {
            meter.report(scene, first.plus_days(15)).await?;
            evaluate(scene, on(15, 10), "1.0", 4_761).await
        }
        1 => {
            meter.report(scene, first.plus_days(4)).await?;
            evaluate(scene, on(5, 10), "1.1", 4_741).await?;
            let feedback = Fact::DutyFulfilled { duty: id("monthly-feedback") };
            scene.at(on(8, 15)).fact(cast::BUYER_OPERATOR, feedback).await?;
            meter.report(scene, first.plus_days(19)).await?;
            let ratio = Ratio::new(967, 1_000);
            let custom = Fact::CustomModelDelivered { model: id("luxury-bags"), ratio };
            scene.at(on(20, 10)).fact(cast::SELLER_OPERATOR, custom).await
        }
        2 => {
            evaluate(scene, on(4, 11), "1.1", 4_698).await?;
            let window = Window::new(on(9, 8), on(9, 10));
            for side in [Side::Vendor, Side::Customer] {
                let fact = Fact::ExclusionAgreed {
                    exclusion: id("upgrade-1.2"),
                    side,
                    window,
                    reason: ExclusionReason::Maintenance,
                };
                let person = match side {
                    Side::Customer => cast::BUYER_OPERATOR,
                    Side::Vendor => cast::SELLER_OPERATOR,
                };
                scene.at(on(5, 10)).fact(person, fact).await?;
            }
            Ok(())
        }
        _ => {
            evaluate(scene, on(6, 10), "1.2", 4_618).await?;
            meter.report(scene, first.plus_days(20)).await?;
            evaluate(scene, on(21, 10), "1.3", 4_709).await
        }
    }
}

/// The statement of a month: two are paid whole; of the third a line is disputed.
async fn bill(scene: &mut Scene<'_>, first: Date, next: Date, month: i64) -> Result<(), DemoError> {
    let stage = scene.stage;
    let on = |days: i64, hour: u32| stage.on(next.plus_days(days), hour * 60);
    let name = month_name(first);
    let summary = scene.at(on(1, 10)).submit(&name).await?;
    if month < 2 || summary.lines < 2 {
        scene.at(on(3, 10)).approve(&name).await?;
    } else {
        let (actor, statement) = (cast::BUYER_FINANCE.actor(), id(&name));
        scene.at(on(3, 10));
        let desk = &stage.desk;
        desk.object(&mut scene.book, &actor, &statement, &[1], "quantity").await?;
    }
    let number = scene.at(on(3, 14)).invoice(&name).await?;
    scene.at(on(11, 10)).pay_invoice(number).await
}

fn month_name(first: Date) -> String {
    format!("{:04}-{:02}", first.year(), first.month())
}

/// The last days: the statement under review, the price that the vendor signed, what is in dispute.
async fn lately(scene: &mut Scene<'_>, meter: &mut Meter) -> Result<(), DemoError> {
    let stage = scene.stage;
    let month = stage.this_month();
    let before = month.plus_months(-1);
    let submitted = stage.on(month.plus_days(1), 600).max(stage.hours_ago(96));
    meter.report(scene, submitted.date(&stage.zone)).await?;
    quarrel(scene, submitted).await?;
    scene.at(submitted).submit(&month_name(before)).await?;
    let quotation = Document {
        id: id("quotation-2"),
        rank: DocumentRank::Quotation,
        title: Bilingual {
            zh: "下一季度报价单".to_owned(),
            en: "Quotation for the next quarter".to_owned(),
        },
        sha256: None,
        effective: Some(stage.today().first_of_month().plus_months(1)),
        replaces: vec![Replacement {
            path: "service.plan.price.price".to_owned(),
            value: "25.50".to_owned(),
        }],
    };
    scene.at(stage.hours_ago(44));
    let agreement = scene.agreement.clone();
    let actor = cast::SELLER_LAW.actor();
    stage.desk.propose(&agreement, &actor, quotation.clone().into()).await?;
    scene.at(stage.hours_ago(43));
    stage.sign_document(&agreement, &quotation.id, cast::SELLER).await?;
    scene.read_on().await?;
    meter.report(scene, stage.today()).await?;
    let ticket = Fact::TicketOpened { ticket: id("t-31") };
    scene.at(stage.hours_ago(2)).fact(cast::BUYER_OPERATOR, ticket).await
}

/// The disputed line, a third party's claim, a request for a report: before the statement.
async fn quarrel(scene: &mut Scene<'_>, until: Timestamp) -> Result<(), DemoError> {
    let stage = scene.stage;
    let at = |hours: i64| stage.hours_ago(hours).min(until.plus_seconds(-hours * 60));
    let disputed = stage.this_month().plus_months(-2);
    let open = Action::OpenDispute {
        dispute: id("urgent-images"),
        subject: DisputeSubject::Statement { statement: id(&month_name(disputed)) },
        clause: id("class-5.2"),
    };
    scene.at(at(200)).act(cast::SELLER_LAW, open).await?;
    let asked = Fact::AuditRequested { audit: id("audit-1") };
    scene.at(at(190)).fact(cast::BUYER_OPERATOR, asked).await?;
    let claim = Claim {
        claim: id("photographer"),
        by: Side::Customer,
        basis: ClaimBasis::Indemnity { indemnity: id("vendor-ip") },
        breach: BreachKind::Other,
        clause: id("pb-06"),
        direct: Money::new(4_800_000, Currency::Cny),
        indirect: Money::zero(Currency::Cny),
        occurred: at(230),
        evidence: Vec::new(),
    };
    scene.at(at(170)).act(cast::BUYER_LAW, Action::RaiseClaim(claim)).await?;
    let told = Fact::IndemnityNotified {
        claim: id("photographer"),
        scope: IndemnityScope::IpInfringement,
    };
    scene.at(at(168)).fact(cast::BUYER_OPERATOR, told).await
}

/// The meter and the prober: what they told, day by day.
struct Meter {
    starts: Date,
    /// The first day that was not imported yet.
    told: Date,
}

impl Meter {
    /// Imports week by week what was measured before a day.
    async fn report(&mut self, scene: &mut Scene<'_>, until: Date) -> Result<(), DemoError> {
        let stage = scene.stage;
        while self.told < until {
            let end = self.told.plus_days(7).min(until);
            let at = stage.on(end, 480);
            let at = if at > stage.hours_ago(3) { stage.on(end, 5) } else { at };
            let mut file = String::new();
            let mut day = self.told;
            while day < end {
                file.push_str(&self.day(stage, day));
                day = day.plus_days(1);
            }
            scene.at(at);
            let options = ImportOptions::default();
            let (format, bytes) = (Format::CloudEvents, file.as_bytes());
            scene.import("meter", format, "usage", bytes, &options).await?;
            if end == until {
                let folder = stage.files("classification")?;
                stage.write(&folder.join("usage.jsonl"), bytes)?;
            }
            self.told = end;
        }
        Ok(())
    }

    /// Usage and states of one day.
    fn day(&self, stage: &Stage, day: Date) -> String {
        let age = day.days_since(self.starts).unsigned_abs();
        let mut dice = Dice::new(age + 977);
        let busy = if day.weekday() >= 6 { 118 } else { 100 };
        let base = (300_000 + 1_100 * age) * busy / 100 + dice.from(0, 24_000);
        let slow = base * dice.from(3, 14) / 1_000;
        let urgent = 6_000 + dice.from(0, 2_500);
        let rows = [
            ("standard", "s", base - slow, 38_000 + dice.from(0, 30_000)),
            ("standard", "l", slow, 150_000),
            ("urgent", "u", urgent, 24_000 + dice.from(0, 20_000)),
            ("urgent", "v", urgent / 40 + 1, 71_000),
        ];
        let mut file = String::new();
        for (class, mark, quantity, latency) in rows {
            let data = json!({ "meter": "images", "quantity": quantity, "latency_ms": latency,
                "subject": class });
            let at = stage.on(day, 1_410);
            let key = format!("usage-{day}-{mark}");
            file.push_str(&usage::event(&key, "meter", cloudevents::USAGE, at, data));
        }
        for (from, to, state) in states(stage, day) {
            let key = format!("probe-{from}");
            let data = json!({ "from": from, "to": to, "state": state });
            file.push_str(&usage::event(&key, "prober", cloudevents::PROBE, to, data));
        }
        file
    }
}

/// The states of a day: up, but for the bad day and some bad minutes.
fn states(stage: &Stage, day: Date) -> Vec<(Timestamp, Timestamp, &'static str)> {
    let month = stage.this_month();
    let outages = [
        (month.plus_months(-4).plus_days(19), 842, 6, "down"),
        (month.plus_months(-3).plus_days(11), 1_010, 48, "degraded"),
        (month.plus_months(-2).plus_days(9), 490, 85, "down"),
        (month.plus_months(-2).plus_days(16), 554, 217, "down"),
        (month.plus_months(-2).plus_days(16), 771, 40, "degraded"),
        (month.plus_months(-1).plus_days(5), 600, 9, "down"),
        (month.plus_months(-1).plus_days(23), 1_100, 35, "degraded"),
        (stage.today().plus_days(-3), 700, 26, "down"),
    ];
    let mut at = stage.on(day, 0);
    let mut states = Vec::new();
    for (_, begin, minutes, state) in outages.into_iter().filter(|outage| outage.0 == day) {
        let (from, to) = (stage.on(day, begin), stage.on(day, begin + minutes));
        if at < from {
            states.push((at, from, "up"));
        }
        states.push((from, to, state));
        at = to;
    }
    states.push((at, stage.on(day.plus_days(1), 0), "up"));
    states
}
