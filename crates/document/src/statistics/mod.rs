//! The statistics report of labelled data: counts by class, sizes, quality with its intervals, who
//! and when, checksums; as one page of HTML, a Word file and a PDF. Serves anno-3.5.
//!
//! Counts nothing itself: `annotation` counted, and the caller names files, guideline and day.

mod parts;

use annotation::{QualityReport, Statistics};
use serde::Serialize;
use units::{Date, Lang};

pub use parts::parts;

use crate::paper::Paper;

/// A file that the report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportedFile {
    /// Its name, with its folder.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// What the report says.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What the data are called.
    pub name: &'a str,
    /// The format that they have, by its code.
    pub format: &'a str,
    /// The day of the report.
    pub day: Date,
    /// The guideline that was worked by, where it is known.
    pub guideline: Option<&'a str>,
    /// The counts.
    pub statistics: &'a Statistics,
    /// The quality against gold, where there is gold.
    pub quality: Option<&'a QualityReport>,
    /// The files, in order of their names.
    pub files: &'a [ReportedFile],
}

/// What the report is called.
#[must_use]
pub const fn title(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "标注数据统计报告",
        Lang::En => "Statistics of labelled data",
    }
}

/// The report as a paper.
#[must_use]
pub fn paper(report: &Report<'_>, lang: Lang) -> Paper {
    Paper {
        title: title(lang).to_owned(),
        name: report.name.to_owned(),
        ident: "statistics",
        day: report.day,
        parts: parts(report, lang),
    }
}
