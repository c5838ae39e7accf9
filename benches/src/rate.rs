//! Rating ten million usage events in a Parquet file: class-5.1 at the scale of a large service.
//! Knows what is asked and who is asked; the data is in `rate/data.rs`, our way in `rate/ours.rs`,
//! the peers' in `python/rate.py`.

mod data;
mod ours;

use anyhow::{Context as _, Result, bail};

use crate::measure::Sample;
use crate::race::{Contender, Setting, Start};
use crate::table::Table;

const EVENTS: u64 = 10_000_000;

/// Measures the three queries.
pub(crate) fn run(setting: &Setting) -> Result<Table> {
    let events = setting.size(EVENTS);
    let path = setting.path("usage", events, ".parquet");
    setting.make(&path, |path| data::write(path, events))?;
    let file = path.to_str().context("the path of the data is not UTF-8")?.to_owned();
    let mut lines = Vec::new();
    for (query, task) in [("a", "A hourly tiers"), ("b", "B monthly tiers"), ("c", "C = B, unique")]
    {
        let peer = |name, engine: &str, threads: &str| Contender {
            name,
            start: Start::Python("rate.py"),
            words: vec![engine.to_owned(), query.to_owned(), file.clone(), threads.to_owned()],
        };
        let contenders = [
            Contender {
                name: "tallystick, 1 thread",
                start: Start::Ours("rate"),
                words: vec![query.to_owned(), file.clone()],
            },
            peer("DuckDB, 1 thread", "duckdb", "1"),
            peer("DuckDB, 2 threads", "duckdb", "2"),
            peer("Polars, 2 threads", "polars", "2"),
        ];
        lines.extend(setting.race(task, events, "events", &contenders)?);
    }
    let mib = std::fs::metadata(&path)?.len() as f64 / (1 << 20) as f64;
    Ok(Table {
        title: format!("rate: {events} usage events in a Parquet file of {mib:.0} MiB"),
        lines,
        notes: vec![
            "A: sums by customer, meter and hour; three tiers for each hour.".to_owned(),
            "B: the same sums; three tiers run over the month, priced hour by hour.".to_owned(),
            "C: B after the record with the lowest place in the log is kept for each id."
                .to_owned(),
            "All engines gave the same amount for each of the 1,000 customers.".to_owned(),
        ],
    })
}

/// One measurement of our engine.
pub(crate) fn work(words: &[String]) -> Result<Sample> {
    match words {
        [query, file] => ours::rate(query, std::path::Path::new(file)),
        _ => bail!("rate QUERY FILE"),
    }
}
