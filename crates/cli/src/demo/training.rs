//! Model training in mid-life: four rounds until the standards were met, the main milestone
//! invoiced and overdue, the documentation in work, and a flood that stops the vendor's clocks.
//! Clauses: train-2.2.4, train-3.1, train-4.2, train-4.3, train-5.3.1, train-5.3.2, train-6.2,
//! train-8.1, train-9.1, lease-7.2.3, pb-02.

use contract::Action;
use contract::event::{Claim, ClaimBasis, DisputeSubject, Fact, ModelResult};
use contract::terms::{Agreement, Average, BreachKind, ModelMetric, Purpose, Service, Side};
use units::{Currency, Fraction, Id, Metric, Money, Timestamp};

use super::DemoError;
use super::cast::{self, id, of_text};
use super::stage::{Scene, Stage, sha256};

/// Days ago that both parties signed.
const SIGNED: i64 = 146;
/// Days ago that the model was due.
const DUE: i64 = 56;
/// What a day of delay costs, in fen.
const DAY_OF_DELAY: i128 = 96_000;
const TEST_ITEMS: u64 = 6_000;
const CRACKS: u64 = 500;

/// One round: days ago that it ended; macro F1 in ten-thousandths, right answers, cracks found.
struct Round {
    ago: i64,
    f1: i128,
    right: u64,
    cracks: u64,
}

const ROUNDS: [Round; 4] = [
    Round { ago: 118, f1: 8_620, right: 5_430, cracks: 460 },
    Round { ago: 97, f1: 8_940, right: 5_562, cracks: 475 },
    Round { ago: 70, f1: 9_150, right: 5_649, cracks: 483 },
    Round { ago: 52, f1: 9_310, right: 5_714, cracks: 488 },
];

/// Plays the agreement to the end of the walk.
pub(super) async fn play(stage: &Stage) -> Result<(Id, u64), DemoError> {
    let signed = stage.worked(SIGNED, 9);
    let agreement = terms(stage, signed)?;
    let mut scene = stage.sign(&agreement, signed).await?;
    begin(&mut scene).await?;
    for number in 0..ROUNDS.len() {
        round(&mut scene, number).await?;
    }
    deliver(&mut scene).await?;
    quarrel(&mut scene).await?;
    Ok(scene.entries())
}

fn terms(stage: &Stage, signed: Timestamp) -> Result<Agreement, DemoError> {
    let mut agreement = cast::terms("training", signed.date(&stage.zone))?;
    let Service::Training(terms) = &mut agreement.service else {
        return Err(DemoError::Terms { kind: "training" });
    };
    terms.delivery = stage.today().plus_days(-DUE);
    terms.max_rounds = 5;
    terms.documentation.due = of_text("140d");
    Ok(agreement)
}

/// The advance, the data, the sealed test set.
async fn begin(scene: &mut Scene<'_>) -> Result<(), DemoError> {
    let stage = scene.stage;
    let advance = "milestone:advance";
    scene.at(stage.worked(145, 10)).submit(advance).await?;
    scene.at(stage.worked(144, 10)).approve(advance).await?;
    let number = scene.at(stage.worked(144, 11)).invoice(advance).await?;
    let data = |batch: &str, quantity| {
        let sha256 = sha256(&format!("manifest {batch}"));
        Fact::DataProvided { batch: id(batch), quantity, sha256 }
    };
    let customer = cast::BUYER_OPERATOR;
    scene.at(stage.worked(141, 10)).fact(customer, data("defects-train", 48_000)).await?;
    let knowledge = Fact::DutyFulfilled { duty: id("business-knowledge") };
    scene.at(stage.worked(141, 15)).fact(customer, knowledge).await?;
    scene.at(stage.worked(140, 10)).pay_invoice(number).await?;
    let own = data("public-pretrain", 1_200_000);
    scene.at(stage.worked(136, 10)).fact(cast::SELLER_OPERATOR, own).await?;
    let sealed = Fact::TestSetSealed {
        test_set: id("defects-test"),
        items: TEST_ITEMS,
        sha256: sha256("defects-test"),
    };
    scene.at(stage.worked(134, 10)).fact(customer, sealed).await
}

/// A round of training, its evaluation on the sealed set, and the customer's answer.
async fn round(scene: &mut Scene<'_>, at: usize) -> Result<(), DemoError> {
    let stage = scene.stage;
    let round = &ROUNDS[at];
    let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
    let run = Fact::RunFinished {
        round: number,
        parameters: 24_600_000 + 3_100_000 * at as u64,
        data_bytes: 52_000_000_000 + 8_000_000_000 * at as u64,
        training_seconds: 86_400 + 21_600 * at as u64,
        report: None,
    };
    let vendor = cast::SELLER_OPERATOR;
    scene.at(stage.worked(round.ago, 9)).fact(vendor, run).await?;
    let result = |metric, average, class: Option<&str>, value, items| ModelResult {
        metric,
        average,
        class: class.map(str::to_owned),
        value,
        items,
    };
    let share = |hits: u64, of: u64| Fraction::new(i128::from(hits), i128::from(of));
    let results = vec![
        result(ModelMetric::F1, Average::Macro, None, Fraction::new(round.f1, 10_000), TEST_ITEMS),
        result(
            ModelMetric::Accuracy,
            Average::Micro,
            None,
            share(round.right, TEST_ITEMS),
            TEST_ITEMS,
        ),
        result(
            ModelMetric::Recall,
            Average::Class,
            Some("crack"),
            share(round.cracks, CRACKS),
            CRACKS,
        ),
    ];
    let evaluated =
        Fact::ModelEvaluated { round: number, test_set: id("defects-test"), results, report: None };
    scene.at(stage.worked(round.ago, 14)).fact(vendor, evaluated).await?;
    let sha256 = sha256(&format!("model {number}"));
    let delivered = Fact::ModelDelivered { round: number, sha256, although: None };
    scene.at(stage.worked(round.ago, 16)).fact(vendor, delivered).await?;
    if at + 1 == ROUNDS.len() {
        return Ok(());
    }
    let failed = match at {
        0 => vec![Metric::F1, Metric::Accuracy, Metric::Recall],
        _ => vec![Metric::F1, Metric::Recall],
    };
    let reject = Action::Reject { delivery: id(&format!("round-{number}")), failed };
    scene.at(stage.worked(round.ago - 4, 11)).act(cast::BUYER_REVIEWER, reject).await
}

/// The model is accepted; its milestone is invoiced and not paid; a use needs consent.
async fn deliver(scene: &mut Scene<'_>) -> Result<(), DemoError> {
    let stage = scene.stage;
    let delivery = id(&format!("round-{}", ROUNDS.len()));
    scene.at(stage.worked(47, 15)).act(cast::BUYER_REVIEWER, Action::Accept { delivery }).await?;
    let milestone = "milestone:model-accepted";
    scene.at(stage.worked(46, 10)).submit(milestone).await?;
    scene.at(stage.worked(44, 10)).approve(milestone).await?;
    scene.at(stage.worked(44, 15)).invoice(milestone).await?;
    let purpose = Purpose::ModelImprovement;
    let given = Fact::ConsentGiven { purpose };
    scene.at(stage.worked(40, 10)).fact(cast::BUYER_OPERATOR, given).await?;
    let resource = "defects-train".to_owned();
    let used = Fact::ResourceUsed { side: Side::Vendor, purpose, resource };
    scene.at(stage.worked(33, 10)).fact(cast::SELLER_OPERATOR, used).await?;
    let withdrawn = Fact::ConsentWithdrawn { purpose };
    scene.at(stage.worked(18, 10)).fact(cast::BUYER_OPERATOR, withdrawn).await
}

/// A claim for the delay, disputed; a patent proposed; a flood.
async fn quarrel(scene: &mut Scene<'_>) -> Result<(), DemoError> {
    let stage = scene.stage;
    let late = i128::from(DUE - ROUNDS[ROUNDS.len() - 1].ago);
    let claim = Claim {
        claim: id("delay-1"),
        by: Side::Customer,
        basis: ClaimBasis::Liquidated { damages: id("late-delivery") },
        breach: BreachKind::LateDelivery,
        clause: id("train-8.1"),
        direct: Money::new(late * DAY_OF_DELAY, Currency::Cny),
        indirect: Money::zero(Currency::Cny),
        occurred: stage.on(stage.today().plus_days(1 - DUE), 0),
        evidence: Vec::new(),
    };
    scene.at(stage.worked(16, 10)).act(cast::BUYER_LAW, Action::RaiseClaim(claim)).await?;
    let open = Action::OpenDispute {
        dispute: id("delay"),
        subject: DisputeSubject::Claim { claim: id("delay-1") },
        clause: id("train-9.1"),
    };
    scene.at(stage.worked(11, 10)).act(cast::SELLER_LAW, open).await?;
    let patent = Action::ProposePatent { proposal: id("crack-features") };
    scene.at(stage.worked(9, 10)).act(cast::SELLER_LAW, patent).await?;
    let from = stage.hours_ago(30);
    let flood = Action::DeclareForceMajeure { case: id("flood"), from };
    scene.at(stage.hours_ago(26)).act(cast::SELLER, flood).await
}
