//! Data annotation in mid-life: one delivery failed its inspection, was reworked, accepted and
//! paid; one of texts is invoiced and partly paid; one waits for the customer.
//! Clauses: anno-3.3, anno-3.4, anno-3.5, anno-3.6, anno-4.1.1, anno-4.1.4, class-5.2.

use std::path::{Path, PathBuf};

use contract::Action;
use contract::event::{Fact, PaymentPurpose};
use contract::terms::{
    AcceptanceRule, Agreement, Modality, ObservedShare, PerUnit, Price, Service, Side,
};
use desk::inspection;
use desk::intake::DeliveredItem;
use journal::Hash;
use units::{Id, Metric, Money, Timestamp, Verdict};

use super::DemoError;
use super::cast::{self, id, of_text};
use super::labels::{self, Pair};
use super::stage::{Scene, Stage, sha256};

/// Days ago that both parties signed.
const SIGNED: i64 = 148;
const IMAGES: u64 = 1_600;
const TEXTS: u64 = 1_500;
const SAMPLE: u64 = 200;

/// Plays the agreement to the end of the walk.
pub(super) async fn play(stage: &Stage) -> Result<(Id, u64), DemoError> {
    let signed = stage.worked(SIGNED, 9);
    let agreement = terms(stage, signed)?;
    let mut scene = stage.sign(&agreement, signed).await?;
    begin(&mut scene).await?;
    images(&mut scene).await?;
    texts(&mut scene).await?;
    waiting(&mut scene).await?;
    Ok(scene.entries())
}

fn terms(stage: &Stage, signed: Timestamp) -> Result<Agreement, DemoError> {
    let starts = signed.date(&stage.zone);
    let today = stage.today();
    let mut agreement = cast::terms("annotation", starts)?;
    let Service::Annotation(terms) = &mut agreement.service else {
        return Err(DemoError::Terms { kind: "annotation" });
    };
    terms.completion = today.plus_days(45);
    terms.acceptance.rule = AcceptanceRule::Observed(ObservedShare { sample: SAMPLE });
    for item in &mut terms.items {
        match item.modality {
            Modality::ImageBoxes => {
                item.quantity = IMAGES * 2;
                item.price = Price::PerUnit(PerUnit { price: of_text("6.80") });
            }
            Modality::TextSentiment => {
                item.quantity = TEXTS * 2;
                item.price = Price::PerUnit(PerUnit { price: of_text("1.90") });
            }
            _ => {}
        }
    }
    let due = [
        ("images-1", IMAGES, starts.plus_days(14)),
        ("images-2", IMAGES, today.plus_days(-31)),
        ("texts-1", TEXTS * 2, starts.plus_days(25)),
        ("videos-1", 100, today.plus_days(20)),
        ("videos-2", 100, today.plus_days(20)),
    ];
    for batch in &mut terms.data_schedule {
        for (name, quantity, day) in due {
            if batch.id.as_str() == name {
                (batch.quantity, batch.due) = (quantity, day);
            }
        }
    }
    if let Some(prepayment) = &mut agreement.payment.prepayment {
        prepayment.amount = cast::written(3_000);
    }
    Ok(agreement)
}

/// The prepayment, the guideline, the data; the customer is late to remove faces.
async fn begin(scene: &mut Scene<'_>) -> Result<(), DemoError> {
    let stage = scene.stage;
    scene.at(stage.worked(147, 14)).submit("prepayment").await?;
    scene.at(stage.worked(146, 10)).approve("prepayment").await?;
    scene.at(stage.worked(146, 11)).invoice("prepayment").await?;
    let customer = cast::BUYER_OPERATOR;
    let guideline = Fact::GuidelineProvided { version: 1, sha256: sha256("guideline 1") };
    scene.at(stage.worked(146, 15)).fact(customer, guideline).await?;
    let prepaid = Money::new(300_000, units::Currency::Cny);
    scene.at(stage.worked(144, 10)).pay(prepaid, PaymentPurpose::Prepayment).await?;
    provide(scene, stage.worked(140, 10), "images-1", IMAGES).await?;
    for (ago, duty) in [(144, "guideline-questions"), (131, "de-identification")] {
        let fact = Fact::DutyFulfilled { duty: id(duty) };
        scene.at(stage.worked(ago, 16)).fact(customer, fact).await?;
    }
    provide(scene, stage.worked(126, 10), "texts-1", TEXTS * 2).await
}

async fn provide(
    scene: &mut Scene<'_>,
    at: Timestamp,
    batch: &str,
    quantity: u64,
) -> Result<(), DemoError> {
    let sha256 = sha256(&format!("manifest {batch}"));
    let fact = Fact::DataProvided { batch: id(batch), quantity, sha256 };
    scene.at(at).fact(cast::BUYER_OPERATOR, fact).await
}

/// The first images: a round that fails, a round that passes, the statement and its payment.
async fn images(scene: &mut Scene<'_>) -> Result<(), DemoError> {
    let stage = scene.stage;
    let lot = |faults| labels::images(7, 1, IMAGES, faults);
    let first = Delivery { name: "images-a", item: "images", round: 1 };
    first.hand_over(scene, [118, 115], &lot([9, 12, 4])).await?;
    let failed = first.inspect(scene, 113).await?;
    let delivery = id(first.name);
    let reject = Action::Reject { delivery: delivery.clone(), failed };
    scene.at(stage.worked(113, 15)).act(cast::BUYER_REVIEWER, reject).await?;
    let second = Delivery { round: 2, ..first };
    second.hand_over(scene, [109, 108], &lot([1, 1, 1])).await?;
    second.inspect(scene, 105).await?;
    let accept = Action::Accept { delivery };
    scene.at(stage.worked(105, 16)).act(cast::BUYER_REVIEWER, accept).await?;
    let number = bill(scene).await?;
    let pays = scene.now().plus_seconds(8 * 86_400);
    scene.at(pays).pay_invoice(number).await
}

/// The texts: accepted at once, invoiced, and paid by half.
async fn texts(scene: &mut Scene<'_>) -> Result<(), DemoError> {
    let stage = scene.stage;
    let delivery = Delivery { name: "texts-a", item: "texts", round: 1 };
    delivery.hand_over(scene, [88, 86], &labels::texts(11, TEXTS, 5)).await?;
    delivery.inspect(scene, 84).await?;
    let accept = Action::Accept { delivery: id(delivery.name) };
    scene.at(stage.worked(82, 16)).act(cast::BUYER_REVIEWER, accept).await?;
    let number = bill(scene).await?;
    let half = Money::new(scene.open(number)?.minor() / 2, units::Currency::Cny);
    if half.minor() > 0 {
        scene.at(stage.worked(22, 10)).pay(half, PaymentPurpose::Invoice { number }).await?;
    }
    Ok(())
}

/// The statement of the month that runs, once it is over: submitted, approved, invoiced.
async fn bill(scene: &mut Scene<'_>) -> Result<u32, DemoError> {
    let stage = scene.stage;
    let day = scene.now().date(&stage.zone);
    let month = format!("{:04}-{:02}", day.year(), day.month());
    let next = day.last_of_month().plus_days(2);
    scene.at(stage.on(next, 600)).submit(&month).await?;
    scene.at(stage.on(next.plus_days(1), 660)).approve(&month).await?;
    scene.at(stage.on(next.plus_days(1), 900)).invoice(&month).await
}

/// The second images: handed over yesterday, the customer's half of the seed is awaited.
async fn waiting(scene: &mut Scene<'_>) -> Result<(), DemoError> {
    let stage = scene.stage;
    provide(scene, stage.worked(28, 10), "images-2", IMAGES).await?;
    let lot = labels::images(13, IMAGES + 1, IMAGES, [2, 3, 1]);
    let delivery = Delivery { name: "images-b", item: "images", round: 1 };
    let work = delivery.keep(stage, &lot)?;
    scene.at(stage.worked(5, 10));
    delivery.commit(scene, Side::Customer).await?;
    scene.at(stage.worked(5, 11));
    delivery.commit(scene, Side::Vendor).await?;
    scene.at(stage.hours_ago(20));
    delivery.import(scene, &work).await?;
    scene.at(stage.hours_ago(19));
    delivery.reveal(scene, Side::Vendor).await
}

/// One round of a delivery of one work item.
#[derive(Clone, Copy)]
struct Delivery {
    name: &'static str,
    item: &'static str,
    round: u32,
}

impl Delivery {
    /// Writes work and gold beside the deployment.
    fn keep(&self, stage: &Stage, lot: &Pair) -> Result<PathBuf, DemoError> {
        let folder = stage.files("annotation")?;
        let end = if self.item == "texts" { "csv" } else { "json" };
        let gold = folder.join(format!("{}-gold.{end}", self.name));
        let work = folder.join(format!("{}-{}.{end}", self.name, self.round));
        stage.write(&gold, &lot.gold)?;
        stage.write(&work, &lot.work)?;
        Ok(work)
    }

    fn seed(self, side: Side) -> [u8; 32] {
        let Self { name, round, .. } = self;
        *Hash::of(format!("rehearsal seed {name} {round} {}", side.code()).as_bytes()).bytes()
    }

    async fn commit(self, scene: &mut Scene<'_>, side: Side) -> Result<(), DemoError> {
        let commitment = hex::encode(annotation::commitment(&self.seed(side)));
        let fact = Fact::SeedCommitted { delivery: id(self.name), side, commitment };
        scene.fact(operator(side), fact).await
    }

    async fn reveal(self, scene: &mut Scene<'_>, side: Side) -> Result<(), DemoError> {
        let seed = hex::encode(self.seed(side));
        let fact = Fact::SeedRevealed { delivery: id(self.name), side, seed };
        scene.fact(operator(side), fact).await
    }

    async fn import(self, scene: &mut Scene<'_>, work: &Path) -> Result<(), DemoError> {
        let item = DeliveredItem { item: id(self.item), path: work.to_path_buf(), quantity: None };
        let actor = cast::SELLER_ANNOTATOR.actor();
        let (desk, agreement) = (&scene.stage.desk, scene.agreement.clone());
        desk.import_delivery(&agreement, &actor, &id(self.name), &[item], true).await?;
        scene.read_on().await
    }

    /// Both commit to their seeds, the vendor hands over, both reveal.
    async fn hand_over(
        self,
        scene: &mut Scene<'_>,
        [committed, handed]: [i64; 2],
        lot: &Pair,
    ) -> Result<(), DemoError> {
        let stage = scene.stage;
        let work = self.keep(stage, lot)?;
        for side in [Side::Customer, Side::Vendor] {
            scene.at(stage.worked(committed, 10));
            self.commit(scene, side).await?;
        }
        scene.at(stage.worked(handed, 9));
        self.import(scene, &work).await?;
        for side in [Side::Vendor, Side::Customer] {
            scene.at(stage.worked(handed, 11));
            self.reveal(scene, side).await?;
        }
        Ok(())
    }

    /// The customer inspects; the standards that were not met.
    async fn inspect(self, scene: &mut Scene<'_>, ago: i64) -> Result<Vec<Metric>, DemoError> {
        let stage = scene.stage;
        let folder = stage.files("annotation")?;
        let end = if self.item == "texts" { "csv" } else { "json" };
        let gold = folder.join(format!("{}-gold.{end}", self.name));
        let work = folder.join(format!("{}-{}.{end}", self.name, self.round));
        scene.at(stage.worked(ago, 14));
        let (agreement, actor) = (scene.agreement.clone(), cast::BUYER_REVIEWER.actor());
        let (name, item) = (id(self.name), id(self.item));
        let desk = &stage.desk;
        let report =
            inspection::inspect(desk, &actor, &agreement, &name, &item, &work, &gold).await?;
        scene.read_on().await?;
        let failed = report.standards.iter().filter(|row| row.verdict != Verdict::Met);
        Ok(failed.map(|row| row.metric).collect())
    }
}

const fn operator(side: Side) -> cast::Person {
    match side {
        Side::Customer => cast::BUYER_OPERATOR,
        Side::Vendor => cast::SELLER_OPERATOR,
    }
}
