//! Rating: a quantity and a price give an exact amount. Serves class-5.1, anno-3.6, lease-3.1.
//! Nothing is rounded here; the line that takes the amount rounds it once. Knows no periods beyond
//! the number of units that were billed before.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use contract::terms::{Graduated, Package, PartialPackage, Price, Tier, Volume};
use units::{Currency, Decimal, Fraction, MoneyError};

use crate::amount::{Rated, add, mul, sub};
use crate::working::Input;

/// Why a quantity cannot be priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// Tiers must ascend, and only the last may be without a bound.
    #[error("tier {tier} does not ascend")]
    TierOrder {
        /// The tier, counted from 1.
        tier: usize,
    },
    /// The quantity lies beyond the last tier.
    #[error("{quantity} units lie beyond the last tier, which ends at {last}")]
    BeyondTiers {
        /// The quantity, with what was billed before.
        quantity: u64,
        /// The last tier's bound.
        last: u64,
    },
    /// A package of no units.
    #[error("a package holds no units")]
    EmptyPackage,
    /// More units than can be counted.
    #[error("more units than can be counted")]
    Units,
    /// An amount is out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The exact price of `quantity` units after `already` units of the same thing were billed.
///
/// Whatever the price, it continues: the prices of consecutive parts add up to the price of the
/// whole. A flat amount of a tier is charged when its first unit is; a begun package is charged
/// once; where a volume price falls with the total, the difference for earlier units is taken
/// off, so that a part may cost less than nothing; a flat price is owed with the first unit.
/// Clauses: class-5.1, anno-3.6.
///
/// # Errors
/// When tiers do not ascend or end too early, a package is empty, or a value is out of range.
pub fn rate(
    price: &Price,
    quantity: u64,
    already: u64,
    unit: &str,
    currency: Currency,
) -> Result<Rated, RateError> {
    let through = already.checked_add(quantity).ok_or(RateError::Units)?;
    match price {
        Price::PerUnit(term) => {
            let exact = mul(whole(quantity), term.price.to_fraction())?;
            let inputs = alloc::vec![
                Input::new("units", quantity, unit),
                Input::new("price", term.price, currency.code()),
            ];
            Ok(Rated::new(exact, "units * price", inputs))
        }
        Price::Graduated(term) => graduated(term, already, through, unit, currency),
        Price::Volume(term) => volume(term, already, through, unit, currency),
        Price::Package(term) => package(term, already, through, unit, currency),
        Price::Flat(term) => {
            let times = u64::from(through > 0) - u64::from(already > 0);
            let exact = mul(whole(times), term.amount.figure.to_fraction())?;
            let inputs = alloc::vec![
                Input::new("times", times, "count"),
                Input::new("fee", term.amount.figure, currency.code()),
            ];
            Ok(Rated::new(exact, "times * fee", inputs))
        }
    }
}

/// The exact price of a quantity that need not be whole, such as hours or gigabyte-months.
///
/// # Errors
/// When the amount is out of range.
pub fn rate_exact(
    quantity: Fraction,
    price: Decimal,
    name: &str,
    unit: &str,
    currency: Currency,
) -> Result<Rated, MoneyError> {
    let exact = mul(quantity, price.to_fraction())?;
    let inputs =
        alloc::vec![Input::new(name, quantity, unit), Input::new("price", price, currency.code()),];
    Ok(Rated::new(exact, &format!("{name} * price"), inputs))
}

/// Checks that tiers ascend and that only the last is without a bound.
///
/// # Errors
/// Names the first tier that does not.
pub fn check_tiers(tiers: &[Tier]) -> Result<(), RateError> {
    let mut below = 0;
    for (index, tier) in tiers.iter().enumerate() {
        let last = index + 1 == tiers.len();
        match tier.up_to {
            Some(up_to) if up_to > below => below = up_to,
            None if last => {}
            _ => return Err(RateError::TierOrder { tier: index + 1 }),
        }
    }
    if tiers.is_empty() { Err(RateError::TierOrder { tier: 1 }) } else { Ok(()) }
}

fn whole(units: u64) -> Fraction {
    Fraction::whole(i128::from(units))
}

/// Units of `(already, through]` inside each tier, each at the tier's own price.
fn graduated(
    term: &Graduated,
    already: u64,
    through: u64,
    unit: &str,
    currency: Currency,
) -> Result<Rated, RateError> {
    check_tiers(&term.tiers)?;
    tier_of(&term.tiers, through)?;
    let mut sum = Parts::default();
    let mut below = 0;
    for (index, tier) in term.tiers.iter().enumerate() {
        let top = tier.up_to.unwrap_or(u64::MAX);
        let units = through.min(top).saturating_sub(already.max(below));
        if units > 0 {
            let entered = already <= below;
            sum.tier(index + 1, units, tier, entered, unit, currency)?;
        }
        below = top;
    }
    sum.done(unit)
}

/// The whole total at the price of the tier that it falls in, less the same for what was billed.
fn volume(
    term: &Volume,
    already: u64,
    through: u64,
    unit: &str,
    currency: Currency,
) -> Result<Rated, RateError> {
    check_tiers(&term.tiers)?;
    let mut sum = Parts::default();
    if already != through && through > 0 {
        let (index, tier) = tier_of(&term.tiers, through)?;
        sum.tier(index + 1, through, tier, true, unit, currency)?;
        if already > 0 {
            sum.less_billed(&term.tiers, already, unit, currency)?;
        }
    }
    sum.done(unit)
}

/// Packages of the total, less those of what was billed.
fn package(
    term: &Package,
    already: u64,
    through: u64,
    unit: &str,
    currency: Currency,
) -> Result<Rated, RateError> {
    if term.size == 0 {
        return Err(RateError::EmptyPackage);
    }
    let price = Input::new("price", term.price, currency.code());
    if term.partial == PartialPackage::ProRata {
        let units = through - already;
        let packages = Fraction::new(i128::from(units), i128::from(term.size));
        let exact = mul(packages, term.price.to_fraction())?;
        let inputs = alloc::vec![
            Input::new("units", units, unit),
            Input::new("size", term.size, unit),
            price,
        ];
        return Ok(Rated::new(exact, "units / size * price", inputs));
    }
    let count = |units: u64| match term.partial {
        PartialPackage::Free => units / term.size,
        _ => units.div_ceil(term.size),
    };
    let (packages, billed) = (count(through), count(already));
    let exact = mul(whole(packages - billed), term.price.to_fraction())?;
    let mut inputs = alloc::vec![Input::new("packages", packages, "package")];
    let formula = if billed == 0 {
        "packages * price"
    } else {
        inputs.push(Input::new("billed_packages", billed, "package"));
        "(packages - billed_packages) * price"
    };
    inputs.push(price);
    inputs.push(Input::new("units", through, unit));
    inputs.push(Input::new("size", term.size, unit));
    Ok(Rated::new(exact, formula, inputs))
}

/// The tier that a total falls in.
fn tier_of(tiers: &[Tier], total: u64) -> Result<(usize, &Tier), RateError> {
    let found = tiers.iter().enumerate().find(|(_, tier)| tier.up_to.is_none_or(|up| total <= up));
    let last = tiers.last().and_then(|tier| tier.up_to).unwrap_or(u64::MAX);
    found.ok_or(RateError::BeyondTiers { quantity: total, last })
}

/// The parts of a tiered price, in the order of the formula.
#[derive(Default)]
struct Parts {
    exact: Option<Fraction>,
    formula: String,
    inputs: Vec<Input>,
}

impl Parts {
    fn term(&mut self, sign: &str, text: &str, value: Fraction) -> Result<(), RateError> {
        if !self.formula.is_empty() || sign == "-" {
            self.formula.push_str(&format!(" {sign} "));
        }
        self.formula.push_str(text);
        let so_far = self.exact.unwrap_or(Fraction::ZERO);
        let sum = if sign == "-" { sub(so_far, value)? } else { add(so_far, value)? };
        self.exact = Some(sum);
        Ok(())
    }

    fn tier(
        &mut self,
        number: usize,
        units: u64,
        tier: &Tier,
        entered: bool,
        unit: &str,
        currency: Currency,
    ) -> Result<(), RateError> {
        let value = mul(whole(units), tier.price.to_fraction())?;
        self.inputs.push(Input::new(&format!("tier_{number}_units"), units, unit));
        self.inputs.push(Input::new(&format!("tier_{number}_price"), tier.price, currency.code()));
        self.term("+", &format!("tier_{number}_units * tier_{number}_price"), value)?;
        if let Some(flat) = tier.flat.filter(|_| entered) {
            let name = format!("tier_{number}_flat");
            self.inputs.push(Input::new(&name, flat, currency.code()));
            self.term("+", &name, flat.to_fraction())?;
        }
        Ok(())
    }

    fn less_billed(
        &mut self,
        tiers: &[Tier],
        already: u64,
        unit: &str,
        currency: Currency,
    ) -> Result<(), RateError> {
        let (_, tier) = tier_of(tiers, already)?;
        let value = mul(whole(already), tier.price.to_fraction())?;
        self.inputs.push(Input::new("billed_units", already, unit));
        self.inputs.push(Input::new("billed_price", tier.price, currency.code()));
        self.term("-", "billed_units * billed_price", value)?;
        if let Some(flat) = tier.flat {
            self.inputs.push(Input::new("billed_flat", flat, currency.code()));
            self.term("-", "billed_flat", flat.to_fraction())?;
        }
        Ok(())
    }

    fn done(mut self, unit: &str) -> Result<Rated, RateError> {
        if self.formula.is_empty() {
            self.inputs.push(Input::new("units", 0, unit));
            self.formula.push_str("units");
        }
        let exact = self.exact.unwrap_or(Fraction::ZERO);
        Ok(Rated { exact, formula: self.formula, inputs: self.inputs })
    }
}

#[cfg(test)]
mod tests;
