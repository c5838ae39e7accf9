//! Which format a file has, by its beginning.

use super::Limits;
use super::lines::{lines, without_mark};

/// A format that can be read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// `sacct --json`: [`super::slurm::read_json`].
    SacctJson,
    /// `sacct -P`: [`super::slurm::read_text`].
    SacctText,
    /// `sacctmgr show event -P`: [`super::slurm::read_events`].
    SlurmEvents,
    /// CloudEvents: [`super::cloudevents::read`].
    CloudEvents,
    /// A usage table: [`super::usage_csv::read`].
    UsageCsv,
    /// A probe table: [`super::probe::read`].
    ProbeCsv,
}

/// How much of a file is looked at.
const BEGINNING: usize = 64 * 1_024;

/// The format of a file, or `None` when its beginning looks like none of them. A guess: the
/// reader decides what each line says.
#[must_use]
pub fn detect(bytes: &[u8]) -> Option<Format> {
    let bytes = without_mark(bytes);
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(BEGINNING)]);
    let start = start.trim_start();
    if start.starts_with(['{', '[']) {
        let is_event = start.contains("\"specversion\"");
        return match (is_event, start.contains("\"meta\"") || start.contains("\"jobs\"")) {
            (true, _) => Some(Format::CloudEvents),
            (false, true) => Some(Format::SacctJson),
            (false, false) => None,
        };
    }
    let limits = Limits { line_bytes: BEGINNING, ..Limits::default() };
    let (_, first) = lines(start.as_bytes(), &limits).next()?;
    let first = first.ok()?;
    let has =
        |separator: char, name: &str| first.split(separator).any(|field| field.trim() == name);
    if has('|', "JobID") {
        Some(Format::SacctText)
    } else if has('|', "TimeStart") || has('|', "Start") || first.split('|').count() == 5 {
        Some(Format::SlurmEvents)
    } else if has(',', "meter") || has(',', "quantity") {
        Some(Format::UsageCsv)
    } else if (has(',', "from") && has(',', "to")) || (has(',', "time") && has(',', "ok")) {
        Some(Format::ProbeCsv)
    } else {
        None
    }
}
