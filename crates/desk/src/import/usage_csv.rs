//! Usage as a table: `source,id,time,meter,quantity,subject[,sequence][,latency_ms]`. Serves
//! class-5.1 and lease-3.1. A row says the same as a CloudEvents event of its key and hashes to
//! the same content.

use super::collect::{Collector, Key};
use super::read::{integer, name, required, time};
use super::row::{for_each_row, split};
use super::{Fact, Imported, Limits, Place, Problem, Usage};

const COLUMNS: [(&str, bool); 8] = [
    ("source", true),
    ("id", true),
    ("time", true),
    ("meter", true),
    ("quantity", true),
    ("subject", true),
    ("sequence", false),
    ("latency_ms", false),
];

/// Reads the table; the header is required, its order is free, `subject` may be empty.
#[must_use]
pub fn read(bytes: &[u8], limits: &Limits) -> Imported {
    let mut collector = match Collector::begin(bytes, limits) {
        Ok(collector) => collector,
        Err(refused) => return refused,
    };
    for_each_row(bytes, split, COLUMNS, &mut collector, |number, row, collector| {
        let (key, usage) = record(row, collector.limits)?;
        collector.take(Place::Line(number), key, Fact::Usage(usage));
        Ok(())
    });
    collector.finish()
}

fn record(row: &[Option<&str>; 8], limits: &Limits) -> Result<(Key, Usage), Problem> {
    let [source, id, at, meter, quantity, subject, sequence, latency] = *row;
    let text = |field: &str, value| required(field, value).and_then(|v| name(field, v, limits));
    let number = |field: &str, value: Option<&str>| value.map(|v| integer(field, v)).transpose();
    let at = time("time", required("time", at)?)?;
    let key = Key {
        source: text("source", source)?,
        id: text("id", id)?,
        seq: number("sequence", sequence)?,
        at,
    };
    let usage = Usage {
        meter: text("meter", meter)?,
        subject: subject.map(|subject| name("subject", subject, limits)).transpose()?,
        quantity: integer("quantity", required("quantity", quantity)?)?,
        at,
        latency_ms: number("latency_ms", latency)?,
    };
    Ok((key, usage))
}
