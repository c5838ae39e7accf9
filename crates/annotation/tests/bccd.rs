//! Real data: the boxes of BCCD against a seeded, disturbed copy of themselves. The copy is made
//! here with known faults, so the report is known beforehand.

use std::fs;
use std::path::{Path, PathBuf};

use annotation::{BoxOptions, Dataset, Limits, box_quality, read_voc};
use units::Ratio;

fn folder() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bccd/BCCD");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    None
}

fn read(path: &Path) -> Dataset {
    let mut files = Vec::new();
    for entry in fs::read_dir(path.join("Annotations")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let bytes = fs::read(&path).expect("a file");
        files.push((path.display().to_string(), bytes));
    }
    files.sort();
    let parts = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let (dataset, findings, _) = read_voc(parts, &Limits::default());
    let errors: Vec<_> =
        findings.iter().filter(|finding| finding.severity == annotation::Severity::Error).collect();
    assert_eq!(errors, Vec::<&annotation::Finding>::new());
    dataset
}

fn options() -> BoxOptions {
    crate::boxes::options()
}

#[test]
fn bccd_reads_whole_with_both_of_its_indents() {
    let Some(folder) = folder() else { return };
    let dataset = read(&folder);
    assert_eq!((dataset.images.len(), dataset.boxes.len()), (364, 4_888));
    let count = |name: &str| {
        let class = dataset.classes.iter().position(|class| class.name == name);
        dataset.boxes.iter().filter(|record| Some(record.class as usize) == class).count()
    };
    assert_eq!((count("RBC"), count("WBC"), count("Platelets")), (4_155, 372, 361));
}

#[test]
fn the_faults_put_into_a_copy_of_bccd_are_the_faults_reported() {
    let Some(folder) = folder() else { return };
    let gold = read(&folder);
    let report = box_quality(&gold, &gold, &options());
    // A box without area matches nothing, not even itself.
    let flat = gold.boxes.iter().filter(|record| record.rect.is_empty()).count() as u64;
    assert_eq!(report.counts.right, 4_888 - flat);

    let mut work = gold.clone();
    let (mut dropped, mut renamed) = (0, 0);
    let mut state = 20_261_122_u64;
    let mut chance = || {
        // Knuth's linear congruential generator: any fixed source of digits will do.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % 100
    };
    work.boxes.retain(|record| {
        let drop = chance() < 5 && !record.rect.is_empty();
        dropped += u64::from(drop);
        !drop
    });
    for record in &mut work.boxes {
        if chance() < 3 && !record.rect.is_empty() {
            record.class = (record.class + 1) % 3;
            renamed += 1;
        }
    }
    assert!(dropped > 150 && renamed > 80, "{dropped} {renamed}");
    let report = box_quality(&work, &gold, &options());
    let counts = report.counts;
    assert_eq!(counts.gold, 4_888);
    assert_eq!(counts.work, 4_888 - dropped);
    // Cells of blood lie close: a renamed or dropped box may free a neighbour to match, so the
    // right ones can only be bounded, and every other figure follows from the sums.
    assert!(counts.right >= 4_888 - flat - dropped - renamed, "{counts:?}");
    assert_eq!(counts.right + counts.wrong_class + counts.missed, counts.gold);
    assert_eq!(counts.right + counts.wrong_class + counts.extra, counts.work);
    assert!(counts.wrong_class <= renamed + 5 && counts.wrong_class + 5 >= renamed, "{counts:?}");
    assert_eq!(report.recall.ratio(), Ratio::new(counts.right, 4_888));
    assert_eq!(report.missed.len() as u64, counts.missed);
    assert_eq!(report.wrong_class.len() as u64, counts.wrong_class);
    assert_eq!(
        report.per_image.iter().filter(|image| image.conforms).count() as u64,
        report.images.conforming
    );
}
