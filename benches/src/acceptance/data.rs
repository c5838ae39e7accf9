//! Boxes as a detector delivers them: 80 classes by Zipf, log-normal sizes, 1.2 % crowd regions;
//! four fifths of gold found with a jitter of 8 %, 7 % of those with a random class, and false
//! boxes up to 20 an image.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Result;

use crate::seed::{Seeded, zipf};

const CLASSES: u32 = 80;
/// Gold boxes of COCO val2017 for its 5,000 images.
const GOLD: (u64, u64) = (36_781, 5_000);
const WORK_AN_IMAGE: u64 = 20;

/// Both files.
pub(super) struct Boxes {
    images: u64,
    /// Gold.
    pub(super) gold: Vec<Gold>,
    /// The delivery.
    pub(super) work: Vec<Work>,
}

/// A gold box.
pub(super) struct Gold {
    image: u64,
    class: usize,
    edges: [f64; 4],
    area: f64,
    crowd: bool,
}

/// A box of the delivery.
pub(super) struct Work {
    image: u64,
    class: usize,
    edges: [f64; 4],
    score: f64,
}

/// Makes the boxes for a number of images.
pub(super) fn make(images: u64) -> Boxes {
    let mut seeded = Seeded::new(17);
    let classes = zipf(CLASSES, 0.9);
    let count = images * GOLD.0 / GOLD.1;
    let gold: Vec<Gold> = (0..count).map(|_| gold(&mut seeded, images, &classes)).collect();
    let mut work = Vec::new();
    for found in &gold {
        if seeded.unit() < 0.8 {
            work.push(found_box(&mut seeded, found));
        }
    }
    while (work.len() as u64) < images * WORK_AN_IMAGE {
        work.push(false_box(&mut seeded, images, &classes));
    }
    for last in (1..work.len()).rev() {
        work.swap(last, seeded.below(last as u64 + 1) as usize);
    }
    Boxes { images, gold, work }
}

fn gold(seeded: &mut Seeded, images: u64, classes: &[f64]) -> Gold {
    let size = seeded.normal(4.1, 1.0).exp().clamp(4.0, 400.0);
    let aspect = seeded.normal(0.0, 0.5).exp().sqrt();
    let (width, height) = ((size * aspect).clamp(2.0, 600.0), (size / aspect).clamp(2.0, 460.0));
    let x = seeded.unit() * (640.0 - width).max(1.0);
    let y = seeded.unit() * (480.0 - height).max(1.0);
    let edges = [x, y, width, height].map(cents);
    let area = (edges[2] * edges[3] * (0.45 + 0.45 * seeded.unit()) * 1e3).round() / 1e3;
    Gold {
        image: 1 + seeded.below(images),
        class: 1 + seeded.weighted(classes),
        edges,
        area,
        crowd: seeded.unit() < 0.012,
    }
}

fn found_box(seeded: &mut Seeded, gold: &Gold) -> Work {
    let [x, y, width, height] = gold.edges;
    let mut jitter = |edge: f64, length: f64| cents(edge + seeded.normal(0.0, 0.08) * length);
    let edges = [
        jitter(x, width),
        jitter(y, height),
        jitter(width, width).max(1.0),
        jitter(height, height).max(1.0),
    ];
    let class = match seeded.unit() < 0.93 {
        true => gold.class,
        false => 1 + seeded.below(CLASSES.into()) as usize,
    };
    // Scores of right boxes lean towards 1, those of false ones towards 0.
    let score = 1.0 - seeded.unit() * seeded.unit();
    Work { image: gold.image, class, edges, score: hundred_thousandths(score) }
}

fn false_box(seeded: &mut Seeded, images: u64, classes: &[f64]) -> Work {
    let size = seeded.normal(4.0, 1.0).exp().clamp(4.0, 400.0);
    let height = size * seeded.normal(0.0, 0.4).exp();
    let edges = [seeded.unit() * 500.0, seeded.unit() * 380.0, size, height].map(cents);
    let score = hundred_thousandths(seeded.unit() * seeded.unit() * seeded.unit());
    let image = 1 + seeded.below(images);
    Work { image, class: 1 + seeded.weighted(classes), edges, score }
}

fn cents(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn hundred_thousandths(value: f64) -> f64 {
    (value * 1e5).round() / 1e5
}

impl Boxes {
    /// Ground truth.
    pub(super) fn write_gold(&self, path: &Path) -> Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        write!(file, "{{\"info\":{{}},\"licenses\":[],\"images\":[")?;
        for id in 1..=self.images {
            let comma = if id > 1 { "," } else { "" };
            let name = format!("{id:012}.jpg");
            write!(
                file,
                "{comma}{{\"id\":{id},\"width\":640,\"height\":480,\"file_name\":\"{name}\"}}"
            )?;
        }
        write!(file, "],\"annotations\":[")?;
        for (gold, id) in self.gold.iter().zip(1..) {
            let comma = if id > 1 { "," } else { "" };
            let Gold { image, class, edges: [x, y, width, height], area, crowd } = gold;
            let crowd = u8::from(*crowd);
            write!(
                file,
                "{comma}{{\"id\":{id},\"image_id\":{image},\"category_id\":{class},\
                 \"bbox\":[{x},{y},{width},{height}],\"area\":{area},\"iscrowd\":{crowd}}}"
            )?;
        }
        write!(file, "],\"categories\":[")?;
        for id in 1..=CLASSES {
            let comma = if id > 1 { "," } else { "" };
            write!(file, "{comma}{{\"id\":{id},\"name\":\"c{id}\",\"supercategory\":\"x\"}}")?;
        }
        write!(file, "]}}")?;
        file.flush()?;
        Ok(())
    }

    /// Results.
    pub(super) fn write_work(&self, path: &Path) -> Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        write!(file, "[")?;
        for (index, work) in self.work.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let Work { image, class, edges: [x, y, width, height], score } = work;
            write!(
                file,
                "{comma}{{\"image_id\":{image},\"category_id\":{class},\
                 \"bbox\":[{x},{y},{width},{height}],\"score\":{score}}}"
            )?;
        }
        write!(file, "]")?;
        file.flush()?;
        Ok(())
    }
}
