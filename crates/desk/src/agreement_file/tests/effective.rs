//! Documents that replace terms. Clauses: class-5.1, train-11.1.

use contract::event::{Actor, Event, Recorded, Signing};
use contract::state::State;
use contract::terms::{Agreement, Document, DocumentRank, Plan, Price, Service, Side};
use contract::{apply, effective_terms, terms_on};
use units::{Date, Decimal, Id, Timestamp};

use super::sample;
use crate::agreement_file::{Limits, read_agreement};

const PRICE: &str = "service.plan.price.price";

fn read(changes: &[(&str, &str)]) -> Agreement {
    let mut text = sample("classification");
    for (old, new) in changes {
        assert!(text.contains(old), "no {old:?}");
        text = text.replacen(old, new, 1);
    }
    read_agreement(text.as_bytes(), &Limits::default()).expect("it reads").0
}

fn price(agreement: &Agreement) -> String {
    let Service::Classification(terms) = &agreement.service else { panic!("another kind") };
    let Plan::Images(plan) = &terms.plan else { panic!("another plan") };
    let Price::Package(package) = &plan.price else { panic!("another price") };
    package.price.to_string()
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn document(id: &str, rank: DocumentRank, effective: Option<&str>, value: &str) -> Document {
    let drafted = read(&[]);
    let mut document = drafted.documents[0].clone();
    document.id = Id::new(id).expect("a name");
    document.rank = rank;
    document.effective = effective.map(day);
    document.replaces[0].path = PRICE.to_owned();
    document.replaces[0].value = value.to_owned();
    document
}

#[test]
fn a_document_holds_from_its_day() {
    let drafted = read(&[]);
    for (on, expected) in
        [("2026-06-30", "28.00"), ("2026-07-01", "26.00"), ("2027-03-31", "26.00")]
    {
        let terms = effective_terms(&drafted, &[], day(on)).expect("it replaces a price");
        assert_eq!(price(&terms), expected, "{on}");
    }
}

#[test]
fn the_stronger_rank_decides_and_the_later_signature_of_one_rank() {
    use DocumentRank::{Annex, Quotation, Supplement};
    let drafted = read(&[]);
    let early = at("2026-05-01T02:00:00Z");
    let late = at("2026-06-01T02:00:00Z");
    let rows = [
        // The later supplement of two, whichever stands first.
        (vec![(Supplement, "20.00", early), (Supplement, "21.00", late)], "21.00"),
        (vec![(Supplement, "21.00", late), (Supplement, "20.00", early)], "21.00"),
        // An earlier supplement is stronger than a later quotation.
        (vec![(Supplement, "20.00", early), (Quotation, "22.00", late)], "20.00"),
        // A later quotation replaces the one that was signed with the agreement.
        (vec![(Quotation, "22.00", late)], "22.00"),
        // An annex is weaker than the agreement.
        (vec![(Annex, "1.00", late)], "26.00"),
    ];
    for (signed, expected) in rows {
        let documents: Vec<(Document, Timestamp)> = signed
            .iter()
            .enumerate()
            .map(|(index, (rank, value, at))| {
                (document(&format!("d{index}"), *rank, None, value), *at)
            })
            .collect();
        let documents: Vec<_> = documents.iter().map(|(document, at)| (document, *at)).collect();
        let terms = effective_terms(&drafted, &documents, day("2026-08-01"));
        assert_eq!(price(&terms.expect("prices")), expected, "{signed:?}");
    }
}

#[test]
fn a_weaker_document_fills_what_the_agreement_leaves_open() {
    let drafted = read(&[]);
    let mut annex = document("annex", DocumentRank::Annex, None, "2000.00");
    annex.replaces[0].path = "payment.minimum".to_owned();
    let signed = at("2026-05-01T02:00:00Z");
    let terms = effective_terms(&drafted, &[(&annex, signed)], day("2026-05-02"));
    assert_eq!(terms.expect("a minimum").payment.minimum, Some(Decimal::new(200_000, 2)));
    let before = effective_terms(&drafted, &[(&annex, signed)], day("2026-04-30"));
    assert_eq!(before.expect("no minimum yet").payment.minimum, None);
}

#[test]
fn what_cannot_be_replaced_stays_and_is_told() {
    let drafted = read(&[]);
    let signed = at("2026-05-01T02:00:00Z");
    let bad = document("s", DocumentRank::Supplement, None, "a lot");
    let on = day("2026-08-01");
    let problems = effective_terms(&drafted, &[(&bad, signed)], on).expect_err("no price");
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].kind.code(), "malformed");
}

#[test]
fn a_proposed_document_is_checked_by_what_it_would_make_of_the_terms() {
    use contract::form::Severity::{self, Error, Warning};
    let drafted = read(&[]);
    type Told = (Severity, &'static str, &'static str);
    let rows: [(DocumentRank, &str, &str, &[Told]); 5] = [
        (DocumentRank::Supplement, PRICE, "19.90", &[]),
        (DocumentRank::Supplement, PRICE, "-1", &[(Error, "out_of_range", "replaces[0].value")]),
        (
            DocumentRank::Supplement,
            "service.plan.fee",
            "1",
            &[(Error, "replaced_term_unknown", "replaces[0].path")],
        ),
        (
            DocumentRank::Annex,
            PRICE,
            "1.00",
            &[(Warning, "replacement_without_effect", "replaces[0].path")],
        ),
        (
            DocumentRank::Supplement,
            "vendor.name",
            "观澜",
            &[(Error, "replaced_terms_break_a_rule", "documents")],
        ),
    ];
    for (rank, path, value, expected) in rows {
        let mut document = document("later", rank, None, value);
        document.replaces[0].path = path.to_owned();
        let found = contract::check_document(&drafted, &document);
        let found: Vec<_> =
            found.iter().map(|p| (p.severity, p.kind.code(), p.path.as_str())).collect();
        assert_eq!(found, expected, "{path} = {value}");
    }
}

/// An agreement's life as events, a second apart unless told.
struct Life {
    state: State,
    seq: u64,
}

impl Life {
    fn of(agreement: &Agreement) -> Self {
        let mut life = Self { state: State::default(), seq: 0 };
        let agreement = Box::new(agreement.clone());
        let terms_sha256 = "0".repeat(64);
        life.tell("2026-03-20T02:00:00Z", Event::AgreementDrafted { agreement, terms_sha256 });
        life
    }

    fn tell(&mut self, instant: &str, event: Event) {
        let actor = Actor::Deployment { name: "test".to_owned() };
        apply(&mut self.state, &Recorded { seq: self.seq, at: at(instant), actor, event });
        self.seq += 1;
    }

    fn sign(&mut self, instant: &str, document: &Document, side: Side) {
        let signing = Signing {
            side,
            signatory: "someone".to_owned(),
            key: String::new(),
            terms_sha256: "0".repeat(64),
            manifest_sha256: None,
            signature: String::new(),
        };
        self.tell(instant, Event::DocumentSigned { document: document.id.clone(), signing });
    }

    fn price(&self) -> String {
        price(self.state.agreement.as_ref().expect("drafted"))
    }
}

#[test]
fn the_state_holds_the_terms_of_its_day() {
    let mut life = Life::of(&read(&[]));
    assert_eq!(life.price(), "28.00");
    // Midnight in Shanghai, when the quotation's day begins.
    life.tell("2026-06-30T15:59:59Z", Event::RenewalRequested { until: day("2028-03-31") });
    assert_eq!(life.price(), "28.00");
    life.tell("2026-06-30T16:00:00Z", Event::RenewalAgreed { until: day("2028-03-31") });
    assert_eq!(life.price(), "26.00");

    let supplement = document("s", DocumentRank::Supplement, None, "19.90");
    let terms_sha256 = "0".repeat(64);
    let document = supplement.clone();
    let proposed = Event::DocumentProposed { document, terms_sha256, papers: None };
    life.tell("2026-09-01T02:00:00Z", proposed);
    life.sign("2026-09-02T02:00:00Z", &supplement, Side::Vendor);
    assert_eq!(life.price(), "26.00", "one signature replaces nothing");
    life.sign("2026-09-03T02:00:00Z", &supplement, Side::Customer);
    assert_eq!(life.price(), "19.90");
    let renewed = life.state.agreement.as_ref().map(|agreement| agreement.term.ends);
    assert_eq!(renewed, Some(day("2028-03-31")), "a renewal outlives a document");

    for (on, expected) in [
        ("2026-04-01", "28.00"),
        ("2026-07-01", "26.00"),
        ("2026-09-02", "26.00"),
        ("2026-09-03", "19.90"),
    ] {
        let terms = terms_on(&life.state, day(on)).expect("drafted");
        assert_eq!(price(&terms), expected, "{on}");
    }
    assert_eq!(terms_on(&State::default(), day("2026-04-01")), None);
}
