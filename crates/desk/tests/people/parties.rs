//! A whole life under parties' scopes: founded, signed elsewhere, measured, settled, paid,
//! checkpointed and taken away, without the operator.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::event::{Fact, Payment, PaymentPurpose};
use contract::terms::Side;
use contract::{Action, Command};
use desk::intake::ImportOptions;
use desk::people::{Caller, Entry, Operation};
use desk::{Changed, Desk, DeskError};
use ed25519_dalek::{Signer as _, SigningKey};
use journal::{KeyType, VerifierKey};
use units::Id;

use super::{House, named};
use crate::scene::{at, id};

/// A party's key, as a browser holds it.
struct Device {
    secret: SigningKey,
    public: VerifierKey,
}

fn device(name: &str, seed: u8) -> Device {
    let secret = SigningKey::from_bytes(&[seed; 32]);
    let public = VerifierKey::new(name, KeyType::Note, secret.verifying_key().as_bytes());
    Device { secret, public: public.expect("a plain name") }
}

impl Device {
    fn sign(&self, payload: &[u8]) -> [u8; 64] {
        self.secret.sign(payload).to_bytes()
    }

    /// The signature line of a note.
    fn line(&self, payload: &[u8]) -> String {
        let mut bytes = self.public.id().to_be_bytes().to_vec();
        bytes.extend(self.sign(payload));
        format!("— {} {}", self.public.name(), STANDARD.encode(bytes))
    }
}

struct Parties {
    house: House,
    agreement: Id,
    customer: Caller,
    vendor: Caller,
}

impl Parties {
    async fn new(kind: &str) -> Self {
        let (house, host) = House::hosted().await;
        let customer = house.organisation(&host, "acme").await;
        let agreement = named(kind, "party-1");
        let founded = house.people.found(&customer, &agreement, Side::Customer, None).await;
        let (entry, recorded) = founded.expect("founds");
        assert_eq!(recorded[0].actor.name(), "acme");
        assert_eq!(entry.operation(), Operation::Draft);
        let agreement = agreement.id;
        let vendor = house.counterparty(&customer, &agreement, Side::Vendor, "bolt").await;
        Self { house, agreement, customer, vendor }
    }

    async fn at(&self, caller: &Caller, operation: Operation) -> (Entry, Desk) {
        let entry = self.house.people.enter(caller, &self.agreement, operation).await;
        let entry = entry.expect("may");
        let desk = self.house.people.desk(&entry);
        (entry, desk)
    }

    fn of(&self, side: Side) -> &Caller {
        match side {
            Side::Customer => &self.customer,
            Side::Vendor => &self.vendor,
        }
    }

    async fn sign(&self, side: Side, device: &Device, document: Option<&Id>) {
        let (entry, desk) = self.at(self.of(side), Operation::Sign).await;
        let (agreement, key) = (&self.agreement, &device.public);
        let name = entry.actor().name();
        let wanted = desk.signing_payload(agreement, document, side, name, key).await;
        let signature = device.sign(&wanted.expect("something to sign").payload);
        let signed = desk.sign_with(agreement, document, side, name, key, &signature).await;
        signed.expect("the signature holds");
    }

    async fn in_force() -> (Self, [Device; 2]) {
        let parties = Self::new("classification").await;
        let devices = [device("acme-key", 1), device("bolt-key", 2)];
        for (side, device) in [Side::Customer, Side::Vendor].into_iter().zip(&devices) {
            parties.sign(side, device, None).await;
        }
        (parties, devices)
    }
}

#[tokio::test]
async fn a_signature_made_elsewhere_counts_and_a_wrong_one_does_not() {
    let parties = Parties::new("classification").await;
    let (entry, desk) = parties.at(&parties.customer, Operation::Sign).await;
    let (own, other) = (device("acme-key", 1), device("acme-key", 3));
    let name = entry.actor().name();
    let agreement = &parties.agreement;
    let payload = desk.signing_payload(agreement, None, Side::Customer, name, &own.public).await;
    let payload = payload.expect("the terms");
    assert_eq!((payload.payload_type, payload.side), ("tallystick.envelope/1", Side::Customer));
    let good = own.sign(&payload.payload);
    let mut flipped = good;
    flipped[0] ^= 1;
    let as_vendor = desk
        .signing_payload(agreement, None, Side::Vendor, name, &own.public)
        .await
        .expect("a text");
    for (signature, key, what) in [
        (flipped.to_vec(), &own.public, "a flipped bit"),
        (good[..63].to_vec(), &own.public, "a short one"),
        (other.sign(&payload.payload).to_vec(), &own.public, "another key"),
        (good.to_vec(), &other.public, "in another key's name"),
        (own.sign(&as_vendor.payload).to_vec(), &own.public, "for the other party"),
        (good.to_vec(), &own.public.with_type(KeyType::Cosignature), "a key for checkpoints"),
    ] {
        let refused = desk.sign_with(agreement, None, Side::Customer, name, key, &signature).await;
        assert!(matches!(refused, Err(DeskError::Signature)), "{what}: {refused:?}");
    }
    let mut changes = parties.house.desk.changes();
    let recorded = desk.sign_with(agreement, None, Side::Customer, name, &own.public, &good).await;
    let next = recorded.expect("holds").last().map(|entry| entry.seq + 1).expect("an entry");
    let heard = Changed { agreement: agreement.clone(), next };
    assert_eq!(changes.try_recv().ok(), Some(heard), "every append is told");
    let keys = desk.store.keys(&desk.scope(), agreement).await.expect("reads");
    assert_eq!(keys[0].key, own.public.to_string());
}

#[tokio::test]
async fn a_party_does_all_that_its_side_may_do() {
    let (parties, devices) = Parties::in_force().await;
    let house = &parties.house;
    let agreement = &parties.agreement;
    house.clock.set(at("2026-05-20T00:00:00Z"));
    let (customer, vendor) = (house.session("acme").await, house.session("bolt").await);
    let parties = Parties { customer, vendor, agreement: agreement.clone(), ..parties };
    let house = &parties.house;

    let (entry, desk) = parties.at(&parties.vendor, Operation::Import).await;
    let mut csv = "source,id,time,meter,quantity,subject,sequence,latency_ms\n".to_owned();
    for number in 1..=3 {
        csv += &format!("g,{number},2026-05-01T00:00:0{number}Z,images,900,,{number},5\n");
    }
    let options = ImportOptions::default();
    let report = desk.import(agreement, entry.actor(), None, csv.as_bytes(), &options).await;
    assert_eq!(report.expect("the store works").taken, 3);

    house.clock.set(at("2026-06-02T00:00:00Z"));
    let vendor = house.session("bolt").await;
    let (entry, desk) = parties.at(&vendor, Operation::Submit).await;
    let mut book = desk.open_book(agreement).await.expect("a whole journal");
    let mut names = vec!["2026-05"];
    names.insert(0, "2026-04");
    for name in names {
        let period = desk::money::period(&book.state, name, desk.clock.now()).expect("a period");
        let statement = desk::money::statement(&book, &period).expect("can be settled");
        desk.submit(&mut book, entry.actor(), &statement).await.expect("submits");
    }
    let customer = house.session("acme").await;
    let (entry, of_customer) = parties.at(&customer, Operation::Approve).await;
    let approve = Action::ApproveStatement { statement: id("2026-05") };
    let approve = Command::new(entry.actor().clone(), approve);
    of_customer.execute(agreement, &approve).await.expect("approves");

    let (entry, desk) = parties.at(&vendor, Operation::Invoice).await;
    let mut book = desk.open_book(agreement).await.expect("a whole journal");
    desk.invoice(&mut book, entry.actor(), &id("2026-05")).await.expect("issues");
    let invoice = book.invoice(1).expect("was issued");
    let (entry, desk) = parties.at(&vendor, Operation::Pay).await;
    let payment = Payment {
        payment: id("bank-1"),
        by: Side::Customer,
        amount: invoice.payable,
        on: invoice.issued,
        towards: PaymentPurpose::Invoice { number: 1 },
    };
    let paid = Command::new(entry.actor().clone(), Action::RecordPayment(payment));
    desk.execute(agreement, &paid).await.expect("arrives");
    let book = desk.open_book(agreement).await.expect("a whole journal");
    let terms = book.state.agreement.clone().expect("signed");
    let account = desk::account::account(&book.state, &terms, invoice.issued);
    assert!(account.is_ok(), "{account:?}");

    for (caller, device) in [(&customer, &devices[0]), (&vendor, &devices[1])] {
        let (entry, desk) = parties.at(caller, Operation::Cosign).await;
        let payload = desk.cosigning_payload(agreement).await.expect("a checkpoint");
        let (side, line) = (entry.side(), device.line(&payload.payload));
        for wrong in [
            line[..line.len() - 4].to_owned(),
            devices[0].line(b"another text"),
            self::device("acme-key", 9).line(&payload.payload),
        ] {
            let refused = desk.cosign_with(agreement, side, None, &wrong).await;
            assert!(matches!(refused, Err(DeskError::Signature)), "{wrong}: {refused:?}");
        }
        let other = desk.cosign_with(agreement, side.other(), None, &line).await;
        assert!(matches!(other, Err(DeskError::Signature)), "in the other party's name");
        let note = desk.cosign_with(agreement, side, Some(payload.size), &line).await;
        assert!(note.expect("holds").to_string().contains(&line));
    }

    let folder = tempfile::tempdir().expect("a folder");
    let mut bundles = Vec::new();
    for (caller, name) in [(&customer, "customer"), (&vendor, "vendor")] {
        let (_, desk) = parties.at(caller, Operation::Export).await;
        let path = folder.path().join(format!("{name}.tally"));
        desk::bundle::export(&desk, agreement, &path).await.expect("exports");
        let keys = [house.desk.key.verifier()];
        let report = desk::verify::verify(
            &path,
            &desk::verify::Reader { known: &keys, ..Default::default() },
        )
        .expect("can be read");
        assert!(report.findings.is_empty(), "{name}: {:?}", report.findings);
        bundles.push(std::fs::read(&path).expect("written"));
        assert!(desk::bundle::proof(&desk, agreement, 0).await.is_ok());
    }
    let operators = folder.path().join("operator.tally");
    desk::bundle::export(&house.desk, agreement, &operators).await.expect("exports");
    bundles.push(std::fs::read(&operators).expect("written"));
    assert!(bundles.windows(2).all(|pair| pair[0] == pair[1]), "all three take away the same");
}

#[tokio::test]
async fn a_partys_desk_reaches_its_own_agreement_alone() {
    let (parties, _) = Parties::in_force().await;
    let (entry, desk) = parties.at(&parties.customer, Operation::Record).await;
    let all = desk.list().await.expect("lists");
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].position.phase, "in_force");
    let foreign = id("host-acme");
    let fact = Fact::GuidelineProvided { version: 1, sha256: "0".repeat(64) };
    let action = Action::Record { fact, source: None };
    let command = Command::new(entry.actor().clone(), action);
    let refused = desk.execute(&foreign, &command).await;
    assert!(matches!(refused, Err(DeskError::Store(_))), "{refused:?}");
    let refused = desk.draft(entry.actor(), &named("lease", "party-2")).await;
    assert!(refused.is_err(), "agreements are founded, not drafted, by parties");
    assert!(desk.checkpoint(&foreign).await.is_err());
    assert!(desk.objects.list(&desk.scope(), &parties.agreement).await.is_err());
}
