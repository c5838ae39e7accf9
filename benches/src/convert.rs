//! Conversion of gold as large as COCO val2017 (5,000 images, 36,781 boxes) to YOLO and to Pascal
//! VOC; anno-3.5. Loading, writing and the report of losses count; no image is touched.

use std::path::Path;

use annotation::Limits;
use anyhow::{Context as _, Result, bail};
use formats::{Format, export, import, save};

use crate::measure::{Sample, Watch};
use crate::race::{Contender, Setting, Start};
use crate::table::Table;

/// Measures the conversions.
pub(crate) fn run(setting: &Setting) -> Result<Table> {
    let (images, gold) = crate::acceptance::gold(setting)?;
    let mut lines = Vec::new();
    for (form, task) in [("yolo", "COCO to YOLO"), ("voc", "COCO to VOC")] {
        let words = |tool: &str| -> Result<Vec<String>> {
            let out = setting.path(&format!("convert-{tool}-{form}"), images, "");
            let text =
                |path: &Path| path.to_str().map(str::to_owned).context("a path is not UTF-8");
            Ok(vec![form.to_owned(), text(&gold)?, text(&out)?])
        };
        let peer = |name, tool: &str| -> Result<Contender> {
            let words = [vec![tool.to_owned()], words(tool)?].concat();
            Ok(Contender { name, start: Start::Python("convert.py"), words })
        };
        let ours =
            Contender { name: "tally", start: Start::Ours("convert"), words: words("tally")? };
        let contenders = [ours, peer("hotcoco wheel", "hotcoco")?, peer("Datumaro", "datumaro")?];
        lines.extend(setting.race(task, images, "images", &contenders)?);
    }
    let notes = vec![
        "tally checks every record, keeps decimals as written and counts every loss.".to_owned(),
        "hotcoco holds floating point; Datumaro writes crowd regions to VOC as objects.".to_owned(),
    ];
    Ok(Table { title: format!("convert: {images} images with gold boxes"), lines, notes })
}

/// One measurement.
pub(crate) fn work(words: &[String]) -> Result<Sample> {
    let [form, gold, out] = words else { bail!("convert FORMAT GOLD OUT") };
    let format = Format::ALL.into_iter().find(|format| format.code() == form);
    let format = format.context("a format")?;
    let out = Path::new(out);
    if out.exists() {
        std::fs::remove_dir_all(out)?;
    }
    let limits = Limits::default();
    let watch = Watch::start();
    let imported = import(Path::new(gold), None, &limits, false)?;
    let load = watch.cpu();
    let exported = export(imported.dataset, format, &limits);
    save(&exported.files, out)?;
    let sample = watch.stop(String::new())?;
    if exported.dataset.boxes.is_empty() {
        bail!("nothing was converted");
    }
    Ok(Sample { load_cpu: Some(load), ..sample })
}
