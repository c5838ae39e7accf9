//! Our way: the columns of each row group go to `settlement`'s rollup batch by batch, on one
//! thread. The id column is read for query C alone.

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use contract::terms::{Graduated, Tier};
use parquet::column::reader::{ColumnReaderImpl, get_typed_column_reader};
use parquet::data_type::{DataType, Int32Type, Int64Type};
use parquet::file::reader::{FileReader as _, RowGroupReader, SerializedFileReader};
use settlement::{Admitted, Columns, IdSet, Partition, Rollup, Shape, TierTable};
use units::Decimal;

use super::data::{CUSTOMERS, HOUR, HOURS, METERS, START};
use crate::measure::{Sample, Watch};

/// Rows at a time: large enough that a part of the id table serves many rows, small enough that
/// the columns stay in the cache.
const ROWS: usize = 1 << 17;

/// Decimal places of prices and amounts.
const SCALE: u8 = 6;

#[derive(Clone, Copy, PartialEq)]
enum Query {
    Hourly,
    Monthly,
    MonthlyUnique,
}

#[derive(Default)]
struct Batch {
    ids: Vec<i64>,
    customers: Vec<i32>,
    meters: Vec<i32>,
    at: Vec<i64>,
    quantities: Vec<i64>,
    customer_numbers: Vec<u32>,
    meter_numbers: Vec<u32>,
    hour_numbers: Vec<u32>,
    id_numbers: Vec<u64>,
    unsigned: Vec<u64>,
}

/// Answers a query and measures it.
pub(super) fn rate(query: &str, file: &Path) -> Result<Sample> {
    let query = match query {
        "a" => Query::Hourly,
        "b" => Query::Monthly,
        "c" => Query::MonthlyUnique,
        other => bail!("no query {other:?}"),
    };
    let watch = Watch::start();
    let tables = tables()?;
    let reader = SerializedFileReader::new(File::open(file)?)?;
    let shape = Shape { customers: CUSTOMERS, meters: METERS, hours: HOURS };
    let mut rollup = Rollup::new(shape)?;
    let mut ids = IdSet::<u64>::new(Partition::WHOLE);
    let mut batch = Batch::default();
    let mut admitted = Admitted::default();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        batch.read(&*group, query, |batch| {
            let columns = batch.columns();
            if query == Query::MonthlyUnique {
                ids.admit(&batch.id_numbers, &columns, &mut admitted)?;
                Ok(rollup.add_new(&columns, &admitted.new)?)
            } else {
                Ok(rollup.add(&columns)?)
            }
        })?;
    }
    let amounts = match query {
        Query::Hourly => rollup.graduated_hourly(&tables)?,
        Query::Monthly | Query::MonthlyUnique => hour_by_hour(&rollup, &tables)?,
    };
    watch.stop(answer(&amounts))
}

/// Prices as `python/rate.py` has them, in the same place of its list for each meter.
fn tables() -> Result<Vec<TierTable>> {
    let table = |meter: u32| {
        let meter = i128::from(meter);
        let tier = |up_to: Option<u64>, micros: i128| Tier {
            up_to,
            price: Decimal::new(micros, SCALE),
            flat: None,
        };
        let first = 1_000 + 250 * meter as u64;
        let tiers = vec![
            tier(Some(first), 9_000 + 100 * meter),
            tier(Some(first * 20), 7_000 + 90 * meter),
            tier(None, 4_000 + 70 * meter),
        ];
        TierTable::new(&Graduated { tiers }, SCALE)
    };
    (0..METERS).map(|meter| Ok(table(meter)?)).collect()
}

/// What each hour adds when the tiers run over the month: the figures of a statement by the hour.
fn hour_by_hour(rollup: &Rollup, tables: &[TierTable]) -> Result<Vec<i128>> {
    let mut amounts = Vec::with_capacity(CUSTOMERS as usize);
    for customer in 0..CUSTOMERS {
        let mut amount = 0_i128;
        for (meter, table) in (0..METERS).zip(tables) {
            let hours = rollup.hours(customer, meter).context("inside the shape")?;
            let mut running = 0_u64;
            for units in hours.iter().filter(|units| **units > 0) {
                let through = running + units;
                amount += table.amount(running, through)?;
                running = through;
            }
        }
        amounts.push(amount);
    }
    Ok(amounts)
}

/// The total, and a hash over each customer's amount.
fn answer(amounts: &[i128]) -> String {
    let mut text = String::new();
    for (customer, amount) in amounts.iter().enumerate().filter(|(_, amount)| **amount != 0) {
        writeln!(text, "{customer} {amount}").expect("writing to a string cannot fail");
    }
    let total: i128 = amounts.iter().sum();
    format!("{total} {}", journal::Hash::of(text.as_bytes()))
}

impl Batch {
    fn read(
        &mut self,
        group: &dyn RowGroupReader,
        query: Query,
        mut take: impl FnMut(&Self) -> Result<()>,
    ) -> Result<()> {
        let mut ids = match query {
            Query::MonthlyUnique => Some(typed::<Int64Type>(group, 0)?),
            Query::Hourly | Query::Monthly => None,
        };
        let mut customers = typed::<Int32Type>(group, 1)?;
        let mut meters = typed::<Int32Type>(group, 2)?;
        let mut at = typed::<Int64Type>(group, 3)?;
        let mut quantities = typed::<Int64Type>(group, 4)?;
        let mut left = group.metadata().num_rows() as usize;
        while left > 0 {
            let rows = left.min(ROWS);
            if let Some(ids) = &mut ids {
                fill(ids, rows, &mut self.ids)?;
            }
            fill(&mut customers, rows, &mut self.customers)?;
            fill(&mut meters, rows, &mut self.meters)?;
            fill(&mut at, rows, &mut self.at)?;
            fill(&mut quantities, rows, &mut self.quantities)?;
            self.number()?;
            take(self)?;
            left -= rows;
        }
        Ok(())
    }

    /// Turns what the file holds into dense numbers. A negative number becomes a very large one,
    /// which the rollup refuses as out of shape; a quantity is checked here.
    fn number(&mut self) -> Result<()> {
        if self.quantities.iter().any(|quantity| *quantity < 0) {
            bail!("a negative quantity");
        }
        refill(&mut self.customer_numbers, &self.customers, |value| value as u32);
        refill(&mut self.meter_numbers, &self.meters, |value| value as u32);
        refill(&mut self.unsigned, &self.quantities, |value| value as u64);
        refill(&mut self.id_numbers, &self.ids, |value| value as u64);
        refill(&mut self.hour_numbers, &self.at, |value| {
            ((value - START) as u64 / HOUR as u64).min(u64::from(u32::MAX)) as u32
        });
        Ok(())
    }

    fn columns(&self) -> Columns<'_> {
        Columns {
            customers: &self.customer_numbers,
            meters: &self.meter_numbers,
            hours: &self.hour_numbers,
            quantities: &self.unsigned,
        }
    }
}

fn refill<A: Copy, B>(into: &mut Vec<B>, from: &[A], number: impl Fn(A) -> B) {
    into.clear();
    into.extend(from.iter().map(|value| number(*value)));
}

fn typed<T: DataType>(group: &dyn RowGroupReader, column: usize) -> Result<ColumnReaderImpl<T>> {
    Ok(get_typed_column_reader(group.get_column_reader(column)?))
}

fn fill<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    values: &mut Vec<T::T>,
) -> Result<()> {
    values.clear();
    while values.len() < rows {
        let (records, ..) = reader.read_records(rows - values.len(), None, None, values)?;
        if records == 0 {
            bail!("a column ends before its row group");
        }
    }
    Ok(())
}
