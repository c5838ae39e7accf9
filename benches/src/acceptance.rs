//! The acceptance report on a delivery as large as COCO val2017: 5,000 images, 36,781 gold boxes,
//! 100,000 boxes of the work; anno-3.6. Beside it the COCO evaluation of the same two files.

mod data;

use std::path::{Path, PathBuf};

use annotation::{
    AveragePrecision, BoxOptions, IouThreshold, Limits, QualityOptions, QualityReport,
    TOLERANCE_MICROS, quality,
};
use anyhow::{Context as _, Result, bail};
use formats::read_delivery;
use units::Fraction;

use crate::measure::{Sample, Watch};
use crate::race::{Contender, Setting, Start};
use crate::table::Table;

const IMAGES: u64 = 5_000;

/// How many images, and their gold as a COCO file.
pub(crate) fn gold(setting: &Setting) -> Result<(u64, PathBuf)> {
    let images = setting.size(IMAGES);
    let gold = setting.path("gold", images, ".json");
    setting.make(&gold, |path| data::make(images).write_gold(path))?;
    Ok((images, gold))
}

/// How many images, their gold and the delivery, as COCO files.
pub(crate) fn files(setting: &Setting) -> Result<(u64, PathBuf, PathBuf)> {
    let (images, gold) = gold(setting)?;
    let work = setting.path("work", images, ".json");
    setting.make(&work, |path| data::make(images).write_work(path))?;
    Ok((images, gold, work))
}

/// Measures the report and the evaluations.
pub(crate) fn run(setting: &Setting) -> Result<Table> {
    let (images, gold, work) = files(setting)?;
    let boxes = data::make(images);
    let counts = (boxes.gold.len(), boxes.work.len());
    drop(boxes);
    let file = |path: &Path| path.to_str().map(str::to_owned).context("a path is not UTF-8");
    let files = [file(&gold)?, file(&work)?];
    let ours = |name, what: &str| Contender {
        name,
        start: Start::Ours("acceptance"),
        words: [vec![what.to_owned()], files.to_vec()].concat(),
    };
    let peer = |name, tool: &str| Contender {
        name,
        start: Start::Python("acceptance.py"),
        words: [vec![tool.to_owned()], files.to_vec()].concat(),
    };
    let contenders = [
        ours("report", "report"),
        ours("report with AP", "average-precision"),
        peer("pycocotools", "pycocotools"),
        peer("faster-coco-eval", "faster"),
        peer("hotcoco wheel", "hotcoco"),
    ];
    let lines = setting.race("acceptance", images, "images", &contenders)?;
    let mut notes = vec![
        "The report reads both files, matches at IoU 0.5 with optimal assignment, and lists every"
            .to_owned(),
        "failed box; the peers read both files and compute the twelve COCO figures.".to_owned(),
        "The twelve figures are the same in all four that compute them, to six places.".to_owned(),
    ];
    let own = lines.first().map_or(f64::NAN, |line| line.cpu);
    for line in lines.iter().skip(2) {
        let evaluation = line.cpu - line.load_cpu.unwrap_or(0.0);
        let (whole, alone) = (line.cpu / own, evaluation / own);
        let name = &line.engine;
        notes.push(format!(
            "{name}: {whole:.1} times the CPU of our whole report; its evaluation alone {alone:.1}"
        ));
    }
    let (gold, work) = counts;
    let title = format!("acceptance: {images} images, {gold} gold boxes, {work} boxes of the work");
    Ok(Table { title, lines, notes })
}

/// One measurement.
pub(crate) fn work(words: &[String]) -> Result<Sample> {
    let [what, gold, work] = words else { bail!("acceptance WHAT GOLD WORK") };
    let average_precision = what == "average-precision";
    let limits = Limits::default();
    let watch = Watch::start();
    let (gold, _) = read_delivery(Path::new(gold), &limits, false)?;
    let (work, _) = read_delivery(Path::new(work), &limits, false)?;
    let load = watch.cpu();
    let half = IouThreshold::new(Fraction::new(1, 2)).context("one half is a threshold")?;
    let tolerance_micros = TOLERANCE_MICROS;
    let options =
        QualityOptions { boxes: BoxOptions::at(half), average_precision, tolerance_micros };
    let QualityReport::Boxes(report) = quality(&work, &gold, &options)? else {
        bail!("the delivery is not of boxes")
    };
    let answer = report.average_precision.map_or_else(String::new, figures);
    let sample = watch.stop(answer)?;
    if report.counts.right == 0 || report.missed.is_empty() {
        bail!("the report is empty");
    }
    Ok(Sample { load_cpu: Some(load), ..sample })
}

/// The twelve figures to six places, as `python/acceptance.py` writes them.
fn figures(found: AveragePrecision) -> String {
    let all = [
        found.ap,
        found.ap50,
        found.ap75,
        found.ap_small,
        found.ap_medium,
        found.ap_large,
        found.ar1,
        found.ar10,
        found.ar100,
        found.ar_small,
        found.ar_medium,
        found.ar_large,
    ];
    let texts = all.map(|figure| format!("{:.6}", figure.unwrap_or(-1.0)));
    texts.join(" ")
}
