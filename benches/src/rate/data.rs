//! Usage events as a metering system leaves them: 1,000 customers by Zipf, 8 meters, 31 days in
//! the order of arrival, 1 % late by up to three days, 0.5 % with an id that came before. Half of
//! those repeat the whole record, as a sender that tries again does; the rest contradict it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::seed::{Seeded, zipf};

/// Customers.
pub(super) const CUSTOMERS: u32 = 1_000;
/// Meters.
pub(super) const METERS: u32 = 8;
/// Hours of the month.
pub(super) const HOURS: u32 = 31 * 24;
/// 2026-03-01T00:00:00+08:00 in microseconds.
pub(super) const START: i64 = 1_772_294_400_000_000;
/// Microseconds.
pub(super) const HOUR: i64 = 3_600_000_000;

const ROW_GROUPS: u64 = 10;
const LATEST: u64 = 72 * 3_600_000_000;
/// How many records back a repeated one lies at most.
const REPEATED_WITHIN: u64 = 1_000_000;

const SCHEMA: &str = "message usage {
    REQUIRED INT64 id;
    REQUIRED INT32 customer;
    REQUIRED INT32 meter;
    REQUIRED INT64 at_micros;
    REQUIRED INT64 quantity;
}";

#[derive(Default)]
struct Columns {
    id: Vec<i64>,
    customer: Vec<i32>,
    meter: Vec<i32>,
    at: Vec<i64>,
    quantity: Vec<i64>,
}

/// Writes the file.
pub(super) fn write(path: &Path, events: u64) -> Result<()> {
    let columns = generate(events);
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let level = ZstdLevel::try_new(3)?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
    let file = std::fs::File::create(path).context("cannot make the Parquet file")?;
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties))?;
    let rows = events.div_ceil(ROW_GROUPS) as usize;
    for from in (0..events as usize).step_by(rows) {
        let to = (from + rows).min(events as usize);
        let mut group = writer.next_row_group()?;
        let mut index = 0;
        while let Some(mut column) = group.next_column()? {
            let long = |values: &'_ [i64]| values[from..to].to_vec();
            match index {
                1 => column.typed::<Int32Type>().write_batch(
                    &columns.customer[from..to],
                    None,
                    None,
                )?,
                2 => {
                    column.typed::<Int32Type>().write_batch(&columns.meter[from..to], None, None)?
                }
                _ => {
                    let values = match index {
                        0 => long(&columns.id),
                        3 => long(&columns.at),
                        _ => long(&columns.quantity),
                    };
                    column.typed::<Int64Type>().write_batch(&values, None, None)?
                }
            };
            column.close()?;
            index += 1;
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn generate(events: u64) -> Columns {
    let mut seeded = Seeded::new(0x7a11_1571);
    let customers = zipf(CUSTOMERS, 1.0);
    let mut columns = Columns::default();
    let month = i64::from(HOURS) * HOUR;
    for index in 0..events {
        let chance = seeded.below(1_000);
        let earlier = index.checked_sub(1 + seeded.below(index.clamp(1, REPEATED_WITHIN)));
        if chance < 5
            && let Some(earlier) = earlier
        {
            columns.id.push(columns.id[earlier as usize]);
            if chance.is_multiple_of(2) {
                columns.repeat(earlier as usize);
                continue;
            }
        } else {
            columns.id.push(index as i64);
        }
        let arrival = (i128::from(month) * i128::from(index) / i128::from(events)) as i64;
        let late = if seeded.below(100) == 0 { seeded.below(LATEST) as i64 } else { 0 };
        columns.customer.push(seeded.weighted(&customers) as i32);
        columns.meter.push(seeded.below(METERS.into()) as i32);
        columns.at.push(START + (arrival - late).max(0));
        columns.quantity.push(1 + seeded.below(100) as i64);
    }
    columns
}

impl Columns {
    /// The content of an earlier row once more.
    fn repeat(&mut self, row: usize) {
        self.customer.push(self.customer[row]);
        self.meter.push(self.meter[row]);
        self.at.push(self.at[row]);
        self.quantity.push(self.quantity[row]);
    }
}
