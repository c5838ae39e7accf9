//! The statistics report in its forms: the same figures in each, in both languages.

use annotation::{
    BoxOptions, BoxRecord, Class, Dataset, Delivery, Image, IouThreshold, QualityOptions, Rect,
    Role, Statistics, TOLERANCE_MICROS, quality,
};
use document::paper::{Part, html, pdf, word};
use document::statistics::{Report, ReportedFile, paper, parts};
use units::{Date, Fraction, Lang};

/// Ten images with a box each, of a class whose name wants escaping.
fn dataset() -> Dataset {
    let mut dataset = Dataset { named: true, ..Dataset::default() };
    dataset.classes.push(Class { id: 1, name: "猫 <b>&".to_owned(), ..Class::default() });
    for image in 0..10_u32 {
        let (id, name) = (u64::from(image) + 1, format!("{image}.jpg"));
        dataset.images.push(Image { id, name, split: "train".to_owned(), ..Image::default() });
        let rect = Rect { x0: 0, y0: 0, x1: 40_000_000, y1: 40_000_000 };
        let (class, role) = (0, Role::Object);
        let (score, area, more) = (None, None, None);
        dataset.boxes.push(BoxRecord { id, image, class, rect, role, score, area, more });
    }
    dataset
}

fn with<T>(see: impl FnOnce(&Report<'_>) -> T) -> T {
    let gold = dataset();
    let mut work = gold.clone();
    work.boxes.pop();
    let statistics = Statistics::of(&work);
    let iou = IouThreshold::new(Fraction::new(1, 2)).expect("half");
    let tolerance_micros = TOLERANCE_MICROS;
    let options =
        QualityOptions { boxes: BoxOptions::at(iou), average_precision: false, tolerance_micros };
    let judged = quality(&Delivery::of(work), &Delivery::of(gold), &options).expect("a report");
    let sha256 = "ab".repeat(32);
    let files = [ReportedFile { name: "labels.json".to_owned(), size: 1_500, sha256 }];
    let day: Date = "2026-03-02".parse().expect("a day");
    see(&Report {
        name: "delivery 3",
        format: "coco",
        day,
        guideline: Some("labels v2"),
        statistics: &statistics,
        quality: Some(&judged),
        files: &files,
    })
}

#[test]
fn the_report_has_counts_quality_with_intervals_and_checksums() {
    for lang in [Lang::Zh, Lang::En] {
        let found = with(|report| parts(report, lang));
        let cells: Vec<String> = found
            .iter()
            .flat_map(|part| match part {
                Part::Table { rows, .. } => rows.iter().map(|row| row.join(" | ")).collect(),
                Part::Facts { rows } => rows.iter().map(|(_, value)| value.clone()).collect(),
                _ => Vec::new(),
            })
            .collect();
        let has = |wanted: &str| cells.iter().any(|cell| cell.contains(wanted));
        // Nine of ten: Wilson at 95 % has it between 59.5 and 98.3 percent.
        for wanted in
            ["90 % | 59.58", "98.21", "9 / 10", "labels v2", "abababab", "猫 <b>& | 9 | 9"]
        {
            assert!(has(wanted), "{wanted} is not in {cells:#?}");
        }
        let bars = found.iter().filter(|part| matches!(part, Part::Bars { .. }));
        assert_eq!(bars.count(), 3, "classes, sizes, density");
    }
}

#[test]
fn the_page_escapes_what_others_wrote() {
    let page = with(|report| html(&paper(report, Lang::Zh), Lang::Zh));
    assert!(page.contains("猫 &lt;b&gt;&amp;") && !page.contains("<b>"), "escaped");
    assert!(page.contains("default-src &#x27;none&#x27;") || page.contains("default-src 'none'"));
}

#[test]
fn the_word_file_and_the_pdf_open() {
    let bytes = with(|report| word(&paper(report, Lang::Zh)));
    let package = docx::Package::read(&bytes).expect("a Word file");
    let document = docx::Document::read(&package, docx::View::Final).expect("a document");
    let text = format!("{document:?}");
    assert!(text.contains("标注数据统计报告") && text.contains("abababab"));
    for lang in [Lang::Zh, Lang::En] {
        let first = with(|report| pdf(&paper(report, lang), lang)).expect("a PDF");
        assert!(first.starts_with(b"%PDF-1."));
        assert_eq!(
            first,
            with(|report| pdf(&paper(report, lang), lang)).expect("a PDF"),
            "the same bytes"
        );
    }
}
