//! Quantity, unit and unit price of a line, as bills show them, from its working: what a person
//! would multiply. A figure that is no product stands as one item at its amount. Decides nothing:
//! the amount is the line's.

use settlement::{Line, Working};
use units::{Decimal, Fraction, RoundingMode};

use crate::words::{Label, Words};

/// How many decimal places of a quantity are shown.
const PLACES: u8 = 4;

/// Quantity, unit and unit price as text.
pub(super) struct Measure {
    pub(super) quantity: String,
    pub(super) unit: String,
    pub(super) price: String,
    /// What a package holds, and so on; empty where there is nothing to say.
    pub(super) note: String,
    /// Whether the quantity has more places than are shown.
    pub(super) short: bool,
}

/// What a line is counted in.
pub(super) fn measure(line: &Line, words: &Words) -> Measure {
    let working = &line.working;
    by_price(working, words)
        .or_else(|| by_fee(working, words))
        .or_else(|| by_tiers(working, words))
        .unwrap_or_else(|| item(words, words.decimal(line.amount.amount())))
}

fn item(words: &Words, price: String) -> Measure {
    let unit = words.name(Label::Item).to_owned();
    Measure { quantity: "1".to_owned(), unit, price, note: String::new(), short: false }
}

/// A quantity at one price: the formula ends with it, so that the rest is the quantity.
fn by_price(working: &Working, words: &Words) -> Option<Measure> {
    let price = decimal(working, "price").filter(|price| *price != Fraction::ZERO)?;
    if working.formula.starts_with('-') || !working.formula.ends_with(" * price") {
        return None;
    }
    let quantity = working.exact.checked_div(price)?;
    let first = working.inputs.first()?;
    let (unit, note) = match working.formula.strip_suffix(" * price")? {
        "gpu_seconds / 3600" => ("gpu_hour", String::new()),
        "byte_seconds / gigabyte / month" => ("gigabyte_month", String::new()),
        text if text == "units / size" || text.contains("packages") => {
            let size = working.inputs.iter().find(|input| input.name == "size");
            let size = size.map(|size| words.quantity(&size.value, &size.unit));
            ("package", size.map_or_else(String::new, |size| words.package_of(&size)))
        }
        text if text == first.name => (first.unit.as_str(), String::new()),
        _ => return None,
    };
    let (quantity, short) = shown(quantity, words)?;
    let price = working.inputs.iter().find(|input| input.name == "price")?;
    let price = words.decimal(price.value.parse().ok()?);
    Some(Measure { quantity, unit: words.unit(unit).to_owned(), price, note, short })
}

/// A fixed fee, once or several times.
fn by_fee(working: &Working, words: &Words) -> Option<Measure> {
    let fee = working.inputs.iter().find(|input| input.name == "fee")?;
    let times = match working.formula.as_str() {
        "fee" => Fraction::whole(1),
        "times * fee" => decimal(working, "times")?,
        _ => return None,
    };
    let (quantity, short) = shown(times, words)?;
    let price = fee.value.parse::<Decimal>().ok()?;
    Some(Measure { quantity, short, ..item(words, words.decimal(price)) })
}

/// Units of all tiers, less those that were billed before.
fn by_tiers(working: &Working, words: &Words) -> Option<Measure> {
    let tiers = working.inputs.iter().filter(|input| {
        let number = input.name.strip_prefix("tier_").and_then(|rest| rest.strip_suffix("_units"));
        number.is_some()
    });
    let mut sum: Option<(Fraction, &str)> = None;
    for tier in tiers {
        let units = tier.value.parse::<Decimal>().ok()?.to_fraction();
        let so_far = sum.map_or(Fraction::ZERO, |(sum, _)| sum);
        sum = Some((so_far.checked_add(units)?, tier.unit.as_str()));
    }
    let (mut quantity, unit) = sum?;
    if let Some(billed) = decimal(working, "billed_units") {
        quantity = quantity.checked_add(-billed)?;
    }
    let (quantity, short) = shown(quantity, words)?;
    let price = words.name(Label::Tiered).to_owned();
    Some(Measure { quantity, unit: words.unit(unit).to_owned(), price, note: String::new(), short })
}

fn decimal(working: &Working, name: &str) -> Option<Fraction> {
    let input = working.inputs.iter().find(|input| input.name == name)?;
    Some(input.value.parse::<Decimal>().ok()?.to_fraction())
}

/// A quantity with at most four places, and whether some were cut.
fn shown(quantity: Fraction, words: &Words) -> Option<(String, bool)> {
    let scaled = quantity.checked_scaled(PLACES, RoundingMode::HalfUp)?;
    let value = Decimal::new(scaled, PLACES).normalized();
    Some((words.decimal(value), value.to_fraction() != quantity))
}
