//! Usage at scale: columns of events to hourly sums for each customer and meter, and the price of
//! those sums. Serves class-5.1 where images are counted by the million. Knows no file format and
//! no clock: the caller turns names into dense numbers and hours into offsets.
//!
//! Sums of disjoint rows merge, so that parts of a log may be summed apart. Repeated events are
//! taken out by [`IdSet`].

mod ids;

use alloc::vec::Vec;

use contract::terms::Graduated;
use units::{Decimal, MoneyError};

use crate::rate::{RateError, check_tiers};

pub use ids::{Admitted, EventId, IdConflict, IdSet, Partition};

/// How many customers, meters and hours there are; each is numbered from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Customers.
    pub customers: u32,
    /// Meters.
    pub meters: u32,
    /// Hours of the window.
    pub hours: u32,
}

/// Events as columns of equal length.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    /// Customer numbers.
    pub customers: &'a [u32],
    /// Meter numbers.
    pub meters: &'a [u32],
    /// Hours since the beginning of the window.
    pub hours: &'a [u32],
    /// Quantities.
    pub quantities: &'a [u64],
}

/// Sums of usage by customer, meter and hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollup {
    shape: Shape,
    cells: Vec<u64>,
    records: u64,
}

/// Why events cannot be summed or priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RollupError {
    /// More cells than can be held; split the customers.
    #[error("more than {limit} cells")]
    TooLarge {
        /// The most cells.
        limit: usize,
    },
    /// Columns of different lengths.
    #[error("the columns have different lengths")]
    Ragged,
    /// A number beyond the shape; nothing of the batch was taken.
    #[error("a customer, meter or hour beyond the shape")]
    OutOfShape,
    /// Sums of different shapes do not merge.
    #[error("the shapes differ")]
    ShapeMismatch,
    /// A sum is out of range; the rollup must be thrown away.
    #[error("a sum is out of range")]
    Overflow,
    /// There must be one table of tiers for each meter.
    #[error("one table of tiers for each meter is needed")]
    Tables,
    /// A price has more decimal places than the scale.
    #[error("a price has more decimal places than the scale")]
    Scale,
    /// The tiers are not in order or end too early.
    #[error(transparent)]
    Rate(#[from] RateError),
}

/// Graduated tiers as integers, `10^-scale` of a major unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierTable {
    tiers: Vec<TierRow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TierRow {
    top: u64,
    price: i128,
    flat: i128,
}

impl Rollup {
    /// The most cells that are held at once.
    pub const MAX_CELLS: usize = 1 << 28;

    /// Nothing summed yet.
    ///
    /// # Errors
    /// When the shape has more than [`Self::MAX_CELLS`] cells.
    pub fn new(shape: Shape) -> Result<Self, RollupError> {
        let cells = u64::from(shape.customers)
            .checked_mul(u64::from(shape.meters))
            .and_then(|cells| cells.checked_mul(u64::from(shape.hours)))
            .and_then(|cells| usize::try_from(cells).ok())
            .filter(|cells| *cells <= Self::MAX_CELLS)
            .ok_or(RollupError::TooLarge { limit: Self::MAX_CELLS })?;
        Ok(Self { shape, cells: alloc::vec![0; cells], records: 0 })
    }

    /// Adds every row.
    ///
    /// # Errors
    /// When the columns do not fit each other or the shape, or a sum is out of range.
    pub fn add(&mut self, columns: &Columns<'_>) -> Result<(), RollupError> {
        columns.check(self.shape)?;
        let rows = columns.customers.iter().zip(columns.meters).zip(columns.hours);
        let mut overflow = false;
        for (((customer, meter), hour), quantity) in rows.zip(columns.quantities) {
            let cell = &mut self.cells[self.shape.cell(*customer, *meter, *hour)];
            let (sum, over) = cell.overflowing_add(*quantity);
            *cell = sum;
            overflow |= over;
        }
        self.count(columns.quantities.len(), overflow)
    }

    /// Adds the rows that are marked, as [`IdSet::admit`] marks the new ones.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn add_new(&mut self, columns: &Columns<'_>, new: &[bool]) -> Result<(), RollupError> {
        columns.check(self.shape)?;
        if new.len() != columns.quantities.len() {
            return Err(RollupError::Ragged);
        }
        let rows = columns.customers.iter().zip(columns.meters).zip(columns.hours);
        let (mut overflow, mut count) = (false, 0);
        for ((((customer, meter), hour), quantity), new) in rows.zip(columns.quantities).zip(new) {
            if *new {
                let cell = &mut self.cells[self.shape.cell(*customer, *meter, *hour)];
                let (sum, over) = cell.overflowing_add(*quantity);
                *cell = sum;
                overflow |= over;
                count += 1;
            }
        }
        self.count(count, overflow)
    }

    /// Adds the sums of other rows of the same shape.
    ///
    /// # Errors
    /// When the shapes differ or a sum is out of range.
    pub fn merge(&mut self, other: &Self) -> Result<(), RollupError> {
        if self.shape != other.shape {
            return Err(RollupError::ShapeMismatch);
        }
        let mut overflow = false;
        for (cell, more) in self.cells.iter_mut().zip(&other.cells) {
            let (sum, over) = cell.overflowing_add(*more);
            *cell = sum;
            overflow |= over;
        }
        self.records += other.records;
        if overflow { Err(RollupError::Overflow) } else { Ok(()) }
    }

    /// The shape.
    #[must_use]
    pub const fn shape(&self) -> Shape {
        self.shape
    }

    /// How many rows were summed.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// The hourly sums of a customer and a meter; `None` beyond the shape.
    #[must_use]
    pub fn hours(&self, customer: u32, meter: u32) -> Option<&[u64]> {
        if customer >= self.shape.customers || meter >= self.shape.meters {
            return None;
        }
        let first = self.shape.cell(customer, meter, 0);
        self.cells.get(first..first + self.shape.hours as usize)
    }

    /// The price of each customer's use when tiers run over the total of each meter, in
    /// `10^-scale` of a major unit. Clause: class-5.1.
    ///
    /// # Errors
    /// When there is not one table for each meter, or a value is out of range.
    pub fn graduated(&self, tables: &[TierTable]) -> Result<Vec<i128>, RollupError> {
        self.priced(tables, |table, hours| {
            let total = hours.iter().try_fold(0_u64, |sum, units| sum.checked_add(*units));
            table.amount(0, total.ok_or(RollupError::Overflow)?)
        })
    }

    /// The price of each customer's use when tiers begin anew in each hour.
    ///
    /// # Errors
    /// As [`Self::graduated`].
    pub fn graduated_hourly(&self, tables: &[TierTable]) -> Result<Vec<i128>, RollupError> {
        self.priced(tables, |table, hours| {
            hours.iter().filter(|units| **units > 0).try_fold(0_i128, |sum, units| {
                sum.checked_add(table.amount(0, *units)?).ok_or(RollupError::Overflow)
            })
        })
    }

    fn priced(
        &self,
        tables: &[TierTable],
        price: impl Fn(&TierTable, &[u64]) -> Result<i128, RollupError>,
    ) -> Result<Vec<i128>, RollupError> {
        if tables.len() != self.shape.meters as usize {
            return Err(RollupError::Tables);
        }
        let customers = (0..self.shape.customers).map(|customer| {
            (0..).zip(tables).try_fold(0_i128, |sum, (meter, table)| {
                let hours = self.hours(customer, meter).map_or(&[][..], |hours| hours);
                sum.checked_add(price(table, hours)?).ok_or(RollupError::Overflow)
            })
        });
        customers.collect()
    }

    fn count(&mut self, rows: usize, overflow: bool) -> Result<(), RollupError> {
        self.records += rows as u64;
        if overflow { Err(RollupError::Overflow) } else { Ok(()) }
    }
}

impl TierTable {
    /// Tiers with prices in `10^-scale` of a major unit.
    ///
    /// # Errors
    /// When tiers do not ascend, or a price has more places than `scale`.
    pub fn new(term: &Graduated, scale: u8) -> Result<Self, RollupError> {
        check_tiers(&term.tiers)?;
        let rows = term.tiers.iter().map(|tier| {
            Ok(TierRow {
                top: tier.up_to.unwrap_or(u64::MAX),
                price: scaled(tier.price, scale)?,
                flat: tier.flat.map_or(Ok(0), |flat| scaled(flat, scale))?,
            })
        });
        Ok(Self { tiers: rows.collect::<Result<_, RollupError>>()? })
    }

    /// The price of units `(already, through]`; it continues as [`crate::rate()`] does.
    ///
    /// # Errors
    /// When `through` lies beyond the last tier or the price is out of range.
    pub fn amount(&self, already: u64, through: u64) -> Result<i128, RollupError> {
        let mut sum = 0_i128;
        let mut below = 0;
        for tier in &self.tiers {
            let units = through.min(tier.top).saturating_sub(already.max(below));
            if units > 0 {
                let flat = if already <= below { tier.flat } else { 0 };
                sum = tier
                    .price
                    .checked_mul(i128::from(units))
                    .and_then(|price| sum.checked_add(price)?.checked_add(flat))
                    .ok_or(RollupError::Overflow)?;
            }
            if through <= tier.top {
                return Ok(sum);
            }
            below = tier.top;
        }
        Err(RateError::BeyondTiers { quantity: through, last: below }.into())
    }
}

impl Shape {
    fn cell(self, customer: u32, meter: u32, hour: u32) -> usize {
        (customer as usize * self.meters as usize + meter as usize) * self.hours as usize
            + hour as usize
    }
}

impl Columns<'_> {
    /// Whether all columns have one length and every number lies inside the shape.
    fn check(&self, shape: Shape) -> Result<(), RollupError> {
        let length = self.quantities.len();
        if [self.customers, self.meters, self.hours].iter().any(|column| column.len() != length) {
            return Err(RollupError::Ragged);
        }
        let below = |column: &[u32], end: u32| {
            column.iter().copied().max().is_none_or(|largest| largest < end)
        };
        let inside = below(self.customers, shape.customers)
            && below(self.meters, shape.meters)
            && below(self.hours, shape.hours);
        if inside { Ok(()) } else { Err(RollupError::OutOfShape) }
    }
}

fn scaled(price: Decimal, scale: u8) -> Result<i128, RollupError> {
    let price = price.normalized();
    let missing = scale.checked_sub(price.scale()).ok_or(RollupError::Scale)?;
    let power = 10_i128.checked_pow(u32::from(missing));
    power.and_then(|power| price.mantissa().checked_mul(power)).ok_or(RollupError::Overflow)
}

impl From<MoneyError> for RollupError {
    fn from(error: MoneyError) -> Self {
        Self::Rate(RateError::Money(error))
    }
}

#[cfg(test)]
mod tests;
