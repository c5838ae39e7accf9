//! What one more item costs the figures of a project: 5,000 items of the size of COCO val2017 are
//! handed in one by one, and after each the counts of the whole stand; anno-3.6. The peers have no
//! sum to add to: they evaluate the one image alone, which is the least that they can be asked for.

use std::collections::BTreeMap;
use std::path::Path;

use annotation::{Dataset, IouThreshold, Limits, Role};
use anyhow::{Context as _, Result, bail};
use formats::import;
use labelling::{Label, Shape, Source, Tally, judge};
use units::Fraction;

use crate::measure::{Sample, Watch};
use crate::race::{Contender, Setting, Start};
use crate::table::Table;

/// Measures the items.
pub(crate) fn run(setting: &Setting) -> Result<Table> {
    let (images, gold, work) = crate::acceptance::files(setting)?;
    let file = |path: &Path| path.to_str().map(str::to_owned).context("a path is not UTF-8");
    let files = [file(&gold)?, file(&work)?];
    let peer = |name, tool: &str| Contender {
        name,
        start: Start::Python("saves.py"),
        words: [vec![tool.to_owned()], files.to_vec()].concat(),
    };
    let ours = Contender { name: "tally", start: Start::Ours("saves"), words: files.to_vec() };
    let contenders = [ours, peer("pycocotools", "pycocotools"), peer("faster-coco-eval", "faster")];
    let lines = setting.race("one item more", images, "items", &contenders)?;
    let mut notes = vec![
        "tally matches one item by optimal assignment, lists its mistakes and adds to the sums."
            .to_owned(),
        "The peers evaluate one image at IoU 0.5, without accumulating; ignored and crowd boxes"
            .to_owned(),
        "count on neither side. CPU of reading the files is taken off.".to_owned(),
    ];
    for line in &lines {
        let each = (line.cpu - line.load_cpu.unwrap_or(0.0)) * 1e6 / images as f64;
        notes.push(format!("{}: {each:.0} microseconds an item", line.engine));
    }
    Ok(Table { title: format!("saves: {images} items handed in"), lines, notes })
}

/// One measurement.
pub(crate) fn work(words: &[String]) -> Result<Sample> {
    let [gold, work] = words else { bail!("saves GOLD WORK") };
    let limits = Limits::default();
    let watch = Watch::start();
    let read = |path: &str| import(Path::new(path), None, &limits, false);
    let (gold, work) = (items(&read(gold)?.dataset), items(&read(work)?.dataset));
    let load = watch.cpu();
    let half = IouThreshold::new(Fraction::new(1, 2)).context("one half is a threshold")?;
    let (mut sums, mut mistakes) = (Tally::default(), 0);
    for (image, gold) in &gold {
        let judged = judge(gold, work.get(image).map_or(&[], Vec::as_slice), half, 0);
        sums.add(&judged.tally);
        mistakes += judged.mistakes.len();
    }
    let sample = watch.stop(String::new())?;
    if sums.total().right == 0 || mistakes == 0 {
        bail!("nothing was judged");
    }
    Ok(Sample { load_cpu: Some(load), ..sample })
}

/// The labels of each image, by its number.
fn items(dataset: &Dataset) -> BTreeMap<u64, Vec<Label>> {
    let mut items: BTreeMap<u64, Vec<Label>> = BTreeMap::new();
    for record in dataset.boxes.iter().filter(|record| record.role == Role::Object) {
        let Some(image) = dataset.images.get(record.image as usize) else { continue };
        let Some(class) = dataset.classes.get(record.class as usize) else { continue };
        let rect = [record.rect.x0, record.rect.y0, record.rect.x1, record.rect.y1];
        items.entry(image.id).or_default().push(Label {
            id: record.id.to_string(),
            shape: Shape::Box { rect, occluded: false, truncated: false, crowd: false },
            class: class.id.to_string(),
            attributes: BTreeMap::new(),
            source: Source::default(),
            score: None,
            author: String::new(),
            revision: 0,
        });
    }
    items
}
