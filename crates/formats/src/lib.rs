//! Labelled data in and out: one neutral dataset, a reader and a writer for each format, and a
//! report of what a conversion could not carry over. Serves anno-3.5 (delivery).
//!
//! Knows files and archives; knows nothing of contracts, networks or databases.

mod activitynet;
mod build;
mod coco;
mod croissant;
mod cvat;
mod datumaro;
mod detect;
mod hold;
mod json;
mod label_studio;
mod parquet;
mod record;
mod rows;
mod share;
mod source;
mod table;
mod target;
mod time;
mod tracks;
mod value;
mod voc;
mod xml;
mod yolo;

use std::path::Path;

use annotation::{Dataset, Delivery, Finding, Limits, Losses, Problem, ReadError, Severity};
use serde::Serialize;

use crate::build::Builder;
use crate::hold::{Holds, fit};
pub use crate::source::is_gb18030;
use crate::source::{Source, unreadable};
pub use crate::target::{OutFile, save};

/// A format of labelled data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// COCO JSON, detection and video.
    Coco,
    /// Pascal VOC.
    Voc,
    /// YOLO.
    Yolo,
    /// CVAT XML 1.1, images and video.
    Cvat,
    /// Label Studio JSON.
    LabelStudio,
    /// Datumaro JSON.
    Datumaro,
    /// ActivityNet JSON.
    #[serde(rename = "activitynet")]
    ActivityNet,
    /// CSV, a row a record.
    Csv,
    /// JSON lines, a line a record.
    Jsonl,
    /// Parquet, a row a record.
    Parquet,
    /// Croissant metadata beside CSV.
    Croissant,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Coco,
        Self::Voc,
        Self::Yolo,
        Self::Cvat,
        Self::LabelStudio,
        Self::Datumaro,
        Self::ActivityNet,
        Self::Csv,
        Self::Jsonl,
        Self::Parquet,
        Self::Croissant,
    ];

    /// Its name on the command line and in reports.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Coco => "coco",
            Self::Voc => "voc",
            Self::Yolo => "yolo",
            Self::Cvat => "cvat",
            Self::LabelStudio => "label-studio",
            Self::Datumaro => "datumaro",
            Self::ActivityNet => "activitynet",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
            Self::Croissant => "croissant",
        }
    }

    const fn holds(self) -> &'static Holds {
        match self {
            Self::Coco => &coco::HOLDS,
            Self::Voc => &voc::HOLDS,
            Self::Yolo => &yolo::HOLDS,
            Self::Cvat => &cvat::HOLDS,
            Self::LabelStudio => &label_studio::HOLDS,
            Self::Datumaro => &datumaro::HOLDS,
            Self::ActivityNet => &activitynet::HOLDS,
            Self::Csv | Self::Jsonl | Self::Parquet | Self::Croissant => &table::HOLDS,
        }
    }
}

/// Labelled data that was read.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The format that it had.
    pub format: Format,
    /// What a dataset holds of it.
    pub dataset: Dataset,
    /// What was wrong, with its place.
    pub findings: Vec<Finding>,
    /// What it held that a dataset does not.
    pub losses: Losses,
}

/// Labelled data made ready to be written.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The files.
    pub files: Vec<OutFile>,
    /// The dataset as the target holds it.
    pub dataset: Dataset,
    /// What the target does not hold, or holds in another form.
    pub losses: Losses,
}

/// Reads a file, a folder or a zip archive. Bad records are left out with a finding and the rest is
/// taken; with `strict`, any error refuses the whole.
///
/// # Errors
/// When it cannot be opened or recognised, or when `strict` meets an error.
pub fn import(
    path: &Path,
    format: Option<Format>,
    limits: &Limits,
    strict: bool,
) -> Result<Imported, ReadError> {
    let mut source = Source::open(path, limits)?;
    let found = detect::detect(&mut source, format);
    let label = path.display().to_string();
    let mut build = Builder::new(limits);
    let Some(detect::Found { format, files }) = found else {
        let mut findings = std::mem::take(&mut source.findings);
        return Err(match findings.pop() {
            Some(finding) => ReadError::Unreadable(Box::new(finding)),
            None if source.names().is_empty() => unreadable(&label, Problem::Empty),
            None => unreadable(&label, Problem::UnknownFormat),
        });
    };
    match format {
        Format::Coco => coco::read(&mut source, &files, &mut build),
        Format::Voc => voc::read(&mut source, &files, &mut build),
        Format::Yolo => yolo::read(&mut source, &mut build),
        Format::Cvat => cvat::read(&mut source, &files, &mut build),
        Format::LabelStudio => label_studio::read(&mut source, &files, &mut build),
        Format::Datumaro => datumaro::read(&mut source, &files, &mut build),
        Format::ActivityNet => activitynet::read(&mut source, &files, &mut build),
        Format::Csv => table::read_csv(&mut source, &files, &mut build),
        Format::Jsonl => table::read_jsonl(&mut source, &files, &mut build),
        Format::Parquet => parquet::read(&mut source, &files, &mut build),
        Format::Croissant => croissant::read(&mut source, &files, &mut build),
    }
    let Builder { mut dataset, mut losses, findings, .. } = build;
    hold::distinct_numbers(&mut dataset, &mut losses);
    let nothing =
        dataset.images.is_empty() && dataset.videos.is_empty() && dataset.texts.is_empty();
    let is_error = |found: &Finding| found.severity == Severity::Error;
    if nothing && let Some(at) = source.findings.iter().position(is_error) {
        return Err(ReadError::Unreadable(Box::new(source.findings.swap_remove(at))));
    }
    let mut all = source.findings;
    all.extend(findings);
    if strict && all.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(ReadError::Refused(all));
    }
    Ok(Imported { format, dataset, findings: all, losses })
}

/// Reads a delivery of any format, as [`import`] does.
///
/// # Errors
/// As [`import`].
pub fn read_delivery(
    path: &Path,
    limits: &Limits,
    strict: bool,
) -> Result<(Delivery, Vec<Finding>), ReadError> {
    let imported = import(path, None, limits, strict)?;
    Ok((Delivery::of(imported.dataset), imported.findings))
}

/// Makes the files of a format. What it cannot hold is counted.
#[must_use]
pub fn export(dataset: Dataset, format: Format, limits: &Limits) -> Exported {
    let mut losses = Losses::default();
    let mut dataset = fit(dataset, format.holds(), limits, &mut losses);
    let files = match format {
        Format::Coco => coco::write(&dataset),
        Format::Voc => voc::write(&dataset),
        Format::Yolo => {
            yolo::prepare(&mut dataset, &mut losses);
            yolo::write(&dataset)
        }
        Format::Cvat => {
            cvat::prepare(&mut dataset, &mut losses);
            cvat::write(&dataset)
        }
        Format::LabelStudio => {
            label_studio::prepare(&mut dataset, &mut losses);
            label_studio::write(&dataset)
        }
        Format::Datumaro => datumaro::write(&dataset),
        Format::ActivityNet => activitynet::write(&dataset),
        Format::Csv => table::write_csv(&dataset),
        Format::Jsonl => table::write_jsonl(&dataset),
        Format::Parquet => parquet::write(&dataset),
        Format::Croissant => croissant::write(&dataset),
    };
    Exported { files, dataset, losses }
}
