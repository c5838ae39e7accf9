//! Who plays: the two companies, their people, and the sample terms that all four agreements are
//! made from. The terms are the files in `cases/agreements`, with other dates, ids and parties.

use contract::event::Actor;
use contract::terms::{Agreement, Party, Side, WrittenAmount};
use desk::agreement_file::{Limits, read_agreement};
use units::{Currency, Date, Id, Money, amount_in_words_zh};

use super::DemoError;

const ANNOTATION: &str = include_str!("../../../../cases/agreements/annotation.toml");
const TRAINING: &str = include_str!("../../../../cases/agreements/training.toml");
const LEASE: &str = include_str!("../../../../cases/agreements/lease.toml");
const CLASSIFICATION: &str = include_str!("../../../../cases/agreements/classification.toml");

/// Somebody of a party.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub(super) side: Side,
    pub(super) name: &'static str,
}

const fn of(side: Side, name: &'static str) -> Person {
    Person { side, name }
}

/// Signs for the customer.
pub(super) const BUYER: Person = of(Side::Customer, "顾明远");
/// Negotiates for the customer.
pub(super) const BUYER_LAW: Person = of(Side::Customer, "陆承泽");
/// Pays for the customer.
pub(super) const BUYER_FINANCE: Person = of(Side::Customer, "钱思远");
/// Runs the customer's side.
pub(super) const BUYER_OPERATOR: Person = of(Side::Customer, "沈一诺");
/// Reviews what the customer receives.
pub(super) const BUYER_REVIEWER: Person = of(Side::Customer, "王敏");
/// Signs for the vendor.
pub(super) const SELLER: Person = of(Side::Vendor, "罗嘉树");
/// Negotiates for the vendor.
pub(super) const SELLER_LAW: Person = of(Side::Vendor, "何若谷");
/// Bills for the vendor.
pub(super) const SELLER_FINANCE: Person = of(Side::Vendor, "戴景行");
/// Runs the vendor's side.
pub(super) const SELLER_OPERATOR: Person = of(Side::Vendor, "周可欣");
/// Labels, and trains.
pub(super) const SELLER_ANNOTATOR: Person = of(Side::Vendor, "林晏清");

impl Person {
    /// As the journal names them.
    pub(super) fn actor(self) -> Actor {
        Actor::of(self.side, self.name)
    }
}

/// A machine of the deployment.
pub(super) fn machine(name: &str) -> Actor {
    Actor::Deployment { name: name.to_owned() }
}

/// A name that is written here.
pub(super) fn id(text: &str) -> Id {
    Id::new(text).expect("names written here are well formed")
}

/// The sample terms of a kind, between the two companies, from a day on for a year.
pub(super) fn terms(kind: &'static str, starts: Date) -> Result<Agreement, DemoError> {
    let read = |kind, text: &str| {
        let read = read_agreement(text.as_bytes(), &Limits::default());
        read.map(|(agreement, _)| agreement).map_err(|_| DemoError::Terms { kind })
    };
    let (text, series) = match kind {
        "annotation" => (ANNOTATION, "anno"),
        "training" => (TRAINING, "train"),
        "lease" => (LEASE, "lease"),
        _ => (CLASSIFICATION, "class"),
    };
    let parties = read("annotation", ANNOTATION)?;
    let mut agreement = read(kind, text)?;
    let number = agreement.id.as_str().rsplit('-').next().unwrap_or("001").to_owned();
    agreement.id = id(&format!("{series}-{:04}-{number}", starts.year()));
    agreement.customer = whole(&parties.customer);
    agreement.vendor = whole(&parties.vendor);
    agreement.term.starts = starts;
    agreement.term.ends = starts.plus_months(12).plus_days(-1);
    Ok(agreement)
}

/// A party with the contact that answers for all its agreements.
fn whole(party: &Party) -> Party {
    party.clone()
}

/// An amount of yuan in figures and in words.
pub(super) fn written(yuan: i128) -> WrittenAmount {
    let amount = Money::new(yuan * 100, Currency::Cny);
    WrittenAmount { figure: amount.amount(), words: Some(amount_in_words_zh(amount)) }
}

/// A constant of a type with a written form: a decimal, a share, a duration.
pub(super) fn of_text<T: std::str::FromStr>(text: &str) -> T {
    text.parse().unwrap_or_else(|_| unreachable!("constants written here are well formed"))
}
