//! Real data: the boxes of BCCD through the formats and back.

use std::path::{Path, PathBuf};

use annotation::{Dataset, Limits, Loss};
use formats::{Format, import};

use crate::world::through;

fn source() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bccd/BCCD");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    None
}

fn boxes(dataset: &Dataset) -> Vec<String> {
    let line = |record: &annotation::BoxRecord| {
        let image = &dataset.images[record.image as usize];
        let class = &dataset.classes[record.class as usize].name;
        format!("{} {:?} {class} {:?}", image.name, image.size, record.rect.decimals())
    };
    let mut lines: Vec<String> = dataset.boxes.iter().map(line).collect();
    lines.sort();
    lines
}

#[test]
fn bccd_comes_back_from_every_format_with_the_same_boxes() {
    let Some(source) = source() else { return };
    let limits = Limits::default();
    let read = import(&source, Some(Format::Voc), &limits, true).expect("BCCD");
    assert_eq!((read.dataset.images.len(), read.dataset.boxes.len()), (364, 4_888));
    let want = boxes(&read.dataset);
    let folder = tempfile::tempdir().expect("a folder");
    let mut now = read.dataset;
    for (at, format) in CHAIN.iter().enumerate() {
        let (exported, imported) = through(now, *format, &folder.path().join(at.to_string()));
        assert_eq!(exported.losses.count(Loss::ClippedBox), 0);
        assert_eq!(boxes(&imported.dataset), want, "{format:?}");
        now = imported.dataset;
    }
}

const CHAIN: &[Format] =
    &[Format::Coco, Format::Yolo, Format::Cvat, Format::Datumaro, Format::LabelStudio, Format::Voc];
