//! Signatures on documents that join later, and statements that somebody made up.
//! Clauses: train-11.1, class-5.1, class-5.2.

use contract::event::{Actor, StatementSummary};
use contract::terms::{Bilingual, Document, DocumentRank, Replacement, Side};
use contract::{Action, Command, Refusal};
use desk::DeskError;
use units::{Currency, Money, Window};

use crate::scene::{Scene, at, id, key};

pub(crate) fn supplement(price: &str) -> Document {
    Document {
        id: id("supplement-1"),
        rank: DocumentRank::Supplement,
        title: Bilingual { zh: "补充协议".to_owned(), en: "Supplement".to_owned() },
        sha256: None,
        effective: None,
        replaces: vec![Replacement {
            path: "service.plan.price.price".to_owned(),
            value: price.to_owned(),
        }],
    }
}

async fn price(scene: &Scene) -> String {
    let book = scene.desk.open_book(&scene.agreement).await.expect("a journal");
    let agreement = book.state.agreement.expect("terms");
    let text = serde_json::to_value(&agreement).expect("JSON");
    text["service"]["plan"]["price"]["price"].as_str().expect("a price").to_owned()
}

#[tokio::test]
async fn a_supplement_counts_once_both_have_signed_it_with_their_keys() {
    let scene = Scene::new("classification", "2026-04-01T09:00:00+08:00").await;
    let (desk, agreement) = (&scene.desk, &scene.agreement);
    let vendor = Actor::of(Side::Vendor, "luo");
    desk.propose(agreement, &vendor, supplement("24.00").into()).await.expect("proposed");
    let paper = id("supplement-1");
    let (gu, luo) = (key(Side::Customer), key(Side::Vendor));
    desk.sign_document(agreement, &paper, Side::Vendor, "luo", &luo).await.expect("signs");
    assert_eq!(price(&scene).await, "28.00", "one signature changes nothing");
    desk.sign_document(agreement, &paper, Side::Customer, "gu", &gu).await.expect("signs");
    assert_eq!(price(&scene).await, "24.00");
}

#[tokio::test]
async fn a_signature_over_another_document_is_refused() {
    let scene = Scene::new("classification", "2026-04-01T09:00:00+08:00").await;
    let (desk, agreement) = (&scene.desk, &scene.agreement);
    let vendor = Actor::of(Side::Vendor, "luo");
    desk.propose(agreement, &vendor, supplement("24.00").into()).await.expect("proposed");
    let book = desk.open_book(agreement).await.expect("a journal");
    let mut signing = book.state.signings[0].clone();
    signing.terms_sha256 = book.state.documents[&id("supplement-1")].terms_sha256.clone();
    let action = Action::SignDocument { document: id("supplement-1"), signing };
    let command = Command::new(Actor::of(Side::Customer, "gu"), action);
    let answer = desk.execute(agreement, &command).await;
    assert!(matches!(answer, Err(DeskError::Signature)), "{answer:?}");
}

#[tokio::test]
async fn a_made_up_statement_is_refused_and_the_journal_stays_readable() {
    let scene = Scene::new("classification", "2026-04-01T09:00:00+08:00").await;
    let (desk, agreement) = (&scene.desk, &scene.agreement);
    let nothing = Money::zero(Currency::Cny);
    let instant = at("2026-04-01T09:00:00+08:00");
    for name in ["2026-03", "no-period"] {
        let summary = StatementSummary {
            statement: id(name),
            window: Window::new(instant, instant),
            milestones: Vec::new(),
            billed: Vec::new(),
            one_off: Vec::new(),
            net: Money::new(100, Currency::Cny),
            tax: nothing,
            gross: Money::new(100, Currency::Cny),
            due: Money::new(100, Currency::Cny),
            drawdown: nothing,
            credits: nothing,
            lines: 1,
            sha256: "a".repeat(64),
        };
        let action = Action::SubmitStatement(summary);
        let command = Command::new(Actor::of(Side::Vendor, "luo"), action);
        let answer = desk.execute(agreement, &command).await;
        let refused =
            matches!(answer, Err(DeskError::StatementDiffers { .. } | DeskError::Period { .. }));
        assert!(refused, "{name}: {answer:?}");
    }
    let book = desk.open_book(agreement).await.expect("the journal is readable");
    assert!(book.recomputed.is_empty());
    let foreign = Command::new(
        Actor::of(Side::Customer, "gu"),
        Action::ApproveStatement { statement: id("2026-03") },
    );
    let answer = desk.execute(agreement, &foreign).await;
    let unknown = matches!(answer, Err(DeskError::Refused(Refusal::Unknown { .. })));
    assert!(unknown, "{answer:?}");
}
